/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "card/generation.h"

#include <string.h>

static const struct jpki_generation generations[] = {
	{
		.card_label = "JPKIAPICCTOKEN2",
		.name = "My Number card",
		.keys =
			{
				[JPKI_KEY_AUTH] =
					{
						.exists = true,
						.key_file = 0x0017,
						.key_bits = 2048,
						.certificate_file = 0x000a,
						.ca_certificate_file = 0x000b,
						.certificate_needs_pin = false,
						.availability_offset = 1,
						.pin = {.file = 0x0018,
							.min_length = 4,
							.max_length = 4,
							.tries = 3,
							.alphabet = JPKI_PIN_DIGITS},
						.token_label = "JPKI 利用者証明用 (4桁)",
						.token_model = "JPKI auth",
					},
				[JPKI_KEY_SIGN] =
					{
						.exists = true,
						.key_file = 0x001a,
						.key_bits = 2048,
						.certificate_file = 0x0001,
						.ca_certificate_file = 0x0002,
						.certificate_needs_pin = true,
						.availability_offset = 0,
						.pin = {.file = 0x001b,
							.min_length = 6,
							.max_length = 16,
							.tries = 5,
							.alphabet = JPKI_PIN_CAPITALS_DIGITS,
							.mixed = true},
						.token_label = "JPKI 署名用 (英数6-16字)",
						.token_model = "JPKI sign",
					},
			},
	},
};

const struct jpki_generation *jpki_generation_by_label(const uint8_t *label, size_t length)
{
	while (length > 0 && (label[length - 1] == ' ' || label[length - 1] == '\0'))
		length--;
	for (size_t i = 0; i < sizeof(generations) / sizeof(generations[0]); i++) {
		const char *known = generations[i].card_label;

		if (strlen(known) == length && memcmp(known, label, length) == 0)
			return &generations[i];
	}
	return NULL;
}
