/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* operation: holds a signature, verification or digest between its Init and its end. */
#ifndef JPKI_PKCS11_OPERATION_H
#define JPKI_PKCS11_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "crypto/certificate.h"
#include "crypto/hash.h"
#include "pkcs11/mechanism.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_operation {
	const struct jpki_mechanism *mechanism;
	const struct jpki_scheme *scheme; /* NULL for a digest */
	struct jpki_token_ref token;
	struct jpki_certificate *certificate; /* with the public key; NULL for a digest */
	struct jpki_hash_state *hash;         /* for mechanisms that hash */
	struct jpki_buffer data;              /* for those that do not */
	bool is_private;                      /* it ends with the login */
	bool updated;                         /* data came in parts */
	bool always_authenticate;             /* the key wants the PIN for this very signature */
	bool authenticated;                   /* and the PIN was given */
};

/*
 * Make an operation. It takes over the caller's hold on the certificate and releases it when it is
 * freed. NULL without memory; the certificate is released then, too.
 */
struct jpki_operation *jpki_operation_new(const struct jpki_mechanism *mechanism,
					  const struct jpki_scheme *scheme,
					  const struct jpki_token_ref *token,
					  struct jpki_certificate *certificate);

/* Withdraw the PIN that was given for this operation, if one was. Never blocks. */
void jpki_operation_end_authentication(struct jpki_operation *operation);

/* Wipe and free an operation. NULL is allowed. The PIN that was given for it is withdrawn, and
 * wiped by jpki_token_sweep, which the caller calls once the module's lock is released. */
void jpki_operation_free(struct jpki_operation *operation);

/* Do both. The module's lock must not be held. NULL is allowed. */
void jpki_operation_end(struct jpki_operation *operation);

/* Add more data. CKR_DATA_LEN_RANGE if it is more than the mechanism can sign. */
CK_RV jpki_operation_update(struct jpki_operation *operation, const uint8_t *data, size_t length);

/*
 * End the data: write what is signed, a DigestInfo, a hash or the data itself, to input, which has
 * room for JPKI_SCHEME_INPUT_MAX bytes. CKR_DATA_LEN_RANGE if the mechanism can't sign it.
 */
CK_RV jpki_operation_input(struct jpki_operation *operation, uint8_t *input, size_t *length);

/* Check a signature over the input with the scheme's verifier; errors are those of
 * jpki_verifier. */
enum jpki_error jpki_operation_verify(const struct jpki_operation *operation, const uint8_t *input,
				      size_t length, const uint8_t *signature,
				      size_t signature_length);

/* Return the length in bytes of what the operation produces. */
size_t jpki_operation_output_size(const struct jpki_operation *operation);

#endif
