/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be sent as a PIN, and what is remembered of those that were. */
#include "unit.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "token/pin.h"

static const struct jpki_pin_rule digits = {
	.file = 0x0018, .min_length = 4, .max_length = 4, .tries = 3, .alphabet = JPKI_PIN_DIGITS};
static const struct jpki_pin_rule capitals = {.file = 0x001B,
					      .min_length = 6,
					      .max_length = 16,
					      .tries = 5,
					      .alphabet = JPKI_PIN_CAPITALS_DIGITS};

/* Stands before libcrypto's, which the digests are made with. */
static bool no_digest;

EVP_MAC_CTX *EVP_MAC_CTX_new(EVP_MAC *mac)
{
	EVP_MAC_CTX *(*real)(EVP_MAC *) = NULL;
	void *symbol = dlsym(RTLD_NEXT, "EVP_MAC_CTX_new");

	assert_non_null(symbol);
	memcpy(&real, &symbol, sizeof(real));
	return no_digest ? NULL : real(mac);
}

/* Every byte value, in every place of the PIN. */
static void test_every_byte(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 256; byte++) {
		bool digit = byte >= '0' && byte <= '9';
		bool capital = byte >= 'A' && byte <= 'Z';
		bool small = byte >= 'a' && byte <= 'z';

		for (size_t at = 0; at < 6; at++) {
			uint8_t typed[] = {'1', '2', '3', '4', '5', '6'};
			struct jpki_pin pin;

			typed[at] = (uint8_t)byte;
			assert_error(jpki_pin_normalise(&capitals, typed, 6, &pin),
				     digit || capital || small ? JPKI_OK : JPKI_E_PIN_ALPHABET);
			if (digit || capital || small) {
				assert_int_equal(pin.length, 6);
				assert_int_equal(pin.value[at], small ? byte - 'a' + 'A' : byte);
				assert_int_equal(pin.value[(at + 1) % 6], typed[(at + 1) % 6]);
			} else {
				assert_int_equal(pin.length, 0);
				assert_int_equal(pin.value[(at + 1) % 6], 0);
			}
			if (at < 4)
				assert_error(jpki_pin_normalise(&digits, typed, 4, &pin),
					     digit ? JPKI_OK : JPKI_E_PIN_ALPHABET);
		}
	}
}

static void test_every_length(void **state)
{
	uint8_t typed[32];
	struct jpki_pin pin;

	(void)state;
	memset(typed, '7', sizeof(typed));
	for (size_t length = 0; length <= sizeof(typed); length++) {
		bool right = length >= 6 && length <= 16;

		assert_error(jpki_pin_normalise(&capitals, typed, length, &pin),
			     right ? JPKI_OK : JPKI_E_PIN_LENGTH);
		assert_int_equal(pin.length, right ? length : 0);
		assert_error(jpki_pin_normalise(&digits, typed, length, &pin),
			     length == 4 ? JPKI_OK : JPKI_E_PIN_LENGTH);
	}
	assert_error(jpki_pin_normalise(&digits, typed, SIZE_MAX, &pin), JPKI_E_PIN_LENGTH);
}

/* A rule that allows more than there is room for does not make room. */
static void test_generous_rule(void **state)
{
	struct jpki_pin_rule generous = capitals;
	uint8_t typed[JPKI_PIN_MAX + 1];
	struct jpki_pin pin;

	(void)state;
	generous.max_length = 255;
	memset(typed, 'A', sizeof(typed));
	assert_error(jpki_pin_normalise(&generous, typed, JPKI_PIN_MAX, &pin), JPKI_OK);
	assert_error(jpki_pin_normalise(&generous, typed, JPKI_PIN_MAX + 1, &pin),
		     JPKI_E_PIN_LENGTH);
}

static enum jpki_error offer(struct jpki_pin_store *store, const char *typed)
{
	return jpki_pin_store_offer(store, &capitals, (const uint8_t *)typed, strlen(typed));
}

