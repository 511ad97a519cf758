/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the bytes of a command APDU to the function that answers it. */
#include "internal.h"

/* What a command must look like before its function sees it; anything else answers 6700. */
enum shape {
	SHAPE_ANY,
	SHAPE_LE,      /* no data, Le */
	SHAPE_DATA,    /* data, no Le */
	SHAPE_DATA_LE, /* both */
};

struct instruction {
	uint8_t cla, ins;
	enum shape shape;
	vcard_handler handler;
};

static uint16_t session_key(struct vcard *card, const struct vcard_command *command,
			    struct vcard_answer *answer)
{
	(void)command;
	(void)answer;
	return vcard_current_app(card) == VCARD_APP_JPKI ? 0x6982 : 0x6D00;
}

/* The proprietary command for terminal certificates: only its refusals were ever seen. */
static uint16_t terminal_certificate(struct vcard *card, const struct vcard_command *command,
				     struct vcard_answer *answer)
{
	(void)card;
	(void)answer;
	return command->p1 == 0x00 && command->p2 == 0xC1 ? 0x6700 : 0x6A86;
}

/* Answers on a phone only; cards call it a wrong length. */
static uint16_t last_command(struct vcard *card, const struct vcard_command *command,
			     struct vcard_answer *answer)
{
	(void)card;
	(void)command;
	(void)answer;
	return 0x6700;
}

static const struct instruction instructions[] = {
	{0x00, 0xA4, SHAPE_ANY, vcard_select},
	{0x00, 0xB0, SHAPE_LE, vcard_read_binary},
	{0x00, 0xB2, SHAPE_LE, vcard_read_record},
	{0x00, 0x20, SHAPE_ANY, vcard_verify},
	{0x00, 0x24, SHAPE_DATA, vcard_change_pin},
	{0x00, 0x84, SHAPE_LE, vcard_get_challenge},
	{0x00, 0x88, SHAPE_DATA_LE, vcard_internal_authenticate},
	{0x00, 0xCA, SHAPE_LE, vcard_get_data},
	{0x80, 0x2A, SHAPE_DATA_LE, vcard_sign},
	{0x80, 0xAE, SHAPE_ANY, session_key},
	{0x80, 0xA2, SHAPE_ANY, terminal_certificate},
	{0x80, 0xFC, SHAPE_ANY, last_command},
};

/* Splits the body after the header; false when the lengths do not add up. */
static bool parse_body(const uint8_t *apdu, size_t len, struct vcard_command *command)
{
	size_t head = 5; /* header and Lc */
	size_t le_len = 1;

	if (len == 4)
		return true;
	if (len > 6 && apdu[4] == 0x00) {
		command->extended = true;
		head = 7;
		le_len = 2;
		command->lc = (size_t)apdu[5] << 8 | apdu[6];
	} else {
		command->lc = apdu[4];
	}
	if (len == head) { /* what was taken for Lc is Le */
		command->has_le = true;
		command->le = command->lc;
		command->lc = 0;
	} else {
		command->data = apdu + head;
		if (command->lc == 0 || len < head + command->lc)
			return false;
		if (len == head + command->lc + le_len) {
			command->has_le = true;
			command->le = apdu[len - 1];
			if (command->extended)
				command->le |= (size_t)apdu[len - 2] << 8;
		} else if (len != head + command->lc) {
			return false;
		}
	}
	if (command->has_le && command->le == 0)
		command->le = command->extended ? 65536 : 256;
	return true;
}

static bool has_shape(const struct vcard_command *command, enum shape shape)
{
	bool data = command->lc > 0;
	bool fits = false;

	switch (shape) {
	case SHAPE_ANY:
		fits = true;
		break;
	case SHAPE_LE:
		fits = !data && command->has_le;
		break;
	case SHAPE_DATA:
		fits = data && !command->has_le;
		break;
	case SHAPE_DATA_LE:
		fits = data && command->has_le;
		break;
	}
	return fits;
}

/*
 * With T=0 (ISO/IEC 7816-3, 12.2) there is always a fifth byte, and never an Le behind data: 00
 * stands for nothing where no data are given or expected, and the Le is understood where data
 * are answered with data. False when the bytes are not a command of T=0.
 */
static bool fit_to_t0(struct vcard_command *command, enum shape shape, size_t len)
{
	bool ok = len >= 5 && !command->extended && !(command->lc > 0 && command->has_le);

	if (shape == SHAPE_ANY && command->has_le && command->le == 256)
		command->has_le = false;
	if (shape == SHAPE_DATA_LE && command->lc > 0) {
		command->has_le = true;
		command->le = 256;
	}
	return ok;
}

/*
 * Extended length is refused unless the quirk allows it, and then READ BINARY and GET DATA alone
 * take it: GET CHALLENGE was measured to answer 6985.
 */
static uint16_t check_extended(const struct vcard *card, const struct vcard_command *command)
{
	uint16_t sw = 0x6700;

	if (!command->extended)
		sw = 0x9000;
	else if (card->options.quirk[VCARD_QUIRK_EXTENDED] != 0 &&
		 (command->ins == 0xB0 || command->ins == 0xCA))
		sw = 0x9000;
	else if (card->options.quirk[VCARD_QUIRK_EXTENDED] != 0 && command->ins == 0x84)
		sw = 0x6985;
	return sw;
}

static const struct instruction *find_instruction(const struct vcard_command *command)
{
	const struct instruction *found = NULL;

	for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++) {
		if (instructions[i].cla == command->cla && instructions[i].ins == command->ins)
			found = &instructions[i];
	}
	return found;
}

uint16_t vcard_dispatch(struct vcard *card, const uint8_t *apdu, size_t len,
			struct vcard_answer *answer)
{
	struct vcard_command command = {0};
	const struct instruction *instruction;
	bool well_formed;
	uint16_t sw;

	if (len < 4)
		return 0x6700;
	command.cla = apdu[0];
	command.ins = apdu[1];
	command.p1 = apdu[2];
	command.p2 = apdu[3];
	well_formed = parse_body(apdu, len, &command);

	/* The two secure messaging classes are told apart by the command, as measured. */
	if (command.cla == 0x08 || command.cla == 0x0C)
		return command.ins == 0xA4 ? 0x6882 : 0x69FC;
	if (command.cla != 0x00 && command.cla != 0x80)
		return 0x6E00;
	instruction = find_instruction(&command);
	if (instruction == NULL)
		return 0x6D00;
	if (!well_formed)
		return 0x6700;
	if (card->t0 && !fit_to_t0(&command, instruction->shape, len))
		return 0x6700;
	sw = check_extended(card, &command);
	if (sw != 0x9000)
		return sw;
	if (!has_shape(&command, instruction->shape))
		return 0x6700;
	return instruction->handler(card, &command, answer);
}
