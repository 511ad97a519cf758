/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialog about a PIN over a source of the test's own: when the person is asked, and what a
 * refusal is called. */
#include "app/card/pin_dialog.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ask/pinentry.h"
#include "app/ask/terminal.h"
#include "app/ui/json.h"
#include "app/ui/patience.h"
#include "app/ui/refuse.h"
#include "unit.h"

/* The card, and the person before it. */
static struct {
	struct pin_state states[JPKI_PIN_COUNT];
	enum situation unread[JPKI_PIN_COUNT]; /* why a state can't be read */
	enum situation unspendable;            /* why the last try can't be spent */
	unsigned int allowed;                  /* how often it might be */
	bool has_terminal;
	bool consents;
	unsigned int consulted;  /* how often for consent */
	enum app_exit confirmed; /* what a window answers */
	char confirmation[512];
	bool by_pinentry;
	const char *const *typed; /* the answers; NULL ends them, and cancels */
	unsigned int asked;
	unsigned int wiped; /* how many answers */
	char question[512];
	char error[512];        /* what was said of the last answer */
	char consent[1024];     /* the question before the last try */
	enum jpki_key named;    /* the PIN of the last refusal that names one */
	enum situation refused; /* what was said last */
	json_t *printed;        /* the last object */
	patience_work *end;     /* of a wait */
	void *end_argument;
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
	test.allowed++;
	return test.unspendable;
}

static const struct pin_source source = {.read = read_state, .allow_final_try = allow_final_try};

/* In place of those of the room: the person of this test. */
int terminal_open(void)
{
	return test.has_terminal ? dup(STDERR_FILENO) : -1;
}

bool prompt_consent(const char *text, const char *wanted)
{
	assert_non_null(strstr(text, "Do not type the"));
	assert_string_equal(wanted, "yes");
	snprintf(test.consent, sizeof(test.consent), "%s", text);
	test.consulted++;
	return test.consents;
}

enum app_exit pinentry_confirm(const char *text, const char *ok, const char *cancel)
{
	assert_string_not_equal(ok, cancel);
	test.consulted++;
	snprintf(test.confirmation, sizeof(test.confirmation), "%s", text);
	return test.confirmed;
}

bool prompt_by_pinentry(bool use_pinentry)
{
	(void)use_pinentry;
	return test.by_pinentry;
}

enum app_exit prompt_for_pin(const char *error, const char *text, bool use_pinentry,
			     struct prompt_pin *pin)
{
	const char *typed = test.typed != NULL ? test.typed[test.asked] : "";

	(void)use_pinentry;
	test.asked++;
	snprintf(test.question, sizeof(test.question), "%s", text);
	snprintf(test.error, sizeof(test.error), "%s", error != NULL ? error : "");
	if (typed == NULL)
		return APP_CANCELLED;
	*pin = (struct prompt_pin){.value = (uint8_t *)(uintptr_t)typed, .length = strlen(typed)};
	return APP_OK;
}

void prompt_pin_free(struct prompt_pin *pin)
{
	test.wiped += pin->value != NULL;
	*pin = (struct prompt_pin){0};
}

int ui_refuse_pin(bool json, enum situation situation, enum jpki_key key)
{
	test.named = key;
	return ui_refuse(json, situation);
}

int ui_refuse(bool json, enum situation situation)
{
	enum app_exit code = situation_exit(situation);

	(void)json;
	test.refused = situation;
	return (int)code;
}

int ui_refuse_in_json(bool json, enum situation situation, const char *message)
{
	assert_string_equal(message, situation_text(situation));
	return ui_refuse(json, situation);
}

bool ui_json(json_t *value)
{
	json_decref(test.printed);
	test.printed = value;
	return value != NULL;
}

void patience_set_end(patience_work *work, void *argument)
{
	test.end = work;
	test.end_argument = argument;
}

static struct pin_dialog dialog_of(enum jpki_key key)
{
	return (struct pin_dialog){.source = &source, .card = &test, .key = key};
}

static int set_up(void **state)
{
	(void)state;
	memset(&test, 0, sizeof(test));
	for (int key = 0; key < JPKI_PIN_COUNT; key++)
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

/* Asserts how a question ends whose last try is consented to in a window. */
static void assert_by_window(enum app_exit confirmed, enum app_exit code)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);
	struct prompt_pin pin;

	dialog.consents_by_window = true;
	test.confirmed = confirmed;
	test.asked = 0;
	test.allowed = 0;
	test.consulted = 0;
	assert_int_equal(pin_dialog_ask(&dialog, "https://a.jp", &pin), code);
	assert_int_equal(test.asked, code == APP_OK);
	assert_int_equal(test.allowed, confirmed == APP_OK);
}

