/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card: turns the verbs of a card into commands, inside a transaction. */
#include "card/card.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "card/card_state.h"
#include "card/status_word.h"

/* The status words by which a card says that it does not know a scheme. */
#define SW_FUNCTION_NOT_SUPPORTED 0x6a81
#define SW_WRONG_P1_P2            0x6a86
/* Those by which a key refuses what it was sent, though it knows how to sign. */
#define SW_SECURITY_STATUS 0x6982
#define SW_CONDITIONS      0x6985
/* The first and the last of the checking errors (ISO 7816-4 §5.6), by which a card refuses a
 * command. The last gives no reason. */
#define SW_WRONG_LENGTH 0x6700
#define SW_NO_DIAGNOSIS 0x6f00

#define INS_VERIFY        0x20
#define INS_CHANGE        0x24
#define INS_CDS           0x2a /* PERFORM SECURITY OPERATION: compute digital signature */
#define INS_GET_CHALLENGE 0x84
#define INS_SELECT        0xa4
#define INS_READ_RECORD   0xb2

#define SELECT_BY_AID  0x04
#define SELECT_EF      0x02
#define NO_FCI         0x0c
#define NEW_VALUE_ONLY 0x01
/* READ RECORD: record 1 of the file with the short identifier 01 (ISO 7816-4 §7.3.3). */
#define FIRST_RECORD      0x01
#define RECORD_OF_EF_0001 (0x01 << 3 | 0x04)
#define RECORD_TAG        0x01

static const uint8_t jpki_aid[] = {0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
static const uint8_t common_aid[] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00};
static const uint8_t text_aid[] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};
/* GlobalPlatform's issuer security domain: the application selected after power-on. */
static const uint8_t issuer_domain_aid[] = {0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00};

enum jpki_error jpki_card_open(struct jpki_transport *transport, const char *reader_name,
			       struct jpki_card **card)
{
	struct jpki_card *self = calloc(1, sizeof(*self));
	enum jpki_error error;

	*card = NULL;
	if (self == NULL)
		return JPKI_E_MEMORY;
	self->transport = transport;
	self->may_need_waking = true;
	self->channel.ops = transport->ops;
	error = transport->ops->connect(transport, reader_name, &self->channel.link);
	if (error != JPKI_OK) {
		free(self);
		return error;
	}
	*card = self;
	return JPKI_OK;
}

void jpki_card_close(struct jpki_card *card)
{
	if (card == NULL)
		return;
	card->transport->ops->disconnect(card->channel.link);
	free(card);
}

void jpki_card_rest(struct jpki_card *card)
{
	card->transport->ops->rest(card->channel.link);
}

void jpki_card_power_off(struct jpki_card *card)
{
	card->transport->ops->power_off(card->channel.link);
}

void jpki_card_forget_selected(struct jpki_card *card)
{
	card->tries_are_known = false;
	card->pin_is_accepted = false;
	card->chosen = 0;
}

enum jpki_error jpki_card_begin(struct jpki_card *card, bool *was_reset)
{
	enum jpki_error error = card->transport->ops->begin(card->channel.link, was_reset);

	jpki_card_forget_selected(card);
	/* Between two transactions other programs select what they like. */
	card->selected = JPKI_APPLICATION_NONE;
	jpki_channel_begin(&card->channel);
	if (error == JPKI_OK && *was_reset)
		card->may_need_waking = true;
	return error;
}

void jpki_card_end(struct jpki_card *card)
{
	jpki_card_forget_selected(card);
	card->transport->ops->end(card->channel.link);
}

enum jpki_error jpki_card_exchange(struct jpki_card *card, const struct jpki_apdu *apdu,
				   uint8_t *answer, size_t *answer_length, uint16_t *sw)
{
	size_t room = answer_length != NULL ? *answer_length : 0;
	enum jpki_error error = jpki_apdu_exchange(&card->channel, apdu, answer, answer_length, sw);

	/* A command that may be sent only once is never the first one: its file was selected
	 * before. */
	if (error == JPKI_OK && *sw == SW_NO_DIAGNOSIS && card->may_need_waking && !apdu->once) {
		card->may_need_waking = false;
		if (answer_length != NULL)
			*answer_length = room;
		return jpki_apdu_exchange(&card->channel, apdu, answer, answer_length, sw);
	}
	card->may_need_waking = false;
	return error;
}

enum jpki_error jpki_card_plain_error(uint16_t sw)
{
	return jpki_sw_tries(sw) >= 0 ? JPKI_E_PROTOCOL : jpki_sw_error(sw);
}

enum jpki_error jpki_card_command(struct jpki_card *card, const struct jpki_apdu *apdu,
				  uint8_t *answer, size_t *answer_length)
{
	uint16_t sw = 0;
	enum jpki_error error = jpki_card_exchange(card, apdu, answer, answer_length, &sw);

	return error != JPKI_OK ? error : jpki_card_plain_error(sw);
}

