/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card: turns the verbs of a card into commands, inside a transaction. */
#include "card/card.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "base/log.h"
#include "card/apdu.h"
#include "card/attributes.h"
#include "card/status_word.h"

/* The status words by which a card says that it does not know a scheme. */
#define SW_FUNCTION_NOT_SUPPORTED 0x6a81
#define SW_WRONG_P1_P2            0x6a86
/* The first and the last of the checking errors (ISO 7816-4 §5.6), by which a card refuses a
 * command. The last gives no reason. */
#define SW_WRONG_LENGTH 0x6700
#define SW_NO_DIAGNOSIS 0x6f00

#define INS_VERIFY        0x20
#define INS_CHANGE        0x24
#define INS_CDS           0x2a /* PERFORM SECURITY OPERATION: compute digital signature */
#define INS_GET_CHALLENGE 0x84
#define INS_SELECT        0xa4
#define INS_READ_BINARY   0xb0
#define INS_READ_RECORD   0xb2

#define CLA_PROPRIETARY 0x80
#define SELECT_BY_AID   0x04
#define SELECT_EF       0x02
#define NO_FCI          0x0c
#define NEW_VALUE_ONLY  0x01
#define CURRENT_FILE    0x80 /* P2 of VERIFY and of the signature: the selected file */
#define SHORT_FILE_MAX  0x1e /* P2 of the signature names files up to this: ISO 7816-4 §7.1.2 */
/* READ RECORD: record 1 of the file with the short identifier 01 (ISO 7816-4 §7.3.3). */
#define FIRST_RECORD      0x01
#define RECORD_OF_EF_0001 (0x01 << 3 | 0x04)
#define RECORD_TAG        0x01

/* One READ BINARY asks for at most this many bytes. */
#define READ_MAX JPKI_APDU_DATA_MAX
/* A card may deliver less than it is asked for, but not a certificate byte by byte. */
#define READ_ROUNDS_MAX 256

static const uint8_t jpki_aid[] = {0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
static const uint8_t common_aid[] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00};
static const uint8_t text_aid[] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};
/* GlobalPlatform's issuer security domain: the application selected after power-on. */
static const uint8_t issuer_domain_aid[] = {0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00};

struct jpki_card {
	struct jpki_transport *transport;
	struct jpki_channel channel;
	/* The card may answer the first command after power-on with 6F00; it must then be
	 * repeated. */
	bool may_need_waking;
	/* This pair of card and reader answers the query for the tries only with an Le byte. */
	bool tries_need_le;
	enum jpki_card_application selected;
	/* The current file's tries were read in this transaction: VERIFY may be sent. */
	bool tries_are_known;
	/* The current file's PIN was accepted in this transaction: it may be changed. */
	bool pin_is_accepted;
	/* This card signs only with the selected file. */
	bool keys_need_select;
};

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

/* Forget what was found out about the selected file: it does not hold for another. */
static void forget_selected(struct jpki_card *card)
{
	card->tries_are_known = false;
	card->pin_is_accepted = false;
}

enum jpki_error jpki_card_begin(struct jpki_card *card, bool *was_reset)
{
	enum jpki_error error = card->transport->ops->begin(card->channel.link, was_reset);

	forget_selected(card);
	/* Between two transactions other programs select what they like. */
	card->selected = JPKI_APPLICATION_NONE;
	jpki_channel_begin(&card->channel);
	if (error == JPKI_OK && *was_reset)
		card->may_need_waking = true;
	return error;
}

void jpki_card_end(struct jpki_card *card)
{
	forget_selected(card);
	card->transport->ops->end(card->channel.link);
}

