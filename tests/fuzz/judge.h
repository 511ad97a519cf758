/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A judge who sees what goes to the card, and what the module is told: no card, whatever it says,
 * may bring the module to present a PIN that the rules of src/token/pin.h do not allow.
 */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JUDGE_PIN_MAX     16
#define JUDGE_REFUSED_MAX 64
/* Authentication, signing, and the text application's. */
#define JUDGE_PINS 3

/* The application that the last SELECT by name chose with a plain yes. */
enum judge_application { JUDGE_NO_APPLICATION, JUDGE_JPKI, JUDGE_TEXT, JUDGE_OTHER };

struct judge_value {
	uint16_t file;
	size_t length;
	uint8_t bytes[JUDGE_PIN_MAX];
};

struct judge {
	enum judge_application application;
	uint16_t selected; /* the file of the last SELECT that was answered well; 0: none */
	bool told;         /* the tries, since that SELECT and since the last PIN */
	unsigned tries;
	bool verified;   /* the command before was a PIN, and was accepted */
	size_t sign_min; /* characters of a signing password at least; the caller says it */
	bool changing;   /* since a change that was not confirmed: no PIN was accepted */
	struct judge_value presented;
	struct judge_value refused[JUDGE_REFUSED_MAX];
	size_t refused_count;
	unsigned known_tries[JUDGE_PINS]; /* last told, of each PIN */
	uint8_t command[261];             /* the last one but GET RESPONSE */
	size_t command_length;
	unsigned exchanges; /* since judge_call */
};

/* A call of the module begins. */
void judge_call(struct judge *judge);
/* A command goes to the card. */
void judge_command(struct judge *judge, const uint8_t *command, size_t length);
/* What the module is told; NULL: nothing, the link broke. */
void judge_answer(struct judge *judge, const uint8_t *answer, size_t length);
/* The card may be another one now: what was refused may be forgotten. */
void judge_forget(struct judge *judge);

#endif
