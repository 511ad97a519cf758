/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles of cards as data: one row for each. */
#ifndef VCARD_PROFILES_H
#define VCARD_PROFILES_H

#include <stdbool.h>
#include <time.h>

#include "make.h"

/* What is made for a profile beside the image itself. */
#define VCARD_MAKE_AUTH   0x01 /* the key and certificates for authentication */
#define VCARD_MAKE_SIGN   0x02 /* those for signing */
#define VCARD_MAKE_COMMON 0x04 /* the common application's key and the card's number */
#define VCARD_MAKE_FILLER 0x08 /* a file of FF */

#define VCARD_PARTS_MAX 6

/* A generation of CA certificates, by hierarchy where the two differ, and one certificate of it. */
struct vcard_generation {
	long serial[2]; /* of the CA's certificate, by enum vcard_hierarchy */
	time_t ca_start, ca_end;
	time_t start, end;
};

struct vcard_profile_row {
	const char *name;
	const char *label; /* NULL: no JPKI application */
	const char *atr[2];
	unsigned make;
	bool short_key;                            /* 1024 bits instead of 2048 */
	const char *curve;                         /* of EC keys; NULL: RSA keys */
	const struct vcard_generation *generation; /* NULL: a validity as the options say */
	const char *state;                         /* NULL: all tries left */
	const char *parts[VCARD_PARTS_MAX];
};

/* The row of a profile below VCARD_PROFILE_COUNT. */
const struct vcard_profile_row *vcard_profile_row(enum vcard_profile profile);

#endif