/* Whether this value would be sent again. */
static bool was_refused(struct jpki_pin_store *store, const char *typed)
{
	assert_error(offer(store, typed), JPKI_OK);
	return jpki_pin_store_was_refused(store);
}

static void refuse(struct jpki_pin_store *store, const char *typed)
{
	assert_error(offer(store, typed), JPKI_OK);
	/* How many are left is of no matter here, but that it does not rise. */
	jpki_pin_store_counted(store, 2);
	jpki_pin_store_sent(store);
	jpki_pin_store_refused(store, 2);
}

/* When the tries have risen, somebody has presented the right PIN: perhaps this very one. */
static void test_risen(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	refuse(store, "WRONG1");
	jpki_pin_store_counted(store, 2);
	assert_true(was_refused(store, "WRONG1"));
	jpki_pin_store_counted(store, 3);
	assert_false(was_refused(store, "WRONG1"));
	jpki_pin_store_free(store);
}

static void test_store_holds_one(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();
	const struct jpki_pin *pin;

	(void)state;
	assert_non_null(store);
	assert_null(jpki_pin_store_pin(store));
	assert_false(jpki_pin_store_was_refused(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	pin = jpki_pin_store_pin(store);
	assert_non_null(pin);
	assert_int_equal(pin->length, 6);
	assert_memory_equal(pin->value, "ABC123", 6);
	/* One that is impossible takes its place as nothing. */
	assert_error(offer(store, "short"), JPKI_E_PIN_LENGTH);
	assert_null(jpki_pin_store_pin(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	assert_error(offer(store, "abc-123"), JPKI_E_PIN_ALPHABET);
	assert_null(jpki_pin_store_pin(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	jpki_pin_store_drop(store);
	assert_null(jpki_pin_store_pin(store));
	jpki_pin_store_free(store);
	jpki_pin_store_free(NULL);
}

static void test_refused(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	refuse(store, "WRONG1");
	assert_true(was_refused(store, "WRONG1"));
	assert_true(was_refused(store, "wrong1"));
	assert_false(was_refused(store, "WRONG2"));
	assert_false(was_refused(store, "WRONG11"));
	refuse(store, "WRONG2");
	jpki_pin_store_drop(store);
	assert_false(jpki_pin_store_was_refused(store)); /* of nothing */
	assert_true(was_refused(store, "WRONG1"));
	assert_true(was_refused(store, "WRONG2"));
	/* The right one makes all of them worth a try again. */
	assert_error(offer(store, "RIGHT1"), JPKI_OK);
	jpki_pin_store_counted(store, 3);
	jpki_pin_store_sent(store);
	jpki_pin_store_accepted(store);
	assert_non_null(jpki_pin_store_pin(store));
	assert_false(was_refused(store, "WRONG1"));
	assert_false(was_refused(store, "WRONG2"));
	jpki_pin_store_free(store);
}

/* As many as a card has tries at the very least; beyond, the oldest goes first. */
static void test_ring(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();
	char pin[JPKI_PIN_MAX + 1];

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(pin, sizeof(pin), "WRONG%02u", i % 100U);
		refuse(store, pin);
		refuse(store, pin); /* takes no second place */
	}
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(pin, sizeof(pin), "WRONG%02u", i % 100U);
		assert_int_equal(was_refused(store, pin), i >= 4);
	}
	jpki_pin_store_free(store);
}

static void lose(struct jpki_pin_store *store, unsigned int tries)
{
	jpki_pin_store_counted(store, tries);
	jpki_pin_store_sent(store);
}

/* A PIN whose answer was lost: the tries tell, and nothing else does. */
static void test_doubt(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_error(offer(store, "DOUBT1"), JPKI_OK);
	jpki_pin_store_counted(store, 1); /* nothing is in doubt: tells nothing */
	assert_false(was_refused(store, "DOUBT1"));
	lose(store, 3);
	jpki_pin_store_counted(store, 3); /* none was spent */
	assert_false(was_refused(store, "DOUBT1"));
	jpki_pin_store_counted(store, 2); /* settled already */
	assert_false(was_refused(store, "DOUBT1"));
	lose(store, 3);
	jpki_pin_store_counted(store, 5); /* success restores them */
	assert_false(was_refused(store, "DOUBT1"));
	lose(store, 3);
	jpki_pin_store_drop(store); /* the doubt outlives the PIN */
	assert_error(offer(store, "OTHER1"), JPKI_OK);
	jpki_pin_store_link_broke(store); /* and another vain attempt */
	jpki_pin_store_counted(store, 2);
	assert_false(jpki_pin_store_was_refused(store));
	assert_true(was_refused(store, "DOUBT1"));
	jpki_pin_store_free(store);
}

/* Brings a store into a state in the way that it is come to. */
static void bring_into(struct jpki_pin_store *store, enum jpki_pin_state state)
{
	assert_error(offer(store, "VALUE1"), JPKI_OK);
	jpki_pin_store_link_broke(store);
	if (state == JPKI_PIN_UNTOLD)
		jpki_pin_store_untold(store);
	else if (state == JPKI_PIN_NOT_SET)
		jpki_pin_store_not_set(store);
	else if (state == JPKI_PIN_LOCKED)
		jpki_pin_store_counted(store, 0);
	else if (state == JPKI_PIN_FINAL_TRY)
		jpki_pin_store_counted(store, 1);
	else if (state != JPKI_PIN_UNKNOWN)
		jpki_pin_store_counted(store, 3);
	if (state == JPKI_PIN_REFUSED || state == JPKI_PIN_VERIFIED)
		jpki_pin_store_sent(store);
	if (state == JPKI_PIN_REFUSED)
		jpki_pin_store_refused(store, 2);
	if (state == JPKI_PIN_VERIFIED)
		jpki_pin_store_accepted(store);
	assert_int_equal(jpki_pin_store_state(store), state);
}

/* The table of the header, for every state; and what each state allows. */
static void test_states(void **unused)
{
	static const struct {
		int tries;
		enum jpki_error may_send, may_send_final;
	} rows[JPKI_PIN_STATE_COUNT] = {
		[JPKI_PIN_UNKNOWN] = {-1, JPKI_E_INTERNAL, JPKI_E_INTERNAL},
		[JPKI_PIN_UNTOLD] = {-1, JPKI_E_INTERNAL, JPKI_E_INTERNAL},
		[JPKI_PIN_NOT_SET] = {-1, JPKI_E_PIN_NOT_SET, JPKI_E_PIN_NOT_SET},
		[JPKI_PIN_COUNTED] = {3, JPKI_OK, JPKI_OK},
		[JPKI_PIN_FINAL_TRY] = {1, JPKI_E_PIN_FINAL_TRY, JPKI_OK},
		[JPKI_PIN_LOCKED] = {0, JPKI_E_PIN_LOCKED, JPKI_E_PIN_LOCKED},
		[JPKI_PIN_REFUSED] = {2, JPKI_E_INTERNAL, JPKI_E_INTERNAL},
		[JPKI_PIN_VERIFIED] = {5, JPKI_E_INTERNAL, JPKI_E_INTERNAL},
	};
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)unused;
	jpki_pin_store_expect_full(store, 5);
	assert_int_equal(jpki_pin_store_state(store), JPKI_PIN_UNKNOWN);
	for (int i = 0; i < JPKI_PIN_STATE_COUNT; i++) {
		enum jpki_pin_state state = (enum jpki_pin_state)i;
		enum jpki_pin_state left = state == JPKI_PIN_VERIFIED ? JPKI_PIN_COUNTED : state;

		bring_into(store, state);
		assert_int_equal(jpki_pin_store_tries(store), rows[i].tries);
		assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_FOR_PROGRAMS),
			     rows[i].may_send);
		assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_WITH_CONSENT),
			     rows[i].may_send_final);
		jpki_pin_store_left(store);
		assert_int_equal(jpki_pin_store_state(store), left);
		assert_int_equal(jpki_pin_store_tries(store), rows[i].tries);
		for (unsigned int tries = 0; tries < 4; tries++) {
			static const enum jpki_pin_state counted[] = {
				JPKI_PIN_LOCKED, JPKI_PIN_FINAL_TRY, JPKI_PIN_COUNTED,
				JPKI_PIN_COUNTED};

			bring_into(store, state);
			jpki_pin_store_counted(store, tries);
			assert_int_equal(jpki_pin_store_state(store), counted[tries]);
			assert_int_equal(jpki_pin_store_tries(store), tries);
		}
		jpki_pin_store_accepted(store); /* nothing is refused for the next */
	}
	jpki_pin_store_free(store);
}

