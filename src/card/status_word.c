/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* status_word: translates status words into our errors, in one table. */
#include "card/status_word.h"

#include <stddef.h>

static const struct {
	uint16_t mask;
	uint16_t sw;
	enum jpki_error error;
} table[] = {
	{0xffff, 0x9000, JPKI_OK},
	{0xffff, 0x6282, JPKI_E_END_OF_FILE},   /* end of file before Le bytes */
	{0xfff0, 0x63c0, JPKI_E_PIN_INCORRECT}, /* x tries left */
	{0xffff, 0x6700, JPKI_E_UNSUPPORTED},   /* wrong length */
	{0xffff, 0x6882, JPKI_E_UNSUPPORTED},   /* secure messaging */
	{0xffff, 0x6981, JPKI_E_PROTOCOL},      /* command does not suit the file's kind */
	{0xffff, 0x6982, JPKI_E_NOT_ALLOWED},   /* security status */
	{0xffff, 0x6983, JPKI_E_PIN_LOCKED},    /* blocked, in ISO's terms */
	{0xffff, 0x6984, JPKI_E_PIN_LOCKED},    /* blocked, in this card family's terms */
	{0xffff, 0x6985, JPKI_E_PROTOCOL},      /* conditions of use: bad input to a key */
	{0xffff, 0x6986, JPKI_E_PROTOCOL},      /* no current file */
	{0xffff, 0x69fc, JPKI_E_UNSUPPORTED},   /* secure messaging refused */
	{0xffff, 0x6a81, JPKI_E_UNSUPPORTED},   /* function not supported */
	{0xffff, 0x6a82, JPKI_E_NOT_FOUND},     /* file or application */
	{0xffff, 0x6a83, JPKI_E_NOT_FOUND},     /* record */
	{0xffff, 0x6a86, JPKI_E_UNSUPPORTED},   /* P1 P2 */
	{0xffff, 0x6a88, JPKI_E_NOT_FOUND},     /* data object */
	{0xffff, 0x6b00, JPKI_E_END_OF_FILE},   /* offset at or past the end */
	{0xffff, 0x6d00, JPKI_E_UNSUPPORTED},   /* INS */
	{0xffff, 0x6e00, JPKI_E_UNSUPPORTED},   /* CLA */
};

enum jpki_error jpki_sw_error(uint16_t sw)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((sw & table[i].mask) == table[i].sw)
			return table[i].error;
	}
	return JPKI_E_PROTOCOL;
}

int jpki_sw_tries(uint16_t sw)
{
	enum jpki_error error = jpki_sw_error(sw);

	if (error == JPKI_E_PIN_LOCKED)
		return 0;
	return error == JPKI_E_PIN_INCORRECT ? (int)(sw & 0x000fU) : -1;
}
