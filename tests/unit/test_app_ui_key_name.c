/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_key_name: the keys have the names that scripts know, and no others. */
#include "unit.h"

#include "app/ui/key_name.h"

static void test_names(void **state)
{
	enum jpki_key key = JPKI_KEY_SIGN;

	(void)state;
	assert_string_equal(key_name(JPKI_KEY_AUTH), "auth");
	assert_string_equal(key_name(JPKI_KEY_SIGN), "sign");
	assert_true(key_of_name("auth", &key));
	assert_int_equal(key, JPKI_KEY_AUTH);
	assert_true(key_of_name("sign", &key));
	assert_int_equal(key, JPKI_KEY_SIGN);
}

static void test_others(void **state)
{
	static const char *const others[] = {"", "a", "authx", "Auth", "SIGN", "sig", " sign", "0"};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		enum jpki_key key = JPKI_KEY_SIGN;

		assert_false(key_of_name(others[i], &key));
		assert_int_equal(key, JPKI_KEY_SIGN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
