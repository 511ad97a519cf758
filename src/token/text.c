/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text: reads the holder's four attributes with the text application's PIN, and the card's number.
 */
#include "token/token.h"

#include <string.h>

#include "base/log.h"
#include "token/application.h"
#include "token/link.h"
#include "token/reader.h"
#include "token/recognise.h"
#include "token/tries.h"
#include "token/unlock.h"

struct reading {
	struct jpki_attributes *attributes;
	char *number;
};

/* Read both in the transaction of the PIN: they are of one card, and the link is opened once. */
static enum jpki_error read_work(const struct jpki_token_ref *ref, void *argument)
{
	const struct reading *reading = argument;
	struct jpki_buffer data = {0};
	enum jpki_error error = jpki_card_read_attributes(ref->reader->card, &data);

	if (error == JPKI_OK)
		error = jpki_attributes_parse(data.data, data.length, reading->attributes);
	jpki_buffer_free(&data);
	if (error == JPKI_OK)
		error = jpki_reader_read_number(ref->reader, ref->reader->serial, reading->number);
	/* The card has accepted the PIN, and should not want it again. */
	return error == JPKI_E_NOT_ALLOWED ? JPKI_E_PROTOCOL : error;
}

/* With the lock held and the card recognised: present the PIN and read. A card without a number is
 * sent no PIN. */
static enum jpki_error read_all(const struct jpki_token_ref *ref, const uint8_t *pin, size_t length,
				struct reading *reading)
{
	enum jpki_error error = JPKI_E_NOT_FOUND;

	if (ref->reader->identity == JPKI_IDENTITY_CARD)
		error = jpki_token_offer_and_use(ref, pin, length, read_work, reading);
	jpki_pin_store_drop(jpki_token_of(ref)->pin);
	return error;
}

enum jpki_error jpki_token_attributes(const struct jpki_token_ref *ref, const uint8_t *pin,
				      size_t length, struct jpki_attributes *attributes,
				      char number[JPKI_CARD_NUMBER_LENGTH])
{
	struct reading reading = {.attributes = attributes, .number = number};
	enum jpki_error error = JPKI_E_ARGUMENT;

	explicit_bzero(attributes, sizeof(*attributes));
	explicit_bzero(number, JPKI_CARD_NUMBER_LENGTH);
	if (ref->key != JPKI_PIN_TEXT)
		return error;
	error = jpki_reader_lock(ref->reader, ref->insertion);
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK) {
		error = read_all(ref, pin, length, &reading);
		jpki_log(JPKI_LOG_INFO, "token: attributes with the PIN of %s: %s, tries left %d",
			 jpki_token_row(ref)->token_model, jpki_error_name(error),
			 jpki_token_tries_left(ref));
	}
	jpki_reader_unlock(ref->reader);
	if (error != JPKI_OK) {
		explicit_bzero(attributes, sizeof(*attributes));
		explicit_bzero(number, JPKI_CARD_NUMBER_LENGTH);
	}
	return error;
}

enum jpki_error jpki_token_card_number(const struct jpki_token_ref *ref, const char *serial,
				       char number[JPKI_CARD_NUMBER_LENGTH])
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = jpki_reader_lock(reader, ref->insertion);

	explicit_bzero(number, JPKI_CARD_NUMBER_LENGTH);
	if (error != JPKI_OK)
		return error;
	error = jpki_reader_begin_unknown(reader);
	if (error == JPKI_OK) {
		enum jpki_error left = JPKI_OK;

		error = jpki_reader_read_number(reader, serial, number);
		/* Some programs rely on our application being selected. */
		if (!jpki_error_broke_link(error))
			left = jpki_application_select(reader->card);
		jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, false);
	}
	jpki_reader_unlock(reader);
	if (error == JPKI_OK && jpki_reader_insertion(reader) != ref->insertion)
		error = JPKI_E_REMOVED;
	if (error != JPKI_OK)
		explicit_bzero(number, JPKI_CARD_NUMBER_LENGTH);
	return error;
}
