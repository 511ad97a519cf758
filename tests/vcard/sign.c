/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE and GET CHALLENGE. */
#include "internal.h"

#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#define PKCS1_OVERHEAD 11 /* 00 01, eight times FF at least, 00 */

/*
 * The schemes of P1. Those of RSA keys were found on cards by trying all 256 values and opening the
 * results with the public key; PSS is with SHA-256 throughout and a random salt of 32 bytes. Those
 * of EC keys are invented, because no card has such keys: ECDSA over a hash, answered as r and s
 * behind each other, or as DER.
 */
struct scheme {
	uint8_t p1;
	bool hash_on_card;
	bool digest_info;
	bool pss;
	bool ecdsa;
	bool plain;      /* of ECDSA */
	size_t min, max; /* of the command's data; max 0: what the padding leaves room for */
};

static const struct scheme schemes[] = {
	{.p1 = 0x00, .min = 1},
	{.p1 = 0x01, .hash_on_card = true, .min = 1, .max = 255},
	{.p1 = 0x02, .digest_info = true, .min = 32, .max = 32},
	{.p1 = 0x03, .hash_on_card = true, .digest_info = true, .min = 1, .max = 255},
	{.p1 = 0x04, .pss = true, .min = 32, .max = 32},
	{.p1 = 0x05, .hash_on_card = true, .pss = true, .min = 1, .max = 255},
	{.p1 = 0x40, .ecdsa = true, .plain = true, .min = 1, .max = 48},
	{.p1 = 0x41, .ecdsa = true, .min = 1, .max = 48},
};
#define SCHEME_SHA256_RSA 3

static const struct scheme *find_scheme(uint8_t p1)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (schemes[i].p1 == p1)
			return &schemes[i];
	}
	return NULL;
}

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

/* From DER: r and s, each as long as the order. */
static bool make_plain(const EVP_PKEY *key, struct vcard_answer *answer)
{
	const unsigned char *der = answer->data;
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)answer->len);
	int size = (EVP_PKEY_get_bits(key) + 7) / 8;
	bool ok = signature != NULL;

	answer->len = 2 * (size_t)size;
	ok = ok && BN_bn2binpad(ECDSA_SIG_get0_r(signature), answer->data, size) == size &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(signature), answer->data + size, size) == size;
	ECDSA_SIG_free(signature);
	return ok;
}

static bool compute(EVP_PKEY *key, const struct scheme *scheme, const unsigned char *input,
		    size_t input_len, struct vcard_answer *answer)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	bool ok = context != NULL && EVP_PKEY_sign_init(context) > 0 &&
		  (scheme->ecdsa || set_padding(context, scheme));

	answer->len = sizeof(answer->data);
	ok = ok && EVP_PKEY_sign(context, answer->data, &answer->len, input, input_len) > 0 &&
	     (!scheme->plain || make_plain(key, answer));
	EVP_PKEY_CTX_free(context);
	if (!ok)
		answer->len = 0;
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

	if (command->lc < scheme->min || command->lc > max)
		return 0x6985;
	if (command->le < size)
		return 0x6700;
	if (scheme->hash_on_card) {
		SHA256(command->data, command->lc, digest);
		input = digest;
		input_len = sizeof(digest);
	}
	return compute(key, scheme, input, input_len, answer) ? 0x9000 : 0x6F00;
}

uint16_t vcard_sign(struct vcard *card, const struct vcard_command *command,
		    struct vcard_answer *answer)
{
	const struct scheme *scheme = find_scheme(command->p1);
	struct vcard_ef *ef;
	uint16_t sw;

	if (scheme == NULL)
		return 0x6A86;
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
	if (scheme->ecdsa != (EVP_PKEY_is_a(ef->key, "EC") == 1))
		return 0x6A86;
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
