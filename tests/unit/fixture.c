/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define INS_VERIFY 0x20

void bench_start(struct bench *bench, const char *name, const struct vcard_options *options)
{
	static const char *const names[] = {BENCH_READER};

	memset(bench, 0, sizeof(*bench));
	bench->config = jpki_config_defaults();
	/* The record of whoever runs the tests is not theirs. */
	bench->config.tries_recorded = false;
	bench->readers = vcard_transport_new(names, 1);
	assert_non_null(bench->readers);
	bench->transport = vcard_transport_base(bench->readers);
	bench->reader = jpki_reader_new(bench->transport, &bench->config);
	assert_non_null(bench->reader);
	jpki_reader_set_name(bench->reader, BENCH_READER);
	if (name != NULL) {
		unit_card_open(&bench->card, name, options);
		vcard_transport_insert(bench->readers, 0, bench->card.card);
	}
	bench_look(bench);
}

void bench_stop(struct bench *bench)
{
	jpki_reader_free(bench->reader);
	assert_int_equal(vcard_transport_links(bench->readers), 0);
	assert_int_equal(vcard_transport_violations(bench->readers), 0);
	bench->transport->ops->destroy(bench->transport);
	unit_card_close(&bench->card);
	unit_card_close(&bench->second);
}

int bench_set_up(void **state)
{
	struct bench *bench = malloc(sizeof(*bench));

	assert_non_null(bench);
	bench_start(bench, "mynumber", NULL);
	*state = bench;
	return 0;
}

int bench_tear_down(void **state)
{
	bench_stop(*state);
	free(*state);
	return 0;
}

void bench_look(struct bench *bench)
{
	struct jpki_reader_list list;
	const struct jpki_reader_state *seen = NULL;

	if (bench->transport->ops->list(bench->transport, &list) == JPKI_OK && list.count > 0)
		seen = &list.readers[0];
	jpki_reader_observe(bench->reader, seen);
}

struct jpki_token_ref bench_token(const struct bench *bench, enum jpki_key key)
{
	return (struct jpki_token_ref){.reader = bench->reader,
				       .key = key,
				       .insertion = jpki_reader_insertion(bench->reader)};
}

enum jpki_error bench_login(const struct jpki_token_ref *token, const char *pin)
{
	return jpki_token_login(token, (const uint8_t *)pin, strlen(pin));
}

enum jpki_error bench_sign(const struct jpki_token_ref *token)
{
	static const uint8_t block[] = "what is signed";
	uint8_t signature[256];
	size_t length = sizeof(signature);
	enum jpki_error error =
		jpki_token_sign(token, JPKI_SIGN_PKCS1, block, sizeof(block), signature, &length);

	assert_int_equal(length, error == JPKI_OK ? sizeof(signature) : 0);
	return error;
}

int bench_tries(struct bench *bench, enum jpki_key key)
{
	return vcard_tries(bench->card.card,
			   key == JPKI_KEY_AUTH ? UNIT_AUTH_PIN_FILE : UNIT_SIGN_PIN_FILE);
}

void bench_assert_locked(struct bench *bench)
{
	assert_false(unit_key_is_open(bench->readers, BENCH_READER, UNIT_AUTH_KEY_FILE));
	assert_false(unit_key_is_open(bench->readers, BENCH_READER, UNIT_SIGN_KEY_FILE));
}

static enum vcard_fault one_fault(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	struct bench *bench = context;
	bool counts = command[1] == bench->fault_ins && (length > 5 || !bench->only_with_data);

	if (bench->fault_ins == 0)
		counts = index == bench->fault_at;
	else
		counts = counts &&
			 (bench->fault_nth == BENCH_EACH || bench->seen++ == bench->fault_nth);
	bench->is_dead = bench->is_dead || (counts && bench->dead_after);
	return counts || bench->is_dead ? bench->fault : VCARD_FAULT_NONE;
}

static void set_fault(struct bench *bench, enum vcard_fault fault)
{
	bench->fault = fault;
	bench->fault_ins = 0;
	bench->only_with_data = false;
	bench->dead_after = false;
	bench->is_dead = false;
	bench->seen = 0;
	vcard_transport_set_hook(bench->readers, one_fault, bench);
}

void bench_fault_at(struct bench *bench, enum vcard_fault fault, unsigned int at)
{
	set_fault(bench, fault);
	bench->fault_at = at;
}

void bench_fault_ins(struct bench *bench, enum vcard_fault fault, uint8_t ins, unsigned int nth)
{
	set_fault(bench, fault);
	bench->fault_ins = ins;
	bench->fault_nth = nth;
}

void bench_fault_verify(struct bench *bench, enum vcard_fault fault)
{
	bench_fault_ins(bench, fault, INS_VERIFY, 0);
	bench->only_with_data = true;
}

void bench_answer(struct bench *bench, const char *hex)
{
	uint8_t bytes[JPKI_APDU_RESPONSE_MAX];
	size_t length = unit_hex(hex, bytes, sizeof(bytes));

	vcard_transport_answer(bench->readers, bytes, length);
}
