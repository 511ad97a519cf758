/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VERIFY and CHANGE REFERENCE DATA. */
#include "internal.h"

#include <string.h>

static uint16_t tries_word(const struct vcard_ef *ef)
{
	return (uint16_t)(0x63C0 | ef->pin.tries);
}

/* Measured for a PIN that is blocked: 6984. Other programs expect the word of ISO/IEC 7816-4. */
static uint16_t blocked_word(const struct vcard *card)
{
	unsigned word = card->options.quirk[VCARD_QUIRK_BLOCKED_WORD];

	return (uint16_t)(word != 0 ? word : 0x6984);
}

/*
 * VERIFY without data asks for the tries. Four bytes were measured to work and five (Le 00) to be
 * refused; with some readers it is said to be the other way round, hence the quirk.
 */
static uint16_t query(const struct vcard *card, const struct vcard_command *command,
		      const struct vcard_ef *ef)
{
	bool five = card->options.quirk[VCARD_QUIRK_FIVE_BYTE_TRIES] != 0;

	if (command->has_le != (five && !card->t0))
		return 0x6700;
	if (ef->pin.verified && card->options.quirk[VCARD_QUIRK_VERIFIED_9000] != 0)
		return 0x9000;
	if (ef->pin.tries == 0 && card->options.quirk[VCARD_QUIRK_BLOCKED_QUERY] != 0)
		return blocked_word(card);
	return tries_word(ef);
}

static bool matches(const struct vcard_pin *pin, const struct vcard_command *command)
{
	return command->lc == pin->len && memcmp(pin->value, command->data, pin->len) == 0;
}

/* The state is written before the answer is given: no pulled card gives a try back. */
static uint16_t compare(struct vcard *card, const struct vcard_command *command,
			struct vcard_ef *ef)
{
	struct vcard_pin *pin = &ef->pin;
	bool match;

	if (command->has_le || command->lc > VCARD_PIN_MAX)
		return 0x6700;
	if (pin->tries == 0)
		return blocked_word(card);

	match = matches(pin, command);
	pin->verified = match;
	pin->tries = match ? pin->max : pin->tries - 1;
	if (!vcard_state_save(card)) {
		pin->verified = false;
		return 0x6581;
	}
	return match ? 0x9000 : tries_word(ef);
}

/*
 * The file that P2 names, if it is a PIN; otherwise NULL, with the answer to give in *sw. What a
 * card says of a PIN that was never set is not known: "referenced data not found" (chosen).
 */
static struct vcard_ef *find_pin(struct vcard *card, uint8_t p2, uint16_t *sw)
{
	struct vcard_ef *ef = vcard_reference(card, p2, sw);

	if (ef != NULL && ef->kind != VCARD_EF_PIN) {
		*sw = ef->kind == VCARD_EF_UNSET ? 0x6A88 : 0x6986;
		ef = NULL;
	}
	return ef;
}

uint16_t vcard_verify(struct vcard *card, const struct vcard_command *command,
		      struct vcard_answer *answer)
{
	struct vcard_ef *ef;
	uint16_t sw;

	(void)answer;
	if (command->p1 != 0x00)
		return 0x6A86;
	ef = find_pin(card, command->p2, &sw);
	if (ef == NULL)
		return sw;
	if (!vcard_state_load(card))
		return 0x6581;
	return command->lc == 0 ? query(card, command, ef) : compare(card, command, ef);
}

/*
 * P1 01: the data are the new value alone, and the PIN has been verified before. Whether a card
 * judges the new value is not known; this one takes any of 1 to 16 bytes (chosen), so that a
 * client which does not judge it is found out.
 */
uint16_t vcard_change_pin(struct vcard *card, const struct vcard_command *command,
			  struct vcard_answer *answer)
{
	struct vcard_ef *ef;
	uint16_t sw;

	(void)answer;
	if (command->p1 != 0x01)
		return 0x6A86;
	ef = find_pin(card, command->p2, &sw);
	if (ef == NULL)
		return sw;
	if (!ef->pin.verified)
		return 0x6982;
	if (command->lc > VCARD_PIN_MAX)
		return 0x6700;
	if (!vcard_state_load(card))
		return 0x6581;
	memset(ef->pin.value, 0, sizeof(ef->pin.value));
	memcpy(ef->pin.value, command->data, command->lc);
	ef->pin.len = command->lc;
	return vcard_state_save(card) ? 0x9000 : 0x6581;
}
