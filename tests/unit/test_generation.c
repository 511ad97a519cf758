/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the card generations: how they are found, and that each is sound. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "card/generation.h"

static const struct jpki_generation *find(const char *label, size_t length)
{
	return jpki_generation_by_label((const uint8_t *)label, length);
}

static void test_found(void **state)
{
	const struct jpki_generation *row = find("JPKIAPICCTOKEN2", 15);

	(void)state;
	assert_non_null(row);
	assert_ptr_equal(find("JPKIAPICCTOKEN2                 ", 32), row);
	assert_ptr_equal(find("JPKIAPICCTOKEN2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32), row);
	assert_ptr_equal(find("JPKIAPICCTOKEN2 \0 \0", 19), row);
}

/* A card that is not known must not be sent any PIN: no near miss is good enough. */
static void test_not_found(void **state)
{
	static const char *const labels[] = {"",
					     " ",
					     "JPKIAPICCTOKEN3",
					     "JPKIAPICCTOKEN22",
					     "JPKIAPICCTOKE",
					     " JPKIAPICCTOKEN2",
					     "jpkiapicctoken2",
					     "JPKIAPICCTOKEN2 X",
					     "something else"};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_null(find(labels[i], strlen(labels[i])));
	assert_null(find("JPKIAPICCTOKEN2", 14));
	assert_null(find("\0\0\0\0", 4));
	assert_null(find("\xFF\xFF\xFF\xFF", 4));
	assert_null(find(NULL, 0));
}

static void test_my_number(void **state)
{
	const struct jpki_generation *row = find("JPKIAPICCTOKEN2", 15);
	const struct jpki_key_row *auth = &row->keys[JPKI_KEY_AUTH];
	const struct jpki_key_row *sign = &row->keys[JPKI_KEY_SIGN];

	(void)state;
	assert_true(auth->exists && sign->exists);
	assert_int_equal(auth->key_file, 0x0017);
	assert_int_equal(auth->pin.file, 0x0018);
	assert_int_equal(auth->certificate_file, 0x000A);
	assert_int_equal(auth->ca_certificate_file, 0x000B);
	assert_int_equal(auth->pin.tries, 3);
	assert_int_equal(auth->pin.min_length, 4);
	assert_int_equal(auth->pin.max_length, 4);
	assert_int_equal(auth->pin.alphabet, JPKI_PIN_DIGITS);
	assert_false(auth->certificate_needs_pin);
	assert_int_equal(sign->key_file, 0x001A);
	assert_int_equal(sign->pin.file, 0x001B);
	assert_int_equal(sign->certificate_file, 0x0001);
	assert_int_equal(sign->ca_certificate_file, 0x0002);
	assert_int_equal(sign->pin.tries, 5);
	assert_int_equal(sign->pin.min_length, 6);
	assert_int_equal(sign->pin.max_length, 16);
	assert_int_equal(sign->pin.alphabet, JPKI_PIN_CAPITALS_DIGITS);
	assert_true(sign->certificate_needs_pin);
}

/* What the info structures of the standard have room for, and no character cut. */
static void test_texts(void **state)
{
	const struct jpki_generation *row = find("JPKIAPICCTOKEN2", 15);

	(void)state;
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		assert_true(strlen(row->keys[key].token_label) <= 32);
		assert_true(strlen(row->keys[key].token_model) <= 16);
		assert_true(row->keys[key].pin.max_length <= JPKI_PIN_MAX);
		assert_int_equal(row->keys[key].key_bits, 2048);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_my_number),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
