/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Applications and files: SELECT, READ BINARY, READ RECORD, GET DATA. */
#include "internal.h"

#include <string.h>

#define NO_EF 0x6986 /* a command for the current file, and there is none */

enum vcard_app_kind vcard_current_app(const struct vcard *card)
{
	return card->df == NULL ? VCARD_APP_NONE : card->df->kind;
}

struct vcard_ef *vcard_find_ef(struct vcard *card, enum vcard_app_kind app, uint16_t id)
{
	struct vcard_ef *found = NULL;

	for (size_t i = 0; i < card->ef_count; i++) {
		if (card->efs[i].app == app && card->efs[i].id == id)
			found = &card->efs[i];
	}
	return found;
}

bool vcard_may(struct vcard *card, const struct vcard_ef *ef)
{
	const uint16_t keys[] = {ef->access, ef->access_also};
	bool may = ef->access == VCARD_ACCESS_FREE;

	for (size_t i = 0; ef->access != VCARD_ACCESS_FREE && i < 2; i++) {
		const struct vcard_ef *pin = NULL;

		if (keys[i] != VCARD_ACCESS_NEVER)
			pin = vcard_find_ef(card, ef->app, keys[i]);
		may = may || (pin != NULL && pin->pin.verified);
	}
	return may;
}

void vcard_clear_security(struct vcard *card)
{
	for (size_t i = 0; i < card->ef_count; i++)
		card->efs[i].pin.verified = false;
}

struct vcard_ef *vcard_reference(struct vcard *card, uint8_t p2, uint16_t *sw)
{
	struct vcard_ef *ef = NULL;
	uint16_t id = p2 & 0x1F;

	if ((p2 & 0xE0) != 0x80 || id == 0x1F) {
		*sw = 0x6A86;
	} else if (id == 0) {
		ef = card->ef;
		*sw = NO_EF;
	} else {
		ef = vcard_find_ef(card, vcard_current_app(card), id);
		*sw = 0x6A82;
		if (ef != NULL)
			card->ef = ef;
	}
	return ef;
}

/* A truncated AID selects the first application that begins with it, or the next after df. */
static const struct vcard_app *find_app(const struct vcard *card, const uint8_t *aid, size_t len,
					bool next)
{
	const struct vcard_app *found = NULL;
	size_t first = 0;

	if (next && card->df != NULL)
		first = (size_t)(card->df - card->apps) + 1;
	for (size_t i = card->app_count; i > first; i--) {
		const struct vcard_app *app = &card->apps[i - 1];

		if (len <= app->aid_len && memcmp(app->aid, aid, len) == 0)
			found = app;
	}
	return found;
}

/*
 * Measured: selecting the application that is selected keeps the security status, selecting any
 * other ends it. An unknown one changes nothing (chosen).
 */
static uint16_t select_app(struct vcard *card, const struct vcard_command *command,
			   struct vcard_answer *answer)
{
	uint16_t foreign = (uint16_t)card->options.quirk[VCARD_QUIRK_FOREIGN];
	const struct vcard_app *app;

	if (command->p2 != 0x00 && command->p2 != 0x02 && command->p2 != 0x0C)
		return 0x6A86;
	if (command->lc == 0 || command->lc > VCARD_AID_MAX)
		return 0x6700;
	app = find_app(card, command->data, command->lc, command->p2 == 0x02);
	if (app == NULL || (foreign != 0 && app->kind == VCARD_APP_JPKI))
		return foreign != 0 ? foreign : 0x6A82;

	if (app != card->df)
		vcard_clear_security(card);
	card->df = app;
	card->ef = NULL;
	if (command->p2 != 0x0C && command->has_le) { /* a short FCI: only its presence is known */
		const uint8_t head[] = {0x6F, (uint8_t)(app->aid_len + 2), 0x84,
					(uint8_t)app->aid_len};

		memcpy(answer->data, head, sizeof(head));
		memcpy(answer->data + sizeof(head), app->aid, app->aid_len);
		answer->len = sizeof(head) + app->aid_len;
	}
	return 0x9000;
}

static uint16_t select_ef(struct vcard *card, const struct vcard_command *command)
{
	struct vcard_ef *ef;

	if (command->p2 != 0x0C)
		return 0x6A86;
	if (command->lc != 2)
		return 0x6700;
	ef = vcard_find_ef(card, vcard_current_app(card),
			   (uint16_t)(command->data[0] << 8 | command->data[1]));
	if (ef == NULL)
		return 0x6A82;
	card->ef = ef;
	return 0x9000;
}

/*
 * There is no master file to go to: without data the command does nothing, and fails when no
 * application is selected; 3F00 is not found. Both were measured.
 */
static uint16_t select_master(const struct vcard *card, const struct vcard_command *command)
{
	uint16_t sw = 0x6A86;

	if (command->lc == 0 && command->p2 == 0x00)
		sw = vcard_current_app(card) == VCARD_APP_NONE ? 0x6A86 : 0x9000;
	else if (command->lc == 2 && (command->p2 == 0x00 || command->p2 == 0x0C))
		sw = 0x6A82;
	return sw;
}

uint16_t vcard_select(struct vcard *card, const struct vcard_command *command,
		      struct vcard_answer *answer)
{
	uint16_t sw = 0x6A86;

	if (command->p1 == 0x04)
		sw = select_app(card, command, answer);
	else if (command->p1 == 0x02)
		sw = select_ef(card, command);
	else if (command->p1 == 0x00)
		sw = select_master(card, command);
	return sw;
}

