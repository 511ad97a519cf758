/* SPDX-License-Identifier: LGPL-2.1-or-later */
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
	jpki_hash_free(operation->hash);
	jpki_buffer_free(&operation->data);
	jpki_certificate_release(operation->certificate);
	free(operation);
}

CK_RV jpki_operation_update(struct jpki_operation *operation, const uint8_t *data, size_t length)
{
	enum jpki_error error;

	if (operation->hash != NULL)
		return jpki_rv(jpki_hash_update(operation->hash, data, length));
	error = jpki_buffer_append(&operation->data, data, length,
				   operation->certificate->modulus.length - JPKI_PKCS1_PADDING_MIN);
	return error == JPKI_E_RANGE ? CKR_DATA_LEN_RANGE : jpki_rv(error);
}

CK_RV jpki_operation_block(struct jpki_operation *operation, uint8_t *block, size_t *length)
{
	uint8_t value[JPKI_HASH_SIZE_MAX];
	enum jpki_error error;

	*length = 0;
	if (operation->hash == NULL) {
		/* There is no signature over nothing on this card. */
		if (operation->data.length == 0)
			return CKR_DATA_LEN_RANGE;
		memcpy(block, operation->data.data, operation->data.length);
		*length = operation->data.length;
		return CKR_OK;
	}
	error = jpki_hash_final(operation->hash, value);
	if (error == JPKI_OK)
		*length = jpki_hash_digest_info(operation->mechanism->hash, value, block);
	return jpki_rv(error);
}

size_t jpki_operation_output_size(const struct jpki_operation *operation)
{
	return operation->certificate != NULL ? operation->certificate->modulus.length
					      : jpki_hash_size(operation->mechanism->hash);
}
