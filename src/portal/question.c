/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* question: words the questions of a request: who asks, and what is given. */
#include "portal/question.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/ask/pinentry.h"
#include "portal/reason.h"

void portal_question_begin(void)
{
	pinentry_set_words(_("A web site asks for your My Number card"), _("Allow"));
}

char *portal_question_lead(const struct portal_message *message)
{
	char *text = NULL;
	int length;

	if (message->mode == PORTAL_LOG_IN)
		length = asprintf(&text, "%s\n%s", message->origin, _("Log in"));
	else if (message->mode == PORTAL_ATTRIBUTES)
		length = asprintf(&text, "%s\n%s", message->origin,
				  _("Read name, address, birth date and sex (the site gets them)"));
	else
		length = asprintf(
			&text,
			ngettext("%s\n%zu electronic signature (the site gets the "
				 "certificate with your name, address, birth date and sex)",
				 "%s\n%zu electronic signatures (the site gets the "
				 "certificate with your name, address, birth date and sex)",
				 message->count),
			message->origin, message->count);
	return length >= 0 ? text : NULL;
}

/* Return why a question has no answer that could be used. */
static const char *why_cancelled(void)
{
	return pinentry_timed_out() ? portal_reason_timed_out()
				    : situation_text(SITUATION_CANCELLED);
}

const char *portal_question_site(const struct portal_message *message)
{
	enum app_exit answer = APP_FAILED;
	char *text;

	if (!message->added)
		return NULL;
	/* Enter may stand for yes here; it gives nothing, because the PIN is asked for after it. */
	if (asprintf(&text, "%s\n%s", message->origin,
		     _("This site is not one of those that jpki-pkcs11 knows; it was added in the "
		       "browser. May it use your My Number card now?")) < 0)
		return situation_text(SITUATION_NO_MEMORY);
	answer = pinentry_confirm(text, _("Allow"), _("Stop"));
	free(text);
	if (answer == APP_OK)
		return NULL;
	return answer == APP_CANCELLED ? why_cancelled() : portal_reason_no_window();
}

/* What the use of a PIN needs. */
struct used {
	pin_use *use;
	void *argument;
	bool answered; /* the window has worked */
};

static int use_pin(void *argument, struct prompt_pin *pin)
{
	struct used *used = argument;

	used->answered = true;
	return used->use(used->argument, pin);
}

const char *portal_question_pin(const struct portal_message *message, struct pin_dialog *dialog,
				pin_use *use, void *argument)
{
	struct used used = {.use = use, .argument = argument};
	char *lead = portal_question_lead(message);
	int result;

	if (lead == NULL)
		return situation_text(SITUATION_NO_MEMORY);
	/* What ends a wait is ours to tell. */
	dialog->goes_on = true;
	dialog->consents_by_window = true;
	result = pin_dialog_use(dialog, lead, use_pin, &used);
	free(lead);
	if (result == APP_OK)
		return NULL;
	if (!used.answered && result == APP_FAILED && dialog->ended == SITUATION_INTERNAL)
		return portal_reason_no_window();
	return dialog->ended == SITUATION_CANCELLED ? why_cancelled()
						    : portal_reason(dialog->ended, dialog->key);
}
