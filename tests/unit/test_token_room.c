/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Room for other programs: when a reader's state rests, and for how long. The clock stands still,
 * but for what a test lets pass. */
#include "fixture.h"

#include <string.h>
#include <time.h>

#include "token/room.h"
#include "token/state.h"

static struct {
	unsigned int count;
	long last_ms;
} rests;

/* Stands before the C library's: a rest is noted, and takes no time but the clock's. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)left;
	rests.count++;
	rests.last_ms = (long)wanted->tv_sec * 1000 + wanted->tv_nsec / 1000000;
	fixture_pass_ms(rests.last_ms);
	return 0;
}

/* How long each exchange takes. */
static long exchange_ms;

static enum vcard_fault take_time(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	(void)context;
	(void)index;
	(void)command;
	(void)length;
	fixture_pass_ms(exchange_ms);
	return VCARD_FAULT_NONE;
}

/* The card is known, and all possession of it long over. */
static struct jpki_token_ref known(struct fixture *fixture)
{
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_set_hook(fixture->readers, take_time, fixture);
	fixture_pass_ms(10000);
	memset(&rests, 0, sizeof(rests));
	return token;
}

/* One transaction of one exchange. */
static void use(const struct jpki_token_ref *token, long milliseconds)
{
	uint8_t random[8];

	exchange_ms = milliseconds;
	assert_error(jpki_token_random(token, random, sizeof(random)), JPKI_OK);
}

static void test_rest(void **state)
{
	struct jpki_token_ref token = known(*state);

	for (int i = 0; i < 14; i++)
		use(&token, 100);
	use(&token, 99);
	assert_int_equal(rests.count, 0);
	/* 1499 milliseconds are not enough, and 1500 are. */
	use(&token, 1);
	assert_int_equal(rests.count, 0);
	use(&token, 100);
	assert_int_equal(rests.count, 1);
	/* The polling of who waits in pcscd was measured to need so long. */
	assert_int_equal(rests.last_ms, 250);
	/* Which begins anew. */
	for (int i = 0; i < 14; i++)
		use(&token, 100);
	assert_int_equal(rests.count, 1);
	use(&token, 100);
	assert_int_equal(rests.count, 2);
}

/* What has begun is finished. */
static void test_long_transaction(void **state)
{
	struct jpki_token_ref token = known(*state);

	use(&token, 5000);
	assert_int_equal(rests.count, 0);
	use(&token, 10);
	assert_int_equal(rests.count, 1);
}

static void test_gaps(void **state)
{
	struct jpki_token_ref token = known(*state);

	/* Short gaps are part of it. */
	for (int i = 0; i < 6; i++) {
		use(&token, 1);
		fixture_pass_ms(JPKI_ROOM_REST_MS - 1);
	}
	use(&token, 1);
	fixture_pass_ms(100);
	use(&token, 1);
	assert_int_equal(rests.count, 1);
	/* The gap was part of the rest. */
	assert_int_equal(rests.last_ms, JPKI_ROOM_REST_MS - 100);
	/* Long ones are rests. */
	for (int i = 0; i < 10; i++) {
		use(&token, 1400);
		fixture_pass_ms(JPKI_ROOM_REST_MS);
	}
	assert_int_equal(rests.count, 1);
	use(&token, 2000);
	fixture_pass_ms(JPKI_ROOM_REST_MS);
	use(&token, 1);
	assert_int_equal(rests.count, 1);
}

/* Whoever comes anew was no part of it. */
static void test_another(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = known(fixture);
	struct jpki_reader *other = jpki_reader_new(fixture->transport, &fixture->config);
	struct jpki_reader *own = fixture->reader;
	struct jpki_token_ref others;
	struct jpki_token_info info;

	assert_non_null(other);
	jpki_reader_set_name(other, FIXTURE_READER);
	use(&token, 2000);
	exchange_ms = 1;
	fixture->reader = other;
	fixture_look(fixture);
	others = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(jpki_token_get_info(&others, &info), JPKI_OK);
	assert_int_equal(rests.count, 0);
	fixture->reader = own;
	jpki_reader_free(other);
	use(&token, 1);
	assert_int_equal(rests.count, 1);
}

/* A wait for another program's transaction was its turn. */
static void test_waited(void **state)
{
	struct jpki_token_ref token = known(*state);
	struct jpki_room *room = &token.reader->room;

	use(&token, 1400);
	fixture_pass_ms(100);
	jpki_room_entered(room);
	assert_true(jpki_room_is_used_up(room));
	jpki_room_left(room);
	fixture_pass_ms(JPKI_ROOM_REST_MS);
	jpki_room_entered(room);
	assert_false(jpki_room_is_used_up(room));
	fixture_pass_ms(JPKI_ROOM_STAY_MS - 1);
	assert_false(jpki_room_is_used_up(room));
	fixture_pass_ms(1);
	assert_true(jpki_room_is_used_up(room));
}

/* It is the card that is left alone: what needs no exchange does not wait. */
static void test_no_exchange(void **state)
{
	struct jpki_token_ref token = known(*state);
	struct jpki_token_info info;

	use(&token, 2000);
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(rests.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rest),    TEST(test_long_transaction), TEST(test_gaps),
		TEST(test_another), TEST(test_waited),           TEST(test_no_exchange),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
