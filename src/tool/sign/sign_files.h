/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_files: signs the files of jpki sign, and tells what becomes of them. */
#ifndef JPKI_TOOL_SIGN_SIGN_FILES_H
#define JPKI_TOOL_SIGN_SIGN_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/certificate/date.h"
#include "app/ui/options.h"
#include "tool/sign/module_key.h"

/* One file to sign, and what became of it. */
struct sign_job {
	const char *file;
	char *output;
	bool done;
	char *reason; /* in words, when it can't be signed; NULL: it is not known yet */
};

struct sign_request {
	struct sign_job *jobs;
	size_t count;
	const char *output;
	const char *module;
	enum jpki_key key;
	bool raw, attached, pem, chain, force, expired_ok;
	struct options common;

	struct date_validity validity; /* of the certificate, once it is known */
	/* With the signing key: that of the authentication certificate; zero: not known. */
	struct date_validity auth_validity;
};

/* Finds out what would go wrong with a file before the PIN is asked for; false without memory. */
bool sign_plan(struct sign_request *request);

/* How many files are to be signed still. */
size_t sign_waiting(const struct sign_request *request);

/*
 * Signs them, until something happens that no other file can be signed after: that is returned,
 * else SITUATION_NONE. A signal lets the file be finished that is being signed.
 */
enum situation sign_files(struct sign_request *request, struct module_key *key);

/* Says what became of each, in words or as JSON. */
void sign_print(const struct sign_request *request, enum situation situation);

/* Says why not all files were tried, if there is a reason, and returns how jpki ends. */
int sign_end(const struct sign_request *request, enum situation situation);

#endif