static void test_final_try_by_window(void **state)
{
	(void)state;
	assert_by_window(APP_CANCELLED, APP_OK);
	assert_int_equal(test.consulted, 0);
	test.states[JPKI_KEY_SIGN].tries = 1;
	test.has_terminal = true;
	test.consents = true;
	assert_by_window(APP_CANCELLED, APP_CANCELLED);
	assert_int_equal(test.consulted, 1);
	assert_by_window(APP_FAILED, APP_PIN_WITHHELD);
	assert_by_window(APP_OK, APP_OK);
	assert_memory_equal(test.confirmation, "https://a.jp\n", 13);
	assert_non_null(strstr(test.confirmation, "ONE TRY IS LEFT for the signing password"));
}

/* The PIN for text input has words of its own. */
static void test_text_pin(void **state)
{
	struct pin_state *text = &test.states[JPKI_PIN_TEXT];

	(void)state;
	assert_asked(JPKI_PIN_TEXT, NULL);
	assert_non_null(strstr(test.question, "Text-input PIN"));
	text->tries = 0;
	test.states[JPKI_KEY_AUTH].tries = 0;
	test.states[JPKI_KEY_SIGN].tries = 0;
	assert_refused(JPKI_PIN_TEXT, SITUATION_TEXT_LOCKED);
	test.unread[JPKI_PIN_TEXT] = situation_of_error(JPKI_E_NO_TOKEN, JPKI_PIN_TEXT);
	assert_refused(JPKI_PIN_TEXT, SITUATION_NO_TEXT);
	assert_int_equal(situation_of_error(JPKI_E_PIN_LENGTH, JPKI_PIN_TEXT),
			 SITUATION_LENGTH_TEXT);
	assert_int_equal(situation_of_error(JPKI_E_PIN_LOCKED, JPKI_PIN_TEXT),
			 SITUATION_TEXT_LOCKED);
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
	assert_int_equal(dialog.ended, wanted);
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

/* The text PIN is asked for, refused and locked by its own name, whatever the others are. */
static void test_text_pin_dialog(void **state)
{
	struct pin_state *text = &test.states[JPKI_PIN_TEXT];

	(void)state;
	text->tries = 3;
	test.states[JPKI_KEY_AUTH].tries = test.states[JPKI_KEY_SIGN].tries = 0;
	assert_asked(JPKI_PIN_TEXT, NULL);
	assert_non_null(strstr(test.question, "Text-input PIN (券面事項入力補助; 4 digits"));
	assert_non_null(strstr(test.question, "Tries left: 3"));
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_INCORRECT, "0000", SITUATION_WRONG);
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_LENGTH, "12345", SITUATION_LENGTH_TEXT);
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_ALPHABET, "12a4", SITUATION_ALPHABET);
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_ALPHABET, "1234", SITUATION_ALPHABET);
	assert_explained(JPKI_PIN_TEXT, JPKI_E_NO_TOKEN, "1234", SITUATION_NO_TEXT);
	text->tries = 1;
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_INCORRECT, "0000", SITUATION_WRONG_ONE_LEFT);
	test.has_terminal = test.consents = true;
	assert_asked(JPKI_PIN_TEXT, NULL);
	assert_non_null(strstr(test.consent, "Do not type the PIN yet."));
	text->tries = 0;
	assert_explained(JPKI_PIN_TEXT, JPKI_E_PIN_LOCKED, "0000", SITUATION_TEXT_LOCKED);
	assert_refused(JPKI_PIN_TEXT, SITUATION_TEXT_LOCKED);
	text->is_set = false;
	test.named = JPKI_KEY_AUTH;
	assert_refused(JPKI_PIN_TEXT, SITUATION_PIN_NOT_SET);
	assert_int_equal(test.named, JPKI_PIN_TEXT);
	/* Nor does it make the others seem locked. */
	test.states[JPKI_KEY_SIGN].tries = 5;
	assert_refused(JPKI_KEY_AUTH, SITUATION_AUTH_LOCKED);
}

/* --- asking again ------------------------------------------------------------------------------
 */