/* Send one command; *sw is valid after JPKI_OK. */
static enum jpki_error exchange(struct jpki_card *card, const struct jpki_apdu *apdu,
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

/* Return what a status word means after a command that presents no PIN: it cannot be about one. */
static enum jpki_error plain_error(uint16_t sw)
{
	return jpki_sw_tries(sw) >= 0 ? JPKI_E_PROTOCOL : jpki_sw_error(sw);
}

/* Send one command and return what its status word means. */
static enum jpki_error command(struct jpki_card *card, const struct jpki_apdu *apdu,
			       uint8_t *answer, size_t *answer_length)
{
	uint16_t sw = 0;
	enum jpki_error error = exchange(card, apdu, answer, answer_length, &sw);

	return error != JPKI_OK ? error : plain_error(sw);
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

	forget_selected(card);
	card->selected = JPKI_APPLICATION_NONE;
	error = exchange(card, &select, NULL, NULL, sw);
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
	error = plain_error(sw);
	return error == JPKI_E_NOT_FOUND || error == JPKI_E_UNSUPPORTED ? JPKI_E_FOREIGN
									: JPKI_E_PROTOCOL;
}

static enum jpki_error select_other(struct jpki_card *card, const uint8_t *aid, size_t length)
{
	uint16_t sw = 0;
	enum jpki_error error = select_aid(card, JPKI_APPLICATION_OTHER, aid, length, &sw);

	return error != JPKI_OK ? error : plain_error(sw);
}

enum jpki_error jpki_card_select_text_application(struct jpki_card *card)
{
	uint16_t sw = 0;
	enum jpki_error error =
		select_aid(card, JPKI_APPLICATION_TEXT, text_aid, sizeof(text_aid), &sw);

	if (error == JPKI_OK)
		error = plain_error(sw);
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

	forget_selected(card);
	error = command(card, &select, NULL, NULL);
	/* SELECT reads nothing, so it cannot reach the end of a file. */
	return error == JPKI_E_END_OF_FILE ? JPKI_E_PROTOCOL : error;
}

/* READ BINARY at an offset below 8000; *length is the number of bytes wanted before and received
 * after. */
static enum jpki_error read_at(struct jpki_card *card, size_t offset, uint8_t *data, size_t *length)
{
	struct jpki_apdu read = {.ins = INS_READ_BINARY,
				 .p1 = (uint8_t)(offset >> 8 & 0x7fU),
				 .p2 = (uint8_t)(offset & 0xffU),
				 .expected = *length};
	uint16_t sw = 0;
	enum jpki_error error = exchange(card, &read, data, length, &sw);

	if (error != JPKI_OK)
		return error;
	error = plain_error(sw);
	/* Some cards deliver the last bytes with a warning that the file has ended. */
	if (error == JPKI_E_END_OF_FILE && *length > 0)
		return JPKI_OK;
	if (error == JPKI_OK && *length == 0)
		return JPKI_E_END_OF_FILE;
	if (error != JPKI_OK)
		*length = 0;
	return error;
}

enum jpki_error jpki_card_read(struct jpki_card *card, uint8_t *data, size_t *length)
{
	return read_at(card, 0, data, length);
}

/* Return whether one byte fills all of the data, as in a file without a certificate. */
static bool is_filler(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != data[0])
			return false;
	}
	return data[0] == 0xff || data[0] == 0x00;
}

/* Tell the length of a whole object from its header, as far as that was read. JPKI_E_BAD_DER: it is
 * no such object. */
typedef enum jpki_error (*object_length)(const uint8_t *data, size_t available, size_t *total);

static enum jpki_error sequence_length(const uint8_t *data, size_t available, size_t *total)
{
	return jpki_der_total_length(data, available, JPKI_DER_SEQUENCE, total);
}

/* Read the one object at the start of the current file, of at most limit bytes, without the filler
 * behind it. */
static enum jpki_error read_object(struct jpki_card *card, object_length length_of, size_t limit,
				   struct jpki_buffer *data)
{
	uint8_t part[READ_MAX];
	size_t part_length = sizeof(part);
	size_t total = 0;
	enum jpki_error error = read_at(card, 0, part, &part_length);

	if (error != JPKI_OK)
		goto out;
	error = is_filler(part, part_length) ? JPKI_E_NOT_FOUND
					     : length_of(part, part_length, &total);
	if (error == JPKI_OK && total > limit)
		error = JPKI_E_BAD_DER;
	for (unsigned int round = 0; error == JPKI_OK; round++) {
		size_t wanted = total - data->length;

		error = jpki_buffer_append(data, part, part_length < wanted ? part_length : wanted,
					   limit);
		if (error != JPKI_OK || data->length == total)
			break;
		if (round == READ_ROUNDS_MAX) {
			error = JPKI_E_PROTOCOL;
			break;
		}
		part_length = total - data->length;
		if (part_length > sizeof(part))
			part_length = sizeof(part);
		error = read_at(card, data->length, part, &part_length);
		/* The header announced more than the file holds. */
		if (error == JPKI_E_END_OF_FILE)
			error = JPKI_E_BAD_DER;
		/* A moment ago the file was there and could be read. */
		if (error == JPKI_E_NOT_FOUND || error == JPKI_E_NOT_ALLOWED)
			error = JPKI_E_PROTOCOL;
	}
out:
	if (error == JPKI_E_END_OF_FILE)
		error = JPKI_E_NOT_FOUND;
	if (error != JPKI_OK)
		jpki_buffer_clear(data);
	explicit_bzero(part, sizeof(part));
	return error;
}

enum jpki_error jpki_card_read_sequence(struct jpki_card *card, struct jpki_buffer *data)
{
	return read_object(card, sequence_length, JPKI_CERTIFICATE_MAX, data);
}

enum jpki_error jpki_card_read_attributes(struct jpki_card *card, struct jpki_buffer *data)
{
	enum jpki_error error;

	if (card->selected != JPKI_APPLICATION_TEXT)
		return JPKI_E_INTERNAL;
	error = jpki_card_select_file(card, JPKI_FILE_ATTRIBUTES);
	if (error == JPKI_OK)
		error = read_object(card, jpki_attributes_total_length, JPKI_ATTRIBUTES_FILE_MAX,
				    data);
	return error;
}

