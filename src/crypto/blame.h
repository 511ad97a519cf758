/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blame: says what a failed call of OpenSSL came to. For src/crypto alone. */
#ifndef JPKI_CRYPTO_BLAME_H
#define JPKI_CRYPTO_BLAME_H

#include <openssl/err.h>
#include <stdbool.h>

#include "base/error.h"

/* Return of_data if the data are to blame for OpenSSL's last failure, and JPKI_E_MEMORY if there
 * was no memory, which says nothing of them. */
static inline enum jpki_error jpki_crypto_blame(enum jpki_error of_data)
{
	bool no_memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;

	return no_memory ? JPKI_E_MEMORY : of_data;
}

#endif
