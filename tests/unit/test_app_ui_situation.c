/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_app_ui_situation: every situation has a name for scripts, something to say in both
 * languages, and an end; every error of the token layer leads to one.
 */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/situation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What each text takes; all others take nothing. */
static const struct {
	enum situation situation;
	const char *arguments;
} takers[] = {
	{SITUATION_PROMPT_AUTH, "d"},     {SITUATION_PROMPT_SIGN, "d"},
	{SITUATION_PROMPT_TEXT, "d"},     {SITUATION_WRONG, "d"},
	{SITUATION_SOON, "ds"},           {SITUATION_EXPIRED, "s"},
	{SITUATION_AUTH_ENDS_FIRST, "s"},
};

static const char *arguments_of(enum situation situation)
{
	for (size_t i = 0; i < COUNT(takers); i++) {
		if (takers[i].situation == situation)
			return takers[i].arguments;
	}
	return "";
}

/* The conversions in a format: %d, %s, or in another order %1$d. */
static void assert_takes(const char *text, const char *arguments)
{
	size_t count = 0;

	for (const char *at = text; (at = strchr(at, '%')) != NULL; at++) {
		size_t place = count++;

		if (isdigit((unsigned char)at[1]) && at[2] == '$') {
			place = (size_t)(at[1] - '1');
			at += 2;
		}
		assert_true(place < strlen(arguments));
		assert_int_equal(at[1], arguments[place]);
	}
	assert_int_equal(count, strlen(arguments));
}

static void test_table(void **state)
{
	(void)state;
	for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
		const char *name = situation_name((enum situation)i);

		assert_non_null(name);
		print_message("# %s\n", name);
		assert_true(strlen(name) > 2);
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		for (int j = SITUATION_NONE + 1; j < i; j++) {
			assert_string_not_equal(name, situation_name((enum situation)j));
			assert_string_not_equal(situation_text((enum situation)i),
						situation_text((enum situation)j));
		}
		assert_true(strlen(situation_text((enum situation)i)) > 10);
		assert_takes(situation_text((enum situation)i), arguments_of((enum situation)i));
		assert_between(situation_exit((enum situation)i), APP_OK, APP_WAITED);
	}
}

/* Where a text names a PIN, it takes what the other takes, and is another for each PIN. */
static void test_pin_texts(void **state)
{
	static const enum situation named[] = {SITUATION_WRONG, SITUATION_WRONG_ONE_LEFT,
					       SITUATION_FINAL_TRY};

	(void)state;
	for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
		for (int key = 0; key < JPKI_PIN_COUNT; key++)
			assert_takes(situation_pin_text((enum situation)i, (enum jpki_key)key),
				     arguments_of((enum situation)i));
	}
	for (size_t i = 0; i < COUNT(named); i++) {
		const char *sign = situation_pin_text(named[i], JPKI_KEY_SIGN);

		assert_non_null(strstr(sign, "signing password"));
		assert_string_not_equal(sign, situation_pin_text(named[i], JPKI_KEY_AUTH));
	}
	assert_non_null(strstr(situation_pin_text(SITUATION_FINAL_TRY, JPKI_KEY_AUTH),
			       "authentication PIN"));
	assert_non_null(
		strstr(situation_pin_text(SITUATION_FINAL_TRY, JPKI_PIN_TEXT), "text-input PIN"));
	assert_non_null(strstr(situation_pin_text(SITUATION_WRONG_ONE_LEFT, JPKI_PIN_TEXT),
			       "text-input PIN"));
	/* A terminal in a shop does not reset this PIN. */
	assert_null(strstr(situation_pin_text(SITUATION_FINAL_TRY, JPKI_PIN_TEXT), "convenience"));
	assert_string_equal(situation_pin_text(SITUATION_REMOVED, JPKI_KEY_SIGN),
			    situation_text(SITUATION_REMOVED));
}

/* --- the Japanese texts ------------------------------------------------------------------------
 */

/* Adds what is in the quotes of a line of po/ja.po to a text. */
static void add_quoted(const char *line, char *text, size_t size)
{
	const char *at = strchr(line, '"');
	size_t length = strlen(text);

	for (at = at != NULL ? at + 1 : ""; *at != '\0' && *at != '"' && length < size - 1; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		text[length++] = *at;
	}
	text[length] = '\0';
}

/* Whether po/ja.po has a translation of text, which is copied. */
static bool translate(const char *po, const char *text, char *translation, size_t size)
{
	char id[4096] = "";
	bool in_id = false;

	for (const char *line = po; *line != '\0'; line += strcspn(line, "\n") + 1) {
		if (strncmp(line, "msgid ", 6) == 0) {
			in_id = true;
			id[0] = '\0';
		} else if (strncmp(line, "msgstr ", 7) == 0) {
			in_id = false;
			translation[0] = '\0';
		} else if (line[0] != '"') {
			if (strcmp(id, text) == 0 && !in_id)
				return true;
			continue;
		}
		if (in_id)
			add_quoted(line, id, sizeof(id));
		else
			add_quoted(line, translation, size);
	}
	return strcmp(id, text) == 0;
}

