/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reason: says why a request was not served, in words for the person. */
#include "portal/reason.h"

#include <stdio.h>
#include <string.h>

#include "portal/identity.h"

#define TEXT_SIZE (PORTAL_PATH_SIZE + 1024)

const char *portal_reason(enum situation situation, enum jpki_key key)
{
	/* Its text takes the number of tries, which the last window has told. */
	if (situation == SITUATION_WRONG)
		return _("The PIN was wrong, which has cost one try or more. \"jpki pin status\" "
			 "shows how many are left.");
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

const char *portal_reason_overdue(enum situation situation)
{
	if (situation == SITUATION_SERVICE_HANGS)
		return situation_text(situation);
	return _("The card has not ended what it does with the PIN. Leave it in the reader, and "
		 "see \"jpki pin status\" before you try again.");
}

const char *portal_reason_no_window(void)
{
	/* pinentry-curses cannot work here: there is no terminal. */
	return _("No window could be opened to ask for the PIN. Install pinentry-gtk2, "
		 "pinentry-gnome3 or pinentry-qt.");
}

const char *portal_reason_timed_out(void)
{
	return _("The window was closed because nobody answered in time. The site got nothing.");
}

const char *portal_reason_busy(void)
{
	return _("Another question is open already.");
}

const char *portal_reason_no_place(void)
{
	return _("The file that keeps a second question from being opened could not be made. See "
		 "that the directory in XDG_RUNTIME_DIR, or if there is none your home directory, "
		 "can be written to, and that the disk is not full.");
}

const char *portal_reason_no_uuid(const char *path)
{
	static char text[TEXT_SIZE];

	snprintf(text, sizeof(text),
		 _("The file %s cannot be used. It keeps the number by which sites know this "
		   "computer. Delete it, and a new one is made; sites then see a new installation. "
		   "If that does not help, see that its directory can be written to, and that the "
		   "disk is not full."),
		 path);
	return text;
}

bool portal_reason_is_busy(const char *reason)
{
	return reason != NULL && strcmp(reason, portal_reason_busy()) == 0;
}