enum jpki_error jpki_card_read_tries(struct jpki_card *card, unsigned int *tries)
{
	struct jpki_apdu query = {
		.ins = INS_VERIFY,
		.p2 = CURRENT_FILE,
		.expected = card->tries_need_le ? 256 : 0,
		/* Repeated with another Le byte, the card could take it for a VERIFY with data. */
		.once = true,
	};
	uint8_t unwanted[JPKI_APDU_DATA_MAX];
	size_t length = sizeof(unwanted);
	uint16_t sw = 0;
	enum jpki_error error = exchange(card, &query, unwanted, &length, &sw);

	if (error == JPKI_OK && sw == SW_WRONG_LENGTH && !card->tries_need_le) {
		/* Some pairs of card and reader refuse the four-byte form. */
		query.expected = 256;
		length = sizeof(unwanted);
		error = exchange(card, &query, unwanted, &length, &sw);
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
				   .p2 = CURRENT_FILE,
				   .data = pin,
				   .data_length = length,
				   .once = true};
	uint16_t sw = 0;
	enum jpki_error error;

	/* VERIFY without data is another command: it asks for the tries. */
	if (!card->tries_are_known || length == 0)
		return JPKI_E_INTERNAL;
	forget_selected(card);
	error = exchange(card, &verify, NULL, NULL, &sw);
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
				   .p2 = CURRENT_FILE,
				   .data = pin,
				   .data_length = length,
				   .once = true};
	uint16_t sw = 0;
	enum jpki_error error;

	if (!card->pin_is_accepted || length == 0)
		return JPKI_E_INTERNAL;
	error = exchange(card, &change, NULL, NULL, &sw);
	if (jpki_error_broke_link(error) || (error == JPKI_OK && sw == JPKI_SW_OK))
		return error;
	/*
	 * Unless the card plainly says yes, either PIN may be in force, because a card may fail
	 * after it has written. The exception: it says that it has not accepted the old PIN,
	 * whatever it said before.
	 */
	if (error == JPKI_OK && plain_error(sw) == JPKI_E_NOT_ALLOWED)
		return JPKI_E_NOT_ALLOWED;
	return error == JPKI_OK && sw >= SW_WRONG_LENGTH && sw < SW_NO_DIAGNOSIS
		       ? JPKI_E_UNSUPPORTED
		       : JPKI_E_PIN_UNCERTAIN;
}

/* Return the command COMPUTE DIGITAL SIGNATURE. */
static struct jpki_apdu signature_apdu(uint8_t key, const struct jpki_scheme *scheme,
				       const uint8_t *data, size_t length)
{
	return (struct jpki_apdu){.cla = CLA_PROPRIETARY,
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
	if (card->keys_need_select || key_file > SHORT_FILE_MAX)
		return JPKI_OK;
	sign->p2 = (uint8_t)(CURRENT_FILE | key_file);
	error = exchange(card, sign, signature, length, &sw);
	*done = error == JPKI_OK && sw == JPKI_SW_OK;
	if (!*done)
		*length = room;
	return error;
}

enum jpki_error jpki_card_sign(struct jpki_card *card, uint16_t key_file,
			       const struct jpki_scheme *scheme, const uint8_t *data, size_t length,
			       uint8_t *signature, size_t *signature_length)
{
	struct jpki_apdu sign = signature_apdu(CURRENT_FILE, scheme, data, length);
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
	sign.p2 = CURRENT_FILE;
	error = exchange(card, &sign, signature, signature_length, &sw);
	if (error != JPKI_OK)
		return error;
	error = plain_error(sw);
	/* If the key has a short name, the card would not sign by it a moment ago. */
	if (error == JPKI_OK && key_file <= SHORT_FILE_MAX)
		card->keys_need_select = true;
	/* The card has said no, whatever else its status word means. */
	return error == JPKI_E_PROTOCOL ? JPKI_E_UNSUPPORTED : error;
}

enum jpki_error jpki_card_knows_scheme(struct jpki_card *card, const struct jpki_scheme *scheme,
				       bool *known)
{
	/* One byte is not a hash: there is nothing to sign, whatever the state of the PIN. */
	static const uint8_t no_hash[1];
	struct jpki_apdu sign = signature_apdu(CURRENT_FILE, scheme, no_hash, sizeof(no_hash));
	uint16_t sw = 0;
	enum jpki_error error = exchange(card, &sign, NULL, NULL, &sw);

	*known = sw != SW_FUNCTION_NOT_SUPPORTED && sw != SW_WRONG_P1_P2;
	return error;
}

enum jpki_error jpki_card_challenge(struct jpki_card *card, uint8_t *data, size_t length)
{
	while (length > 0) {
		size_t part = length < JPKI_APDU_DATA_MAX ? length : JPKI_APDU_DATA_MAX;
		struct jpki_apdu challenge = {.ins = INS_GET_CHALLENGE, .expected = part};
		size_t received = part;
		enum jpki_error error = command(card, &challenge, data, &received);

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
		error = command(card, &read, record, &length);
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
	enum jpki_error error = select_other(card, issuer_domain_aid, sizeof(issuer_domain_aid));

	/* Any other application would do; every My Number card has the common one. */
	if (error != JPKI_OK && !jpki_error_broke_link(error))
		error = select_other(card, common_aid, sizeof(common_aid));
	return error;
}
