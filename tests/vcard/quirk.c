/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Quirks by their names. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 4

struct quirk {
	const char *name;
	const char *usage;
	unsigned preset;             /* without a value; 0: a value is needed */
	unsigned values[VALUES_MAX]; /* those allowed; 0, n: any from 1 to n; 0, 0: to 255 */
};

static const struct quirk quirks[VCARD_QUIRK_COUNT] = {
	[VCARD_QUIRK_6F00] = {"6f00", "6f00", 1, {1}},
	[VCARD_QUIRK_WARM_RESET] = {"warm-reset", "warm-reset=A|B", 0, {0xA, 0xB}},
	[VCARD_QUIRK_BLOCKED_WORD] = {"blocked-word",
				      "blocked-word=6983|6984",
				      0,
				      {0x6983, 0x6984}},
	[VCARD_QUIRK_BLOCKED_QUERY] = {"blocked-query", "blocked-query", 1, {1}},
	[VCARD_QUIRK_FIVE_BYTE_TRIES] = {"five-byte-tries", "five-byte-tries", 1, {1}},
	[VCARD_QUIRK_PADDED] = {"padded", "padded", 1, {1}},
	[VCARD_QUIRK_EOF_6282] = {"eof-6282", "eof-6282", 1, {1}},
	[VCARD_QUIRK_EOF_EMPTY] = {"eof-empty", "eof-empty", 1, {1}},
	[VCARD_QUIRK_NO_PSS] = {"no-pss", "no-pss", 1, {1}},
	[VCARD_QUIRK_SELECT_KEYS] = {"select-keys", "select-keys", 1, {1}},
	[VCARD_QUIRK_SELECT_FILES] = {"select-files", "select-files", 1, {1}},
	[VCARD_QUIRK_GET_RESPONSE] = {"get-response", "get-response", 1, {1}},
	[VCARD_QUIRK_WRONG_LE] = {"wrong-le", "wrong-le", 1, {1}},
	[VCARD_QUIRK_FOREIGN] = {"foreign",
				 "foreign[=6A82|6A81|6D00|6E00]",
				 0x6A82,
				 {0x6A82, 0x6A81, 0x6D00, 0x6E00}},
	[VCARD_QUIRK_SHORT_READ] = {"short-read", "short-read=N (1 to 255 bytes)", 0, {0}},
	[VCARD_QUIRK_EXTENDED] = {"extended", "extended", 1, {1}},
	[VCARD_QUIRK_TRIES] = {"tries", "tries=N (1 to 15)", 0, {0, 15}},
	[VCARD_QUIRK_VERIFIED_9000] = {"verified-9000", "verified-9000", 1, {1}},
};

static bool is_value(const struct quirk *quirk, unsigned value)
{
	unsigned most = quirk->values[1] != 0 ? quirk->values[1] : 255;
	bool found = quirk->values[0] == 0 && value >= 1 && value <= most;

	for (size_t i = 0; i < VALUES_MAX; i++)
		found = found || (value != 0 && quirk->values[i] == value);
	return found;
}

/* Numbers are decimal, status words and variants hexadecimal. */
static bool parse_value(const struct quirk *quirk, const char *text, unsigned *value)
{
	char *end = NULL;
	unsigned long number = strtoul(text, &end, quirk->values[0] == 0 ? 10 : 16);

	*value = number <= UINT16_MAX ? (unsigned)number : 0;
	return end != text && *end == '\0' && is_value(quirk, *value);
}

bool vcard_set_quirk(struct vcard_options *options, const char *text)
{
	size_t len = strcspn(text, "=");
	unsigned value;
	bool found = false;

	for (size_t i = 0; i < VCARD_QUIRK_COUNT && !found; i++) {
		const struct quirk *quirk = &quirks[i];

		if (strlen(quirk->name) != len || strncmp(quirk->name, text, len) != 0)
			continue;
		value = quirk->preset;
		if (text[len] == '=' && !parse_value(quirk, text + len + 1, &value))
			break;
		found = value != 0;
		if (found)
			options->quirk[i] = value;
	}
	return found;
}

const char *vcard_quirk_usage(enum vcard_quirk quirk)
{
	return quirk < VCARD_QUIRK_COUNT ? quirks[quirk].usage : NULL;
}
