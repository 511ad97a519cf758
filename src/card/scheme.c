/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scheme: holds the rows of the signature schemes, and makes the input of each. */
#include "card/scheme.h"

#include <string.h>

#include "crypto/ecdsa.h"

_Static_assert(JPKI_SCHEME_INPUT_MAX >= JPKI_DIGEST_INFO_MAX, "an input has room for a DigestInfo");

static size_t what_padding_leaves(const struct jpki_public_key *key)
{
	return key->signature_length - JPKI_PKCS1_PADDING_MIN;
}

static size_t size_of_sha256(const struct jpki_public_key *key)
{
	(void)key;
	return jpki_hash_size(JPKI_HASH_SHA256);
}

static size_t size_of_any_hash(const struct jpki_public_key *key)
{
	(void)key;
	return JPKI_HASH_SIZE_MAX;
}

/* Return the size of the order, because r and s are remainders modulo the order. */
static size_t size_of_order(const struct jpki_public_key *key)
{
	return key->signature_length / 2;
}

const struct jpki_scheme_input jpki_input_padded = {
	.wraps_hash = true,
	.min = 1,
	.data_max = what_padding_leaves,
	.max = what_padding_leaves,
};

const struct jpki_scheme_input jpki_input_sha256 = {
	.min = 32,
	.data_max = size_of_sha256,
	.max = size_of_sha256,
};

/* The order of each curve is a whole number of bytes, or longer than every hash. */
const struct jpki_scheme_input jpki_input_cut_hash = {
	.min = 1,
	.data_max = size_of_any_hash,
	.max = size_of_order,
};

enum jpki_error jpki_output_plain(const struct jpki_public_key *key, const uint8_t *answer,
				  size_t answer_length, uint8_t *signature)
{
	if (answer_length != key->signature_length)
		return JPKI_E_BAD_SIGNATURE;
	memcpy(signature, answer, answer_length);
	return JPKI_OK;
}

enum jpki_error jpki_output_ecdsa_der(const struct jpki_public_key *key, const uint8_t *answer,
				      size_t answer_length, uint8_t *signature)
{
	return jpki_ecdsa_from_der(answer, answer_length, size_of_order(key), signature);
}

const struct jpki_scheme jpki_scheme_pkcs1 = {
	.id = JPKI_SIGN_PKCS1,
	.name = "PKCS #1 v1.5",
	.p1 = 0x00,
	.input = &jpki_input_padded,
	.output = jpki_output_plain,
	.verify = jpki_public_key_verify_pkcs1,
};

const struct jpki_scheme jpki_scheme_pss_sha256 = {
	.id = JPKI_SIGN_PSS_SHA256,
	.name = "PSS",
	.p1 = 0x04,
	.loss = "TLS 1.3",
	.input = &jpki_input_sha256,
	.output = jpki_output_plain,
	.verify = jpki_public_key_verify_pss_sha256,
};

enum jpki_error jpki_scheme_input_of_data(const struct jpki_scheme *scheme,
					  const struct jpki_public_key *key, const uint8_t *data,
					  size_t length, uint8_t *input, size_t *input_length)
{
	size_t max = scheme->input->max(key);

	*input_length = 0;
	if (length < scheme->input->min || length > scheme->input->data_max(key))
		return JPKI_E_ARGUMENT;
	*input_length = length < max ? length : max;
	memcpy(input, data, *input_length);
	return JPKI_OK;
}

enum jpki_error jpki_scheme_input_of_hash(const struct jpki_scheme *scheme,
					  const struct jpki_public_key *key, enum jpki_hash hash,
					  const uint8_t *value, uint8_t *input,
					  size_t *input_length)
{
	uint8_t info[JPKI_DIGEST_INFO_MAX];

	if (!scheme->input->wraps_hash)
		return jpki_scheme_input_of_data(scheme, key, value, jpki_hash_size(hash), input,
						 input_length);
	return jpki_scheme_input_of_data(
		scheme, key, info, jpki_hash_digest_info(hash, value, info), input, input_length);
}

bool jpki_scheme_takes(const struct jpki_scheme *scheme, const struct jpki_public_key *key,
		       size_t length)
{
	return length >= scheme->input->min && length <= scheme->input->max(key);
}