/* Whether there is a character of the Japanese scripts in it. */
static bool is_japanese(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0xe3 && (unsigned char)*text <= 0xe9)
			return true;
	}
	return false;
}

static void test_japanese(void **state)
{
	size_t length;
	char *po = unit_read_file(UNIT_SOURCES "/po/ja.po", &length);
	char translation[4096];

	(void)state;
	for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
		translation[0] = '\0';
		print_message("# %s\n", situation_name((enum situation)i));
		assert_true(translate(po, situation_text((enum situation)i), translation,
				      sizeof(translation)));
		assert_true(is_japanese(translation));
		assert_takes(translation, arguments_of((enum situation)i));
	}
	free(po);
}

/* The text PIN is told apart from the others of four digits by its name, and no text about it sends
 * anybody to a terminal, which cannot reset it. */
static void test_text_pin(void **state)
{
	static const enum situation named[] = {
		SITUATION_NO_TEXT,        SITUATION_PROMPT_TEXT, SITUATION_LENGTH_TEXT,
		SITUATION_TEXT_LOCKED,    SITUATION_WRONG,       SITUATION_FINAL_TRY,
		SITUATION_WRONG_ONE_LEFT, SITUATION_WHICH_PIN,   SITUATION_PIN_NOT_SET,
		SITUATION_ALPHABET,
	};
	size_t length;
	char *po = unit_read_file(UNIT_SOURCES "/po/ja.po", &length);
	char translation[4096];

	(void)state;
	for (size_t i = 0; i < COUNT(named); i++) {
		const char *text = situation_pin_text(named[i], JPKI_PIN_TEXT);
		const char *other = situation_pin_text(named[i], JPKI_KEY_AUTH);
		bool by_name = named[i] != SITUATION_ALPHABET;

		print_message("# %s\n", situation_name(named[i]));
		translation[0] = '\0';
		assert_true(translate(po, text, translation, sizeof(translation)));
		assert_true(is_japanese(translation));
		assert_takes(translation, arguments_of(named[i]));
		assert_int_equal(strstr(translation, "券面事項入力補助") != NULL, by_name);
		assert_int_equal(strstr(text, "ext-input PIN") != NULL ||
					 strstr(text, "券面事項入力補助") != NULL,
				 by_name);
		assert_null(strstr(text, "convenience"));
		assert_null(strstr(translation, "コンビニ"));
		if (i > 3)
			assert_string_not_equal(text, other);
	}
	free(po);
}

/* --- errors ------------------------------------------------------------------------------------
 */

static const struct {
	enum jpki_error error;
	enum situation auth;
	enum situation sign;
	enum app_exit code;
} errors[] = {
	{JPKI_E_NO_SERVICE, SITUATION_NO_SERVICE, SITUATION_NO_SERVICE, APP_NO_READER},
	{JPKI_E_NO_ACCESS, SITUATION_NO_ACCESS, SITUATION_NO_ACCESS, APP_NO_READER},
	{JPKI_E_NO_READER, SITUATION_NO_READER, SITUATION_NO_READER, APP_NO_READER},
	{JPKI_E_NO_CARD, SITUATION_NO_CARD, SITUATION_NO_CARD, APP_NO_CARD},
	{JPKI_E_REMOVED, SITUATION_REMOVED, SITUATION_REMOVED, APP_FAILED},
	{JPKI_E_RESET, SITUATION_RESET, SITUATION_RESET, APP_FAILED},
	{JPKI_E_MUTE, SITUATION_MUTE_CARD, SITUATION_MUTE_CARD, APP_NOT_RECOGNISED},
	{JPKI_E_BUSY, SITUATION_BUSY, SITUATION_BUSY, APP_FAILED},
	{JPKI_E_LINK, SITUATION_LINK, SITUATION_LINK, APP_FAILED},
	{JPKI_E_BAD_SIGNATURE, SITUATION_LINK, SITUATION_LINK, APP_FAILED},
	{JPKI_E_FOREIGN, SITUATION_OTHER_CARD, SITUATION_OTHER_CARD, APP_NOT_RECOGNISED},
	{JPKI_E_PIN_LENGTH, SITUATION_LENGTH_AUTH, SITUATION_LENGTH_SIGN, APP_PIN_WITHHELD},
	{JPKI_E_PIN_ALPHABET, SITUATION_ALPHABET, SITUATION_ALPHABET, APP_PIN_WITHHELD},
	{JPKI_E_PIN_REPEATED, SITUATION_REPEATED, SITUATION_REPEATED, APP_PIN_WITHHELD},
	{JPKI_E_PIN_INCORRECT, SITUATION_WRONG, SITUATION_WRONG, APP_PIN_WRONG},
	{JPKI_E_PIN_FINAL_TRY, SITUATION_FINAL_TRY, SITUATION_FINAL_TRY, APP_PIN_WITHHELD},
	{JPKI_E_PIN_LOCKED, SITUATION_AUTH_LOCKED, SITUATION_SIGN_LOCKED, APP_PIN_LOCKED},
	{JPKI_E_PIN_NOT_SET, SITUATION_PIN_NOT_SET, SITUATION_PIN_NOT_SET, APP_ABSENT},
	{JPKI_E_PIN_UNCERTAIN, SITUATION_CHANGE_UNCERTAIN, SITUATION_CHANGE_UNCERTAIN, APP_FAILED},
	{JPKI_E_NOT_FOUND, SITUATION_NO_AUTH_CERTIFICATE, SITUATION_NO_SIGN_CERTIFICATE,
	 APP_ABSENT},
	{JPKI_E_NO_TOKEN, SITUATION_NO_AUTH_CERTIFICATE, SITUATION_NO_SIGN_CERTIFICATE, APP_ABSENT},
	{JPKI_E_MEMORY, SITUATION_NO_MEMORY, SITUATION_NO_MEMORY, APP_FAILED},
	{JPKI_E_SERVICE_VERSION, SITUATION_SERVICE_VERSION, SITUATION_SERVICE_VERSION,
	 APP_NO_READER},
	{JPKI_E_INTERNAL, SITUATION_INTERNAL, SITUATION_INTERNAL, APP_FAILED},
};

