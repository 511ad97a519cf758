/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record: writes and reads the record of tries, which tells who used them up. It has a line for
 * each PIN that a card refused, that was withheld from it, or whose answer was lost, and for each
 * that gave lost tries back. The file is jpki-pkcs11/tries in the user's state directory
 * ($XDG_STATE_HOME, else ~/.local/state), mode 0600. A line has six fields, separated by tabs:
 *
 *   2026-11-22T05:21:48Z   when, UTC
 *   0123456789abcdef       the token's serial number
 *   auth                   which PIN: auth or sign
 *   wrong                  what became of it, see jpki_record_try
 *   2                      the tries left after it, or - when they are not known
 *   firefox                the program
 *
 * It holds no PIN. When it has grown to 64 KiB it is renamed to tries.old, and begun anew. What was
 * withheld for the same reason as just before is not written again.
 */
#ifndef JPKI_TOKEN_RECORD_H
#define JPKI_TOKEN_RECORD_H

#include <stdbool.h>
#include <time.h>

#include "base/config.h"
#include "base/error.h"
#include "card/generation.h"

/* One try. */
struct jpki_try {
	const char *serial; /* of the token, as users see it */
	enum jpki_key key;
	/* What the presentation of the PIN came to. JPKI_OK: accepted. JPKI_E_PIN_INCORRECT,
	 * JPKI_E_PIN_LOCKED: refused, when it was sent. */
	enum jpki_error error;
	bool sent; /* the card has seen it, or may have */
	int tries; /* left after it; -1 when not known */
};

/*
 * Adds a line at the place: "right", "wrong", "unknown" (sent, the answer was lost) or "withheld:"
 * and the reason (length, alphabet, repeated, final-try, locked, not-set). Other errors leave none,
 * for they are not about a PIN. Directories and files of other users are left alone; when the line
 * can't be written, nothing is lost but the line.
 */
void jpki_record_try(const struct jpki_record_place *place, const struct jpki_try *try);

/* One line of the record; each text is printable ASCII. */
struct jpki_record_line {
	time_t when;
	const char *serial;
	enum jpki_key key;
	const char *outcome; /* as above */
	int tries;           /* left after it; -1 when not known */
	const char *program;
};

/*
 * Calls each with every line, the oldest first, the record before this one included. Lines that are
 * none of ours are passed over. JPKI_E_NOT_FOUND: there is no record, because nothing was written
 * down yet.
 */
enum jpki_error jpki_record_read(const struct jpki_record_place *place,
				 void (*each)(const struct jpki_record_line *line, void *argument),
				 void *argument);

#endif
