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

#include "app/ask/pinentry.h"
#include "app/ask/terminal.h"
#include "base/secret.h"

#define WORD_SIZE 64

static enum app_exit ask_terminal(int terminal, const char *text, struct prompt_pin *pin)
{
	enum app_exit result = APP_FAILED;
	char *question;

	if (asprintf(&question, "%s\n%s", text, _("(what you type is not shown): ")) >= 0) {
		result = terminal_ask(terminal, question, false, pin->value, PROMPT_PIN_MAX,
				      &pin->length);
		free(question);
	}
	if (result == APP_FAILED)
		fputs(_("jpki: The terminal cannot be used to ask for the PIN.\n"), stderr);
	return result;
}

static enum app_exit ask_pinentry(bool has_terminal, const char *text, struct prompt_pin *pin)
{
	enum app_exit result = pinentry_ask(text, pin->value, PROMPT_PIN_MAX, &pin->length);

	if (result == APP_FAILED && has_terminal)
		fputs(_("jpki: pinentry did not work. Is it installed?\n"), stderr);
	else if (result == APP_FAILED)
		fputs(_("jpki: There is no terminal to ask for the PIN on, and pinentry did not "
			"work. Is it installed?\n"),
		      stderr);
	return result;
}

enum app_exit prompt_for_pin(const char *text, bool use_pinentry, struct prompt_pin *pin)
{
	int terminal = terminal_open();
	enum app_exit result = APP_FAILED;

	*pin = (struct prompt_pin){.value = jpki_secret_alloc(PROMPT_PIN_MAX)};
	if (pin->value == NULL)
		fputs(_("jpki: There is no memory for a PIN.\n"), stderr);
	else if (terminal >= 0 && !use_pinentry)
		result = ask_terminal(terminal, text, pin);
	else
		result = ask_pinentry(terminal >= 0, text, pin);
	if (terminal >= 0)
		close(terminal);
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
