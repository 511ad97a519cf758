/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "pkcs11/general.h"

#define SIGNATURES_KEPT 32
#define INS_SIGN        0x2A
#define JUKI_CARD       5 /* in stage.cards */

struct stage stage;

static const char *const reader_names[] = {"Reader A", "Reader B"};
static vcard_hook used_hook;
static void *used_context;
static struct jpki_transport_ops operations;
static void (*destroy_readers)(struct jpki_transport *self);

/* The module has kept its promises to the transport, and let go of all links. */
static void judge_and_destroy(struct jpki_transport *self)
{
	fuzz_check(vcard_transport_violations(stage.readers) == 0);
	fuzz_check(vcard_transport_links(stage.readers) == 0);
	stage.readers = NULL;
	destroy_readers(self);
}

struct jpki_transport *stage_make_transport(void)
{
	struct jpki_transport *transport;

	stage.readers = vcard_transport_new(reader_names, 2);
	if (stage.readers == NULL)
		return NULL;
	transport = vcard_transport_base(stage.readers);
	operations = *transport->ops;
	destroy_readers = operations.destroy;
	operations.destroy = judge_and_destroy;
	transport->ops = &operations;
	vcard_transport_set_hook(stage.readers, used_hook, used_context);
	judge_forget(&stage.judge);
	if (stage.card != NULL)
		vcard_transport_insert(stage.readers, 0, stage.card);
	return transport;
}

static struct vcard *open_card(const char *name, enum vcard_quirk quirk, unsigned value)
{
	struct vcard_options options = {.in_memory = true};
	char path[PATH_MAX];
	struct vcard *card;

	if (quirk < VCARD_QUIRK_COUNT)
		options.quirk[quirk] = value;
	snprintf(path, sizeof(path), "%s/cards/%s", FUZZ_DIRECTORY, name);
	card = vcard_open(path, &options);
	if (card == NULL)
		fuzz_fail("a card", __FILE__, __LINE__);
	return card;
}

void stage_set_up(void)
{
	CK_INTERFACE *interface = NULL;

	fuzz_surroundings();
	jpki_module_make_transport = stage_make_transport;
	fuzz_check(C_GetFunctionList(&stage.p11) == CKR_OK);
	fuzz_check(C_GetInterface(NULL, NULL, &interface, 0) == CKR_OK);
	stage.newest = interface->pFunctionList;
	stage.cards[0] = open_card("mynumber", VCARD_QUIRK_COUNT, 0);
	stage.cards[1] = open_card("mynumber", VCARD_QUIRK_GET_RESPONSE, 1);
	stage.cards[2] = open_card("mynumber", VCARD_QUIRK_SHORT_READ, 100);
	stage.cards[3] = open_card("mynumber", VCARD_QUIRK_FIVE_BYTE_TRIES, 1);
	stage.cards[4] = open_card("android", VCARD_QUIRK_COUNT, 0);
	stage.cards[JUKI_CARD] = open_card("juki", VCARD_QUIRK_COUNT, 0);
}

void stage_begin(uint8_t card, bool always)
{
	for (size_t i = 0; i < STAGE_CARDS; i++) {
		vcard_reissue(stage.cards[i]);
		vcard_power_off(stage.cards[i]);
	}
	stage.card = stage.cards[card % STAGE_CARDS];
	stage.hostile = false;
	stage.given_length = 0;
	memset(&stage.judge, 0, sizeof(stage.judge));
	setenv("XDG_CONFIG_HOME", always ? FUZZ_DIRECTORY "/config" : "/nonexistent", 1);
	stage_set_hook(stage_play, NULL);
}

void stage_set_hook(vcard_hook hook, void *context)
{
	used_hook = hook;
	used_context = context;
}

/*
 * A signature without the work, where the card has made the same before: the private key's
 * operation is what takes longest.
 */
static size_t sign(const uint8_t *command, size_t length, uint8_t answer[VCARD_RESPONSE_MAX])
{
	static struct {
		uint8_t command[JPKI_APDU_COMMAND_MAX], answer[JPKI_APDU_RESPONSE_MAX];
		size_t command_length, length;
	} kept[SIGNATURES_KEPT];
	static size_t next;
	struct vcard *card = stage.card;
	size_t got;

	for (size_t i = 0; i < SIGNATURES_KEPT; i++) {
		struct vcard_ef *key =
			vcard_find_ef(card, VCARD_APP_JPKI, (uint16_t)(command[3] & 0x1fU));

		if (kept[i].command_length == length &&
		    memcmp(kept[i].command, command, length) == 0 && card->powered &&
		    vcard_current_app(card) == VCARD_APP_JPKI && key != NULL &&
		    key->kind == VCARD_EF_KEY && vcard_may(card, key)) {
			card->ef = key;
			memcpy(answer, kept[i].answer, kept[i].length);
			return kept[i].length;
		}
	}
	got = vcard_transmit(card, command, length, answer, VCARD_RESPONSE_MAX);
	/* With the key's own name in the command, and the whole signature in the answer. */
	if (got == 258 && command[3] != 0x80) {
		memcpy(kept[next].command, command, length);
		memcpy(kept[next].answer, answer, got);
		kept[next].command_length = length;
		kept[next].length = got;
		next = (next + 1) % SIGNATURES_KEPT;
	}
	return got;
}

size_t stage_ask(const uint8_t *command, size_t length, uint8_t answer[VCARD_RESPONSE_MAX])
{
	if (stage.card == NULL)
		return 0;
	if (command[1] == INS_SIGN && length <= JPKI_APDU_COMMAND_MAX)
		return sign(command, length, answer);
	return vcard_transmit(stage.card, command, length, answer, VCARD_RESPONSE_MAX);
}

enum vcard_fault stage_answer(const uint8_t *answer, size_t length)
{
	if (length == 0 || length > JPKI_APDU_RESPONSE_MAX) {
		judge_answer(&stage.judge, NULL, 0);
		if (length == 0)
			return VCARD_FAULT_MUTE;
	} else {
		judge_answer(&stage.judge, answer, length);
		memcpy(stage.given, answer, length);
		stage.given_length = length;
	}
	vcard_transport_answer(stage.readers, answer, length);
	return VCARD_FAULT_ANSWER;
}

void stage_judge(const uint8_t *command, size_t length)
{
	/* A card that lies may pass for the older one. */
	stage.judge.sign_min = stage.hostile || stage.card == stage.cards[JUKI_CARD] ? 4 : 6;
	judge_command(&stage.judge, command, length);
}

enum vcard_fault stage_play(void *context, unsigned index, const uint8_t *command, size_t length)
{
	uint8_t answer[VCARD_RESPONSE_MAX];

	(void)context;
	(void)index;
	stage_judge(command, length);
	return stage_answer(answer, stage_ask(command, length, answer));
}

void stage_put(struct vcard *card)
{
	stage.card = card;
	if (stage.readers == NULL)
		return;
	judge_forget(&stage.judge);
	if (card != NULL)
		vcard_transport_insert(stage.readers, 0, card);
	else
		vcard_transport_remove(stage.readers, 0);
}

void stage_check(void)
{
	judge_call(&stage.judge);
	if (stage.hostile || stage.card == NULL)
		return;
	for (size_t i = 0; i < stage.card->ef_count; i++)
		fuzz_check(!stage.card->efs[i].pin.verified);
}

void stage_end(void)
{
	stage.p11->C_Finalize(NULL);
	fuzz_check(stage.readers == NULL);
}