/* What is answered at or past the end: 6B00 was measured, the others are met elsewhere. */
static uint16_t past_end(const struct vcard *card)
{
	uint16_t sw = 0x6B00;

	if (card->options.quirk[VCARD_QUIRK_EOF_6282] != 0)
		sw = 0x6282;
	else if (card->options.quirk[VCARD_QUIRK_EOF_EMPTY] != 0)
		sw = 0x9000;
	return sw;
}

/* Measured: more asked for than there is gives what there is, with 9000. */
static uint16_t read_at(const struct vcard *card, size_t offset, size_t le,
			struct vcard_answer *answer)
{
	const unsigned *quirk = card->options.quirk;
	size_t rest, give;
	uint16_t sw = 0x9000;

	if (offset >= card->ef->len)
		return past_end(card);
	rest = card->ef->len - offset;
	if (quirk[VCARD_QUIRK_WRONG_LE] != 0 && le == 256 && rest < le)
		return (uint16_t)(0x6C00 | rest);
	give = rest < le ? rest : le;
	if (quirk[VCARD_QUIRK_SHORT_READ] != 0 && give > quirk[VCARD_QUIRK_SHORT_READ])
		give = quirk[VCARD_QUIRK_SHORT_READ];
	else if (quirk[VCARD_QUIRK_EOF_6282] != 0 && rest < le)
		sw = 0x6282;
	memcpy(answer->data, card->ef->data + offset, give);
	answer->len = give;
	return sw;
}

uint16_t vcard_read_binary(struct vcard *card, const struct vcard_command *command,
			   struct vcard_answer *answer)
{
	size_t offset = (size_t)command->p1 << 8 | command->p2;
	uint16_t sw = NO_EF;
	struct vcard_ef *ef = card->ef;

	if ((command->p1 & 0x80) != 0) {
		offset = command->p2;
		if ((command->p1 & 0x1F) == 0 || card->options.quirk[VCARD_QUIRK_SELECT_FILES] != 0)
			return 0x6A86;
		ef = vcard_reference(card, command->p1, &sw);
	}
	if (ef == NULL)
		return sw;
	if (ef->kind != VCARD_EF_DATA)
		return 0x6981;
	if (!vcard_may(card, ef))
		return 0x6982;
	return read_at(card, offset, command->le, answer);
}

/* P2: short identifier in the upper five bits, 100 (the record with the number P1) below. */
uint16_t vcard_read_record(struct vcard *card, const struct vcard_command *command,
			   struct vcard_answer *answer)
{
	uint8_t sfi = command->p2 >> 3;
	struct vcard_ef *ef = card->ef;
	uint16_t sw = NO_EF;

	if ((command->p2 & 0x07) != 0x04 || command->p1 == 0)
		return 0x6A86;
	if (sfi != 0)
		ef = vcard_reference(card, 0x80 | sfi, &sw);
	if (ef == NULL)
		return sw;
	if (ef->kind != VCARD_EF_RECORD)
		return 0x6981;
	if (!vcard_may(card, ef))
		return 0x6982;
	if (command->p1 != 1)
		return 0x6A83;
	if (command->le < ef->len)
		return (uint16_t)(0x6C00 | ef->len);
	memcpy(answer->data, ef->data, ef->len);
	answer->len = ef->len;
	return 0x9000;
}

static bool has_app(const struct vcard *card, enum vcard_app_kind kind)
{
	bool has = false;

	for (size_t i = 0; i < card->app_count; i++)
		has = has || card->apps[i].kind == kind;
	return has;
}

/*
 * The objects that can be had before any selection, on a My Number card: which there
 * are was measured, what is in them is made up, except for 5F51, the contact ATR without its first
 * byte, which every card has here. The card-verifiable certificates, 7F21, are taken to be those of
 * the text application (chosen): too long for an answer without extended length, as measured.
 */
uint16_t vcard_get_data(struct vcard *card, const struct vcard_command *command,
			struct vcard_answer *answer)
{
	static const struct {
		uint16_t tag;
		const char *data;
		size_t len;
	} objects[] = {
		{0x0042, "\x42\x04\x39\x21\x00\x31", 6},
		{0x0045, "\x45\x08\x00\x01\x02\x03\x04\x05\x06\x07", 10},
		{0x0066, "\x66\x04\x73\x02\x06\x00", 6},
		{0x00F0, "13101", 5},
		{0x00F2, "20350401", 8},
		{0x00F7, "\x00", 1},
		{0x00F8, "\x00", 1},
	};
	uint16_t tag = (uint16_t)(command->p1 << 8 | command->p2);
	const struct vcard_ef *certificates = vcard_find_ef(card, VCARD_APP_TEXT, 0x0004);
	const void *data = NULL;
	size_t len = 0;

	if (tag == 0x5F51) {
		data = card->atr[VCARD_CONTACT] + 1;
		len = card->atr_len[VCARD_CONTACT] - 1;
	} else if (tag == 0x7F21 && certificates != NULL) {
		data = certificates->data;
		len = certificates->len;
	}
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (objects[i].tag == tag && has_app(card, VCARD_APP_TEXT)) {
			data = objects[i].data;
			len = objects[i].len;
		}
	}
	if (vcard_current_app(card) != VCARD_APP_NONE || data == NULL)
		return 0x6A88;
	if (command->le < len)
		return 0x6700;
	memcpy(answer->data, data, len);
	answer->len = len;
	return 0x9000;
}
