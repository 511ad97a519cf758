/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tries: reads the tries left of a PIN, and records what became of a PIN. */
#include "token/tries.h"

#include "token/application.h"
#include "token/clock.h"
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

/* Select the PIN's file and read the tries. Files of that number in other applications are other
 * PINs: unless its own one is selected, nothing is sent, and so no PIN follows. */
static enum jpki_error ask(struct jpki_reader *reader, enum jpki_key key, unsigned int *tries)
{
	struct jpki_pin_store *store = reader->tokens[key].pin;
	enum jpki_error error = JPKI_E_INTERNAL;

	if (jpki_application_is_of(reader, key))
		error = jpki_card_select_file(reader->card, reader->generation->keys[key].pin.file);
	if (error != JPKI_OK)
		return error;
	error = jpki_card_read_tries(reader->card, tries);
	/* The file holds no PIN. If it held one a moment ago, the answer is wrong. */
	if (error == JPKI_E_NOT_FOUND)
		error = jpki_pin_store_tries(store) < 0 ? JPKI_E_PIN_NOT_SET : JPKI_E_PROTOCOL;
	return error;
}

/* Select the application anew, so that no other one can be the one that answers, and ask. */
static enum jpki_error ask_anew(struct jpki_reader *reader, enum jpki_key key, unsigned int *tries)
{
	enum jpki_error error = jpki_application_select_of(reader, key);

	if (error == JPKI_OK)
		error = ask(reader, key, tries);
	/* The application was there a moment ago, and the card was left. */
	return error == JPKI_E_ALREADY_LOGGED_IN || error == JPKI_E_NO_TOKEN ? JPKI_E_PROTOCOL
									     : error;
}

/* Ask, and once more if the answer is no count, or one that nothing of ours explains. */
static enum jpki_error ask_until_clear(struct jpki_reader *reader, enum jpki_key key,
				       unsigned int *tries)
{
	enum jpki_error error = ask(reader, key, tries);

	if (error == JPKI_E_ALREADY_LOGGED_IN) {
		error = jpki_card_leave(reader->card);
		return error == JPKI_OK ? ask_anew(reader, key, tries) : error;
	}
	if (error == JPKI_OK && jpki_pin_store_is_surprised(reader->tokens[key].pin, *tries))
		return ask_anew(reader, key, tries);
	return error;
}

static void note_count(struct jpki_reader *reader, enum jpki_key key, unsigned int tries)
{
	struct jpki_token *token = &reader->tokens[key];

	if (jpki_pin_store_counted(token->pin, tries))
		jpki_reader_record(reader, key, true, JPKI_E_PIN_INCORRECT);
	/* Whoever lost tries has given them back. */
	if (tries >= jpki_pin_store_full(token->pin))
		atomic_store(&token->suspended, false);
}

enum jpki_error jpki_reader_read_tries(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_pin_store *store = reader->tokens[key].pin;
	unsigned int tries = 0;
	enum jpki_error error = ask_until_clear(reader, key, &tries);

	/* The text PIN was measured to have its tries. A neighbour of more, in a file of the same
	 * number, is a PIN of an application that nothing of ours ever selects. */
	if (error == JPKI_OK && key == JPKI_PIN_TEXT &&
	    tries > reader->generation->keys[key].pin.tries)
		error = JPKI_E_PROTOCOL;
	if (!jpki_error_broke_link(error))
		reader->tokens[key].tries_read_s = jpki_reader_now_s();
	if (error == JPKI_OK)
		note_count(reader, key, tries);
	else if (error == JPKI_E_PIN_NOT_SET)
		jpki_pin_store_not_set(store);
	else if (jpki_error_broke_link(error))
		jpki_pin_store_link_broke(store);
	else
		jpki_pin_store_untold(store);
	return error;
}

enum jpki_error jpki_reader_ask_token(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];
	bool first = !token->asked;
	enum jpki_error error = JPKI_OK;

	if (!jpki_application_is_of(reader, key))
		error = jpki_application_select_of(reader, key);
	if (error == JPKI_OK)
		error = jpki_reader_read_tries(reader, key);
	if (jpki_error_broke_link(error))
		return error;
	token->asked = true;
	if (error == JPKI_E_NOT_FOUND && first) {
		token->exists = false;
		atomic_store(&token->missing, true);
	}
	return error;
}

bool jpki_reader_knows_token(const struct jpki_reader *reader, enum jpki_key key)
{
	const struct jpki_token *token = &reader->tokens[key];

	return !token->exists || jpki_pin_store_state(token->pin) != JPKI_PIN_UNKNOWN;
}

enum jpki_error jpki_reader_confirm_tries(struct jpki_reader *reader, enum jpki_key key,
					  unsigned int tries_before)
{
	unsigned int tries = 0;
	enum jpki_error error = ask(reader, key, &tries);

	/* Without an answer the number stays what it was taken for. */
	if (error == JPKI_OK && tries > 0 && tries >= tries_before)
		jpki_pin_store_confirm_full(reader->tokens[key].pin, tries);
	return jpki_error_broke_link(error) ? error : JPKI_OK;
}
