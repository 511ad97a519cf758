/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ask_own_window: a program with a window of its own asks there, and nowhere else. */
#include "unit.h"

#include <string.h>

#include "app/ask/own_window.h"
#include "app/ask/pinentry.h"
#include "app/ask/prompt.h"
#include "card/generation.h"

/* The person at the window, and what was asked. */
static struct person {
	const char *types; /* NULL: she closes the window */
	bool agrees;
	struct own_question asked;
	const char *confirmed;
	unsigned int questions;
} person;

static enum app_exit ask(void *argument, const struct own_question *question, uint8_t *value,
			 size_t size, size_t *length)
{
	assert_ptr_equal(argument, &person);
	assert_int_equal(size, PROMPT_PIN_MAX);
	person.asked = *question;
	person.questions++;
	if (person.types == NULL)
		return APP_CANCELLED;
	*length = strlen(person.types);
	memcpy(value, person.types, *length);
	return APP_OK;
}

static enum app_exit confirm(void *argument, const char *text, const char *ok, const char *cancel)
{
	assert_ptr_equal(argument, &person);
	assert_string_not_equal(ok, cancel);
	person.confirmed = text;
	return person.agrees ? APP_OK : APP_CANCELLED;
}

static int set_up(void **state)
{
	static const struct own_window window = {.ask = ask, .confirm = confirm};

	(void)state;
	person = (struct person){.types = "1234"};
	own_window_set(&window, &person);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	own_window_set(NULL, NULL);
	return 0;
}

static void test_pin(void **state)
{
	struct prompt_pin pin;

	(void)state;
	assert_int_equal(prompt_for_pin("Wrong.", "Which?", false, &pin), APP_OK);
	assert_int_equal(pin.length, 4);
	assert_memory_equal(pin.value, "1234", 4);
	assert_string_equal(person.asked.problem, "Wrong.");
	assert_string_equal(person.asked.text, "Which?");
	assert_null(person.asked.new_rule);
	prompt_pin_free(&pin);
}

/* Neither pinentry nor the terminal, whatever the options say. */
static void test_nowhere_else(void **state)
{
	struct prompt_pin pin;

	(void)state;
	assert_int_equal(prompt_for_pin(NULL, "Which?", true, &pin), APP_OK);
	assert_int_equal(person.questions, 1);
	prompt_pin_free(&pin);
	assert_false(prompt_by_pinentry(true));
}

static void test_no_answer(void **state)
{
	struct prompt_pin pin;

	(void)state;
	person.types = NULL;
	assert_int_equal(prompt_for_pin(NULL, "Which?", false, &pin), APP_CANCELLED);
	assert_null(pin.value);
	person.types = "";
	assert_int_equal(prompt_for_pin(NULL, "Which?", false, &pin), APP_CANCELLED);
	assert_null(pin.value);
}

static void test_new_rule(void **state)
{
	static const struct jpki_pin_rule rule = {.min_length = 4};
	struct prompt_pin pin;

	(void)state;
	own_window_set_new_rule(&rule);
	assert_int_equal(prompt_for_pin(NULL, "New?", false, &pin), APP_OK);
	assert_ptr_equal(person.asked.new_rule, &rule);
	prompt_pin_free(&pin);
	own_window_set_new_rule(NULL);
	assert_int_equal(prompt_for_pin(NULL, "Again?", false, &pin), APP_OK);
	assert_null(person.asked.new_rule);
	prompt_pin_free(&pin);
}

static void test_yes_or_no(void **state)
{
	(void)state;
	assert_int_equal(pinentry_confirm("Really?", "Yes", "No"), APP_CANCELLED);
	assert_string_equal(person.confirmed, "Really?");
	person.agrees = true;
	assert_int_equal(pinentry_confirm("Really?", "Yes", "No"), APP_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pin),      TEST(test_nowhere_else), TEST(test_no_answer),
		TEST(test_new_rule), TEST(test_yes_or_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
