/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Certificates: the input is a file of a card. It is read as the card layer reads it (its length
 * is in its header), in pieces as long as the first byte says, and taken apart.
 */
#include "fuzz.h"

#include <string.h>

#include "card_file.h"
#include "crypto/certificate.h"

const char fuzz_name[] = "certificate";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

/* Its sizes fit each other, and it verifies nothing. */
static void check_key(const struct jpki_public_key *key)
{
	static jpki_verifier *const verifiers[] = {jpki_public_key_verify_pkcs1,
						   jpki_public_key_verify_pss_sha256,
						   jpki_public_key_verify_ecdsa};
	static const uint8_t signature[JPKI_RSA_BYTES_MAX] = {1};

	fuzz_check(key->kind < JPKI_KEY_KIND_COUNT);
	if (key->modulus.length > 0) {
		fuzz_check(key->bits >= JPKI_RSA_BITS_MIN && key->bits <= JPKI_RSA_BITS_MAX);
		fuzz_check(key->modulus.length == (key->bits + 7) / 8);
		fuzz_check(key->signature_length == key->modulus.length);
	} else {
		fuzz_check(key->curve.length >= 7 && key->curve.data[0] == 0x06);
		fuzz_check(key->signature_length == 2 * ((key->bits + 7) / 8));
		fuzz_check(key->point.length > key->signature_length && key->point.data[0] == 0x04);
	}
	for (size_t i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++)
		fuzz_check(verifiers[i](key, signature, 32, signature, key->signature_length) !=
			   JPKI_OK);
}

static void take_apart(const uint8_t *der, size_t length)
{
	struct jpki_certificate *certificate = NULL;

	if (jpki_certificate_parse(der, length, &certificate) != JPKI_OK) {
		fuzz_check(certificate == NULL);
		return;
	}
	fuzz_check(certificate->der.length == length);
	check_key(certificate->key);
	fuzz_check(certificate->serial.length >= 3 && certificate->serial.data[0] == 0x02);
	fuzz_check(strlen(certificate->not_before) == 8 && strlen(certificate->not_after) == 8);
	jpki_certificate_release(certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpki_buffer content = {0};

	if (size < 1)
		return 0;
	take_apart(data + 1, size - 1);
	card_file_read(data + 1, size - 1, data[0] == 0 ? 256 : data[0], &content);
	if (content.length > 0)
		take_apart(content.data, content.length);
	jpki_buffer_free(&content);
	return 0;
}
