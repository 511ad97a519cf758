/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors into CK_RV, row by row; and the names and classes of the errors themselves. */
#include "unit.h"

#include <string.h>

#include "pkcs11/rv.h"

static const struct {
	enum jpki_error error;
	CK_RV rv;
	bool broke_link;
} rows[] = {
	{JPKI_OK, CKR_OK, false},
	{JPKI_E_MEMORY, CKR_HOST_MEMORY, false},
	{JPKI_E_INTERNAL, CKR_GENERAL_ERROR, false},
	{JPKI_E_ARGUMENT, CKR_ARGUMENTS_BAD, false},
	{JPKI_E_RANGE, CKR_BUFFER_TOO_SMALL, false},
	{JPKI_E_CRYPTO, CKR_FUNCTION_FAILED, false},
	{JPKI_E_NO_SERVICE, CKR_DEVICE_REMOVED, true},
	{JPKI_E_SERVICE_VERSION, CKR_DEVICE_REMOVED, true},
	{JPKI_E_NO_ACCESS, CKR_FUNCTION_FAILED, false},
	{JPKI_E_NO_READER, CKR_DEVICE_REMOVED, true},
	{JPKI_E_NO_CARD, CKR_TOKEN_NOT_PRESENT, true},
	{JPKI_E_REMOVED, CKR_DEVICE_REMOVED, true},
	{JPKI_E_RESET, CKR_DEVICE_ERROR, true},
	{JPKI_E_MUTE, CKR_DEVICE_ERROR, true},
	{JPKI_E_BUSY, CKR_FUNCTION_FAILED, false},
	{JPKI_E_LINK, CKR_DEVICE_ERROR, true},
	{JPKI_E_CANCELLED, CKR_CRYPTOKI_NOT_INITIALIZED, false},
	{JPKI_E_TIMEOUT, CKR_NO_EVENT, false},
	{JPKI_E_FOREIGN, CKR_TOKEN_NOT_RECOGNIZED, false},
	{JPKI_E_NO_TOKEN, CKR_TOKEN_NOT_PRESENT, false},
	{JPKI_E_PROTOCOL, CKR_DEVICE_ERROR, false},
	{JPKI_E_UNSUPPORTED, CKR_DEVICE_ERROR, false},
	{JPKI_E_NOT_FOUND, CKR_DEVICE_ERROR, false},
	{JPKI_E_END_OF_FILE, CKR_DEVICE_ERROR, false},
	{JPKI_E_NOT_ALLOWED, CKR_DEVICE_ERROR, false},
	{JPKI_E_BAD_DER, CKR_DEVICE_ERROR, false},
	{JPKI_E_BAD_SIGNATURE, CKR_DEVICE_ERROR, false},
	{JPKI_E_PIN_LENGTH, CKR_PIN_INCORRECT, false},
	{JPKI_E_PIN_ALPHABET, CKR_PIN_INCORRECT, false},
	{JPKI_E_PIN_REPEATED, CKR_PIN_INCORRECT, false},
	{JPKI_E_PIN_INCORRECT, CKR_PIN_INCORRECT, false},
	{JPKI_E_PIN_FINAL_TRY, CKR_PIN_LOCKED, false},
	{JPKI_E_PIN_LOCKED, CKR_PIN_LOCKED, false},
	{JPKI_E_PIN_NOT_SET, CKR_USER_PIN_NOT_INITIALIZED, false},
	{JPKI_E_PIN_UNCERTAIN, CKR_FUNCTION_FAILED, false},
	{JPKI_E_LOGIN_REQUIRED, CKR_USER_NOT_LOGGED_IN, false},
	{JPKI_E_ALREADY_LOGGED_IN, CKR_USER_ALREADY_LOGGED_IN, false},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* A new error without a row here has not been thought about. */
static void test_every_error(void **state)
{
	(void)state;
	assert_int_equal(ROW_COUNT, JPKI_E_COUNT);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		assert_int_equal(rows[i].error, i);
		if (jpki_rv(rows[i].error) != rows[i].rv)
			fail_msg("%s is 0x%lx", jpki_error_name(rows[i].error),
				 jpki_rv(rows[i].error));
		/* Success is never made out of a failure. */
		assert_true((jpki_rv(rows[i].error) == CKR_OK) == (i == 0));
	}
	assert_int_equal(jpki_rv(JPKI_E_COUNT), CKR_GENERAL_ERROR);
	assert_int_equal(jpki_rv((enum jpki_error)1000), CKR_GENERAL_ERROR);
}

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *name = jpki_error_name((enum jpki_error)i);

		assert_string_not_equal(name, "unknown");
		assert_null(strchr(name, ' '));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(name, jpki_error_name((enum jpki_error)j));
	}
	assert_string_equal(jpki_error_name(JPKI_E_COUNT), "unknown");
	assert_string_equal(jpki_error_name((enum jpki_error)1000), "unknown");
}

static void test_broken_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++)
		assert_int_equal(jpki_error_broke_link(rows[i].error), rows[i].broke_link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_broken_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
