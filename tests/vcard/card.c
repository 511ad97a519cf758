/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of a card: opening, power, and the frame around every exchange. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The ATR of the options in the place of the image's, and the protocol that it leads to. */
static void use_atr(struct vcard *card)
{
	enum vcard_interface interface = card->options.interface;

	if (card->options.atr_len > 0) {
		memcpy(card->atr[interface], card->options.atr, card->options.atr_len);
		card->atr_len[interface] = card->options.atr_len;
	}
	card->t0 = vcard_atr_is_t0(card->atr[interface], card->atr_len[interface]);
}

/* All PINs that were issued with all their tries have this many. */
static void issue_with_tries(struct vcard *card, unsigned tries)
{
	for (size_t i = 0; i < card->ef_count; i++) {
		struct vcard_pin *issued = &card->efs[i].issued;

		if (issued->max == 0)
			continue; /* issued without a try */
		if (issued->tries == issued->max)
			issued->tries = tries;
		issued->max = tries;
	}
}

struct vcard *vcard_open(const char *dir, const struct vcard_options *options)
{
	struct vcard *card = calloc(1, sizeof(*card));
	bool ok = false;

	if (card == NULL)
		return NULL;
	if (options != NULL)
		card->options = *options;
	if (strlen(dir) >= sizeof(card->dir)) {
		fprintf(stderr, "%s: path too long\n", dir);
		goto out;
	}
	strcpy(card->dir, dir);
	if (!vcard_image_load(card))
		goto out;
	if (card->options.quirk[VCARD_QUIRK_TRIES] != 0)
		issue_with_tries(card, card->options.quirk[VCARD_QUIRK_TRIES]);
	vcard_reissue(card);
	if (!vcard_state_load(card))
		goto out;
	use_atr(card);
	ok = true;
out:
	if (!ok) {
		vcard_close(card);
		card = NULL;
	}
	return card;
}

void vcard_close(struct vcard *card)
{
	if (card == NULL)
		return;
	for (size_t i = 0; i < card->ef_count; i++) {
		free(card->efs[i].data);
		EVP_PKEY_free(card->efs[i].key);
	}
	free(card);
}

/* Everything that the power carries. */
static void clear_volatile(struct vcard *card)
{
	card->df = NULL;
	card->ef = NULL;
	card->pending_len = 0;
	vcard_clear_security(card);
}

void vcard_power_on(struct vcard *card)
{
	clear_volatile(card);
	card->powered = true;
	card->fresh = true;
}

void vcard_power_off(struct vcard *card)
{
	clear_volatile(card);
	card->powered = false;
}

/*
 * Contactless, a warm reset was measured to change nothing. Contact cards are expected to begin
 * anew, as ISO/IEC 7816-3 says; nobody has published a measurement.
 */
void vcard_reset(struct vcard *card)
{
	unsigned variant = card->options.quirk[VCARD_QUIRK_WARM_RESET];

	if (!card->powered) {
		vcard_power_on(card);
		return;
	}
	card->pending_len = 0;
	if (variant == 0)
		variant = card->options.interface == VCARD_CONTACT ? 0xB : 0xA;
	if (variant == 0xB)
		clear_volatile(card);
}

size_t vcard_atr(const struct vcard *card, uint8_t atr[VCARD_ATR_MAX])
{
	size_t len = card->atr_len[card->options.interface];

	memcpy(atr, card->atr[card->options.interface], len);
	return len;
}

int vcard_tries(struct vcard *card, uint16_t id)
{
	return vcard_tries_in(card, "jpki", id);
}

int vcard_tries_in(struct vcard *card, const char *app, uint16_t id)
{
	enum vcard_app_kind kind = VCARD_APP_NONE;
	const struct vcard_ef *ef =
		vcard_app_by_name(app, &kind) ? vcard_find_ef(card, kind, id) : NULL;

	if (ef == NULL || ef->kind != VCARD_EF_PIN || !vcard_state_load(card))
		return -1;
	return (int)ef->pin.tries;
}

/* Puts data aside for GET RESPONSE and returns the word that announces them. */
static uint16_t hold_back(struct vcard *card, struct vcard_answer *answer, uint16_t sw)
{
	memcpy(card->pending, answer->data, answer->len);
	card->pending_len = answer->len;
	card->pending_sw = sw;
	answer->len = 0;
	return (uint16_t)(0x6100 | (card->pending_len > 0xFF ? 0 : card->pending_len));
}

/* GET RESPONSE, as a T=0 driver sends it: 00 C0 00 00 Le. */
static uint16_t get_response(struct vcard *card, const uint8_t *command, size_t len,
			     struct vcard_answer *answer)
{
	size_t le;

	if (len != 5 || command[2] != 0 || command[3] != 0)
		return 0x6A86;
	if (card->pending_len == 0)
		return 0x6985;
	le = command[4] == 0 ? 256 : command[4];
	if (le > card->pending_len) {
		if (command[4] != 0)
			return (uint16_t)(0x6C00 | card->pending_len);
		le = card->pending_len;
	}
	memcpy(answer->data, card->pending, le);
	answer->len = le;
	card->pending_len -= le;
	memmove(card->pending, card->pending + le, card->pending_len);
	if (card->pending_len > 0)
		return (uint16_t)(0x6100 | (card->pending_len > 0xFF ? 0 : card->pending_len));
	return card->pending_sw;
}

static uint16_t answer_command(struct vcard *card, const uint8_t *command, size_t len,
			       struct vcard_answer *answer)
{
	bool has_response = card->options.quirk[VCARD_QUIRK_GET_RESPONSE] != 0 || card->t0;
	/* With T=0 the answer to data has to be fetched, whatever the quirk. */
	bool by_response =
		card->options.quirk[VCARD_QUIRK_GET_RESPONSE] != 0 || (card->t0 && len > 5);
	bool fresh = card->fresh;
	uint16_t sw;

	card->fresh = false;
	if (fresh && card->options.quirk[VCARD_QUIRK_6F00] != 0)
		return 0x6F00;
	if (card->refusal != 0)
		return card->refusal;
	if (has_response && len >= 4 && command[0] == 0x00 && command[1] == 0xC0)
		return get_response(card, command, len, answer);
	card->pending_len = 0;
	sw = vcard_dispatch(card, command, len, answer);
	if (by_response && answer->len > 0)
		sw = hold_back(card, answer, sw);
	return sw;
}

size_t vcard_transmit(struct vcard *card, const uint8_t *command, size_t command_len,
		      uint8_t *response, size_t cap)
{
	struct vcard_answer answer;
	uint16_t sw;

	answer.len = 0;
	if (!card->powered)
		return 0;
	sw = answer_command(card, command, command_len, &answer);
	if (answer.len + 2 > cap)
		return 0;
	memcpy(response, answer.data, answer.len);
	response[answer.len] = (uint8_t)(sw >> 8);
	response[answer.len + 1] = (uint8_t)(sw & 0xFF);
	return answer.len + 2;
}