/* SELECT by AID; *sw is valid after JPKI_OK. Only a plain yes tells which one is selected. */
static enum jpki_error select_aid(struct jpki_card *card, enum jpki_card_application application,
				  const uint8_t *aid, size_t length, uint16_t *sw)
{
	enum jpki_error error;
	struct jpki_apdu select = {.ins = INS_SELECT,
				   .p1 = SELECT_BY_AID,
				   .p2 = NO_FCI,
				   .data = aid,
				   .data_length = length};

	jpki_card_forget_selected(card);
	card->selected = JPKI_APPLICATION_NONE;
	error = jpki_card_exchange(card, &select, NULL, NULL, sw);
	if (error == JPKI_OK && *sw == JPKI_SW_OK)
		card->selected = application;
	return error;
}

enum jpki_card_application jpki_card_selected(const struct jpki_card *card)
{
	return card->selected;
}

enum jpki_error jpki_card_select_application(struct jpki_card *card)
{
	uint16_t sw = 0;
	enum jpki_error error =
		select_aid(card, JPKI_APPLICATION_JPKI, jpki_aid, sizeof(jpki_aid), &sw);

	if (error != JPKI_OK || sw == JPKI_SW_OK)
		return error;
	/* Other kinds of card have many status words for "no such application". */
	error = jpki_card_plain_error(sw);
	return error == JPKI_E_NOT_FOUND || error == JPKI_E_UNSUPPORTED ? JPKI_E_FOREIGN
									: JPKI_E_PROTOCOL;
}

static enum jpki_error select_other(struct jpki_card *card, const uint8_t *aid, size_t length)
{
	uint16_t sw = 0;
	enum jpki_error error = select_aid(card, JPKI_APPLICATION_OTHER, aid, length, &sw);

	return error != JPKI_OK ? error : jpki_card_plain_error(sw);
}

enum jpki_error jpki_card_select_text_application(struct jpki_card *card)
{
	uint16_t sw = 0;
	enum jpki_error error =
		select_aid(card, JPKI_APPLICATION_TEXT, text_aid, sizeof(text_aid), &sw);

	if (error == JPKI_OK)
		error = jpki_card_plain_error(sw);
	/* SELECT reads nothing, and needs no PIN. */
	if (error == JPKI_E_END_OF_FILE || error == JPKI_E_NOT_ALLOWED)
		error = JPKI_E_PROTOCOL;
	return error == JPKI_E_UNSUPPORTED ? JPKI_E_NOT_FOUND : error;
}

enum jpki_error jpki_card_select_file(struct jpki_card *card, uint16_t file)
{
	const uint8_t identifier[] = {(uint8_t)(file >> 8), (uint8_t)(file & 0xffU)};
	struct jpki_apdu select = {.ins = INS_SELECT,
				   .p1 = SELECT_EF,
				   .p2 = NO_FCI,
				   .data = identifier,
				   .data_length = sizeof(identifier)};
	enum jpki_error error;

	jpki_card_forget_selected(card);
	error = jpki_card_command(card, &select, NULL, NULL);
	/* SELECT reads nothing, so it cannot reach the end of a file. */
	return error == JPKI_E_END_OF_FILE ? JPKI_E_PROTOCOL : error;
}

enum jpki_error jpki_card_read_tries(struct jpki_card *card, unsigned int *tries)
{
	struct jpki_apdu query = {
		.ins = INS_VERIFY,
		.p2 = JPKI_CURRENT_FILE,
		.expected = card->tries_need_le ? 256 : 0,
		/* Repeated with another Le byte, the card could take it for a VERIFY with data. */
		.once = true,
	};
	uint8_t unwanted[JPKI_APDU_DATA_MAX];
	size_t length = sizeof(unwanted);
	uint16_t sw = 0;
	enum jpki_error error;

	/* The current file is not the one that was chosen. */
	if (card->chosen != 0)
		return JPKI_E_INTERNAL;
	error = jpki_card_exchange(card, &query, unwanted, &length, &sw);
	if (error == JPKI_OK && sw == SW_WRONG_LENGTH && !card->tries_need_le) {
		/* Some pairs of card and reader refuse the four-byte form. */
		query.expected = 256;
		length = sizeof(unwanted);
		error = jpki_card_exchange(card, &query, unwanted, &length, &sw);
		card->tries_need_le = error == JPKI_OK && jpki_sw_tries(sw) >= 0;
	}
	if (error != JPKI_OK)
		return error;
	if (jpki_sw_tries(sw) < 0) {
		error = jpki_sw_error(sw);
		return error != JPKI_OK ? error : JPKI_E_ALREADY_LOGGED_IN;
	}
	*tries = (unsigned int)jpki_sw_tries(sw);
	card->tries_are_known = true;
	return JPKI_OK;
}

