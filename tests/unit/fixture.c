/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define INS_VERIFY 0x20

static struct timespec stopped;

/* Stands before the C library's: once there is a fixture, the clock by which links and logins grow
 * old stands still, so that no test depends on how fast it runs. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock != CLOCK_BOOTTIME || stopped.tv_sec == 0)
		return (int)syscall(SYS_clock_gettime, clock, now);
	*now = stopped;
	return 0;
}

void fixture_pass_ms(long milliseconds)
{
	stopped.tv_sec += milliseconds / 1000;
	stopped.tv_nsec += milliseconds % 1000 * 1000000L;
	if (stopped.tv_nsec >= 1000000000L) {
		stopped.tv_sec++;
		stopped.tv_nsec -= 1000000000L;
	}
}

void fixture_start(struct fixture *fixture, const char *name, const struct vcard_options *options)
{
	static const char *const names[] = {FIXTURE_READER};

	memset(fixture, 0, sizeof(*fixture));
	if (stopped.tv_sec == 0)
		syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &stopped);
	fixture->config = jpki_config_defaults();
	/* The record of whoever runs the tests is not theirs. */
	fixture->config.tries_recorded = false;
	fixture->readers = vcard_transport_new(names, 1);
	assert_non_null(fixture->readers);
	fixture->transport = vcard_transport_base(fixture->readers);
	fixture->reader = jpki_reader_new(fixture->transport, &fixture->config);
	assert_non_null(fixture->reader);
	jpki_reader_set_name(fixture->reader, FIXTURE_READER);
	if (name != NULL) {
		unit_card_open(&fixture->card, name, options);
		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	}
	fixture_look(fixture);
}

void fixture_stop(struct fixture *fixture)
{
	jpki_reader_free(fixture->reader);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
	fixture->transport->ops->destroy(fixture->transport);
	unit_card_close(&fixture->card);
	unit_card_close(&fixture->second);
}

int fixture_set_up(void **state)
{
	struct fixture *fixture = malloc(sizeof(*fixture));

	assert_non_null(fixture);
	fixture_start(fixture, "mynumber", NULL);
	*state = fixture;
	return 0;
}

int fixture_tear_down(void **state)
{
	fixture_stop(*state);
	free(*state);
	return 0;
}

void fixture_look(struct fixture *fixture)
{
	struct jpki_reader_list list;
	const struct jpki_reader_state *seen = NULL;

	if (fixture->transport->ops->list(fixture->transport, &list) == JPKI_OK && list.count > 0)
		seen = &list.readers[0];
	jpki_reader_observe(fixture->reader, seen);
}

struct jpki_token_ref fixture_token(const struct fixture *fixture, enum jpki_key key)
{
	return (struct jpki_token_ref){.reader = fixture->reader,
				       .key = key,
				       .insertion = jpki_reader_insertion(fixture->reader)};
}

enum jpki_card_kind fixture_recognise(struct fixture *fixture)
{
	enum jpki_card_kind kind = JPKI_CARD_UNKNOWN;
	char serial[JPKI_SERIAL_SIZE];

	assert_error(jpki_reader_recognise(fixture->reader, jpki_reader_insertion(fixture->reader),
					   JPKI_READER_TOKENS, &kind, serial),
		     JPKI_OK);
	return kind;
}

enum jpki_error fixture_login(const struct jpki_token_ref *token, const char *pin)
{
	return jpki_token_login(token, (const uint8_t *)pin, strlen(pin));
}

enum jpki_error fixture_sign(const struct jpki_token_ref *token)
{
	static const uint8_t block[] = "what is signed";
	uint8_t signature[256];
	size_t length = sizeof(signature);
	enum jpki_error error =
		jpki_token_sign(token, JPKI_SIGN_PKCS1, block, sizeof(block), signature, &length);

	assert_int_equal(length, error == JPKI_OK ? sizeof(signature) : 0);
	return error;
}

int fixture_tries(struct fixture *fixture, enum jpki_key key)
{
	return vcard_tries(fixture->card.card,
			   key == JPKI_KEY_AUTH ? UNIT_AUTH_PIN_FILE : UNIT_SIGN_PIN_FILE);
}

void fixture_assert_locked(struct fixture *fixture)
{
	assert_false(unit_key_is_open(fixture->readers, FIXTURE_READER, UNIT_AUTH_KEY_FILE));
	assert_false(unit_key_is_open(fixture->readers, FIXTURE_READER, UNIT_SIGN_KEY_FILE));
}

static enum vcard_fault one_fault(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	struct fixture *fixture = context;
	bool counts = command[1] == fixture->fault_ins && (length > 5 || !fixture->only_with_data);

	if (fixture->fault_ins == 0)
		counts = index == fixture->fault_at;
	else
		counts = counts && (fixture->fault_nth == FIXTURE_EACH ||
				    fixture->seen++ == fixture->fault_nth);
	fixture->is_dead = fixture->is_dead || (counts && fixture->dead_after);
	return counts || fixture->is_dead ? fixture->fault : VCARD_FAULT_NONE;
}

static void set_fault(struct fixture *fixture, enum vcard_fault fault)
{
	fixture->fault = fault;
	fixture->fault_ins = 0;
	fixture->only_with_data = false;
	fixture->dead_after = false;
	fixture->is_dead = false;
	fixture->seen = 0;
	vcard_transport_set_hook(fixture->readers, one_fault, fixture);
}

void fixture_fault_at(struct fixture *fixture, enum vcard_fault fault, unsigned int at)
{
	set_fault(fixture, fault);
	fixture->fault_at = at;
}

void fixture_fault_ins(struct fixture *fixture, enum vcard_fault fault, uint8_t ins,
		       unsigned int nth)
{
	set_fault(fixture, fault);
	fixture->fault_ins = ins;
	fixture->fault_nth = nth;
}

void fixture_fault_verify(struct fixture *fixture, enum vcard_fault fault)
{
	fixture_fault_ins(fixture, fault, INS_VERIFY, 0);
	fixture->only_with_data = true;
}

void fixture_answer(struct fixture *fixture, const char *hex)
{
	uint8_t bytes[JPKI_APDU_RESPONSE_MAX];
	size_t length = unit_hex(hex, bytes, sizeof(bytes));

	vcard_transport_answer(fixture->readers, bytes, length);
}