/* The card's answers to what is typed: the PIN is ABC123, and each other value costs a try. */
static int present(void *argument, struct prompt_pin *pin)
{
	struct pin_dialog *dialog = argument;
	struct pin_state *state = &test.states[dialog->key];
	const char *typed = (const char *)pin->value;

	if (pin->length < 6)
		return pin_dialog_explain(dialog, JPKI_E_PIN_LENGTH, pin);
	if (strcmp(typed, "repeated") == 0)
		return pin_dialog_explain(dialog, JPKI_E_PIN_REPEATED, pin);
	/* Another program has presented the right one. */
	if (strcmp(typed, "restored") == 0)
		state->tries = 3;
	if (strcmp(typed, "restored") == 0)
		return pin_dialog_explain(dialog, JPKI_E_PIN_REPEATED, pin);
	if (strcmp(typed, "removed") == 0)
		return pin_dialog_explain(dialog, JPKI_E_REMOVED, pin);
	if (strcmp(typed, "ABC123") == 0) {
		state->tries = 5;
		return APP_OK;
	}
	state->tries--;
	return pin_dialog_explain(
		dialog, state->tries == 0 ? JPKI_E_PIN_LOCKED : JPKI_E_PIN_INCORRECT, pin);
}

/* Return how many of so many answers were values. */
static unsigned int answers(const char *const *typed, unsigned int asked)
{
	unsigned int count = 0;

	while (count < asked && typed[count] != NULL)
		count++;
	return count;
}

/* Asserts how jpki ends after these answers, how many were asked for, and the tries left. */
static void assert_dialog(const char *const *typed, int code, unsigned int asked, int tries)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);

	test.typed = typed;
	test.asked = 0;
	test.wiped = 0;
	test.refused = SITUATION_NONE;
	assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), code);
	assert_int_equal(test.asked, asked);
	assert_int_equal(test.wiped, answers(typed, asked));
	assert_int_equal(test.states[JPKI_KEY_SIGN].tries, tries);
	assert_false(dialog.asks_again);
	assert_null(dialog.said);
}

#define TYPED(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_again(void **state)
{
	(void)state;
	assert_dialog(TYPED("ABC123"), APP_OK, 1, 5);
	assert_string_equal(test.error, "");
	assert_dialog(TYPED("wrong1", "123", "repeated", "ABC123"), APP_OK, 4, 5);
	assert_string_equal(test.error, situation_text(SITUATION_REPEATED));
	assert_dialog(TYPED("wrong1", "ABC123"), APP_OK, 2, 5);
	assert_non_null(strstr(test.error, "wrong. Tries left before it locks: 4"));
	assert_non_null(strstr(test.question, "Tries left: 4"));
	/* What ends it is told, and no slip before it. */
	assert_dialog(TYPED("123", "removed"), APP_FAILED, 2, 5);
	assert_int_equal(test.refused, SITUATION_REMOVED);
}

/* Which of the PINs of 4 digits is meant is said with the next question, because somebody may have
 * typed another one. */
static void test_which_pin(void **state)
{
	struct pin_dialog dialog = dialog_of(JPKI_PIN_TEXT);
	struct prompt_pin pin;

	(void)state;
	test.asked = 0;
	test.typed = TYPED(NULL);
	assert_int_equal(pin_dialog_slip(&dialog, SITUATION_WRONG), PIN_DIALOG_AGAIN);
	pin_dialog_ask_new(&dialog, "PIN?", &pin);
	assert_non_null(strstr(test.error, "Tries left before it locks: "));
	assert_non_null(strstr(test.error, situation_pin_text(SITUATION_WHICH_PIN, JPKI_PIN_TEXT)));
	/* It was not wrong for another PIN if nothing was sent, and there is one signing password.
	 */
	pin_dialog_slip(&dialog, SITUATION_LENGTH_TEXT);
	pin_dialog_ask_new(&dialog, "PIN?", &pin);
	assert_null(strstr(test.error, "several PINs"));
	pin_dialog_accept(&dialog);
	assert_dialog(TYPED("wrong1", "ABC123"), APP_OK, 2, 5);
	assert_null(strstr(test.error, "several PINs"));
}

/* Who stops after a slip gets that slip's code; who stops before, or after it was corrected, gets
 * the one for stopping. */
