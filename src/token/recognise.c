/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recognise: finds out which card is in a reader, and whether it is still the same. */
#include "token/recognise.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "card/generation_find.h"
#include "crypto/hash.h"
#include "token/application.h"
#include "token/tries.h"

/* What a serial is the digest of begins with this, so that no other digest equals it. */
#define SERIAL_DOMAIN "jpki-pkcs11 token serial"

/* A card's number is characters 3 to 15 of its serial. */
#define NUMBER_OFFSET 2

static enum jpki_error digest_serial(char source, const uint8_t *data, size_t length,
				     char serial[JPKI_SERIAL_SIZE])
{
	uint8_t digest[JPKI_HASH_SIZE_MAX];
	struct jpki_hash_state *state = jpki_hash_new(JPKI_HASH_SHA256);
	enum jpki_error error = JPKI_E_MEMORY;

	if (state == NULL)
		return error;
	error = jpki_hash_update(state, SERIAL_DOMAIN, sizeof(SERIAL_DOMAIN));
	if (error == JPKI_OK)
		error = jpki_hash_update(state, &source, 1);
	if (error == JPKI_OK)
		error = jpki_hash_update(state, data, length);
	if (error == JPKI_OK)
		error = jpki_hash_final(state, digest);
	for (size_t i = 0; error == JPKI_OK && i < (JPKI_SERIAL_SIZE - 1) / 2; i++)
		snprintf(serial + 2 * i, 3, "%02x", digest[i]);
	jpki_hash_free(state);
	return error;
}

/* Select the application and read the token information. *length is what was read. */
static enum jpki_error read_information(struct jpki_card *card, uint8_t *information,
					size_t *length)
{
	enum jpki_error error = jpki_card_select_application(card);

	if (error == JPKI_OK)
		error = jpki_card_select_file(card, JPKI_FILE_TOKEN_INFORMATION);
	if (error == JPKI_OK)
		error = jpki_card_read(card, information, length);
	return error;
}

/* Derive the serial from the authentication certificate if there is no common application. */
static enum jpki_error serial_of_certificate(struct jpki_card *card,
					     const struct jpki_generation *generation,
					     char serial[JPKI_SERIAL_SIZE])
{
	const struct jpki_key_row *row = &generation->keys[JPKI_KEY_AUTH];
	struct jpki_buffer der = {0};
	enum jpki_error error = JPKI_E_NOT_FOUND;

	if (row->exists && !row->certificate_needs_pin)
		error = jpki_application_select(card);
	if (error == JPKI_OK)
		error = jpki_card_select_file(card, row->certificate_file);
	if (error == JPKI_OK)
		error = jpki_card_read_sequence(card, &der);
	if (error == JPKI_OK)
		error = digest_serial('A', der.data, der.length, serial);
	jpki_buffer_free(&der);
	return error;
}

/* Read the number of the card, and derive the serial from it. */
static enum jpki_error serial_of_card(struct jpki_card *card, char digits[JPKI_CARD_SERIAL_LENGTH],
				      char serial[JPKI_SERIAL_SIZE])
{
	enum jpki_error error = jpki_card_read_serial(card, digits);

	if (error == JPKI_OK)
		error = digest_serial('C', (const uint8_t *)digits, JPKI_CARD_SERIAL_LENGTH,
				      serial);
	return error;
}

/* Derive the serial from one source. Any file may be selected afterwards, of our application. */
static enum jpki_error serial_from(struct jpki_reader *reader, enum jpki_identity source,
				   char serial[JPKI_SERIAL_SIZE])
{
	char digits[JPKI_CARD_SERIAL_LENGTH];
	uint8_t information[JPKI_TOKEN_INFORMATION_SIZE];
	size_t length = sizeof(information);
	enum jpki_error error;

	switch (source) {
	case JPKI_IDENTITY_CARD:
		error = serial_of_card(reader->card, digits, serial);
		explicit_bzero(digits, sizeof(digits));
		/* Leave the application selected, because some programs rely on that. */
		return error == JPKI_OK ? jpki_application_select(reader->card) : error;
	case JPKI_IDENTITY_CERTIFICATE:
		return serial_of_certificate(reader->card, reader->generation, serial);
	case JPKI_IDENTITY_INFORMATION:
		break;
	}
	error = read_information(reader->card, information, &length);
	if (error == JPKI_OK)
		error = digest_serial('T', information, length, serial);
	return error == JPKI_E_FOREIGN ? JPKI_E_PROTOCOL : error;
}

/* Return whether the card plainly lacks what the serial was to be derived from. */
static bool has_no_such_source(enum jpki_identity source, enum jpki_error error)
{
	if (source == JPKI_IDENTITY_CARD)
		return error == JPKI_E_NOT_FOUND;
	return error != JPKI_OK && error != JPKI_E_PROTOCOL && !jpki_error_broke_link(error) &&
	       !jpki_error_is_local(error);
}

/* Derive the serial from what best tells cards apart and is the same at each insertion. Use
 * something else only if the card plainly has no serial number. */
static enum jpki_error find_identity(struct jpki_reader *reader)
{
	enum jpki_error error;

	reader->identity = JPKI_IDENTITY_CARD;
	error = serial_from(reader, reader->identity, reader->serial);
	if (!has_no_such_source(reader->identity, error))
		return error;
	reader->identity = JPKI_IDENTITY_CERTIFICATE;
	error = serial_from(reader, reader->identity, reader->serial);
	if (!has_no_such_source(reader->identity, error))
		return error;
	reader->identity = JPKI_IDENTITY_INFORMATION;
	return serial_from(reader, reader->identity, reader->serial);
}