/* What an error means for the text PIN, where it has a situation of its own. */
static enum situation text_situation(enum situation auth)
{
	if (auth == SITUATION_LENGTH_AUTH)
		return SITUATION_LENGTH_TEXT;
	if (auth == SITUATION_AUTH_LOCKED)
		return SITUATION_TEXT_LOCKED;
	return auth == SITUATION_NO_AUTH_CERTIFICATE ? SITUATION_NO_TEXT : auth;
}

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		enum situation auth = situation_of_error(errors[i].error, JPKI_KEY_AUTH);
		enum situation sign = situation_of_error(errors[i].error, JPKI_KEY_SIGN);

		print_message("# %s\n", jpki_error_name(errors[i].error));
		assert_int_equal(auth, errors[i].auth);
		assert_int_equal(sign, errors[i].sign);
		assert_int_equal(situation_exit(auth), errors[i].code);
		assert_int_equal(situation_exit(sign), errors[i].code);
		assert_int_equal(situation_of_error(errors[i].error, JPKI_PIN_TEXT),
				 text_situation(auth));
		assert_int_equal(situation_exit(text_situation(auth)), errors[i].code);
	}
	/* There is an answer to each. */
	for (int error = JPKI_OK + 1; error < JPKI_E_COUNT; error++) {
		enum situation situation =
			situation_of_error((enum jpki_error)error, JPKI_KEY_AUTH);

		assert_between(situation, SITUATION_NONE + 1, SITUATION_COUNT - 1);
	}
}

/* The exit codes that scripts rely on, where no error leads. */
static void test_exits(void **state)
{
	static const struct {
		enum situation situation;
		enum app_exit code;
	} rows[] = {
		{SITUATION_TWO_CARDS, APP_WHICH_CARD},
		{SITUATION_SOON, APP_SOON},
		{SITUATION_SERVICE_HANGS, APP_WAITED},
		{SITUATION_CARD_HELD, APP_WAITED},
		{SITUATION_SERVICE_MISSING, APP_NO_READER},
		{SITUATION_SERVICE_FULL, APP_NO_READER},
		{SITUATION_SERVICE_CLOSES, APP_NO_READER},
		{SITUATION_SERVICE_SOCKET, APP_NO_READER},
		{SITUATION_EXPIRED, APP_EXPIRED},
		{SITUATION_CANCELLED, APP_CANCELLED},
		{SITUATION_BOTH_LOCKED, APP_PIN_LOCKED},
		{SITUATION_WRONG_ONE_LEFT, APP_PIN_WRONG},
		{SITUATION_PHONE, APP_NOT_RECOGNISED},
		{SITUATION_JUKI, APP_OK},
		{SITUATION_VALIDITY_UNKNOWN, APP_OK},
		{SITUATION_NOT_YET_VALID, APP_FAILED},
		{SITUATION_DIGITS_SIGN, APP_PIN_WITHHELD},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(situation_exit(rows[i].situation), rows[i].code);
}

/* A revoked certificate stays on the card, so revocation is never a reason for having none. */
static void test_revoked(void **state)
{
	size_t length;
	char *po = unit_read_file(UNIT_SOURCES "/po/ja.po", &length);
	char translation[4096] = "";

	(void)state;
	assert_non_null(strstr(situation_text(SITUATION_MAYBE_REVOKED), "stays on the card"));
	assert_null(strstr(situation_text(SITUATION_NO_SIGN_CERTIFICATE), "lapse"));
	assert_null(strstr(situation_text(SITUATION_NO_SIGN_CERTIFICATE), "revoke"));
	assert_true(translate(po, situation_text(SITUATION_NO_SIGN_CERTIFICATE), translation,
			      sizeof(translation)));
	assert_null(strstr(translation, "失効"));
	assert_null(strstr(translation, "引越"));
	free(po);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),    cmocka_unit_test(test_pin_texts),
		cmocka_unit_test(test_japanese), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_text_pin), cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_exits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
