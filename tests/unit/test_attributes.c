/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The four attributes as a card may have them, and as none should. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "card/attributes.h"

#define NAME     "DF2203616263"
#define ADDRESS  "DF2306E69DB1E4BAAC"
#define BIRTHDAY "DF24083139373530343033"
#define SEX      "DF250132"
#define ALL      NAME ADDRESS BIRTHDAY SEX

static enum jpki_error parse(const char *members, struct jpki_attributes *attributes)
{
	char hex[4096];
	uint8_t bytes[2048];

	snprintf(hex, sizeof(hex), "FF2082%04zX%s", strlen(members) / 2, members);
	return jpki_attributes_parse(bytes, unit_hex(hex, bytes, sizeof(bytes)), attributes);
}

static void assert_zero(const struct jpki_attributes *attributes)
{
	static const struct jpki_attributes none;

	assert_memory_equal(attributes, &none, sizeof(none));
}

static void test_attributes_good(void **state)
{
	static const char *const forms[] = {ALL, SEX BIRTHDAY ADDRESS NAME,
					    "DF210400000000" ALL "DF26021234",
					    "DF22820003616263" ADDRESS BIRTHDAY SEX};
	struct jpki_attributes got;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_error(parse(forms[i], &got), JPKI_OK);
		assert_int_equal(got.name.length, 3);
		assert_memory_equal(got.name.text, "abc", 3);
		assert_int_equal(got.address.length, 6);
		assert_memory_equal(got.address.text, "東京", 6);
		assert_memory_equal(got.birthday, "19750403", 8);
		assert_int_equal(got.sex, '2');
	}
}

static void test_attributes_hostile(void **state)
{
	static const char *const forms[] = {
		"",
		NAME ADDRESS BIRTHDAY,
		NAME ADDRESS SEX,
		NAME BIRTHDAY SEX,
		ADDRESS BIRTHDAY SEX,
		ALL NAME,
		ALL SEX,
		ALL BIRTHDAY,
		ALL "DF",
		ALL "DF26",
		ALL "DF2601",
		ALL "DF2682FFFF00",
		ALL "DF2683000001",
		ALL "DF2680",
		ALL "FF2600",
		ALL "0000",
		"DF2200" ADDRESS BIRTHDAY SEX,
		"DF22036100"
		"62" ADDRESS BIRTHDAY SEX,
		"DF2203610A62" ADDRESS BIRTHDAY SEX,
		"DF2203617F62" ADDRESS BIRTHDAY SEX,
		"DF2202C285" ADDRESS BIRTHDAY SEX,   /* a control character of two bytes */
		"DF2202C080" ADDRESS BIRTHDAY SEX,   /* in more bytes than needed */
		"DF2203E08080" ADDRESS BIRTHDAY SEX, /* likewise */
		"DF2203EDA080" ADDRESS BIRTHDAY SEX, /* half a pair of UTF-16 */
		"DF2204F4908080" ADDRESS BIRTHDAY SEX,
		"DF2202E69D" ADDRESS BIRTHDAY SEX, /* cut off */
		"DF220180" ADDRESS BIRTHDAY SEX,
		NAME ADDRESS "DF240731393735303430" SEX,
		NAME ADDRESS "DF2409313937353034303330" SEX,
		NAME ADDRESS "DF24083139373530346133" SEX,
		NAME ADDRESS BIRTHDAY "DF2500",
		NAME ADDRESS BIRTHDAY "DF25023132",
		NAME ADDRESS BIRTHDAY "DF250141",
	};
	struct jpki_attributes got;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&got, 0xA5, sizeof(got));
		assert_error(parse(forms[i], &got), JPKI_E_BAD_DER);
		assert_zero(&got);
	}
}

/* An attribute of as many bytes as are believed, and one more. */
static void test_attributes_longest(void **state)
{
	uint8_t bytes[2048];
	struct jpki_attributes got;

	(void)state;
	for (size_t length = JPKI_ATTRIBUTE_MAX; length <= JPKI_ATTRIBUTE_MAX + 1; length++) {
		uint8_t *rest = bytes;
		size_t more;

		rest += unit_hex("FF20820000DF22820000", bytes, sizeof(bytes));
		bytes[8] = (uint8_t)(length >> 8);
		bytes[9] = (uint8_t)length;
		memset(rest, 'x', length);
		more = unit_hex(ADDRESS BIRTHDAY SEX, rest + length, 64);
		bytes[3] = (uint8_t)((5 + length + more) >> 8);
		bytes[4] = (uint8_t)(5 + length + more);
		assert_error(jpki_attributes_parse(bytes, 10 + length + more, &got),
			     length == JPKI_ATTRIBUTE_MAX ? JPKI_OK : JPKI_E_BAD_DER);
		assert_int_equal(got.name.length, length == JPKI_ATTRIBUTE_MAX ? length : 0);
	}
}

/* Cut off anywhere, or with bytes behind it, it is no object; its header tells its length. */
static void test_attributes_cut(void **state)
{
	uint8_t bytes[128];
	size_t length = unit_hex("FF2020" ALL, bytes, sizeof(bytes));
	struct jpki_attributes got;
	size_t total = 0;

	(void)state;
	bytes[2] = (uint8_t)(length - 3);
	assert_error(jpki_attributes_parse(bytes, length, &got), JPKI_OK);
	for (size_t part = 0; part < length; part++) {
		/* On the heap, so that a checker sees what is read behind it. */
		uint8_t *copy = malloc(part + 1);

		memcpy(copy, bytes, part);
		assert_error(jpki_attributes_parse(copy, part, &got), JPKI_E_BAD_DER);
		free(copy);
		assert_error(jpki_attributes_total_length(bytes, part, &total),
			     part < 3 ? JPKI_E_BAD_DER : JPKI_OK);
		assert_int_equal(total, part < 3 ? 0 : length);
	}
	assert_error(jpki_attributes_parse(bytes, length + 1, &got), JPKI_E_BAD_DER);
	bytes[1] = 0x10;
	assert_error(jpki_attributes_parse(bytes, length, &got), JPKI_E_BAD_DER);
	assert_error(jpki_attributes_total_length(bytes, length, &total), JPKI_E_BAD_DER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes_good),
		cmocka_unit_test(test_attributes_hostile),
		cmocka_unit_test(test_attributes_longest),
		cmocka_unit_test(test_attributes_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
