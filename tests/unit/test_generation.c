/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the card generations: how they are found, and that each is sound. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "card/card.h"
#include "card/generation_find.h"
#include "card/generation_list.h"

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
					     "JPKIAPICCTOKEN1",
					     "JPKIAPGPSETOKE",
					     " JPKIAPICCTOKEN2",
					     "jpkiapicctoken2",
					     "JPKIAPICCTOKEN2 X",
					     "something else"};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		assert_null(find(labels[i], strlen(labels[i])));
	assert_null(find("JPKIAPICCTOKEN2", 13));
	assert_ptr_not_equal(find("JPKIAPICCTOKEN2", 14), find("JPKIAPICCTOKEN2", 15));
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

static void test_juki(void **state)
{
	const struct jpki_generation *row = find("JPKIAPICCTOKEN                  ", 32);
	const struct jpki_key_row *sign = &row->keys[JPKI_KEY_SIGN];

	(void)state;
	assert_false(row->keys[JPKI_KEY_AUTH].exists);
	assert_true(sign->exists && sign->certificate_needs_pin);
	assert_int_equal(sign->pin.min_length, 4);
	assert_int_equal(sign->pin.max_length, 16);
	assert_int_equal(sign->pin.tries, 5);
	assert_int_equal(sign->key_bits_min, 1024);
	assert_int_equal(sign->key_bits_max, 2048);
}

static void test_phones(void **state)
{
	const struct jpki_generation *android = find("JPKIAPGPSETOKEN", 15);
	const struct jpki_generation *iphone = find("JPKIAPIOSTOKEN", 14);

	(void)state;
	assert_true(jpki_generation_is_usable(android));
	assert_true(android->keys[JPKI_KEY_AUTH].certificate_needs_pin);
	assert_true(android->keys[JPKI_KEY_SIGN].certificate_needs_pin);
	assert_non_null(iphone);
	assert_false(jpki_generation_is_usable(iphone));
}

/* What the info structures of the standard have room for; no password that is a number. */
static void test_every_row(void **state)
{
	static const char *const labels[] = {"JPKIAPICCTOKEN2", "JPKIAPICCTOKEN", "JPKIAPGPSETOKEN",
					     "JPKIAPIOSTOKEN"};
	const size_t count = sizeof(labels) / sizeof(labels[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct jpki_generation *generation = find(labels[i], strlen(labels[i]));

		assert_ptr_equal(jpki_generations[i], generation);
		for (int key = 0; key < JPKI_KEY_COUNT; key++) {
			const struct jpki_key_row *row = &generation->keys[key];

			if (!row->exists)
				continue;
			assert_int_equal(row->key_kind, JPKI_KEY_KIND_RSA);
			assert_ptr_equal(jpki_key_scheme(row, JPKI_SIGN_PKCS1), &jpki_scheme_pkcs1);
			assert_ptr_equal(jpki_key_scheme(row, JPKI_SIGN_PSS_SHA256),
					 &jpki_scheme_pss_sha256);
			assert_null(jpki_key_scheme(row, JPKI_SIGN_ECDSA));
			assert_null(jpki_key_scheme(row, JPKI_SIGN_NONE));
			assert_true(strlen(row->token_label) <= 32);
			assert_true(strlen(row->token_model) <= 16);
			assert_true(row->pin.max_length <= JPKI_PIN_MAX);
			assert_true(row->pin.tries >= 3);
			assert_true(row->key_bits_max <= JPKI_SIGNATURE_MAX * 8);
			assert_int_equal(row->pin.never_digits_alone, key == JPKI_KEY_SIGN);
		}
	}
	assert_null(jpki_generations[count]);
}

/* A token's model leads to the row that it came from. */
static void test_by_model(void **state)
{
	static const struct {
		const char *model, *card;
		enum jpki_key key;
	} rows[] = {{"JPKI auth", "JPKIAPICCTOKEN2", JPKI_KEY_AUTH},
		    {"JPKI sign", "JPKIAPICCTOKEN2", JPKI_KEY_SIGN},
		    {"JPKI juki", "JPKIAPICCTOKEN", JPKI_KEY_SIGN},
		    {"JPKI phone auth", "JPKIAPGPSETOKEN", JPKI_KEY_AUTH},
		    {"JPKI phone sign", "JPKIAPGPSETOKEN", JPKI_KEY_SIGN}};
	static const char *const others[] = {"", "JPKI", "JPKI sign ", "jpki sign", "PKCS#15"};
	enum jpki_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		key = JPKI_KEY_COUNT;
		assert_ptr_equal(jpki_generation_by_model(rows[i].model, &key),
				 find(rows[i].card, strlen(rows[i].card)));
		assert_int_equal(key, rows[i].key);
	}
	key = JPKI_KEY_COUNT;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_null(jpki_generation_by_model(others[i], &key));
	assert_int_equal(key, JPKI_KEY_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),     cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_my_number), cmocka_unit_test(test_juki),
		cmocka_unit_test(test_phones),    cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_by_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
