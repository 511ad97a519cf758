/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kept: keeps on disk what a card's file with a certificate held, so that later processes need not
 * read all of it. The files are in jpki-pkcs11 of the user's cache directory ($XDG_CACHE_HOME, else
 * ~/.cache), mode 0600. Each has a digest, 32 bytes, over the card's serial, the identifier of the
 * card's file and the certificate, and then the certificate itself.
 *
 * A name is the first byte of another digest of serial and identifier, and the identifier: it tells
 * nothing of the card, and there are at most 256 files for each identifier, of which three may be
 * kept. Two cards of one name take turns.
 *
 * Nothing here is ever an error. What is damaged, of another card, somebody else's or open to
 * others counts as not kept. What is returned may still be wrong, because whoever can write here
 * can write anything: it is for comparison with the card.
 *
 * For src/token alone.
 */
#ifndef JPKI_TOKEN_KEPT_H
#define JPKI_TOKEN_KEPT_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/config.h"

/* One file of a card. All pointers are the caller's. */
struct jpki_kept {
	const struct jpki_user_place *place;
	const char *serial; /* of the token */
	uint16_t file;      /* its identifier on the card */
};

/* Append what is kept to der, an empty buffer, which stays empty if nothing is. */
void jpki_kept_read(const struct jpki_kept *kept, struct jpki_buffer *der);

/* Keep a certificate, in the place of what was kept. Not if another process is writing. */
void jpki_kept_write(const struct jpki_kept *kept, const struct jpki_bytes *der);

/* Remove what is kept. */
void jpki_kept_remove(const struct jpki_kept *kept);

#endif