/* Find the card's generation. JPKI_E_FOREIGN: it is not usable, and no PIN may be sent. */
static enum jpki_error recognise_generation(struct jpki_reader *reader)
{
	uint8_t information[JPKI_TOKEN_INFORMATION_SIZE];
	size_t length = sizeof(information);
	enum jpki_error error = read_information(reader->card, information, &length);

	reader->kind = JPKI_CARD_FOREIGN;
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_END_OF_FILE || error == JPKI_E_NOT_ALLOWED)
		return JPKI_E_FOREIGN;
	if (error != JPKI_OK)
		return error;
	reader->generation = jpki_generation_by_label(
		information, length < JPKI_CARD_LABEL_LENGTH ? length : JPKI_CARD_LABEL_LENGTH);
	reader->kind = reader->generation != NULL ? reader->generation->kind : JPKI_CARD_UNKNOWN;
	if (reader->generation != NULL && jpki_generation_is_usable(reader->generation))
		return JPKI_OK;
	jpki_log(JPKI_LOG_WARNING, "reader: a %s: it is sent no PIN",
		 reader->generation != NULL ? reader->generation->name
					    : "JPKI card of a kind that is not known");
	return JPKI_E_FOREIGN;
}

/* Read which certificates the card has. If it does not say, it may have both. */
static enum jpki_error read_availability(struct jpki_reader *reader)
{
	uint8_t availability[JPKI_AVAILABILITY_SIZE];
	size_t length = sizeof(availability);
	enum jpki_error error = jpki_card_select_file(reader->card, JPKI_FILE_AVAILABILITY);

	if (error == JPKI_OK)
		error = jpki_card_read(reader->card, availability, &length);
	if (jpki_error_broke_link(error))
		return error;
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		reader->tokens[key].own.absent = false;
		reader->tokens[key].ca.absent = false;
	}
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++) {
		size_t offset = reader->generation->keys[key].availability_offset;

		reader->tokens[key].own.absent = offset < length && availability[offset] == 0;
		reader->tokens[key].ca.absent = reader->tokens[key].own.absent;
	}
	return JPKI_OK;
}

static enum jpki_error recognise_token(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];
	enum jpki_error error;

	if (!reader->generation->keys[key].exists)
		return JPKI_OK;
	if (token->pin == NULL) {
		token->pin = jpki_pin_store_new();
		if (token->pin == NULL)
			return JPKI_E_MEMORY;
		jpki_pin_store_expect_full(token->pin, reader->generation->keys[key].pin.tries);
	}
	error = jpki_reader_read_tries(reader, key);
	if (jpki_error_broke_link(error))
		return error;
	token->exists = error != JPKI_E_NOT_FOUND;
	return JPKI_OK;
}

enum jpki_error jpki_reader_recognise_card(struct jpki_reader *reader)
{
	enum jpki_error error = recognise_generation(reader);

	if (error == JPKI_OK)
		error = read_availability(reader);
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++)
		error = recognise_token(reader, (enum jpki_key)key);
	if (error == JPKI_OK)
		error = find_identity(reader);
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++)
		atomic_store(&reader->tokens[key].missing, !reader->tokens[key].exists);
	/* Forgive one answer that tells nothing. After the second the card counts as foreign. */
	if (error == JPKI_E_PROTOCOL && reader->generation == NULL) {
		error = reader->unclear ? JPKI_E_FOREIGN : error;
		reader->unclear = true;
	}
	reader->recognised = error == JPKI_OK;
	reader->foreign = error == JPKI_E_FOREIGN;
	if (error == JPKI_OK)
		jpki_log(JPKI_LOG_INFO, "reader: %s, serial %s", reader->generation->name,
			 reader->serial);
	return error;
}

/* A reader may miss that the card was replaced, and a PIN must reach no card but its own. */
enum jpki_error jpki_reader_check_same_card(struct jpki_reader *reader)
{
	char serial[JPKI_SERIAL_SIZE] = "";
	enum jpki_error error = serial_from(reader, reader->identity, serial);

	/* The card had it: one such answer may be an accident, and two tell nothing about the card.
	 * No PIN is sent to it. */
	if (has_no_such_source(reader->identity, error))
		error = serial_from(reader, reader->identity, serial);
	if (has_no_such_source(reader->identity, error))
		error = JPKI_E_PROTOCOL;
	if (error == JPKI_OK && strcmp(serial, reader->serial) != 0)
		error = JPKI_E_REMOVED;
	return error;
}

enum jpki_error jpki_reader_read_number(struct jpki_reader *reader, const char *serial,
					char number[JPKI_CARD_NUMBER_LENGTH])
{
	char digits[JPKI_CARD_SERIAL_LENGTH] = "";
	char own[JPKI_SERIAL_SIZE] = "";
	enum jpki_error error = serial_of_card(reader->card, digits, own);

	explicit_bzero(number, JPKI_CARD_NUMBER_LENGTH);
	if (error == JPKI_OK && strcmp(own, serial) != 0)
		error = JPKI_E_REMOVED;
	if (error == JPKI_OK)
		memcpy(number, digits + NUMBER_OFFSET, JPKI_CARD_NUMBER_LENGTH);
	explicit_bzero(digits, sizeof(digits));
	return error;
}
