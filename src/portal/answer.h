/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * answer: writes what the page is answered. Each function returns JSON text that the caller frees;
 * NULL without memory. The error answer alone needs no card.
 */
#ifndef JPKI_PORTAL_ANSWER_H
#define JPKI_PORTAL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "card/attributes.h"

/* Who is answering. */
struct portal_identity {
	const char *uuid; /* 32 hexadecimal digits */
	const char *code; /* the combination code */
};

struct portal_bytes {
	uint8_t *data; /* whose it is says the function that makes it */
	size_t length;
};

/* The error answer to a request of which nothing else is known. */
#define PORTAL_ANSWER_BARE "{\"result\":\"1\",\"errcode\":\"EW044-C300\"}"

/* The one error that every failure looks like to a page. mode is the page's, "" if it had none. */
char *portal_answer_error(const char *mode);

/*
 * A log-in (one signature, as a string) or signatures (as an array). Signatures keep their padding,
 * the certificate loses it.
 */
char *portal_answer_signed(bool log_in, const struct portal_identity *identity,
			   const struct portal_bytes *signatures, size_t count,
			   const struct portal_bytes *certificate);

char *portal_answer_attributes(const struct portal_identity *identity,
			       const struct jpki_attributes *attributes);

#endif
