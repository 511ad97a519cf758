/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record: writes and reads the record of tries, which tells who used them up. It has a line for
 * each PIN that a card refused, that was withheld from it, or whose answer was lost, and for each
 * that gave lost tries back. The file is jpki-pkcs11/tries in the user's state directory
 * ($XDG_STATE_HOME, else ~/.local/state), mode 0600. A line has six fields, separated by tabs:
 *
 *   2026-11-22T05:21:48Z   when, UTC
 *   0123456789abcdef       the token's serial number
 *   auth                   which PIN: auth, sign or text
 *   wrong                  what became of it, see jpki_record_try
 *   2                      the tries left after it, or - if they are not known
 *   firefox                the program
 *
 * It holds no PIN. Once it has grown to 64 KiB, it is renamed to tries.old and a new one is begun.
 * A PIN that is withheld for the same reason as the one before adds no line.
 */
#ifndef JPKI_TOKEN_RECORD_H
#define JPKI_TOKEN_RECORD_H

#include <stdbool.h>
#include <time.h>

#include "base/config.h"
#include "base/error.h"
#include "card/generation.h"

/* One try: a PIN that was sent to a card, or withheld from it. */
struct jpki_try {
	const char *serial; /* of the token, as users see it */
	enum jpki_key key;
	/* The result. JPKI_OK: accepted. JPKI_E_PIN_INCORRECT, JPKI_E_PIN_LOCKED: refused, if it
	 * was sent. */
	enum jpki_error error;
	bool sent; /* the card has seen it, or may have */
	int tries; /* left after it; -1 if not known */
};

/*
 * Add a line at the place: "right", "wrong", "unknown" (sent, but the answer was lost) or
 * "withheld:" and the reason (length, alphabet, repeated, final-try, locked, not-set). Other errors
 * add none because they are not about a PIN. Directories and files of other users are left alone.
 * If the line can't be written, only that line is lost.
 */
void jpki_record_try(const struct jpki_user_place *place, const struct jpki_try *try);

/* One line of the record. Each string is printable ASCII. */
struct jpki_record_line {
	time_t when;
	const char *serial;
	enum jpki_key key;
	const char *outcome; /* as above */
	int tries;           /* left after it; -1 if not known */
	const char *program;
};

/*
 * Call each for every line, the oldest first, beginning with those of tries.old. Lines of any other
 * form are skipped. JPKI_E_NOT_FOUND: there is no record because nothing was recorded yet.
 */
enum jpki_error jpki_record_read(const struct jpki_user_place *place,
				 void (*each)(const struct jpki_record_line *line, void *argument),
				 void *argument);

#endif
