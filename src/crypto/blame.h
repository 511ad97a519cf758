/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* blame: finds the cause of a failed call of OpenSSL. For src/crypto alone. */
#ifndef JPKI_CRYPTO_BLAME_H
#define JPKI_CRYPTO_BLAME_H

#include <openssl/err.h>
#include <stdbool.h>

#include "base/error.h"

/* Return of_data if the data caused OpenSSL's last failure, or JPKI_E_MEMORY if memory ran out,
 * which says nothing about the data. */
static inline enum jpki_error jpki_crypto_blame(enum jpki_error of_data)
{
	bool no_memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;

	return no_memory ? JPKI_E_MEMORY : of_data;
}

#endif
