/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialog about a PIN over a source of the test's own: when the person is asked, and what a
 * refusal is called. */
#include "app/card/pin_dialog.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ask/terminal.h"
#include "app/ui/refuse.h"
#include "unit.h"

/* The card, and the person before it. */
static struct {
	struct pin_state states[JPKI_KEY_COUNT];
	enum situation unread[JPKI_KEY_COUNT]; /* why a state can't be read */
	enum situation unspendable;            /* why the last try can't be spent */
	unsigned int allowed;                  /* how often it might be */
	bool has_terminal;
	bool consents;
	unsigned int asked;
	char question[512];
	enum situation refused; /* what was said last */
} test;

static const struct jpki_pin_rule rule = {.min_length = 6,
					  .max_length = 16,
					  .tries = 5,
					  .alphabet = JPKI_PIN_CAPITALS_DIGITS,
					  .mixed = true,
					  .never_digits_alone = true};

static enum situation read_state(void *card, enum jpki_key key, struct pin_state *state)
{
	assert_ptr_equal(card, &test);
	if (test.unread[key] == SITUATION_NONE)
		*state = test.states[key];
	return test.unread[key];
}

static enum situation allow_final_try(void *card)
{
	assert_ptr_equal(card, &test);
	assert_int_equal(test.asked, 0); /* before the question */
	test.allowed++;
	return test.unspendable;
}

static const struct pin_source source = {.read = read_state, .allow_final_try = allow_final_try};

/* In place of those of the room: the person of this test. */
int terminal_open(void)
{
	return test.has_terminal ? dup(STDERR_FILENO) : -1;
}

bool prompt_confirm(const char *text, const char *wanted)
{
	(void)text;
	(void)wanted;
	return test.consents;
}

enum app_exit prompt_for_pin(const char *text, bool use_pinentry, struct prompt_pin *pin)
{
	(void)use_pinentry;
	(void)pin;
	test.asked++;
	snprintf(test.question, sizeof(test.question), "%s", text);
	return APP_OK;
}

int ui_refuse(bool json, enum situation situation)
{
	enum app_exit code = situation_exit(situation);

	(void)json;
	test.refused = situation;
	return (int)code;
}

static struct pin_dialog dialog_of(enum jpki_key key)
{
	return (struct pin_dialog){.source = &source, .card = &test, .key = key};
}

static int set_up(void **state)
{
	(void)state;
	memset(&test, 0, sizeof(test));
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		test.states[key] = (struct pin_state){.serial = "0123456789ABCDEF",
						      .kind = JPKI_CARD_MY_NUMBER,
						      .rule = &rule,
						      .is_set = true,
						      .tries = 5};
	return 0;
}

/* Asserts that the person is not asked, and what is said instead. */
static void assert_refused(enum jpki_key key, enum situation wanted)
{
	struct pin_dialog dialog = dialog_of(key);
	struct prompt_pin pin;

	test.asked = 0;
	test.refused = SITUATION_NONE;
	assert_int_equal(pin_dialog_ask(&dialog, NULL, &pin), situation_exit(wanted));
	assert_int_equal(test.refused, wanted);
	assert_int_equal(test.asked, 0);
	assert_null(pin.value);
}

static void assert_asked(enum jpki_key key, const char *lead)
{
	struct pin_dialog dialog = dialog_of(key);
	struct prompt_pin pin;

	test.asked = 0;
	assert_int_equal(pin_dialog_ask(&dialog, lead, &pin), APP_OK);
	assert_int_equal(test.asked, 1);
	assert_string_equal(dialog.state.serial, "0123456789ABCDEF");
}

static void test_asked(void **state)
{
	(void)state;
	assert_asked(JPKI_KEY_SIGN, NULL);
	assert_non_null(strstr(test.question, "Tries left: 5"));
	test.states[JPKI_KEY_AUTH].tries = 2;
	assert_asked(JPKI_KEY_AUTH, "A line before.");
	assert_memory_equal(test.question, "A line before.\n", 15);
	assert_non_null(strstr(test.question, "4 digits"));
	test.states[JPKI_KEY_SIGN].kind = JPKI_CARD_JUKI;
	assert_asked(JPKI_KEY_SIGN, NULL);
	assert_non_null(strstr(test.question, "Juki"));
	assert_int_equal(test.allowed, 0);
}