static void test_may_send(void **state)
{
	static const enum jpki_pin_state after[] = {JPKI_PIN_LOCKED, JPKI_PIN_FINAL_TRY,
						    JPKI_PIN_REFUSED};
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	jpki_pin_store_counted(store, 5);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_WITH_CONSENT),
		     JPKI_E_INTERNAL); /* there is none */
	for (unsigned int left = 0; left < 3; left++) {
		refuse(store, "WRONG1");
		jpki_pin_store_counted(store, left + 1);
		jpki_pin_store_sent(store);
		jpki_pin_store_refused(store, left);
		assert_int_equal(jpki_pin_store_state(store), after[left]);
		assert_int_equal(jpki_pin_store_tries(store), left);
	}
	/* The same value again; a last try or a lock is said first, so that prompts end. */
	jpki_pin_store_counted(store, 2);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_FOR_PROGRAMS), JPKI_E_PIN_REPEATED);
	jpki_pin_store_counted(store, 1);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_FOR_PROGRAMS), JPKI_E_PIN_FINAL_TRY);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_WITH_CONSENT), JPKI_E_PIN_REPEATED);
	jpki_pin_store_counted(store, 0);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_WITH_CONSENT), JPKI_E_PIN_LOCKED);
	assert_error(offer(store, "OTHER1"), JPKI_OK);
	jpki_pin_store_counted(store, 2);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_FOR_PROBES), JPKI_E_PIN_FINAL_TRY);
	jpki_pin_store_counted(store, 3);
	assert_error(jpki_pin_store_may_send(store, JPKI_TRIES_FOR_PROBES), JPKI_OK);
	jpki_pin_store_free(store);
}

