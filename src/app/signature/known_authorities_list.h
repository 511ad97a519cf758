/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* known_authorities_list: the CA certificates of J-LIS that a program is linked with. */
#ifndef JPKI_APP_SIGNATURE_KNOWN_AUTHORITIES_LIST_H
#define JPKI_APP_SIGNATURE_KNOWN_AUTHORITIES_LIST_H

#include <stddef.h>

#include "card/generation.h"

struct known_authority {
	enum jpki_key key;       /* of the certificates that it issues */
	const char *fingerprint; /* SHA-256, in capitals */
};

extern const struct known_authority known_authorities[];
extern const size_t known_authority_count;

#endif
