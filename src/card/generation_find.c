/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation_find: finds a card's generation among those that this program knows. */
#include "card/generation_find.h"

#include <string.h>

#include "card/generation_list.h"

const struct jpki_generation *jpki_generation_by_label(const uint8_t *label, size_t length)
{
	while (length > 0 && (label[length - 1] == ' ' || label[length - 1] == '\0'))
		length--;
	for (size_t i = 0; jpki_generations[i] != NULL; i++) {
		const char *known = jpki_generations[i]->card_label;

		if (strlen(known) == length && memcmp(known, label, length) == 0)
			return jpki_generations[i];
	}
	return NULL;
}

const struct jpki_generation *jpki_generation_by_model(const char *model, enum jpki_key *key)
{
	for (size_t i = 0; jpki_generations[i] != NULL; i++) {
		for (int row = 0; row < JPKI_KEY_COUNT; row++) {
			const struct jpki_key_row *of_key = &jpki_generations[i]->keys[row];

			if (!of_key->exists || strcmp(of_key->token_model, model) != 0)
				continue;
			*key = (enum jpki_key)row;
			return jpki_generations[i];
		}
	}
	return NULL;
}
