/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of status words, row by row, and all the words that are not in it. */
#include "unit.h"

#include "card/status_word.h"

static const struct {
	uint16_t sw;
	enum jpki_error error;
} rows[] = {
	{0x9000, JPKI_OK},
	{0x6282, JPKI_E_END_OF_FILE},
	{0x6700, JPKI_E_UNSUPPORTED},
	{0x6882, JPKI_E_UNSUPPORTED},
	{0x6981, JPKI_E_PROTOCOL},
	{0x6982, JPKI_E_NOT_ALLOWED},
	{0x6983, JPKI_E_PIN_LOCKED},
	{0x6984, JPKI_E_PIN_LOCKED},
	{0x6985, JPKI_E_PROTOCOL},
	{0x6986, JPKI_E_PROTOCOL},
	{0x69FC, JPKI_E_UNSUPPORTED},
	{0x6A81, JPKI_E_UNSUPPORTED},
	{0x6A82, JPKI_E_NOT_FOUND},
	{0x6A83, JPKI_E_NOT_FOUND},
	{0x6A86, JPKI_E_UNSUPPORTED},
	{0x6A88, JPKI_E_NOT_FOUND},
	{0x6B00, JPKI_E_END_OF_FILE},
	{0x6D00, JPKI_E_UNSUPPORTED},
	{0x6E00, JPKI_E_UNSUPPORTED},
};

static enum jpki_error wanted_error(unsigned int sw)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].sw == sw)
			return rows[i].error;
	}
	return (sw & 0xFFF0) == 0x63C0 ? JPKI_E_PIN_INCORRECT : JPKI_E_PROTOCOL;
}

/* All 65536: only 9000 is success, and what nobody knows is a broken rule. */
static void test_error(void **state)
{
	(void)state;
	for (unsigned int sw = 0; sw <= 0xFFFF; sw++) {
		enum jpki_error error = jpki_sw_error((uint16_t)sw);

		if (error != wanted_error(sw))
			fail_msg("%04X is %s", sw, jpki_error_name(error));
	}
}

static void test_tries(void **state)
{
	(void)state;
	for (unsigned int sw = 0; sw <= 0xFFFF; sw++) {
		int wanted = -1;

		if ((sw & 0xFFF0) == 0x63C0)
			wanted = (int)(sw & 0xF);
		if (sw == 0x6983 || sw == 0x6984)
			wanted = 0;
		assert_int_equal(jpki_sw_tries((uint16_t)sw), wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
