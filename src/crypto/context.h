/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* context: makes the OpenSSL library context that all of src/crypto works in. */
#ifndef JPKI_CRYPTO_CONTEXT_H
#define JPKI_CRYPTO_CONTEXT_H

#include <openssl/types.h>

/*
 * Return our own library context, made at the first call in a process and kept until the process
 * ends; NULL without memory. A child after fork gets its own, because a thread that the child does
 * not have may hold a lock of its parent's. The program's default context is not used: its
 * configuration may load a PKCS#11 provider that calls this very module. The context is never
 * freed, because programs call a module from their exit handlers, after OpenSSL has cleaned up.
 */
OSSL_LIB_CTX *jpki_crypto_context(void);

#endif
