/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PC/SC service that lies (fake_pcsc.h), under the transport and the verbs of a card. */
#include "fake_pcsc.h"

#include <string.h>

#include "card/card.h"
#include "card/pcsc.h"

const char fuzz_name[] = "pcsc";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

static void use_card(struct jpki_card *card)
{
	struct jpki_buffer content = {0};
	uint8_t bytes[JPKI_SIGNATURE_MAX];
	size_t length = sizeof(bytes);
	unsigned int tries = 0;

	if (jpki_card_select_application(card) == JPKI_OK &&
	    jpki_card_select_file(card, 0x000A) == JPKI_OK)
		jpki_card_read_sequence(card, &content);
	jpki_buffer_free(&content);
	if (jpki_card_read(card, bytes, &length) == JPKI_OK)
		fuzz_check(length <= sizeof(bytes));
	if (jpki_card_select_file(card, 0x0018) == JPKI_OK &&
	    jpki_card_read_tries(card, &tries) == JPKI_OK)
		fuzz_check(tries <= 15);
	length = sizeof(bytes);
	if (jpki_card_sign(card, 0x0017, &jpki_scheme_pkcs1, bytes, 32, bytes, &length) == JPKI_OK)
		fuzz_check(length <= sizeof(bytes));
	jpki_card_challenge(card, bytes, 40);
	jpki_card_leave(card);
}

static void use_reader(struct jpki_transport *transport, const char *name, bool power_off)
{
	struct jpki_card *card = NULL;
	bool was_reset;

	if (jpki_card_open(transport, name, &card) != JPKI_OK) {
		fuzz_check(card == NULL);
		return;
	}
	if (jpki_card_begin(card, &was_reset) == JPKI_OK) {
		use_card(card);
		if (power_off)
			jpki_card_power_off(card);
		else
			jpki_card_end(card);
	}
	jpki_card_close(card);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_byte(&input);
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_reader_list list;

	fuzz_check(transport != NULL);
	fake_pcsc_begin(&input);
	for (int round = 0; round < 2; round++) {
		if (transport->ops->list(transport, &list) != JPKI_OK)
			fuzz_check(list.count == 0);
		fuzz_check(list.count <= JPKI_READERS_MAX);
		for (size_t i = 0; i < list.count; i++) {
			fuzz_check(list.readers[i].name[0] != '\0' &&
				   strnlen(list.readers[i].name, JPKI_READER_NAME_MAX) <
					   JPKI_READER_NAME_MAX);
			use_reader(transport, list.readers[i].name, (flags & 1) != 0);
		}
		transport->ops->wait(transport, &list, 0);
	}
	if ((flags & 2) != 0)
		transport->ops->cancel(transport);
	transport->ops->destroy(transport);
	fake_pcsc_end();
	return 0;
}
