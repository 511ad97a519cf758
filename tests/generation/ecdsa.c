/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ecdsa: adds a card generation that exists in the tests only: ECDSA keys, and an authentication
 * PIN of six to eight digits. A program that is linked with this file instead of libgenerations
 * knows it. It is what a new generation costs: rows, for the virtual card of the same name.
 */
#include "card/generation_list.h"

/* The values of P1 are invented. The two keys differ in the form of their answer. */
static const struct jpki_scheme ecdsa_plain = {
	.id = JPKI_SIGN_ECDSA,
	.name = "ECDSA",
	.p1 = 0x40,
	.input = &jpki_input_cut_hash,
	.output = jpki_output_plain,
	.verify = jpki_public_key_verify_ecdsa,
};
static const struct jpki_scheme ecdsa_der = {
	.id = JPKI_SIGN_ECDSA,
	.name = "ECDSA",
	.p1 = 0x41,
	.input = &jpki_input_cut_hash,
	.output = jpki_output_ecdsa_der,
	.verify = jpki_public_key_verify_ecdsa,
};

#define P_384 .key_kind = JPKI_KEY_KIND_EC, .key_bits_min = 384, .key_bits_max = 384

static const struct jpki_generation ecdsa = {
	.kind = JPKI_CARD_MY_NUMBER,
	.card_label = "JPKITESTECDSA384",
	.name = "test card (ECDSA)",
	.keys =
		{
			[JPKI_KEY_AUTH] =
				{
					.exists = true,
					.key_file = 0x0017,
					P_384,
					.schemes = {&ecdsa_plain},
					.certificate_file = 0x000a,
					.ca_certificate_file = 0x000b,
					.availability_offset = 1,
					.pin = {.file = 0x0018,
						.min_length = 6,
						.max_length = 8,
						.tries = 3,
						.alphabet = JPKI_PIN_DIGITS},
					.token_label = "JPKI TEST auth (6-8 digits)",
					.token_model = "JPKI test auth",
				},
			[JPKI_KEY_SIGN] =
				{
					.exists = true,
					.key_file = 0x001a,
					P_384,
					.schemes = {&ecdsa_der},
					.certificate_file = 0x0001,
					.ca_certificate_file = 0x0002,
					.certificate_needs_pin = true,
					.availability_offset = 0,
					.pin = {.file = 0x001b,
						.min_length = 6,
						.max_length = 16,
						.tries = 5,
						.alphabet = JPKI_PIN_CAPITALS_DIGITS,
						.mixed = true,
						.never_digits_alone = true},
					.token_label = "JPKI TEST sign (6-16)",
					.token_model = "JPKI test sign",
				},
		},
};

const struct jpki_generation *const jpki_generations[] = {
	&jpki_generation_my_number,
	&jpki_generation_juki,
	&jpki_generation_android,
	&jpki_generation_iphone,
	&ecdsa,
	NULL,
};
