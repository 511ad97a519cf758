/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ECDSA signatures: plain and DER, and back; what is neither is refused. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/ecdsa.h"

/* Two bytes each are enough for every case. */
static const struct {
	const char *plain, *der;
} pairs[] = {
	{"01020304", "3008020201020202"
		     "0304"},
	{"7FFF0001", "300702027FFF020101"},
	{"80000080", "300902030080000202"
		     "0080"},
	{"00000000", "3006020100020100"},
	{"FFFFFFFF", "300A020300FFFF020300FFFF"},
};

static void test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		uint8_t plain[4], wanted[16], der[JPKI_ECDSA_DER_MAX], back[4];
		size_t wanted_length = unit_hex(pairs[i].der, wanted, sizeof(wanted));
		size_t length;

		unit_hex(pairs[i].plain, plain, sizeof(plain));
		length = jpki_ecdsa_to_der(plain, 2, der);
		assert_int_equal(length, wanted_length);
		assert_memory_equal(der, wanted, length);
		assert_error(jpki_ecdsa_from_der(der, length, 2, back), JPKI_OK);
		assert_memory_equal(back, plain, sizeof(plain));
	}
}

/* The longest: the SEQUENCE's length takes a byte of its own. */
static void test_longest(void **state)
{
	uint8_t plain[2 * JPKI_ECDSA_NUMBER_MAX], back[sizeof(plain)], der[JPKI_ECDSA_DER_MAX];
	size_t length;

	(void)state;
	memset(plain, 0xFF, sizeof(plain));
	length = jpki_ecdsa_to_der(plain, JPKI_ECDSA_NUMBER_MAX, der);
	assert_int_equal(length, JPKI_ECDSA_DER_MAX);
	assert_int_equal(der[1], 0x81);
	assert_error(jpki_ecdsa_from_der(der, length, JPKI_ECDSA_NUMBER_MAX, back), JPKI_OK);
	assert_memory_equal(back, plain, sizeof(plain));
	/* In less room it does not fit. */
	assert_error(jpki_ecdsa_from_der(der, length, JPKI_ECDSA_NUMBER_MAX - 1, back),
		     JPKI_E_BAD_SIGNATURE);
}

static void test_refused(void **state)
{
	static const char *const ders[] = {
		"",
		"30",
		"3000",
		"3003020101",             /* one number */
		"300602020102020203",     /* the second is cut */
		"3009020101020102020103", /* three */
		"30060201010201020000",   /* bytes behind the SEQUENCE */
		"3008020101020102"
		"0500",               /* bytes in it, behind the numbers */
		"3006020181020101",   /* negative */
		"300702020001020101", /* a zero too many */
		"300502000202"
		"0101",             /* a number without bytes */
		"3006030101020101", /* not an INTEGER */
		"3106020101020101", /* not a SEQUENCE */
		"300802030102030201"
		"01", /* longer than two bytes */
		"30810602010102"
		"0101", /* a length in a longer form than it needs */
		"30070281010102"
		"0101", /* the same of a number */
		"3080020101020101"
		"0000",             /* an indefinite length */
		"30060282FFFF0101", /* a number longer than everything */
	};
	uint8_t der[32], plain[4];

	(void)state;
	for (size_t i = 0; i < sizeof(ders) / sizeof(ders[0]); i++)
		assert_error(
			jpki_ecdsa_from_der(der, unit_hex(ders[i], der, sizeof(der)), 2, plain),
			JPKI_E_BAD_SIGNATURE);
}

/* Cut anywhere, in memory of just that length. */
static void test_cut(void **state)
{
	uint8_t whole[16], plain[4];
	size_t length = unit_hex(pairs[4].der, whole, sizeof(whole));

	(void)state;
	for (size_t cut = 0; cut < length; cut++) {
		uint8_t *part = malloc(cut + 1);

		assert_non_null(part);
		memcpy(part + 1, whole, cut);
		assert_error(jpki_ecdsa_from_der(part + 1, cut, 2, plain), JPKI_E_BAD_SIGNATURE);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
