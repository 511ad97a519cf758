/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "card_file.h"

#include <string.h>

#include "base/der.h"
#include "card/card.h"
#include "vcard_transport.h"

static const char *const names[] = {"Reader"};

struct file {
	const uint8_t *data;
	size_t size;
	size_t piece; /* the most bytes that one READ BINARY gives */
	struct vcard_transport *readers;
};

/* Pieces of such a size give the longest file in few enough answers. */
#define PIECE_ENOUGH 64

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

void card_file_read(const uint8_t *data, size_t size, size_t piece, struct jpki_buffer *content)
{
	struct file one = {.data = data, .size = size, .piece = piece};
	struct jpki_transport *transport;
	struct jpki_card *card = NULL;
	size_t total = 0;
	bool was_reset;

	one.readers = vcard_transport_new(names, 1);
	transport = vcard_transport_base(one.readers);
	vcard_transport_insert(one.readers, 0, NULL);
	vcard_transport_set_hook(one.readers, read_binary, &one);
	fuzz_check(jpki_card_open(transport, names[0], &card) == JPKI_OK);
	fuzz_check(jpki_card_begin(card, &was_reset) == JPKI_OK);
	if (jpki_card_select_file(card, 0x000A) == JPKI_OK &&
	    jpki_card_read_sequence(card, content) == JPKI_OK) {
		/* It is the beginning of the file, and whole by its own header. */
		fuzz_check(content->length <= one.size && content->length <= JPKI_CERTIFICATE_MAX);
		fuzz_check(memcmp(content->data, one.data, content->length) == 0);
		fuzz_check(jpki_der_total_length(content->data, content->length, JPKI_DER_SEQUENCE,
						 &total) == JPKI_OK);
		fuzz_check(total == content->length);
	}
	/* And it is refused only where there is no such beginning. */
	if (content->length == 0 && piece >= PIECE_ENOUGH &&
	    jpki_der_total_length(data, size, JPKI_DER_SEQUENCE, &total) == JPKI_OK)
		fuzz_check(total > size || total > JPKI_CERTIFICATE_MAX);
	jpki_card_end(card);
	jpki_card_close(card);
	transport->ops->destroy(transport);
}
