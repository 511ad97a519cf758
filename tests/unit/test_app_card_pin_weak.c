/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_pin_weak: what others guess first is told apart from what they do not. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "app/card/pin_weak.h"

static struct jpki_pin pin_of(const char *text)
{
	struct jpki_pin pin = {.length = strlen(text)};

	memcpy(pin.value, text, pin.length);
	return pin;
}

static void assert_weak(const char *text, const char *current, enum pin_weakness wanted)
{
	struct jpki_pin pin = pin_of(text), old = pin_of(current);

	if (pin_weak(&pin, &old) != wanted) {
		print_error("%s after %s is judged %d\n", text, current, pin_weak(&pin, &old));
		fail();
	}
}

static void test_weak(void **state)
{
	static const char *const sequences[] = {"0000",   "0101",   "9999",     "1234",   "4321",
						"7890",   "0987",   "1122",     "ABC123", "123ABC",
						"AAAAA1", "111AAA", "FEDCBA987"};
	static const char *const dates[] = {"0103",     "1231",    "0229",      "0731",
					    "1985",     "2099",    "1900",      "TARO19850731",
					    "850731AB", "UME1985", "0731SAKURA"};
	static const char *const others[] = {"8642",        "9753",        "1300",      "0132",
					     "0230",        "0431",        "0500",      "1899",
					     "1357",        "1243",        "KQ9753",    "UME246",
					     "UME24680",    "KAGI7SAKURA", "ABC12X",    "AB12CD",
					     "12A19850B0X", "AB19851385",  "AB21850731"};

	(void)state;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		assert_weak(sequences[i], "8642", PIN_WEAK_SEQUENCE);
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		assert_weak(dates[i], "8642", PIN_WEAK_DATE);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_weak(others[i], "8640", PIN_WEAK_NOT);
	assert_weak("8642", "8642", PIN_WEAK_SAME);
	assert_weak("1234", "1234", PIN_WEAK_SAME);
	assert_weak("KQ9753", "KQ97531", PIN_WEAK_NOT);
	assert_weak("8642", "", PIN_WEAK_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
