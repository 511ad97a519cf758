/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recognise: finds out which card is in a reader, and whether it is still the same. */
#include "token/recognise.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "card/generation_find.h"
#include "crypto/hash.h"
#include "token/application.h"

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

/* Select the application, unless this transaction has just selected it. */
static enum jpki_error need_application(struct jpki_card *card)
{
	return jpki_card_selected(card) == JPKI_APPLICATION_JPKI ? JPKI_OK
								 : jpki_application_select(card);
}

/* With the application selected: read the beginning of the token information. *length is the number
 * of bytes wanted before and received after. */
static enum jpki_error read_information(struct jpki_card *card, uint8_t *information,
					size_t *length)
{
	enum jpki_error error = jpki_card_choose_file(card, JPKI_FILE_TOKEN_INFORMATION);

	return error == JPKI_OK ? jpki_card_read(card, information, length) : error;
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
		error = need_application(card);
	if (error == JPKI_OK)
		error = jpki_card_choose_file(card, row->certificate_file);
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

/* Derive the serial from one source. Afterwards another application may be selected. */
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
		return error;
	case JPKI_IDENTITY_CERTIFICATE:
		return serial_of_certificate(reader->card, reader->generation, serial);
	case JPKI_IDENTITY_INFORMATION:
		break;
	}
	error = need_application(reader->card);
	if (error == JPKI_OK)
		error = read_information(reader->card, information, &length);
	if (error == JPKI_OK)
		error = digest_serial('T', information, length, serial);
	return error;
}

/* Return whether the card plainly lacks what the serial was to be derived from. */
static bool has_no_such_source(enum jpki_identity source, enum jpki_error error)
{
	if (source == JPKI_IDENTITY_CARD)
		return error == JPKI_E_NOT_FOUND;
	return error != JPKI_OK && error != JPKI_E_PROTOCOL && !jpki_error_broke_link(error) &&
	       !jpki_error_is_local(error);
}

/* The card has no number, or numbered is why it is not known: derive the serial from what else
 * tells cards apart and is the same at each insertion, but only if the card plainly has no number.
 */
static enum jpki_error find_identity(struct jpki_reader *reader, enum jpki_error numbered)
{
	enum jpki_error error;

	reader->identity = JPKI_IDENTITY_CARD;
	if (!has_no_such_source(reader->identity, numbered))
		return numbered;
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
	uint8_t label[JPKI_CARD_LABEL_LENGTH];
	size_t length = sizeof(label);
	enum jpki_error error = jpki_card_select_application(reader->card);

	if (error == JPKI_OK)
		error = read_information(reader->card, label, &length);
	reader->kind = JPKI_CARD_FOREIGN;
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_END_OF_FILE || error == JPKI_E_NOT_ALLOWED)
		return JPKI_E_FOREIGN;
	if (error != JPKI_OK)
		return error;
	reader->generation = jpki_generation_by_label(label, length);
	reader->kind = reader->generation != NULL ? reader->generation->kind : JPKI_CARD_UNKNOWN;
	if (reader->generation != NULL && jpki_generation_is_usable(reader->generation))
		return JPKI_OK;
	jpki_log(JPKI_LOG_WARNING, "reader: a %s: it is sent no PIN",
		 reader->generation != NULL ? reader->generation->name
					    : "JPKI card of a kind that is not known");
	return JPKI_E_FOREIGN;
}

/* Make ready for the token's PIN. Whether the card has it shows when its tries are read. */
static enum jpki_error expect_token(struct jpki_reader *reader, enum jpki_key key)
{
	struct jpki_token *token = &reader->tokens[key];

	token->exists = reader->generation->keys[key].exists;
	atomic_store(&token->missing, !token->exists);
	if (!token->exists || token->pin != NULL)
		return JPKI_OK;
	token->pin = jpki_pin_store_new();
	if (token->pin == NULL)
		return JPKI_E_MEMORY;
	jpki_pin_store_expect_full(token->pin, reader->generation->keys[key].pin.tries);
	return JPKI_OK;
}

/* The number comes first, so that the application of the keys is the one that stays selected, as
 * some programs rely on it. What kind of card it is decides the application alone. */
enum jpki_error jpki_reader_recognise_card(struct jpki_reader *reader)
{
	enum jpki_error numbered = serial_from(reader, JPKI_IDENTITY_CARD, reader->serial);
	enum jpki_error error = numbered;

	if (!jpki_error_broke_link(numbered) && !jpki_error_is_local(numbered))
		error = recognise_generation(reader);
	if (error == JPKI_OK)
		error = find_identity(reader, numbered);
	for (int key = 0; error == JPKI_OK && key < JPKI_KEY_COUNT; key++)
		error = expect_token(reader, (enum jpki_key)key);
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

/* The same once more: after a loss of power that went unnoticed another application may be selected
 * than the one that the file was to be in. The number selects its own. */
static enum jpki_error serial_anew(struct jpki_reader *reader, char serial[JPKI_SERIAL_SIZE])
{
	enum jpki_error error = JPKI_OK;

	if (reader->identity != JPKI_IDENTITY_CARD)
		error = jpki_application_select(reader->card);
	return error == JPKI_OK ? serial_from(reader, reader->identity, serial) : error;
}

/* A reader may miss that the card was replaced, and a PIN must reach no card but its own. */
enum jpki_error jpki_reader_check_same_card(struct jpki_reader *reader)
{
	char serial[JPKI_SERIAL_SIZE] = "";
	enum jpki_error error = serial_from(reader, reader->identity, serial);

	/* The card had it: one such answer may be an accident, and two tell nothing about the card.
	 * No PIN is sent to it. */
	if (has_no_such_source(reader->identity, error))
		error = serial_anew(reader, serial);
	if (has_no_such_source(reader->identity, error))
		error = JPKI_E_PROTOCOL;
	if (error != JPKI_OK || strcmp(serial, reader->serial) == 0)
		return error;
	/* Leave the other card as its programs rely on it. */
	error = jpki_application_select(reader->card);
	return jpki_error_broke_link(error) ? error : JPKI_E_REMOVED;
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
