/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* apdu: sends one command to the card and collects its whole answer. */
#include "card/apdu.h"

#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/log.h"

/* One GET RESPONSE brings 256 bytes. A bridge may split them, but a card may not do so forever. */
#define GET_RESPONSES_MAX 16

#define INS_GET_RESPONSE 0xc0

static size_t encode(const struct jpki_apdu *apdu, uint8_t *command, size_t capacity)
{
	struct jpki_writer writer = jpki_writer_over(command, capacity);

	if (apdu->data_length > 255 || apdu->expected > 256)
		return 0;
	jpki_writer_byte(&writer, apdu->cla);
	jpki_writer_byte(&writer, apdu->ins);
	jpki_writer_byte(&writer, apdu->p1);
	jpki_writer_byte(&writer, apdu->p2);
	if (apdu->data_length != 0) {
		jpki_writer_byte(&writer, (uint8_t)apdu->data_length);
		jpki_writer_bytes(&writer, apdu->data, apdu->data_length);
	}
	/* Le 00 asks for 256 bytes. */
	if (apdu->expected != 0)
		jpki_writer_byte(&writer, (uint8_t)(apdu->expected & 0xffU));
	return writer.overflow ? 0 : writer.length;
}

static int64_t now_s(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec;
}

void jpki_channel_begin(struct jpki_channel *channel)
{
	channel->exchanges_left = JPKI_TRANSACTION_EXCHANGES_MAX;
	channel->ends_s = now_s() + JPKI_TRANSACTION_SECONDS_MAX;
}

/* Return whether the transaction has reached a bound: the card answers without end, or each answer
 * takes long. */
static bool is_used_up(const struct jpki_channel *channel)
{
	bool used_up = channel->exchanges_left == 0 || now_s() >= channel->ends_s;

	if (used_up)
		jpki_log(JPKI_LOG_WARNING, "card: too slow, or without an end: given up");
	return used_up;
}

/* Send one command and receive one answer; its data goes to part, which has room for
 * JPKI_APDU_DATA_MAX bytes. */
static enum jpki_error exchange_once(struct jpki_channel *channel, const struct jpki_apdu *apdu,
				     uint8_t *part, size_t *part_length, uint16_t *sw)
{
	uint8_t command[JPKI_APDU_COMMAND_MAX] = {0};
	uint8_t response[JPKI_APDU_RESPONSE_MAX] = {0};
	size_t response_length = sizeof(response);
	size_t command_length = encode(apdu, command, sizeof(command));
	enum jpki_error error = JPKI_E_ARGUMENT;

	*part_length = 0;
	*sw = 0;
	if (command_length == 0)
		goto out;
	error = JPKI_E_PROTOCOL;
	if (is_used_up(channel))
		goto out;
	channel->exchanges_left--;
	error = channel->ops->transmit(channel->link, command, command_length, response,
				       &response_length);
	if (error != JPKI_OK)
		goto out;
	error = JPKI_E_PROTOCOL;
	if (response_length < 2 || response_length > sizeof(response))
		goto out;
	*part_length = response_length - 2;
	memcpy(part, response, *part_length);
	*sw = (uint16_t)(response[response_length - 2] << 8 | response[response_length - 1]);
	error = JPKI_OK;
out:
	/* Log only the header and the lengths, never what a command or an answer carries. */
	jpki_log(JPKI_LOG_DEBUG, "card: %02x %02x %02x %02x, %zu bytes out, %zu in, sw %04x, %s",
		 apdu->cla, apdu->ins, apdu->p1, apdu->p2, apdu->data_length, *part_length, *sw,
		 jpki_error_name(error));
	explicit_bzero(command, sizeof(command));
	explicit_bzero(response, sizeof(response));
	return error;
}

/* Fetch what 61xx announces until another status word comes; answer grows up to its capacity. */
static enum jpki_error get_response(struct jpki_channel *channel, struct jpki_writer *answer,
				    uint16_t *sw)
{
	uint8_t part[JPKI_APDU_DATA_MAX] = {0};
	size_t part_length;
	size_t total = 0;
	enum jpki_error error = JPKI_OK;

	for (unsigned int round = 0; error == JPKI_OK && *sw >> 8 == 0x61; round++) {
		uint8_t announced = (uint8_t)(*sw & 0xffU);
		struct jpki_apdu more = {.ins = INS_GET_RESPONSE,
					 .expected = announced != 0 ? announced : 256};

		if (round == GET_RESPONSES_MAX) {
			error = JPKI_E_PROTOCOL;
			break;
		}
		error = exchange_once(channel, &more, part, &part_length, sw);
		if (error != JPKI_OK)
			break;
		jpki_writer_bytes(answer, part, part_length);
		total += part_length;
		/* The card announces more but sends nothing, or sends more than an answer can
		 * hold. */
		if (*sw >> 8 == 0x61 && (part_length == 0 || total > JPKI_APDU_DATA_MAX))
			error = JPKI_E_PROTOCOL;
	}
	/* The command itself has succeeded; a refusal of the rest says nothing about it. */
	if (error == JPKI_OK && *sw >> 12 == 0x6 && *sw >> 8 != 0x62)
		error = JPKI_E_PROTOCOL;
	explicit_bzero(part, sizeof(part));
	return error;
}

enum jpki_error jpki_apdu_exchange(struct jpki_channel *channel, const struct jpki_apdu *apdu,
				   uint8_t *answer, size_t *answer_length, uint16_t *sw)
{
	struct jpki_writer whole =
		jpki_writer_over(answer, answer_length != NULL ? *answer_length : 0);
	struct jpki_apdu command = *apdu;
	uint8_t part[JPKI_APDU_DATA_MAX] = {0};
	size_t part_length = 0;
	enum jpki_error error = exchange_once(channel, &command, part, &part_length, sw);

	if (answer_length != NULL)
		*answer_length = 0;
	if (error == JPKI_OK && *sw >> 8 == 0x6c && command.expected != 0 && !command.once) {
		command.expected = (*sw & 0xffU) != 0 ? *sw & 0xffU : 256;
		error = exchange_once(channel, &command, part, &part_length, sw);
	}
	if (error != JPKI_OK)
		goto out;
	jpki_writer_bytes(&whole, part, part_length);
	if (*sw >> 8 == 0x61 && !command.once)
		error = get_response(channel, &whole, sw);
	if (error == JPKI_OK && whole.overflow && answer != NULL)
		error = JPKI_E_PROTOCOL;
	if (error == JPKI_OK && answer_length != NULL)
		*answer_length = whole.length;
out:
	explicit_bzero(part, sizeof(part));
	return error;
}

size_t jpki_apdu_fit_to_t0(uint8_t *command, size_t length)
{
	if (length == 4) {
		command[4] = 0;
		return 5;
	}
	if (length > 5 && length == 6 + (size_t)command[4])
		return length - 1;
	return length;
}