static void test_stopped_after(void **state)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);
	struct prompt_pin pin;

	(void)state;
	test.typed = TYPED(NULL);
	assert_dialog(test.typed, APP_CANCELLED, 1, 5);
	assert_int_equal(test.refused, SITUATION_CANCELLED);
	assert_dialog(TYPED("wrong1"), APP_PIN_WRONG, 2, 4);
	assert_int_equal(test.refused, SITUATION_NONE);
	assert_dialog(TYPED("wrong2", "12"), APP_PIN_WITHHELD, 3, 3);
	assert_int_equal(test.refused, SITUATION_LENGTH_SIGN);
	test.asked = 0;
	test.typed = TYPED(NULL);
	assert_int_equal(pin_dialog_slip(&dialog, SITUATION_NEW_DIFFERS), PIN_DIALOG_AGAIN);
	assert_int_equal(pin_dialog_ask_new(&dialog, "New?", &pin), APP_PIN_WITHHELD);
	assert_string_equal(test.error, situation_text(SITUATION_NEW_DIFFERS));
	pin_dialog_accept(&dialog);
	test.asked = 0;
	assert_int_equal(pin_dialog_ask_new(&dialog, "New?", &pin), APP_CANCELLED);
	assert_string_equal(test.error, "");
	/* An advice is said with the next question, and is no slip. */
	pin_dialog_slip(&dialog, SITUATION_NEW_DIFFERS);
	pin_dialog_advise(&dialog, "Too weak.");
	test.asked = 0;
	assert_int_equal(pin_dialog_ask_new(&dialog, "New?", &pin), APP_CANCELLED);
	assert_string_equal(test.error, "Too weak.");
	pin_dialog_accept(&dialog);
}

/* What a wait for the card with the last answer comes to, if it ends in each way. */
static int wait_ends(void *argument, struct prompt_pin *pin)
{
	if (strcmp((const char *)pin->value, "waits") != 0)
		return present(argument, pin);
	/* As pin change does with a value that it sends. */
	pin_dialog_accept(argument);
	assert_int_equal(test.end(SITUATION_CARD_HELD, test.end_argument), APP_WAITED);
	assert_int_equal(test.refused, SITUATION_CARD_HELD);
	test.refused = SITUATION_NONE;
	return test.end(SITUATION_CANCELLED, test.end_argument);
}

static void assert_wait_ends(const char *const *typed, int code, enum situation refused)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);

	test.typed = typed;
	test.asked = 0;
	assert_int_equal(pin_dialog_use(&dialog, NULL, wait_ends, &dialog), code);
	assert_int_equal(test.refused, refused);
	assert_null(test.end);
}

/* Whoever stops while the card is waited for learns of the try that was lost, and only of that. */
static void test_stopped_waiting(void **state)
{
	(void)state;
	assert_wait_ends(TYPED("waits"), APP_CANCELLED, SITUATION_CANCELLED);
	assert_wait_ends(TYPED("123", "waits"), APP_CANCELLED, SITUATION_CANCELLED);
	assert_wait_ends(TYPED("wrong1", "waits"), APP_PIN_WRONG, SITUATION_NONE);
	assert_wait_ends(TYPED("wrong2", "123", "waits"), APP_PIN_WRONG, SITUATION_NONE);
}

/* The same end is there for each answer, whatever the last one has set. */
static int set_another_end(void *argument, struct prompt_pin *pin)
{
	assert_non_null(test.end);
	patience_set_end(NULL, NULL);
	return present(argument, pin);
}

static void test_end_is_set_again(void **state)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);

	(void)state;
	test.typed = TYPED("wrong1", "ABC123");
	assert_int_equal(pin_dialog_use(&dialog, NULL, set_another_end, &dialog), APP_OK);
}

/* The last try: consent is asked for once, and what was typed in vain before does not count. */
static void test_again_at_last(void **state)
{
	(void)state;
	test.has_terminal = true;
	test.states[JPKI_KEY_SIGN].tries = 2;
	assert_dialog(TYPED("wrong1", "ABC123"), APP_PIN_WRONG, 1, 1);
	assert_int_equal(test.consulted, 1);
	assert_int_equal(test.allowed, 0);
	test.consents = true;
	assert_dialog(TYPED("123", "repeated", "ABC123"), APP_OK, 3, 5);
	assert_int_equal(test.consulted, 2);
	assert_int_equal(test.allowed, 1);
	test.states[JPKI_KEY_SIGN].tries = 1;
	assert_dialog(TYPED("wrong1", "ABC123"), APP_PIN_LOCKED, 1, 0);
	assert_int_equal(test.refused, SITUATION_SIGN_LOCKED);
	/* Consent to one last try is none to another. */
	test.states[JPKI_KEY_SIGN].tries = 1;
	test.consulted = 0;
	assert_dialog(TYPED("restored", "wrong1", "wrong2", "ABC123"), APP_OK, 4, 5);
	assert_int_equal(test.consulted, 2);
	test.allowed = 0;
	/* Where nobody can consent, the wrong one was the end. */
	test.has_terminal = false;
	test.states[JPKI_KEY_SIGN].tries = 2;
	assert_dialog(TYPED("wrong1", "ABC123"), APP_PIN_WRONG, 1, 1);
	assert_int_equal(test.refused, SITUATION_NONE);
}