enum jpki_error jpki_card_verify(struct jpki_card *card, const uint8_t *pin, size_t length,
				 unsigned int *tries)
{
	struct jpki_apdu verify = {.ins = INS_VERIFY,
				   .p2 = JPKI_CURRENT_FILE,
				   .data = pin,
				   .data_length = length,
				   .once = true};
	uint16_t sw = 0;
	enum jpki_error error;

	/* VERIFY without data is another command: it asks for the tries. */
	if (!card->tries_are_known || length == 0)
		return JPKI_E_INTERNAL;
	jpki_card_forget_selected(card);
	error = jpki_card_exchange(card, &verify, NULL, NULL, &sw);
	if (error != JPKI_OK)
		return error;
	if (jpki_sw_tries(sw) >= 0)
		*tries = (unsigned int)jpki_sw_tries(sw);
	error = jpki_sw_error(sw);
	card->pin_is_accepted = error == JPKI_OK;
	/* The command that presents the PIN cannot require the PIN first. */
	return error == JPKI_E_NOT_ALLOWED ? JPKI_E_PROTOCOL : error;
}

enum jpki_error jpki_card_change(struct jpki_card *card, const uint8_t *pin, size_t length)
{
	struct jpki_apdu change = {.ins = INS_CHANGE,
				   .p1 = NEW_VALUE_ONLY,
				   .p2 = JPKI_CURRENT_FILE,
				   .data = pin,
				   .data_length = length,
				   .once = true};
	uint16_t sw = 0;
	enum jpki_error error;

	if (!card->pin_is_accepted || length == 0)
		return JPKI_E_INTERNAL;
	error = jpki_card_exchange(card, &change, NULL, NULL, &sw);
	if (jpki_error_broke_link(error) || (error == JPKI_OK && sw == JPKI_SW_OK))
		return error;
	/*
	 * Unless the card plainly says yes, either PIN may be in force, because a card may fail
	 * after it has written. The exception: it says that it has not accepted the old PIN,
	 * whatever it said before.
	 */
	if (error == JPKI_OK && jpki_card_plain_error(sw) == JPKI_E_NOT_ALLOWED)
		return JPKI_E_NOT_ALLOWED;
	return error == JPKI_OK && sw >= SW_WRONG_LENGTH && sw < SW_NO_DIAGNOSIS
		       ? JPKI_E_UNSUPPORTED
		       : JPKI_E_PIN_UNCERTAIN;
}

/* Return the command COMPUTE DIGITAL SIGNATURE. */
static struct jpki_apdu signature_apdu(uint8_t key, const struct jpki_scheme *scheme,
				       const uint8_t *data, size_t length)
{
	return (struct jpki_apdu){.cla = JPKI_CLA_PROPRIETARY,
				  .ins = INS_CDS,
				  .p1 = scheme->p1,
				  .p2 = key,
				  .data = data,
				  .data_length = length,
				  .expected = JPKI_APDU_DATA_MAX};
}

/*
 * Sign with the key named in the command, which saves a SELECT but is rarely done by other
 * programs. *done is false if the card has not signed that way but may do so with the key's file
 * selected.
 */
static enum jpki_error sign_by_name(struct jpki_card *card, uint16_t key_file,
				    struct jpki_apdu *sign, uint8_t *signature, size_t *length,
				    bool *done)
{
	size_t room = *length;
	uint16_t sw = 0;
	enum jpki_error error;

	*done = false;
	if (card->keys_need_select || key_file > JPKI_SHORT_FILE_MAX)
		return JPKI_OK;
	sign->p2 = (uint8_t)(JPKI_CURRENT_FILE | key_file);
	/* The key's file becomes the current one. */
	jpki_card_forget_selected(card);
	error = jpki_card_exchange(card, sign, signature, length, &sw);
	*done = error == JPKI_OK && sw == JPKI_SW_OK;
	if (!*done)
		*length = room;
	return error;
}

enum jpki_error jpki_card_sign(struct jpki_card *card, uint16_t key_file,
			       const struct jpki_scheme *scheme, const uint8_t *data, size_t length,
			       uint8_t *signature, size_t *signature_length)
{
	struct jpki_apdu sign = signature_apdu(JPKI_CURRENT_FILE, scheme, data, length);
	uint16_t sw = 0;
	bool done = false;
	enum jpki_error error;

	if (length == 0)
		return JPKI_E_ARGUMENT;
	error = sign_by_name(card, key_file, &sign, signature, signature_length, &done);
	if (done || error != JPKI_OK)
		return error;
	error = jpki_card_select_file(card, key_file);
	if (error != JPKI_OK)
		return error;
	sign.p2 = JPKI_CURRENT_FILE;
	error = jpki_card_exchange(card, &sign, signature, signature_length, &sw);
	if (error != JPKI_OK)
		return error;
	error = jpki_card_plain_error(sw);
	/* If the key has a short name, the card would not sign by it a moment ago. */
	if (error == JPKI_OK && key_file <= JPKI_SHORT_FILE_MAX)
		card->keys_need_select = true;
	/* The card has said no, whatever else its status word means. */
	return error == JPKI_E_PROTOCOL ? JPKI_E_UNSUPPORTED : error;
}

