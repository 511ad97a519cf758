/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reader with a virtual card, as the token layer sees them. */
#ifndef UNIT_FIXTURE_H
#define UNIT_FIXTURE_H

#include <limits.h>

#include "base/config.h"
#include "crypto/certificate.h"
#include "token/reader.h"
#include "token/token.h"
#include "make.h"
#include "unit.h"

#define FIXTURE_READER "Virtual reader"
/* What a trace shows of the reading of the authentication certificate. */
#define FIXTURE_READ_AUTH "READ:000A READ READ READ READ READ READ"
/* Instead of the number of a command. */
#define FIXTURE_EACH UINT_MAX

struct fixture {
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
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* The same with another card, or other quirks; without a card in the reader when name is NULL. */
void fixture_start(struct fixture *fixture, const char *name, const struct vcard_options *options);
void fixture_stop(struct fixture *fixture);

/* Looks at the reader, as the PKCS#11 layer does before most calls. */
void fixture_look(struct fixture *fixture);

/* The token of a key in the insertion that was seen last. */
struct jpki_token_ref fixture_token(const struct fixture *fixture, enum jpki_key key);

/* Recognises the card that was seen last, with its tokens; returns its kind. */
enum jpki_card_kind fixture_recognise(struct fixture *fixture);

enum jpki_error fixture_login(const struct jpki_token_ref *token, const char *pin);
enum jpki_error fixture_sign(const struct jpki_token_ref *token);
/* What the card itself says. */
int fixture_tries(struct fixture *fixture, enum jpki_key key);
/* Both keys are of no use to another program. */
void fixture_assert_locked(struct fixture *fixture);

/* Lets time pass by the clock that stands still otherwise. */
void fixture_pass_ms(long milliseconds);

/* Faults: at the exchange with this number, or at the nth command of this kind (from 0),
 * or at each. */
void fixture_fault_at(struct fixture *fixture, enum vcard_fault fault, unsigned int at);
void fixture_fault_ins(struct fixture *fixture, enum vcard_fault fault, uint8_t ins,
		       unsigned int nth);
void fixture_fault_verify(struct fixture *fixture, enum vcard_fault fault);
/* The answer that the fault gives, in hexadecimal. */
void fixture_answer(struct fixture *fixture, const char *hex);

#endif
