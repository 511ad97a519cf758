/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signing: signs files in the worker as the command does, and keeps what became of each. */
#ifndef JPKI_WINDOW_SIGNING_H
#define JPKI_WINDOW_SIGNING_H

#include <stdbool.h>

#include "app/sign/sign_files.h"
#include "window/asking.h"
#include "window/told.h"

/* As what files are signed; the page lists them in this order. */
enum signing_kind {
	SIGNING_BY_CONTENT,
	SIGNING_CMS,
	SIGNING_E_GOV,
	SIGNING_XML_WHOLE,
	SIGNING_E_TAX,
};

struct signing {
	char **files; /* which the request names */
	struct sign_request request;
	struct told *told;      /* of each file: before it is signed, and afterwards */
	struct told told_first; /* said before anything is signed */
	bool is_planned;        /* there was memory for it */
	char *serial;           /* of the card; NULL: the only one */
	char *reader;           /* the name of its reader; NULL: not known */
};

/*
 * Make one for these files, a list that ends with NULL; end it with signing_free. All
 * are copied.
 */
struct signing *signing_new(char **files, enum signing_kind kind, const char *serial,
			    const char *reader);
void signing_free(struct signing *signing);

/* In the worker: find out what would go wrong with each file, before anybody is asked, and say that
 * and what the signer should know; nothing of most. */
void signing_plan(struct signing *signing);

/* Sign those that can be: an asking_work whose argument is a struct signing. */
int signing_work(void *argument, struct asking *asking);

/* In the worker: say what became of each file. The caller has listened, and listens again. */
void signing_tell(struct signing *signing);

#endif
