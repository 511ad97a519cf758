/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reading: reads a certificate of a card in the worker, as the command does. */
#ifndef JPKI_WINDOW_READING_H
#define JPKI_WINDOW_READING_H

#include "app/certificate/cert_facts.h"
#include "window/asking.h"

/* Which certificate of which card, and what was read. */
struct reading {
	const struct cert_choice *choice;
	char *serial;                         /* of the card */
	struct jpki_certificate *certificate; /* NULL: none was read */
	/* What is not in the certificate itself, as struct cert_facts has it. */
	bool is_known_authority;
	struct date_validity auth_validity;
};

/* Make one; end it with reading_free. */
struct reading *reading_new(const struct cert_choice *choice, const char *serial);
void reading_free(struct reading *reading);

/* Read it: an asking_work whose argument is a struct reading. */
int reading_work(void *argument, struct asking *asking);

/*
 * Make the facts of what was read. They may point into reading. False without memory. In both cases
 * the caller ends *facts with cert_facts_free.
 */
bool reading_facts(const struct reading *reading, bool with_personal, struct cert_facts *facts);

#endif
