/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hostile.h"

#include <string.h>

/* How many bytes of arguments a kind has; those with data have a count and the data behind. */
static const struct {
	size_t fixed;
	bool data;
} shapes[HOSTILE_KINDS] = {
	[HOSTILE_WORD] = {2, false},     [HOSTILE_WORD_AFTER] = {2, false},
	[HOSTILE_TRUNCATE] = {1, false}, [HOSTILE_CHANGE] = {3, false},
	[HOSTILE_DATA] = {0, true},      [HOSTILE_BYTES] = {0, true},
	[HOSTILE_FILL] = {2, false},     [HOSTILE_OVERWRITE] = {1, true},
	[HOSTILE_FAULT] = {1, false},    [HOSTILE_SWAP] = {1, false},
	[HOSTILE_EXCHANGE] = {1, false}, [HOSTILE_FAIL] = {3, false},
};

static void take_event(struct hostile *hostile)
{
	struct fuzz_input *input = &hostile->input;
	uint8_t kind;

	hostile->running = input->size > 0;
	if (!hostile->running)
		return;
	hostile->skip = fuzz_byte(input);
	kind = fuzz_byte(input);
	hostile->kind = (enum hostile_kind)((kind & 0x7fU) % HOSTILE_KINDS);
	hostile->repeats = (kind & 0x80U) != 0 ? fuzz_byte(input) : 0;
	hostile->length = shapes[hostile->kind].fixed;
	for (size_t i = 0; i < hostile->length; i++)
		hostile->bytes[i] = fuzz_byte(input);
	if (shapes[hostile->kind].data)
		hostile->length += fuzz_bytes(input, hostile->bytes + hostile->length,
					      sizeof(hostile->bytes) - hostile->length);
}

static struct vcard *other_card(const struct hostile *hostile)
{
	return stage.cards[hostile->bytes[0] % STAGE_CARDS];
}

/* How an exchange can break off: before or after the card has acted. */
static const enum vcard_fault breaks[] = {
	VCARD_FAULT_REMOVE,      VCARD_FAULT_LOSE,        VCARD_FAULT_RESET,
	VCARD_FAULT_POWER,       VCARD_FAULT_MUTE,        VCARD_FAULT_REMOVE_AFTER,
	VCARD_FAULT_RESET_AFTER, VCARD_FAULT_POWER_AFTER,
};

/* The card goes, or its reader, or the service: the exchange does not take place. */
static enum vcard_fault interfere(struct hostile *hostile)
{
	enum vcard_fault fault = VCARD_FAULT_NONE;

	if (hostile->kind == HOSTILE_FAULT) {
		fault = breaks[hostile->bytes[0] % (sizeof(breaks) / sizeof(breaks[0]))];
		if (fault == VCARD_FAULT_REMOVE || fault == VCARD_FAULT_REMOVE_AFTER)
			hostile->away = stage.card;
	} else if (hostile->kind == HOSTILE_SWAP) {
		stage.card = other_card(hostile);
		vcard_transport_swap(stage.readers, 0, stage.card);
	} else if (hostile->kind == HOSTILE_EXCHANGE) {
		stage_put(other_card(hostile));
	} else if (hostile->kind == HOSTILE_SERVICE) {
		vcard_transport_serve(stage.readers, false);
		hostile->down = true;
	} else if (hostile->kind == HOSTILE_UNPLUG) {
		vcard_transport_plug(stage.readers, 0, false);
		hostile->away = stage.card;
		hostile->unplugged = true;
	} else if (hostile->kind == HOSTILE_RESET) {
		vcard_transport_reset(stage.readers, 0);
	} else {
		hostile->away = stage.card;
		stage_put(NULL);
	}
	judge_answer(&stage.judge, NULL, 0);
	return fault;
}

/* Nothing happens now, but the next calls of the transport fail. */
static void order_failure(const struct hostile *hostile)
{
	enum jpki_error error = (enum jpki_error)(
		JPKI_E_NO_SERVICE + hostile->bytes[1] % (JPKI_E_FOREIGN - JPKI_E_NO_SERVICE));

	vcard_transport_fail(stage.readers, (enum vcard_call)(hostile->bytes[0] % VCARD_CALL_COUNT),
			     error, hostile->bytes[2]);
}