/* Two PINs change places, and what was refused of them stays with each. */
static void test_swap(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	refuse(store, "OLD111");
	assert_error(jpki_pin_store_offer_new(store, &capitals, (const uint8_t *)"new222", 6),
		     JPKI_OK);
	assert_error(jpki_pin_store_swap(store), JPKI_OK);
	assert_memory_equal(jpki_pin_store_pin(store)->value, "NEW222", 6);
	assert_memory_equal(jpki_pin_store_new_pin(store)->value, "OLD111", 6);
	assert_false(jpki_pin_store_was_refused(store));
	assert_error(jpki_pin_store_swap(store), JPKI_OK);
	assert_memory_equal(jpki_pin_store_pin(store)->value, "OLD111", 6);
	assert_true(jpki_pin_store_was_refused(store));
	jpki_pin_store_free(store);
}

/* Where a number is never a password. */
static void test_digits_alone(void **state)
{
	struct jpki_pin_rule rule = capitals;
	struct jpki_pin pin;

	(void)state;
	rule.never_digits_alone = true;
	assert_error(jpki_pin_normalise(&rule, (const uint8_t *)"123456789012", 12, &pin),
		     JPKI_E_PIN_ALPHABET);
	assert_int_equal(pin.length, 0);
	assert_error(jpki_pin_normalise(&rule, (const uint8_t *)"12345678901a", 12, &pin), JPKI_OK);
	assert_error(jpki_pin_normalise(&rule, (const uint8_t *)"abcdefgh", 8, &pin), JPKI_OK);
	assert_error(jpki_pin_normalise_new(&rule, (const uint8_t *)"12345678", 8, &pin),
		     JPKI_E_PIN_ALPHABET);
	rule.mixed = true;
	assert_error(jpki_pin_normalise_new(&rule, (const uint8_t *)"abcdefgh", 8, &pin),
		     JPKI_E_PIN_ALPHABET);
	assert_int_equal(pin.length, 0);
	assert_error(jpki_pin_normalise_new(&rule, (const uint8_t *)"abcdefg1", 8, &pin), JPKI_OK);
}

