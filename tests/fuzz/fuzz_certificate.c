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

static void take_apart(const uint8_t *der, size_t length)
{
	static const uint8_t signature[JPKI_RSA_BYTES_MAX] = {1};
	struct jpki_certificate *certificate = NULL;

	if (jpki_certificate_parse(der, length, &certificate) != JPKI_OK) {
		fuzz_check(certificate == NULL);
		return;
	}
	fuzz_check(certificate->der.length == length);
	fuzz_check(certificate->modulus_bits >= JPKI_RSA_BITS_MIN &&
		   certificate->modulus.length == (certificate->modulus_bits + 7) / 8);
	fuzz_check(certificate->modulus.length <= JPKI_RSA_BYTES_MAX);
	fuzz_check(certificate->serial.length >= 3 && certificate->serial.data[0] == 0x02);
	fuzz_check(strlen(certificate->not_before) == 8 && strlen(certificate->not_after) == 8);
	jpki_certificate_verify(certificate, signature, 32, signature, certificate->modulus.length);
	jpki_certificate_verify_pss(certificate, signature, signature, certificate->modulus.length);
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
