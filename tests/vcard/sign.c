/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE and GET CHALLENGE. */
#include "internal.h"

#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#define PKCS1_OVERHEAD 11 /* 00 01, eight times FF at least, 00 */

/*
 * The schemes of P1, found on cards by trying all 256 values and opening the results with the
 * public key. PSS is with SHA-256 throughout and a random salt of 32 bytes.
 */
struct scheme {
	bool hash_on_card;
	bool digest_info;
	bool pss;
	size_t min, max; /* of the command's data; max 0: what the padding leaves room for */
};

static const struct scheme schemes[] = {
	{false, false, false, 1, 0}, {true, false, false, 1, 255}, {false, true, false, 32, 32},
	{true, true, false, 1, 255}, {false, false, true, 32, 32}, {true, false, true, 1, 255},
};
#define SCHEME_SHA256_RSA 3

static bool set_padding(EVP_PKEY_CTX *context, const struct scheme *scheme)
{
	bool ok = false;

	if (scheme->pss) {
		ok = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
		     EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0 &&
		     EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(context, SHA256_DIGEST_LENGTH) > 0;
	} else {
		ok = EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
		if (ok && scheme->digest_info)
			ok = EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0;
	}
	return ok;
}

static uint16_t run_scheme(EVP_PKEY *key, const struct scheme *scheme,
			   const struct vcard_command *command, struct vcard_answer *answer)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	const unsigned char *input = command->data;
	size_t input_len = command->lc;
	size_t size = (size_t)EVP_PKEY_get_size(key);
	size_t max = scheme->max != 0 ? scheme->max : size - PKCS1_OVERHEAD;
	EVP_PKEY_CTX *context = NULL;
	uint16_t sw = 0x6F00;

	if (command->lc < scheme->min || command->lc > max)
		return 0x6985;
	if (command->le < size)
		return 0x6700;
	if (scheme->hash_on_card) {
		SHA256(command->data, command->lc, digest);
		input = digest;
		input_len = sizeof(digest);
	}
	context = EVP_PKEY_CTX_new(key, NULL);
	if (context == NULL || EVP_PKEY_sign_init(context) <= 0 || !set_padding(context, scheme))
		goto out;
	answer->len = sizeof(answer->data);
	if (EVP_PKEY_sign(context, answer->data, &answer->len, input, input_len) <= 0) {
		answer->len = 0;
		goto out;
	}
	sw = 0x9000;
out:
	EVP_PKEY_CTX_free(context);
	return sw;
}

uint16_t vcard_sign(struct vcard *card, const struct vcard_command *command,
		    struct vcard_answer *answer)
{
	const struct scheme *scheme;
	struct vcard_ef *ef;
	uint16_t sw;

	if (command->p1 >= sizeof(schemes) / sizeof(schemes[0]))
		return 0x6A86;
	scheme = &schemes[command->p1];
	if (scheme->pss && card->options.quirk[VCARD_QUIRK_NO_PSS] != 0)
		return 0x6A86;
	if (command->p2 != 0x80 && card->options.quirk[VCARD_QUIRK_SELECT_KEYS] != 0)
		return 0x6A86;
	ef = vcard_reference(card, command->p2, &sw);
	if (ef == NULL)
		return sw;
	if (ef->kind != VCARD_EF_KEY)
		return 0x6985;
	if (!vcard_may(card, ef))
		return 0x6982;
	return run_scheme(ef->key, scheme, command, answer);
}

/*
 * Measured: only the key of the common application answers, without a PIN, with the SHA-256
 * signature of the data. The JPKI keys refuse: 6982 before their PIN, 6985 otherwise.
 */
uint16_t vcard_internal_authenticate(struct vcard *card, const struct vcard_command *command,
				     struct vcard_answer *answer)
{
	struct vcard_ef *ef;
	uint16_t sw;

	if (command->p1 != 0x00)
		return 0x6A86;
	ef = vcard_reference(card, command->p2, &sw);
	if (ef == NULL)
		return sw;
	if (ef->kind != VCARD_EF_KEY)
		return 0x6985;
	if (!vcard_may(card, ef))
		return 0x6982;
	if (ef->app != VCARD_APP_COMMON)
		return 0x6985;
	return run_scheme(ef->key, &schemes[SCHEME_SHA256_RSA], command, answer);
}

uint16_t vcard_get_challenge(struct vcard *card, const struct vcard_command *command,
			     struct vcard_answer *answer)
{
	(void)card;
	if (command->p1 != 0 || command->p2 != 0)
		return 0x6A86;
	if (RAND_bytes(answer->data, (int)command->le) != 1)
		return 0x6F00;
	answer->len = command->le;
	return 0x9000;
}