/* For programs: the tries that the card counts, which are null when it does not tell them. */
static void test_dialog_in_json(void **state)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);
	json_t *object;

	(void)state;
	dialog.json = true;
	test.typed = TYPED("wrong1");
	assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), APP_PIN_WRONG);
	object = test.printed;
	assert_string_equal(json_string_value(json_object_get(object, "situation")),
			    situation_name(SITUATION_WRONG));
	assert_string_equal(json_string_value(json_object_get(object, "pin")), "sign");
	assert_string_equal(json_string_value(json_object_get(object, "serial")),
			    "0123456789ABCDEF");
	assert_int_equal(json_integer_value(json_object_get(object, "tries_left")), 4);
	pin_dialog_print_result(&dialog, "right");
	object = test.printed;
	assert_string_equal(json_string_value(json_object_get(object, "result")), "right");
	assert_int_equal(json_integer_value(json_object_get(object, "tries_left")), 4);
	test.states[JPKI_KEY_SIGN].tries = -1;
	pin_dialog_print_result(&dialog, "right");
	assert_true(json_is_null(json_object_get(test.printed, "tries_left")));
	json_decref(test.printed);
}

/* It does not go on for ever, least of all where a program may answer. */
static void test_again_limit(void **state)
{
	static const char *const same[] = {"1", "1", "1", "1", "1", "1", "1", "1",
					   "1", "1", "1", "1", "1", "1", NULL};

	(void)state;
	assert_dialog(same, APP_PIN_WITHHELD, 10, 5);
	assert_int_equal(test.refused, SITUATION_LENGTH_SIGN);
	test.by_pinentry = true;
	assert_dialog(same, APP_PIN_WITHHELD, 3, 5);
	assert_dialog(TYPED("wrong1", "repeated", "wrong2"), APP_PIN_WITHHELD, 2, 4);
	assert_int_equal(test.refused, SITUATION_REPEATED);
}

/* A dialog that asks once more counts the slips anew, and knows that the PIN was used before. */
static void test_next_question(void **state)
{
	struct pin_dialog dialog = dialog_of(JPKI_KEY_SIGN);

	(void)state;
	for (int i = 0; i < 2; i++) {
		test.asked = 0;
		test.typed = TYPED("1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1");
		assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), APP_PIN_WITHHELD);
		assert_int_equal(test.asked, 10);
		assert_int_equal(dialog.ended, SITUATION_LENGTH_SIGN);
	}
	test.asked = 0;
	test.typed = TYPED(NULL);
	assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), APP_CANCELLED);
	assert_int_equal(dialog.ended, SITUATION_CANCELLED);
	assert_int_equal(test.refused, SITUATION_CANCELLED);
	test.asked = 0;
	test.refused = SITUATION_NONE;
	dialog.goes_on = true;
	assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), APP_CANCELLED);
	assert_int_equal(dialog.ended, SITUATION_CANCELLED);
	/* Of which it cannot be said that nothing was sent. */
	assert_int_equal(test.refused, SITUATION_NONE);
	test.states[JPKI_KEY_SIGN].tries = 0;
	assert_int_equal(pin_dialog_use(&dialog, NULL, present, &dialog), APP_PIN_LOCKED);
	assert_int_equal(dialog.ended, SITUATION_SIGN_LOCKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_asked, set_up),
		cmocka_unit_test_setup(test_not_asked, set_up),
		cmocka_unit_test_setup(test_final_try, set_up),
		cmocka_unit_test_setup(test_final_try_by_window, set_up),
		cmocka_unit_test_setup(test_text_pin, set_up),
		cmocka_unit_test_setup(test_explained, set_up),
		cmocka_unit_test_setup(test_text_pin_dialog, set_up),
		cmocka_unit_test_setup(test_again, set_up),
		cmocka_unit_test_setup(test_which_pin, set_up),
		cmocka_unit_test_setup(test_stopped_after, set_up),
		cmocka_unit_test_setup(test_stopped_waiting, set_up),
		cmocka_unit_test_setup(test_end_is_set_again, set_up),
		cmocka_unit_test_setup(test_again_at_last, set_up),
		cmocka_unit_test_setup(test_again_limit, set_up),
		cmocka_unit_test_setup(test_next_question, set_up),
		cmocka_unit_test_setup(test_dialog_in_json, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