static void test_not_asked(void **state)
{
	struct pin_state *sign = &test.states[JPKI_KEY_SIGN];

	(void)state;
	test.unread[JPKI_KEY_SIGN] = SITUATION_REMOVED;
	assert_refused(JPKI_KEY_SIGN, SITUATION_REMOVED);
	test.unread[JPKI_KEY_SIGN] = SITUATION_NONE;
	sign->tries = -1;
	assert_refused(JPKI_KEY_SIGN, SITUATION_LINK);
	sign->is_set = false;
	assert_refused(JPKI_KEY_SIGN, SITUATION_PIN_NOT_SET);
	sign->is_set = true;
	sign->tries = 0;
	assert_refused(JPKI_KEY_SIGN, SITUATION_SIGN_LOCKED);
	/* The other PIN helps to reset it, unless that one is locked, too. */
	test.states[JPKI_KEY_AUTH].tries = 0;
	assert_refused(JPKI_KEY_SIGN, SITUATION_BOTH_LOCKED);
	assert_refused(JPKI_KEY_AUTH, SITUATION_BOTH_LOCKED);
	test.unread[JPKI_KEY_SIGN] = SITUATION_NO_SIGN_CERTIFICATE;
	assert_refused(JPKI_KEY_AUTH, SITUATION_AUTH_LOCKED);
	assert_int_equal(test.allowed, 0);
}

static void test_final_try(void **state)
{
	(void)state;
	test.states[JPKI_KEY_SIGN].tries = 1;
	test.consents = true;
	assert_refused(JPKI_KEY_SIGN, SITUATION_FINAL_TRY);
	test.has_terminal = true;
	test.consents = false;
	assert_refused(JPKI_KEY_SIGN, SITUATION_CANCELLED);
	assert_int_equal(test.allowed, 0);
	test.consents = true;
	test.unspendable = SITUATION_REMOVED;
	assert_refused(JPKI_KEY_SIGN, SITUATION_REMOVED);
	assert_int_equal(test.allowed, 1);
	test.unspendable = SITUATION_NONE;
	assert_asked(JPKI_KEY_SIGN, NULL);
	assert_int_equal(test.allowed, 2);
}

/* Asserts on how jpki ends after this error, and on what is said of it unless it tells the tries.
 */
static void assert_explained(enum jpki_key key, enum jpki_error error, const char *typed,
			     enum situation wanted)
{
	struct pin_dialog dialog = dialog_of(key);
	uint8_t value[32] = {0};
	struct prompt_pin pin = {.value = value, .length = strlen(typed)};
	bool told = wanted == SITUATION_WRONG || wanted == SITUATION_WRONG_ONE_LEFT;

	memcpy(value, typed, pin.length);
	test.refused = SITUATION_NONE;
	assert_int_equal(pin_dialog_read(&dialog), SITUATION_NONE);
	assert_int_equal(pin_dialog_explain(&dialog, error, &pin), situation_exit(wanted));
	assert_int_equal(test.refused, told ? SITUATION_NONE : wanted);
}

static void test_explained(void **state)
{
	struct pin_state *sign = &test.states[JPKI_KEY_SIGN];

	(void)state;
	sign->tries = 4;
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_INCORRECT, "", SITUATION_WRONG);
	sign->tries = 1;
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_INCORRECT, "", SITUATION_WRONG_ONE_LEFT);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_FINAL_TRY, "", SITUATION_FINAL_TRY);
	sign->tries = 0;
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_LOCKED, "", SITUATION_SIGN_LOCKED);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_REMOVED, "", SITUATION_REMOVED);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_LENGTH, "1234", SITUATION_LENGTH_SIGN);
	assert_explained(JPKI_KEY_AUTH, JPKI_E_PIN_LENGTH, "12345", SITUATION_LENGTH_AUTH);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_LENGTH, "\xef\xbc\xa1", SITUATION_ALPHABET);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_ALPHABET, "12345678", SITUATION_DIGITS_SIGN);
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_ALPHABET, "abc-123", SITUATION_ALPHABET);
	sign->kind = JPKI_CARD_JUKI;
	assert_explained(JPKI_KEY_SIGN, JPKI_E_PIN_LENGTH, "123", SITUATION_LENGTH_JUKI);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_asked, set_up),
		cmocka_unit_test_setup(test_not_asked, set_up),
		cmocka_unit_test_setup(test_final_try, set_up),
		cmocka_unit_test_setup(test_explained, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
