/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* application: selects the application that a PIN of the card is in. */
#include "token/application.h"

enum jpki_error jpki_application_select(struct jpki_card *card)
{
	enum jpki_error error = jpki_card_select_application(card);

	/* The card has the application: if it denies that now, its answer is wrong. */
	return error == JPKI_E_FOREIGN ? JPKI_E_PROTOCOL : error;
}

enum jpki_error jpki_application_select_of(const struct jpki_reader *reader, enum jpki_key key)
{
	enum jpki_error error;

	if (key != JPKI_PIN_TEXT)
		return jpki_application_select(reader->card);
	error = jpki_card_select_text_application(reader->card);
	return error == JPKI_E_NOT_FOUND ? JPKI_E_NO_TOKEN : error;
}

bool jpki_application_is_of(const struct jpki_reader *reader, enum jpki_key key)
{
	return jpki_card_selected(reader->card) ==
	       (key == JPKI_PIN_TEXT ? JPKI_APPLICATION_TEXT : JPKI_APPLICATION_JPKI);
}

enum jpki_error jpki_application_resume(const struct jpki_reader *reader, enum jpki_key key)
{
	return key == JPKI_PIN_TEXT ? jpki_application_select(reader->card) : JPKI_OK;
}