/* The answer, of which length bytes are there, as the event leaves it; its new length. */
static size_t spoil(const struct hostile *hostile, uint8_t answer[VCARD_RESPONSE_MAX],
		    size_t length)
{
	const uint8_t *bytes = hostile->bytes;
	size_t place, fill;

	switch (hostile->kind) {
	case HOSTILE_WORD:
	case HOSTILE_WORD_AFTER:
		length = hostile->kind == HOSTILE_WORD || length < 2 ? 2 : length;
		memcpy(answer + length - 2, bytes, 2);
		break;
	case HOSTILE_TRUNCATE:
		length = bytes[0] < length ? bytes[0] : length;
		break;
	case HOSTILE_CHANGE:
		place = (size_t)(bytes[0] << 8 | bytes[1]);
		if (length > 0)
			answer[place % length] ^= bytes[2];
		break;
	case HOSTILE_DATA:
		memcpy(answer, bytes, hostile->length);
		memcpy(answer + hostile->length, "\x90\x00", 2);
		length = hostile->length + 2;
		break;
	case HOSTILE_BYTES:
		memcpy(answer, bytes, hostile->length);
		length = hostile->length;
		break;
	case HOSTILE_FILL:
		fill = (size_t)(bytes[0] << 8 | bytes[1]) % 4000;
		if (length >= 2 && length + fill <= VCARD_RESPONSE_MAX) {
			memmove(answer + fill + length - 2, answer + length - 2, 2);
			memset(answer + length - 2, 0x30, fill);
			length += fill;
		}
		break;
	case HOSTILE_REPLAY:
		length = stage.given_length;
		memcpy(answer, stage.given, length);
		break;
	case HOSTILE_OVERWRITE:
		for (size_t i = 1; i < hostile->length && bytes[0] + i - 1 < length; i++)
			answer[bytes[0] + i - 1] = bytes[i];
		break;
	case HOSTILE_FAIL:
	case HOSTILE_FAULT:
	case HOSTILE_SWAP:
	case HOSTILE_EXCHANGE:
	case HOSTILE_SERVICE:
	case HOSTILE_UNPLUG:
	case HOSTILE_RESET:
	case HOSTILE_SLOW_LEAVING:
	case HOSTILE_KINDS:
		break;
	}
	return length;
}

static enum vcard_fault lie(struct hostile *hostile, const uint8_t *command, size_t length)
{
	uint8_t answer[VCARD_RESPONSE_MAX] = {0};
	size_t got = 0;

	stage.hostile = true;
	if (hostile->kind >= HOSTILE_FAULT)
		return interfere(hostile);
	if (hostile->kind == HOSTILE_FAIL)
		order_failure(hostile);
	if (hostile->kind != HOSTILE_WORD)
		got = stage_ask(command, length, answer);
	return stage_answer(answer, spoil(hostile, answer, got));
}

static enum vcard_fault hook(void *context, unsigned index, const uint8_t *command, size_t length)
{
	struct hostile *hostile = context;
	enum vcard_fault fault;

	if (!hostile->running || hostile->skip > 0) {
		hostile->skip -= hostile->running;
		return stage_play(NULL, index, command, length);
	}
	stage_judge(command, length);
	fault = lie(hostile, command, length);
	if (hostile->repeats > 0)
		hostile->repeats--;
	else
		take_event(hostile);
	return fault;
}

void hostile_begin(struct hostile *hostile, struct fuzz_input input)
{
	memset(hostile, 0, sizeof(*hostile));
	hostile->input = input;
	take_event(hostile);
	stage_set_hook(hook, hostile);
}

void hostile_next_call(struct hostile *hostile)
{
	if (stage.readers == NULL)
		return;
	if (hostile->down)
		vcard_transport_serve(stage.readers, true);
	if (hostile->unplugged)
		vcard_transport_plug(stage.readers, 0, true);
	if (hostile->away != NULL)
		stage_put(hostile->away);
	hostile->down = hostile->unplugged = false;
	hostile->away = NULL;
}
