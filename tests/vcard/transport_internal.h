/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the in-process transport share. */
#ifndef VCARD_TRANSPORT_INTERNAL_H
#define VCARD_TRANSPORT_INTERNAL_H

#include <pthread.h>

#include "vcard_transport.h"

struct vcard_reader {
	char name[JPKI_READER_NAME_MAX];
	bool plugged;
	bool present;
	struct vcard *card; /* may be NULL in a full reader */
	uint32_t events;
	uint32_t resets;
	const struct jpki_link *owner; /* of the transaction under way, or NULL */
};

struct vcard_failure {
	enum jpki_error error;
	unsigned count;
};

struct vcard_sent {
	uint8_t bytes[JPKI_APDU_COMMAND_MAX];
	size_t len;
};

struct vcard_transport {
	struct jpki_transport base; /* first: one pointer is both */
	pthread_mutex_t mutex;      /* guards everything below */
	pthread_cond_t changed;     /* a reader, a transaction, the service, a cancellation */
	struct vcard_reader readers[JPKI_READERS_MAX];
	size_t count;
	uint32_t epoch;
	bool down;
	bool cancelled;
	struct vcard_failure failures[VCARD_CALL_COUNT];
	vcard_hook hook;
	void *hook_context;
	uint8_t answer[VCARD_RESPONSE_MAX];
	size_t answer_len;
	uint8_t given[JPKI_APDU_RESPONSE_MAX]; /* the last answer that a caller has got */
	size_t given_len;
	unsigned exchanges, verifies, connects, links, violations;
	struct vcard_sent history[VCARD_HISTORY_LEN];
	size_t history_len; /* commands ever recorded since forget */
};

void vcard_lock(struct vcard_transport *transport);
void vcard_unlock(struct vcard_transport *transport);

/* With the mutex held: takes the card, if any, out of the reader; resets it; cuts its power. */
void vcard_pull_card(struct vcard_transport *transport, struct vcard_reader *reader);
void vcard_reset_card(struct vcard_reader *reader);
void vcard_power_cycle_card(struct vcard_reader *reader);

#endif