/* Send the query for a scheme to the key that p2 names. */
static enum jpki_error query_scheme(struct jpki_card *card, uint8_t p2,
				    const struct jpki_scheme *scheme, uint16_t *sw)
{
	/* One byte is not a hash: there is nothing to sign, whatever the state of the PIN. */
	static const uint8_t no_hash[1];
	struct jpki_apdu sign = signature_apdu(p2, scheme, no_hash, sizeof(no_hash));

	return jpki_card_exchange(card, &sign, NULL, NULL, sw);
}

enum jpki_error jpki_card_knows_scheme(struct jpki_card *card, uint16_t key_file,
				       const struct jpki_scheme *scheme, bool *known)
{
	uint16_t sw = 0;
	enum jpki_error error;

	*known = false;
	if (!card->keys_need_select && key_file <= JPKI_SHORT_FILE_MAX) {
		jpki_card_forget_selected(card);
		error = query_scheme(card, (uint8_t)(JPKI_CURRENT_FILE | key_file), scheme, &sw);
		*known = error == JPKI_OK &&
			 (sw == SW_SECURITY_STATUS || sw == SW_CONDITIONS || sw == SW_WRONG_LENGTH);
		if (error != JPKI_OK || *known)
			return error;
		/* What the card does not know may be short names. */
	}
	error = jpki_card_select_file(card, key_file);
	if (error == JPKI_OK)
		error = query_scheme(card, JPKI_CURRENT_FILE, scheme, &sw);
	*known = error == JPKI_OK && sw != SW_FUNCTION_NOT_SUPPORTED && sw != SW_WRONG_P1_P2;
	return error;
}

enum jpki_error jpki_card_challenge(struct jpki_card *card, uint8_t *data, size_t length)
{
	while (length > 0) {
		size_t part = length < JPKI_APDU_DATA_MAX ? length : JPKI_APDU_DATA_MAX;
		struct jpki_apdu challenge = {.ins = INS_GET_CHALLENGE, .expected = part};
		size_t received = part;
		enum jpki_error error = jpki_card_command(card, &challenge, data, &received);

		if (error != JPKI_OK)
			return error;
		if (received != part)
			return JPKI_E_PROTOCOL;
		data += part;
		length -= part;
	}
	return JPKI_OK;
}

static bool is_serial_record(const uint8_t *record, size_t length)
{
	if (length < 2 + JPKI_CARD_SERIAL_LENGTH || record[0] != RECORD_TAG ||
	    record[1] != JPKI_CARD_SERIAL_LENGTH)
		return false;
	for (size_t i = 0; i < JPKI_CARD_SERIAL_LENGTH; i++) {
		if (!isdigit(record[2 + i]))
			return false;
	}
	return true;
}

enum jpki_error jpki_card_read_serial(struct jpki_card *card, char serial[JPKI_CARD_SERIAL_LENGTH])
{
	struct jpki_apdu read = {.ins = INS_READ_RECORD,
				 .p1 = FIRST_RECORD,
				 .p2 = RECORD_OF_EF_0001,
				 .expected = JPKI_APDU_DATA_MAX};
	uint8_t record[JPKI_APDU_DATA_MAX] = {0};
	size_t length = sizeof(record);
	enum jpki_error error = select_other(card, common_aid, sizeof(common_aid));

	if (error == JPKI_OK)
		error = jpki_card_command(card, &read, record, &length);
	if (error == JPKI_OK && length == 0)
		error = JPKI_E_PROTOCOL;
	if (error == JPKI_E_UNSUPPORTED)
		error = JPKI_E_NOT_FOUND;
	if (error != JPKI_OK)
		return error;
	if (is_serial_record(record, length))
		memcpy(serial, record + 2, JPKI_CARD_SERIAL_LENGTH);
	else
		error = JPKI_E_NOT_FOUND;
	explicit_bzero(record, sizeof(record));
	return error;
}

enum jpki_error jpki_card_leave(struct jpki_card *card)
{
	enum jpki_error error;

	/* The card has left it already, for the number in the common application. */
	if (card->selected == JPKI_APPLICATION_OTHER)
		return JPKI_OK;
	error = select_other(card, issuer_domain_aid, sizeof(issuer_domain_aid));
	/* Any other application would do; every My Number card has the common one. */
	if (error != JPKI_OK && !jpki_error_broke_link(error))
		error = select_other(card, common_aid, sizeof(common_aid));
	return error;
}
