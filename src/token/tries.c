/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tries: reads the tries left of a PIN, and records what became of a PIN. */
#include "token/tries.h"

#include "token/record.h"

int jpki_token_tries_left(const struct jpki_token_ref *ref)
{
	return jpki_pin_store_tries(jpki_token_of(ref)->pin);
}

void jpki_reader_record(struct jpki_reader *reader, enum jpki_key key, bool sent,
			enum jpki_error error)
{
	struct jpki_try try = {.serial = reader->serial,
			       .key = key,
			       .error = error,
			       .sent = sent,
			       .tries = jpki_pin_store_tries(reader->tokens[key].pin)};

	if (reader->config->tries_recorded)
		jpki_record_try(&reader->config->record_place, &try);
}

enum jpki_error jpki_reader_read_tries(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_pin_store *store = reader->tokens[key].pin;
	unsigned int tries = 0;
	enum jpki_error error =
		jpki_card_select_file(reader->card, reader->generation->keys[key].pin.file);

	if (error == JPKI_OK) {
		error = jpki_card_read_tries(reader->card, &tries);
		/* The file holds no PIN. If it held one a moment ago, the answer is wrong. */
		if (error == JPKI_E_NOT_FOUND)
			error = jpki_pin_store_tries(store) < 0 ? JPKI_E_PIN_NOT_SET
								: JPKI_E_PROTOCOL;
	}
	/* A count above the maximum is invalid, and nothing may rely on it. */
	if (error == JPKI_OK && tries > reader->generation->keys[key].pin.tries)
		error = JPKI_E_PROTOCOL;
	if (error == JPKI_OK && jpki_pin_store_counted(store, tries))
		jpki_reader_record(reader, key, true, JPKI_E_PIN_INCORRECT);
	else if (error == JPKI_OK)
		return error;
	else if (error == JPKI_E_PIN_NOT_SET)
		jpki_pin_store_not_set(store);
	else if (jpki_error_broke_link(error))
		jpki_pin_store_link_broke(store);
	else
		jpki_pin_store_untold(store);
	return error;
}
