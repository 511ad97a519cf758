/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Certificates: the input is a file of a card. It is read as the card layer reads it (its length
 * is in its header), in pieces as long as the first byte says, and taken apart.
 */
#include "fuzz.h"

#include <string.h>

#include "base/der.h"
#include "card/card.h"
#include "crypto/certificate.h"
#include "vcard_transport.h"

const char fuzz_name[] = "certificate";

static const char *const names[] = {"Reader"};

struct file {
	const uint8_t *data;
	size_t size;
	size_t piece; /* the most bytes that one READ BINARY gives */
	struct vcard_transport *readers;
};

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

/* READ BINARY from the offset in P1 and P2; anything else is answered well. */
static enum vcard_fault read_binary(void *context, unsigned index, const uint8_t *command,
				    size_t length)
{
	const struct file *file = context;
	uint8_t answer[JPKI_APDU_RESPONSE_MAX] = {0x90, 0x00};
	size_t offset = (size_t)(command[2] << 8 | command[3]);
	size_t wanted = length > 4 && command[4] != 0 ? command[4] : 256;
	size_t given = 0;

	fuzz_check(index <= JPKI_CERTIFICATE_MAX + 8);
	if (command[1] == 0xB0 && offset < file->size) {
		given = file->size - offset < wanted ? file->size - offset : wanted;
		if (given > file->piece)
			given = file->piece;
		memcpy(answer, file->data + offset, given);
		answer[given] = 0x90;
		answer[given + 1] = 0x00;
	} else if (command[1] == 0xB0) {
		answer[0] = 0x6B;
	}
	vcard_transport_answer(file->readers, answer, given + 2);
	return VCARD_FAULT_ANSWER;
}

/* What comes of it is the beginning of the file, and whole by its own header. */
static void read_sequence(struct file *file, struct jpki_buffer *content)
{
	struct jpki_transport *transport;
	struct jpki_card *card = NULL;
	size_t total = 0;
	bool was_reset;

	file->readers = vcard_transport_new(names, 1);
	transport = vcard_transport_base(file->readers);
	vcard_transport_insert(file->readers, 0, NULL);
	vcard_transport_set_hook(file->readers, read_binary, file);
	fuzz_check(jpki_card_open(transport, names[0], &card) == JPKI_OK);
	fuzz_check(jpki_card_begin(card, &was_reset) == JPKI_OK);
	if (jpki_card_select_file(card, 0x000A) == JPKI_OK &&
	    jpki_card_read_sequence(card, content) == JPKI_OK) {
		fuzz_check(content->length <= file->size &&
			   content->length <= JPKI_CERTIFICATE_MAX);
		fuzz_check(memcmp(content->data, file->data, content->length) == 0);
		fuzz_check(jpki_der_total_length(content->data, content->length, JPKI_DER_SEQUENCE,
						 &total) == JPKI_OK);
		fuzz_check(total == content->length);
	}
	jpki_card_end(card);
	jpki_card_close(card);
	transport->ops->destroy(transport);
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
	jpki_certificate_verify_pss(certificate, signature, signature,
				    certificate->modulus.length);
	jpki_certificate_release(certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpki_buffer content = {0};
	struct file file = {.piece = 256};

	if (size < 1)
		return 0;
	file.data = data + 1;
	file.size = size - 1;
	file.piece = data[0] == 0 ? 256 : data[0];
	take_apart(file.data, file.size);
	read_sequence(&file, &content);
	if (content.length > 0)
		take_apart(content.data, content.length);
	jpki_buffer_free(&content);
	return 0;
}
