/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* key_name: turns a key into its name, and a name into its key. */
#include "app/ui/key_name.h"

#include <string.h>

const char *key_name(enum jpki_key key)
{
	static const char *const names[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = "auth", [JPKI_KEY_SIGN] = "sign", [JPKI_PIN_TEXT] = "text"};

	return names[key];
}

bool key_of_name(const char *name, enum jpki_key *key)
{
	for (int i = 0; i < JPKI_KEY_COUNT; i++) {
		if (strcmp(name, key_name((enum jpki_key)i)) == 0) {
			*key = (enum jpki_key)i;
			return true;
		}
	}
	return false;
}
