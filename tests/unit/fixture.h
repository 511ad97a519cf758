/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reader with a virtual card, as the token layer sees them. */
#ifndef UNIT_BENCH_H
#define UNIT_BENCH_H

#include <limits.h>

#include "base/config.h"
#include "crypto/certificate.h"
#include "token/reader.h"
#include "token/token.h"
#include "make.h"
#include "unit.h"

#define BENCH_READER "Virtual reader"
/* What a trace shows of the reading of the authentication certificate. */
#define BENCH_READ_AUTH "EF:000A READ READ READ READ READ READ READ"
/* Instead of the number of a command. */
#define BENCH_EACH UINT_MAX

struct bench {
	struct vcard_transport *readers;
	struct jpki_transport *transport;
	struct jpki_config config;
	struct jpki_reader *reader;
	struct unit_card card;
	struct unit_card second; /* opened by the tests that exchange cards */
	/* One fault: what happens to the exchange with this number, or to the fault_nth command
	 * with this INS when that is not 0. */
	enum vcard_fault fault;
	unsigned int fault_at;
	uint8_t fault_ins;
	unsigned int fault_nth;
	bool only_with_data;
	bool dead_after; /* every exchange after the fault has it, too */
	bool is_dead;
	unsigned int seen;
};

/* cmocka's setup and teardown: an adult's card in the reader, looked at once. */
int bench_set_up(void **state);
int bench_tear_down(void **state);

/* The same with another card, or other quirks; without a card in the reader when name is NULL. */
void bench_start(struct bench *bench, const char *name, const struct vcard_options *options);
void bench_stop(struct bench *bench);

/* Looks at the reader, as the PKCS#11 layer does before most calls. */
void bench_look(struct bench *bench);

/* The token of a key in the insertion that was seen last. */
struct jpki_token_ref bench_token(const struct bench *bench, enum jpki_key key);

enum jpki_error bench_login(const struct jpki_token_ref *token, const char *pin);
enum jpki_error bench_sign(const struct jpki_token_ref *token);
/* What the card itself says. */
int bench_tries(struct bench *bench, enum jpki_key key);
/* Both keys are of no use to another program. */
void bench_assert_locked(struct bench *bench);

/* Faults: at the exchange with this number, or at the nth command of this kind (from 0),
 * or at each. */
void bench_fault_at(struct bench *bench, enum vcard_fault fault, unsigned int at);
void bench_fault_ins(struct bench *bench, enum vcard_fault fault, uint8_t ins, unsigned int nth);
void bench_fault_verify(struct bench *bench, enum vcard_fault fault);
/* The answer that the fault gives, in hexadecimal. */
void bench_answer(struct bench *bench, const char *hex);

#endif
