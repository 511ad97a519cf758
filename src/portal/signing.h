/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signing: signs the blocks of a request with the card, after asking for the PIN once. */
#ifndef JPKI_PORTAL_SIGNING_H
#define JPKI_PORTAL_SIGNING_H

#include "app/app.h"
#include "portal/answer.h"
#include "portal/identity.h"
#include "portal/message.h"

/* portal_signing_free ends it. */
struct portal_signing {
	struct portal_bytes signatures[PORTAL_BLOCKS_MAX]; /* as many as the message has blocks */
	struct portal_bytes certificate;                   /* DER */
	char digits[PORTAL_DIGITS_SIZE]; /* of the card, for the combination code */
};

/*
 * Ask for the PIN in a window that shows the origin and what is given, and sign all blocks of a
 * PORTAL_LOG_IN or PORTAL_SIGN. NULL: all are signed; otherwise why none is handed out: translated,
 * without personal data and static.
 */
const char *portal_sign(struct portal_signing *signing, const struct portal_message *message);
void portal_signing_free(struct portal_signing *signing);

#endif
