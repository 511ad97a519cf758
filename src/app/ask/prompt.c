/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prompt: asks for PINs on the terminal if there is one, else through pinentry, and for
 * confirmations.
 */
#include "app/ask/prompt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/ask/own_window.h"
#include "app/ask/pinentry.h"
#include "app/ask/terminal.h"
#include "base/secret.h"

#define WORD_SIZE 64
/* So often somebody may type a PIN where a word is asked for. */
#define CONSENT_QUESTIONS 5

static enum app_exit ask_terminal(int terminal, const char *error, const char *text,
				  struct prompt_pin *pin)
{
	enum app_exit result = APP_FAILED;
	bool unseen = error != NULL && isatty(STDERR_FILENO) != 1;
	char *question;

	if (asprintf(&question, "%s%s%s\n%s", unseen ? error : "", unseen ? "\n" : "", text,
		     _("(what you type is not shown): ")) >= 0) {
		result = terminal_ask(terminal, question, false, pin->value, PROMPT_PIN_MAX,
				      &pin->length);
		free(question);
	}
	if (result == APP_FAILED)
		fputs(_("jpki: The terminal cannot be used to ask for the PIN.\n"), stderr);
	return result;
}

static enum app_exit ask_pinentry(bool has_terminal, const char *problem, const char *text,
				  struct prompt_pin *pin)
{
	enum app_exit result =
		pinentry_ask(problem, text, pin->value, PROMPT_PIN_MAX, &pin->length);

	if (result == APP_FAILED && has_terminal)
		fputs(_("jpki: pinentry did not work. Is it installed?\n"), stderr);
	else if (result == APP_FAILED)
		fputs(_("jpki: There is no terminal to ask for the PIN on, and pinentry did not "
			"work. Is it installed?\n"),
		      stderr);
	return result;
}

bool prompt_by_pinentry(bool use_pinentry)
{
	int terminal;

	if (own_window_is_there())
		return false;
	terminal = terminal_open();
	if (terminal >= 0)
		close(terminal);
	return use_pinentry || terminal < 0;
}

enum app_exit prompt_for_pin(const char *error, const char *text, bool use_pinentry,
			     struct prompt_pin *pin)
{
	int terminal = own_window_is_there() ? -1 : terminal_open();
	enum app_exit result = APP_FAILED;

	*pin = (struct prompt_pin){.value = jpki_secret_alloc(PROMPT_PIN_MAX)};
	if (pin->value == NULL)
		fputs(_("jpki: There is no memory for a PIN.\n"), stderr);
	else if (own_window_is_there())
		result = own_window_ask(error, text, pin->value, PROMPT_PIN_MAX, &pin->length);
	else if (terminal >= 0 && !use_pinentry)
		result = ask_terminal(terminal, error, text, pin);
	else
		result = ask_pinentry(terminal >= 0, error, text, pin);
	if (terminal >= 0)
		close(terminal);
	if (result == APP_OK && pin->length == 0)
		result = APP_CANCELLED;
	if (result != APP_OK)
		prompt_pin_free(pin);
	return result;
}

void prompt_pin_free(struct prompt_pin *pin)
{
	jpki_secret_free(pin->value, PROMPT_PIN_MAX);
	*pin = (struct prompt_pin){0};
}

/* True if text, without blanks around it, is one of the wanted words. */
static bool is_wanted(char *text, const char *wanted)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	while (length > 0) {
		size_t one = strcspn(wanted, "|");

		if (one == length && strncasecmp(text, wanted, length) == 0)
			return true;
		if (wanted[one] == '\0')
			return false;
		wanted += one + 1;
	}
	return false;
}

bool prompt_confirm(const char *text, const char *wanted)
{
	uint8_t word[WORD_SIZE] = {0};
	size_t length = 0;
	int terminal = terminal_open();
	bool answered;

	if (terminal < 0)
		return false;
	answered = terminal_ask(terminal, text, true, word, sizeof(word), &length) == APP_OK;
	close(terminal);
	return answered && is_wanted((char *)word, wanted);
}

/* Return whether the text has a digit, as PINs have: half-width or, from an input method, full. */
static bool looks_like_pin(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= '0' && *text <= '9')
			return true;
		if (strncmp(text, "\xef\xbc", 2) == 0 && text[2] >= '\x90' && text[2] <= '\x99')
			return true;
	}
	return false;
}

bool prompt_consent(const char *text, const char *wanted)
{
	uint8_t *word = jpki_secret_alloc(WORD_SIZE);
	int terminal = terminal_open();
	bool consented = false;
	bool again = word != NULL && terminal >= 0;
	char *visible = NULL;
	size_t length;

	/* TRANSLATORS: words with which somebody declines, with | between them. */
	if (again && asprintf(&visible, "%s|%s", wanted, _("no")) < 0)
		visible = NULL;
	for (int i = 0; visible != NULL && again && i < CONSENT_QUESTIONS; i++) {
		again = terminal_ask_word(terminal, text, visible, word, WORD_SIZE, &length) ==
			APP_OK;
		consented = again && is_wanted((char *)word, wanted);
		again = again && looks_like_pin((char *)word);
		if (again)
			terminal_say(terminal, _("This looks like a PIN. It was thrown away, and "
						 "nothing was sent to the card.\n"));
	}
	free(visible);
	if (terminal >= 0)
		close(terminal);
	jpki_secret_free(word, WORD_SIZE);
	return consented;
}
