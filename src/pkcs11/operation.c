/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations: hold a signature, verification or digest between its Init and its end. */
#include "pkcs11/operation.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/rv.h"

struct jpki_operation *jpki_operation_new(const struct jpki_mechanism *mechanism,
					  const struct jpki_token_ref *token,
					  struct jpki_certificate *certificate)
{
	struct jpki_operation *operation = calloc(1, sizeof(*operation));

	if (operation == NULL) {
		jpki_certificate_release(certificate);
		return NULL;
	}
	operation->mechanism = mechanism;
	operation->token = *token;
	operation->certificate = certificate;
	if (mechanism->hashes) {
		operation->hash = jpki_hash_new(mechanism->hash);
		if (operation->hash == NULL) {
			jpki_operation_free(operation);
			return NULL;
		}
	}
	return operation;
}

void jpki_operation_free(struct jpki_operation *operation)
{
	if (operation == NULL)
		return;
	if (operation->authenticated)
		jpki_token_revoke_authentication(&operation->token);
	jpki_hash_free(operation->hash);
	jpki_buffer_free(&operation->data);
	jpki_certificate_release(operation->certificate);
	free(operation);
}

static bool is_pss(const struct jpki_operation *operation)
{
	return operation->mechanism->scheme == JPKI_SIGN_PSS_SHA256;
}

/* The most that a mechanism which does not hash takes. */
static size_t data_max(const struct jpki_operation *operation)
{
	return is_pss(operation) ? jpki_hash_size(operation->mechanism->hash)
				 : operation->certificate->modulus.length - JPKI_PKCS1_PADDING_MIN;
}

CK_RV jpki_operation_update(struct jpki_operation *operation, const uint8_t *data, size_t length)
{
	enum jpki_error error;

	if (operation->hash != NULL)
		return jpki_rv(jpki_hash_update(operation->hash, data, length));
	error = jpki_buffer_append(&operation->data, data, length, data_max(operation));
	return error == JPKI_E_RANGE ? CKR_DATA_LEN_RANGE : jpki_rv(error);
}

/* What is signed of data that the caller has hashed, or whatever it did with it. */
static CK_RV block_of_data(const struct jpki_operation *operation, uint8_t *block, size_t *length)
{
	size_t given = operation->data.length;

	/* There is no signature over nothing on this card, and PSS is over a hash. */
	if (given == 0 || (is_pss(operation) && given != data_max(operation)))
		return CKR_DATA_LEN_RANGE;
	memcpy(block, operation->data.data, given);
	*length = given;
	return CKR_OK;
}

CK_RV jpki_operation_block(struct jpki_operation *operation, uint8_t *block, size_t *length)
{
	uint8_t value[JPKI_HASH_SIZE_MAX];
	enum jpki_hash hash = operation->mechanism->hash;
	enum jpki_error error;

	*length = 0;
	if (operation->hash == NULL)
		return block_of_data(operation, block, length);
	error = jpki_hash_final(operation->hash, value);
	if (error != JPKI_OK)
		return jpki_rv(error);
	if (is_pss(operation)) {
		*length = jpki_hash_size(hash);
		memcpy(block, value, *length);
	} else {
		*length = jpki_hash_digest_info(hash, value, block);
	}
	return CKR_OK;
}

enum jpki_error jpki_operation_verify(const struct jpki_operation *operation, const uint8_t *block,
				      size_t length, const uint8_t *signature,
				      size_t signature_length)
{
	if (is_pss(operation))
		return jpki_certificate_verify_pss(operation->certificate, block, signature,
						   signature_length);
	return jpki_certificate_verify(operation->certificate, block, length, signature,
				       signature_length);
}

size_t jpki_operation_output_size(const struct jpki_operation *operation)
{
	return operation->certificate != NULL ? operation->certificate->modulus.length
					      : jpki_hash_size(operation->mechanism->hash);
}
