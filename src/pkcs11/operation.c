/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* operation: holds a signature, verification or digest between its Init and its end. */
#include "pkcs11/operation.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/rv.h"

struct jpki_operation *jpki_operation_new(const struct jpki_mechanism *mechanism,
					  const struct jpki_scheme *scheme,
					  const struct jpki_token_ref *token,
					  struct jpki_certificate *certificate)
{
	struct jpki_operation *operation = calloc(1, sizeof(*operation));

	if (operation == NULL) {
		jpki_certificate_release(certificate);
		return NULL;
	}
	operation->mechanism = mechanism;
	operation->scheme = scheme;
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

void jpki_operation_end_authentication(struct jpki_operation *operation)
{
	if (operation->authenticated)
		jpki_token_revoke_authentication(&operation->token);
	operation->authenticated = false;
}

void jpki_operation_free(struct jpki_operation *operation)
{
	if (operation == NULL)
		return;
	jpki_operation_end_authentication(operation);
	jpki_hash_free(operation->hash);
	jpki_buffer_free(&operation->data);
	jpki_certificate_release(operation->certificate);
	free(operation);
}

void jpki_operation_end(struct jpki_operation *operation)
{
	struct jpki_token_ref token;

	if (operation == NULL)
		return;
	token = operation->token;
	jpki_operation_free(operation);
	jpki_token_sweep(&token);
}

CK_RV jpki_operation_update(struct jpki_operation *operation, const uint8_t *data, size_t length)
{
	enum jpki_error error;
	size_t max;

	if (operation->hash != NULL)
		return jpki_rv(jpki_hash_update(operation->hash, data, length));
	max = operation->scheme->input->data_max(operation->certificate->key);
	error = jpki_buffer_append(&operation->data, data, length, max);
	return error == JPKI_E_RANGE ? CKR_DATA_LEN_RANGE : jpki_rv(error);
}

/* Make the scheme's input from the data, or from their hash. */
static enum jpki_error make_input(const struct jpki_operation *operation, uint8_t *input,
				  size_t *length)
{
	const struct jpki_public_key *key = operation->certificate->key;
	const struct jpki_buffer *data = &operation->data;
	uint8_t value[JPKI_HASH_SIZE_MAX];
	enum jpki_error error;

	if (operation->hash == NULL)
		return jpki_scheme_input_of_data(operation->scheme, key, data->data, data->length,
						 input, length);
	error = jpki_hash_final(operation->hash, value);
	if (error != JPKI_OK)
		return error;
	return jpki_scheme_input_of_hash(operation->scheme, key, operation->mechanism->hash, value,
					 input, length);
}

CK_RV jpki_operation_input(struct jpki_operation *operation, uint8_t *input, size_t *length)
{
	enum jpki_error error;

	*length = 0;
	error = make_input(operation, input, length);
	return error == JPKI_E_ARGUMENT ? CKR_DATA_LEN_RANGE : jpki_rv(error);
}

enum jpki_error jpki_operation_verify(const struct jpki_operation *operation, const uint8_t *input,
				      size_t length, const uint8_t *signature,
				      size_t signature_length)
{
	return operation->scheme->verify(operation->certificate->key, input, length, signature,
					 signature_length);
}

size_t jpki_operation_output_size(const struct jpki_operation *operation)
{
	return operation->certificate != NULL ? operation->certificate->key->signature_length
					      : jpki_hash_size(operation->mechanism->hash);
}
