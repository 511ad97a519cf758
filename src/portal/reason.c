/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reason: says why a request was not served, in words that a page may get. */
#include "portal/reason.h"

/* Return the meaning of an exit code of a signature, translated. */
static const char *meaning(enum app_exit code)
{
	size_t count;
	const struct exit_meaning *meanings = situation_exit_meanings(&count);

	for (size_t i = 0; i < count; i++) {
		if (meanings[i].code == code && (meanings[i].users & EXIT_SIGN) != 0)
			return _(meanings[i].text);
	}
	return situation_text(SITUATION_INTERNAL);
}

const char *portal_reason(enum situation situation, enum jpki_key key)
{
	/* Their texts tell the tries. */
	if (situation == SITUATION_WRONG || situation == SITUATION_WRONG_ONE_LEFT)
		return meaning(situation_exit(situation));
	if (situation == SITUATION_FINAL_TRY)
		return situation_text(SITUATION_CANCELLED);
	/* Theirs name an option of a command. */
	if (situation == SITUATION_TWO_CARDS)
		return _("Several cards are present. Take away all but one.");
	if (situation == SITUATION_CARD_HELD)
		return _("Another program kept the card for itself for too long. End that "
			 "program.");
	return situation_pin_text(situation, key);
}

const char *portal_reason_other_kind(void)
{
	return _("Only a My Number card can be used here.");
}

const char *portal_reason_no_window(void)
{
	/* pinentry-curses cannot work here: there is no terminal. */
	return _("No window could be opened to ask for the PIN. Install pinentry-gtk2, "
		 "pinentry-gnome3 or pinentry-qt.");
}

const char *portal_reason_busy(void)
{
	return _("Another question is open already.");
}
