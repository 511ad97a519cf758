/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card and a reader that lie. The input is a list of events: a byte that says how many exchanges
 * go well before it, one for its kind (the highest bit: it stays for some exchanges, another byte
 * says for how many), and what the kind needs. Behind the last event all goes well: the empty
 * input is a good card.
 */
#ifndef FUZZ_HOSTILE_H
#define FUZZ_HOSTILE_H

#include "stage.h"

enum hostile_kind {
	HOSTILE_WORD,         /* the card does not act; a status word */
	HOSTILE_WORD_AFTER,   /* it acts, and this status word takes the place of its own */
	HOSTILE_TRUNCATE,     /* so many bytes of its answer */
	HOSTILE_CHANGE,       /* one byte of the answer, at a place of two bytes */
	HOSTILE_DATA,         /* other data, and 9000 */
	HOSTILE_BYTES,        /* other bytes, without a status word of their own */
	HOSTILE_FILL,         /* so many bytes before the status word */
	HOSTILE_OVERWRITE,    /* bytes of the answer from a place on */
	HOSTILE_REPLAY,       /* it acts, and the answer before comes once more */
	HOSTILE_FAIL,         /* the next calls of a kind fail: enum vcard_call, error, count */
	HOSTILE_FAULT,        /* the link breaks: a number of breaks[] */
	HOSTILE_SWAP,         /* another card at once, without the reader noticing */
	HOSTILE_EXCHANGE,     /* another card; the reader notices */
	HOSTILE_SERVICE,      /* the service goes, and is back with the next call of the module */
	HOSTILE_UNPLUG,       /* the reader goes, and is back with the next call of the module */
	HOSTILE_RESET,        /* another program resets the card */
	HOSTILE_SLOW_LEAVING, /* the card goes, and is back with the next call of the module */
	HOSTILE_KINDS
};

struct hostile {
	struct fuzz_input input;
	bool running;     /* there is an event to come */
	unsigned skip;    /* exchanges before it */
	unsigned repeats; /* of the event under way, still to come */
	enum hostile_kind kind;
	uint8_t bytes[256];
	size_t length;
	struct vcard *away; /* to be put in at the next call */
	bool unplugged, down;
};

/* Takes the first event from what is left of the input, and the module's exchanges in hand. */
void hostile_begin(struct hostile *hostile, struct fuzz_input input);

/* Before each call of the module: what went comes back. */
void hostile_next_call(struct hostile *hostile);

#endif
