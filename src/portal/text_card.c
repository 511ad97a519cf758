/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text_card: reads what the card's other applications tell. The token layer has no verb for the
 * common application yet, so there are no digits.
 */
#include "portal/text_card.h"

bool portal_card_digits(const char *serial, char digits[PORTAL_DIGITS_SIZE])
{
	(void)serial;
	digits[0] = '\0';
	return false;
}
