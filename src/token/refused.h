/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refused: tells the user's other processes which values a card has refused, so that a mistake
 * costs one try and not one for each program or each run. They are in jpki-pkcs11/refused below
 * $XDG_RUNTIME_DIR, which is in memory and is removed when the user logs out. The file:
 *
 *   16 bytes   JPKI_REFUSED_MAGIC
 *   32 bytes   a random key, made with the file
 *   112 bytes  for each refused value, the oldest first, at most JPKI_REFUSED_MAX of them:
 *              the reader (32), the card's PIN (32) and the value (32), as digests under the key;
 *              when it was refused, in seconds of CLOCK_BOOTTIME (8); the reader's count of
 *              insertions (4); the tries that it left (4)
 *
 * Whoever can read it can find a short value by trying all, so the directory has mode 0700 and the
 * file 0600, and it never holds a value that may be right. A file of any other form is empty.
 * Nothing here is ever an error: what cannot be read or written is only not shared.
 */
#ifndef JPKI_TOKEN_REFUSED_H
#define JPKI_TOKEN_REFUSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "card/generation.h"

#define JPKI_REFUSED_MAGIC        "jpki-refused 1\n"
#define JPKI_REFUSED_HEADER_BYTES 48
#define JPKI_REFUSED_ENTRY_BYTES  112
/* Several times the wrong values that the PINs of a few cards have tries for. */
#define JPKI_REFUSED_MAX 32
/* After this time a value may be sent again. */
#define JPKI_REFUSED_SECONDS 3600

/* One PIN of a card during one insertion, and when. All strings are the caller's. */
struct jpki_refused_pin {
	const char *root;   /* $XDG_RUNTIME_DIR; "": nothing is shared */
	const char *reader; /* its name, the same in all processes */
	uint32_t events;    /* the reader's count of insertions and removals, likewise */
	const char *serial; /* of the token */
	enum jpki_key key;
	int64_t now_s; /* jpki_reader_now_s */
};

/*
 * Return whether a process of the user has learnt during this insertion, and within
 * JPKI_REFUSED_SECONDS, that the card refuses the value. tries are those read just now: if they are
 * more than a refusal left, the right PIN was presented since, and all refusals are forgotten.
 */
bool jpki_refused_has(const struct jpki_refused_pin *pin, const uint8_t *value, size_t length,
		      unsigned int tries);

/* Note that the card itself has said that the value is wrong, and that tries are left. */
void jpki_refused_add(const struct jpki_refused_pin *pin, const uint8_t *value, size_t length,
		      unsigned int tries);

/* Forget the refusals of this PIN, because the card has accepted the right one. */
void jpki_refused_forget(const struct jpki_refused_pin *pin);

#endif
