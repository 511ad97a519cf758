/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation: holds what the card generations differ in, one row of data each. */
#include "card/generation.h"

#define RSA_SCHEMES .schemes = {&jpki_scheme_pkcs1, &jpki_scheme_pss_sha256}
#define RSA_2048                                                                                   \
	.key_kind = JPKI_KEY_KIND_RSA, .key_bits_min = 2048, .key_bits_max = 2048, RSA_SCHEMES

/* Cards and phones share these identifiers and rules for PINs. */
#define AUTH_FILES                                                                                 \
	.exists = true, .key_file = 0x0017, RSA_2048, .certificate_file = 0x000a,                  \
	.ca_certificate_file = 0x000b, .availability_offset = 1,                                   \
	.pin = {.file = 0x0018,                                                                    \
		.min_length = 4,                                                                   \
		.max_length = 4,                                                                   \
		.tries = 3,                                                                        \
		.alphabet = JPKI_PIN_DIGITS},                                                      \
	.token_label = "JPKI 利用者証明用 (4桁)"
#define SIGN_FILES                                                                                 \
	.exists = true, .key_file = 0x001a, RSA_2048, .certificate_file = 0x0001,                  \
	.ca_certificate_file = 0x0002, .certificate_needs_pin = true, .availability_offset = 0,    \
	.pin = {.file = 0x001b,                                                                    \
		.min_length = 6,                                                                   \
		.max_length = 16,                                                                  \
		.tries = 5,                                                                        \
		.alphabet = JPKI_PIN_CAPITALS_DIGITS,                                              \
		.mixed = true,                                                                     \
		.never_digits_alone = true},                                                       \
	.token_label = "JPKI 署名用 (英数6-16字)"

const struct jpki_generation jpki_generation_my_number = {
	.kind = JPKI_CARD_MY_NUMBER,
	.card_label = "JPKIAPICCTOKEN2",
	.name = "My Number card",
	.keys =
		{
			[JPKI_KEY_AUTH] = {AUTH_FILES, .token_model = "JPKI auth"},
			[JPKI_KEY_SIGN] = {SIGN_FILES, .token_model = "JPKI sign"},
		},
};

/*
 * No such card was ever measured. Known: one key, a password of 4 to 16 characters, five tries, RSA
 * with 1024 bits at first. Its certificate counts as personal data, whether the card guards it or
 * not.
 */
const struct jpki_generation jpki_generation_juki = {
	.kind = JPKI_CARD_JUKI,
	.card_label = "JPKIAPICCTOKEN",
	.name = "Juki card",
	.keys =
		{
			[JPKI_KEY_SIGN] =
				{
					.exists = true,
					.key_file = 0x001a,
					.key_kind = JPKI_KEY_KIND_RSA,
					.key_bits_min = 1024,
					.key_bits_max = 2048,
					RSA_SCHEMES,
					.certificate_file = 0x0001,
					.ca_certificate_file = 0x0002,
					.certificate_needs_pin = true,
					.availability_offset = 0,
					.pin = {.file = 0x001b,
						.min_length = 4,
						.max_length = 16,
						.tries = 5,
						.tries_unproven = true,
						.alphabet = JPKI_PIN_CAPITALS_DIGITS,
						.never_digits_alone = true},
					.token_label = "JPKI 住基 (英数4-16字)",
					.token_model = "JPKI juki",
				},
		},
};

const struct jpki_generation jpki_generation_android = {
	.kind = JPKI_CARD_ANDROID,
	.card_label = "JPKIAPGPSETOKEN",
	.name = "phone (Android)",
	.keys =
		{
			[JPKI_KEY_AUTH] = {AUTH_FILES, .certificate_needs_pin = true,
					   .token_model = "JPKI phone auth"},
			[JPKI_KEY_SIGN] = {SIGN_FILES, .token_model = "JPKI phone sign"},
		},
};

/* Its commands are not known. */
const struct jpki_generation jpki_generation_iphone = {
	.kind = JPKI_CARD_IPHONE,
	.card_label = "JPKIAPIOSTOKEN",
	.name = "phone (iPhone)",
};

bool jpki_generation_is_usable(const struct jpki_generation *generation)
{
	bool usable = false;

	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		usable = usable || generation->keys[key].exists;
	return usable;
}

const struct jpki_scheme *jpki_key_scheme(const struct jpki_key_row *key, enum jpki_sign_scheme id)
{
	for (size_t i = 0; i < JPKI_SCHEMES_MAX && key->schemes[i] != NULL; i++) {
		if (key->schemes[i]->id == id)
			return key->schemes[i];
	}
	return NULL;
}
