/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The module over two readers in the same process, with cards that never change: their keys and
 * certificates are in tests/fuzz/cards, and what becomes of their PINs is forgotten after each
 * input.
 */
#ifndef FUZZ_STAGE_H
#define FUZZ_STAGE_H

#include "fuzz.h"
#include "judge.h"
#include "pkcs11v3.h"
#include "vcard.h"
#include "vcard_transport.h"

/* An adult's card, the same with answers by GET RESPONSE, one with short answers, one that is
 * asked for its tries in another way; a phone, and the older card. */
#define STAGE_CARDS 6

struct stage {
	struct vcard *card; /* in the first reader; NULL: none */
	struct vcard *cards[STAGE_CARDS];
	struct vcard_transport *readers; /* between C_Initialize and C_Finalize */
	CK_FUNCTION_LIST *p11;
	const struct jpki_function_list_3_0 *newest;
	struct judge judge;
	uint8_t given[JPKI_APDU_RESPONSE_MAX]; /* the last answer */
	size_t given_length;
	bool hostile; /* an answer was not the card's own, or the link broke */
};

extern struct stage stage;

/* The PINs of all cards as issued. */
#define STAGE_AUTH_PIN "1234"
#define STAGE_SIGN_PIN "ABC123"
#define STAGE_TEXT_PIN "5678"

/* Opens the cards. Once. */
void stage_set_up(void);

/*
 * Makes everything as new, with this card (modulo STAGE_CARDS) in the reader. always: the
 * configuration wants the signing password for each signature.
 */
void stage_begin(uint8_t card, bool always);

/* The way to the two readers, as the module makes it; NULL without memory. Whoever takes it
 * destroys it, before which all links are closed. */
struct jpki_transport *stage_make_transport(void);

/* What is asked before each exchange; stage_play is the ordinary one. */
void stage_set_hook(vcard_hook hook, void *context);
enum vcard_fault stage_play(void *context, unsigned index, const uint8_t *command, size_t length);

/* The card's own answer to a command, which it acts on; its length, 0: none. */
size_t stage_ask(const uint8_t *command, size_t length, uint8_t answer[VCARD_RESPONSE_MAX]);
/* Makes it the answer that the module gets, before the judge. */
enum vcard_fault stage_answer(const uint8_t *answer, size_t length);

/* A command goes to the card that is in the reader: the judge looks at it. */
void stage_judge(const uint8_t *command, size_t length);

/* Another card in the reader, or none (NULL). */
void stage_put(struct vcard *card);

/* After a call: no PIN is open on the card for other programs, unless it was no fair game. */
void stage_check(void);

/* Finalises, if it is still to be done. */
void stage_end(void);

#endif
