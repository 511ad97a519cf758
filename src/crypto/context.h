/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The OpenSSL library context that all of src/crypto works in. */
#ifndef JPKI_CRYPTO_CONTEXT_H
#define JPKI_CRYPTO_CONTEXT_H

#include <openssl/types.h>

/*
 * A library context of our own, made at the first call in a process and kept until it ends; NULL
 * without memory. A child after fork gets one of its own: its parent's may be locked by a thread
 * that the child does not have. The program's default context will not do: its configuration may
 * have put a PKCS#11 provider there that calls this very module. It is never freed, because
 * programs call a module from their exit handlers, after OpenSSL has cleaned up.
 */
OSSL_LIB_CTX *jpki_crypto_context(void);

#endif
