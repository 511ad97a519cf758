/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Readers in the same process: a transport over virtual cards, for tests. Cards can be put in
 * and pulled at any time and by any thread, and every exchange can be made to fail.
 */
#ifndef VCARD_VCARD_TRANSPORT_H
#define VCARD_VCARD_TRANSPORT_H

#include "card/transport.h"
#include "vcard.h"

struct vcard_transport;

/* What happens to one exchange. */
enum vcard_fault {
	VCARD_FAULT_NONE,
	VCARD_FAULT_REMOVE, /* the card is pulled before it sees the command */
	VCARD_FAULT_LOSE,   /* the card acts, its answer is lost: JPKI_E_LINK */
	VCARD_FAULT_RESET,  /* the card is reset before it sees the command: JPKI_E_RESET */
	VCARD_FAULT_POWER,  /* its power fails for a moment before it does: JPKI_E_RESET */
	VCARD_FAULT_MUTE,   /* the card is silent: JPKI_E_MUTE */
	VCARD_FAULT_ANSWER, /* the bytes of vcard_transport_answer are the answer */
	/* The same when the card has acted, so that its answer is lost. */
	VCARD_FAULT_REMOVE_AFTER,
	VCARD_FAULT_RESET_AFTER,
	VCARD_FAULT_POWER_AFTER,
	VCARD_FAULT_ANSWER_AFTER,
	VCARD_FAULT_REPLAY, /* the card acts, and the answer before comes once more */
};

/* Whether the card sees the command in spite of the fault. */
bool vcard_fault_lets_act(enum vcard_fault fault);

/*
 * Asked before each exchange, with the number of exchanges before it. It is called without a
 * lock held, so it may call every function below.
 */
typedef enum vcard_fault (*vcard_hook)(void *context, unsigned index, const uint8_t *command,
				       size_t len);

/* The calls that can be made to fail as such. */
enum vcard_call { VCARD_CALL_LIST, VCARD_CALL_CONNECT, VCARD_CALL_BEGIN, VCARD_CALL_COUNT };

/*
 * A transport with empty readers of these names (at most JPKI_READERS_MAX); NULL when out of
 * memory. It is freed by its destroy operation.
 */
struct vcard_transport *vcard_transport_new(const char *const *names, size_t count);

/* The transport as the card layer knows it. */
struct jpki_transport *vcard_transport_base(struct vcard_transport *transport);

/*
 * Puts a card into a reader and powers it. The card stays the caller's, who closes it after it
 * was removed or the transport destroyed. NULL is a card that says nothing, for a hook which
 * gives all answers.
 */
void vcard_transport_insert(struct vcard_transport *transport, size_t reader, struct vcard *card);
/* Pulls the card; nothing happens in an empty reader. */
void vcard_transport_remove(struct vcard_transport *transport, size_t reader);
/* Resets the card as another program would. */
void vcard_transport_reset(struct vcard_transport *transport, size_t reader);
/* Puts another card in so quickly that the reader notices no more than a loss of power. */
void vcard_transport_swap(struct vcard_transport *transport, size_t reader, struct vcard *card);
/* Unplugs a reader, with its card, or plugs it in again, empty. */
void vcard_transport_plug(struct vcard_transport *transport, size_t reader, bool plugged);
/* The service is gone (false), or back (true) with counts that began anew. */
void vcard_transport_serve(struct vcard_transport *transport, bool running);

/* The next count calls end with error. */
void vcard_transport_fail(struct vcard_transport *transport, enum vcard_call call,
			  enum jpki_error error, unsigned count);

/* Sets the hook, or takes it away with NULL. */
void vcard_transport_set_hook(struct vcard_transport *transport, vcard_hook hook, void *context);
/*
 * The answer for VCARD_FAULT_ANSWER; more than VCARD_RESPONSE_MAX bytes are cut. One that the
 * caller has no room for is JPKI_E_LINK, as with PC/SC.
 */
void vcard_transport_answer(struct vcard_transport *transport, const uint8_t *bytes, size_t len);

/* What was seen since the transport was made, or since vcard_transport_forget. */
unsigned vcard_transport_exchanges(struct vcard_transport *transport);
unsigned vcard_transport_verifies(struct vcard_transport *transport); /* VERIFY with data */
unsigned vcard_transport_connects(struct vcard_transport *transport);
void vcard_transport_forget(struct vcard_transport *transport);
/* Links that are open now. */
unsigned vcard_transport_links(struct vcard_transport *transport);
/* Broken promises of the caller, such as an exchange outside of a transaction. */
unsigned vcard_transport_violations(struct vcard_transport *transport);

#define VCARD_HISTORY_LEN 256
/*
 * Copies a command out of the last VCARD_HISTORY_LEN, back 0 being the latest, and returns its
 * length; 0 when there is none that far back.
 */
size_t vcard_transport_command(struct vcard_transport *transport, size_t back,
			       uint8_t command[JPKI_APDU_COMMAND_MAX]);

/*
 * A conversation that is written down: each command must be the one expected, and gets the
 * answer beside it. Both are hexadecimal; a command that ends in "*" matches by its beginning.
 */
struct vcard_line {
	const char *command;
	const char *answer;
};

struct vcard_script {
	struct vcard_transport *transport;
	const struct vcard_line *lines;
	size_t count;
	size_t next;   /* the line that is expected */
	bool deviated; /* another command came, or one too many; it was answered 6F00 */
};

/* A hook; its context is a struct vcard_script. */
enum vcard_fault vcard_script_hook(void *context, unsigned index, const uint8_t *command,
				   size_t len);

#endif
