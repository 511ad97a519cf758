/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* availability: reads which certificates a card has. */
#include "token/availability.h"

#include "token/application.h"
#include "token/link.h"

enum jpki_error jpki_reader_read_availability(struct jpki_reader *reader)
{
	uint8_t availability[JPKI_AVAILABILITY_SIZE];
	size_t length = sizeof(availability);
	enum jpki_error error = jpki_card_choose_file(reader->card, JPKI_FILE_AVAILABILITY);

	if (error == JPKI_OK)
		error = jpki_card_read(reader->card, availability, &length);
	if (jpki_error_broke_link(error))
		return error;
	reader->availability_is_known = true;
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++) {
		size_t offset = reader->generation->keys[key].availability_offset;

		if (offset >= length || availability[offset] != 0)
			continue;
		reader->tokens[key].own.absent = true;
		reader->tokens[key].ca.absent = true;
	}
	return JPKI_OK;
}

enum jpki_error jpki_token_need_availability(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error;

	/* The text PIN has no certificates. One that was read is there, and so is its authority's.
	 */
	if (ref->key == JPKI_PIN_TEXT || reader->availability_is_known ||
	    jpki_token_of(ref)->own.certificate != NULL)
		return JPKI_OK;
	error = jpki_reader_begin(reader);
	if (error != JPKI_OK)
		return error;
	error = jpki_application_select(reader->card);
	if (error == JPKI_OK)
		error = jpki_reader_read_availability(reader);
	jpki_reader_end(reader, error, false);
	return error;
}
