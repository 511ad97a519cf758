/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a DER element will be: every form of length, cut anywhere. */
#include "unit.h"

#include <string.h>

#include "base/der.h"

static const struct {
	const char *hex; /* of the header, all of which is needed */
	size_t total;
} good[] = {
	{"3000", 2},           {"3001", 3},
	{"307F", 129},         {"308180", 131},
	{"3081FF", 258},       {"30820100", 260},
	{"308206CA", 1742},    {"3082FFFF", 65539},
	{"3083010000", 65541}, {"3083FFFFFF", 16777220},
};

static const char *const bad[] =
	{
		"3080",                   /* indefinite */
		"308100",       "30817F", /* not in the fewest bytes */
		"30820000",     "308200FF",       "3083000000", "308300FFFF",
		"308400000001", /* more than any card holds */
		"308401000000", "3085FFFFFFFFFF", "30FF",       "3180",
		"3103010203",   "0203010203",     "1003010203", "7003010203", /* other tags */
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t header[8];
		size_t length = unit_hex(good[i].hex, header, sizeof(header));
		size_t total = 77;

		assert_error(jpki_der_total_length(header, length, JPKI_DER_SEQUENCE, &total),
			     JPKI_OK);
		assert_int_equal(total, good[i].total);
		/* Each header cut short anywhere is none. */
		for (size_t cut = 0; cut < length; cut++) {
			total = 77;
			assert_error(jpki_der_total_length(header, cut, JPKI_DER_SEQUENCE, &total),
				     JPKI_E_BAD_DER);
			assert_int_equal(total, 0);
		}
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t bytes[16] = {0};
		size_t total = 77;

		unit_hex(bad[i], bytes, sizeof(bytes));
		assert_error(jpki_der_total_length(bytes, sizeof(bytes), JPKI_DER_SEQUENCE, &total),
			     JPKI_E_BAD_DER);
		assert_int_equal(total, 0);
	}
	/* The tag that is wanted is the caller's. */
	assert_error(jpki_der_total_length((const uint8_t *)"\x04\x02", 2, 0x04, &(size_t){0}),
		     JPKI_OK);
}

/* All first length bytes with nothing but zeros behind them. */
static void test_every_length_byte(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 256; byte++) {
		const uint8_t data[130] = {0x30, (uint8_t)byte};
		size_t total = 77;

		if (byte < 0x80) {
			assert_error(jpki_der_total_length(data, 2, 0x30, &total), JPKI_OK);
			assert_int_equal(total, 2 + byte);
		} else {
			assert_error(jpki_der_total_length(data, sizeof(data), 0x30, &total),
				     JPKI_E_BAD_DER);
			assert_int_equal(total, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_every_length_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