/* Two stores know nothing of each other, not even by the same digest. */
static void test_two_stores(void **state)
{
	struct jpki_pin_store *first = jpki_pin_store_new();
	struct jpki_pin_store *second = jpki_pin_store_new();

	(void)state;
	refuse(first, "WRONG1");
	assert_false(was_refused(second, "WRONG1"));
	assert_true(was_refused(first, "WRONG1"));
	jpki_pin_store_free(first);
	jpki_pin_store_free(second);
}

/* Whether a digest of this PIN is in the store's memory, with its key: four digits are soon tried.
 */
static bool keeps_digest(const struct jpki_pin_store *store, const char *pin)
{
	const uint8_t *memory = (const uint8_t *)store;
	const size_t page = 4096;
	uint8_t mac[32];

	for (size_t at = 0; at + sizeof(mac) <= page; at += sizeof(unsigned int)) {
		assert_error(jpki_hmac_sha256(memory + at, (const uint8_t *)pin, strlen(pin), mac),
			     JPKI_OK);
		if (memmem(memory, page, mac, sizeof(mac)) != NULL)
			return true;
	}
	return false;
}

/* Of a PIN that is right nothing stays, once it is dropped; what was refused is remembered. */
static void test_no_digest_stays(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_non_null(store);
	jpki_pin_store_counted(store, 3);
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"8352", 4), JPKI_OK);
	jpki_pin_store_sent(store);
	assert_true(keeps_digest(store, "8352"));
	jpki_pin_store_accepted(store);
	jpki_pin_store_left(store);
	jpki_pin_store_drop(store);
	assert_false(keeps_digest(store, "8352"));
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"1111", 4), JPKI_OK);
	jpki_pin_store_sent(store);
	jpki_pin_store_refused(store, 2);
	jpki_pin_store_drop(store);
	assert_true(keeps_digest(store, "1111"));
	/* The answer was lost, and the tries tell that it was right. */
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"8352", 4), JPKI_OK);
	jpki_pin_store_sent(store);
	jpki_pin_store_drop(store);
	jpki_pin_store_counted(store, 3);
	assert_false(keeps_digest(store, "8352"));
	jpki_pin_store_free(store);
}

static bool keeps_value(const struct jpki_pin_store *store, const char *pin)
{
	return memmem(store, 4096, pin, strlen(pin)) != NULL;
}

/* What an offered PIN took the place of is there until the other one is sent, and not longer. */
static void test_put_back(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_non_null(store);
	/* Instead of none. */
	assert_error(offer(store, "FIRST1"), JPKI_OK);
	assert_false(jpki_pin_store_offers_held(store));
	assert_true(jpki_pin_store_put_back(store));
	assert_null(jpki_pin_store_pin(store));
	assert_false(keeps_value(store, "FIRST1"));
	/* Instead of another. */
	assert_error(offer(store, "FIRST1"), JPKI_OK);
	jpki_pin_store_sent(store);
	assert_false(jpki_pin_store_put_back(store));
	assert_error(offer(store, "OTHER1"), JPKI_OK);
	assert_false(jpki_pin_store_offers_held(store));
	assert_true(jpki_pin_store_put_back(store));
	assert_memory_equal(jpki_pin_store_pin(store)->value, "FIRST1", 6);
	assert_false(keeps_value(store, "OTHER1"));
	assert_false(jpki_pin_store_put_back(store));
	/* Instead of the same. */
	assert_error(offer(store, "first1"), JPKI_OK);
	assert_true(jpki_pin_store_offers_held(store));
	assert_true(jpki_pin_store_put_back(store));
	assert_false(jpki_pin_store_offers_held(store));
	assert_error(offer(store, "OTHER1"), JPKI_OK);
	jpki_pin_store_sent(store);
	assert_false(keeps_value(store, "FIRST1"));
	assert_false(jpki_pin_store_put_back(store));
	assert_memory_equal(jpki_pin_store_pin(store)->value, "OTHER1", 6);
	assert_error(offer(store, "FIRST1"), JPKI_OK);
	jpki_pin_store_drop(store);
	assert_false(jpki_pin_store_put_back(store));
	assert_false(keeps_value(store, "OTHER1"));
	jpki_pin_store_free(store);
}

/* What is forgotten when, and what is not known any more. */
static void test_forgotten(void **state)
{
	static const uint8_t zeros[sizeof(struct jpki_pin)];
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_non_null(store);
	jpki_pin_store_expect_full(store, 3);
	jpki_pin_store_counted(store, 3);
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"1111", 4), JPKI_OK);
	jpki_pin_store_sent(store);
	/* Until the tries are read again. */
	assert_int_equal(jpki_pin_store_state(store), JPKI_PIN_UNKNOWN);
	assert_error(jpki_pin_store_may_send(store, 1), JPKI_E_INTERNAL);
	jpki_pin_store_refused(store, 2);
	assert_true(jpki_pin_store_was_refused(store));
	/* The link breaks, and meanwhile somebody presents the right one. */
	jpki_pin_store_link_broke(store);
	jpki_pin_store_counted(store, 3);
	assert_false(jpki_pin_store_was_refused(store));
	jpki_pin_store_sent(store);
	jpki_pin_store_refused(store, 2);
	assert_true(jpki_pin_store_was_refused(store));
	jpki_pin_store_accepted(store);
	assert_false(jpki_pin_store_was_refused(store));
	assert_error(jpki_pin_store_offer_new(store, &digits, (const uint8_t *)"2222", 4), JPKI_OK);
	jpki_pin_store_forget_new(store);
	assert_memory_equal(jpki_pin_store_new_pin(store), zeros, sizeof(zeros));
	jpki_pin_store_free(store);
}

/* Without its digest a PIN is not held, whether it was offered or swapped; what it took the place
 * of can be put back. */
static void test_no_digest(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_non_null(store);
	assert_false(jpki_pin_store_put_back(store));
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"1234", 4), JPKI_OK);
	no_digest = true;
	assert_error(jpki_pin_store_offer(store, &digits, (const uint8_t *)"5678", 4),
		     JPKI_E_CRYPTO);
	assert_null(jpki_pin_store_pin(store));
	assert_true(jpki_pin_store_put_back(store));
	assert_memory_equal(jpki_pin_store_pin(store)->value, "1234", 4);
	assert_false(jpki_pin_store_put_back(store));
	assert_error(jpki_pin_store_offer_new(store, &digits, (const uint8_t *)"9012", 4), JPKI_OK);
	assert_error(jpki_pin_store_swap(store), JPKI_E_CRYPTO);
	assert_null(jpki_pin_store_pin(store));
	assert_int_equal(jpki_pin_store_new_pin(store)->length, 0);
	no_digest = false;
	jpki_pin_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_generous_rule),
		cmocka_unit_test(test_digits_alone),
		cmocka_unit_test(test_store_holds_one),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_may_send),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_risen),
		cmocka_unit_test(test_two_stores),
		cmocka_unit_test(test_no_digest_stays),
		cmocka_unit_test(test_put_back),
		cmocka_unit_test(test_no_digest),
		cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
