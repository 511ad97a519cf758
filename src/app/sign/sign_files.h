/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_files: plans what jpki sign signs, and prints what became of each file. */
#ifndef JPKI_APP_SIGN_SIGN_FILES_H
#define JPKI_APP_SIGN_SIGN_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/certificate/date.h"
#include "app/sign/sign_form.h"
#include "app/sign/sign_warnings.h"
#include "app/ui/options.h"
#include "app/ui/situation.h"
#include "card/generation.h"
#include "document/xml_form.h"

struct sign_pdf;
struct sign_xml;

/* One file to sign, and its result. */
struct sign_job {
	const char *file;
	enum sign_form form;
	struct sign_pdf *pdf; /* with SIGN_PDF: what was found of it */
	struct sign_xml *xml; /* with SIGN_XML: what waits for its value */
	struct sign_warnings warnings;
	char *output;
	time_t when; /* the signing time, once the signature is begun */
	bool done;
	char *reason; /* why it can't be signed, in words; NULL: no reason is known yet */
	bool told;    /* the user knows the reason */
};

struct sign_request {
	struct sign_job *jobs;
	size_t count;
	const char *output;
	const char *module; /* the file; NULL: that of module_file */
	const char *name;   /* the signer's, in a PDF; NULL: that of the certificate */
	const char *reader; /* the question names it; NULL: it names none */
	enum jpki_key key;
	enum sign_form form;      /* of all files */
	enum xml_profile profile; /* with SIGN_XML */
	bool raw, attached, pem, chain, force, expired_ok;
	/* A window is where the person asks, is asked and is told: no options are named, and the
	 * results wait for sign_tell. */
	bool by_window;
	struct options common;

	struct date_validity validity; /* of the certificate, once it is known */
	/* With the signing key near its end: the validity of the authentication certificate; zero:
	 * not known. */
	struct date_validity auth_validity;
};

/* Find out before the PIN is asked for what would go wrong with each file. Return false without
 * memory. */
bool sign_plan(struct sign_request *request);

/* Give back what the jobs have. */
void sign_free(struct sign_request *request);

/* Print which files can't be signed and why, before the PIN for the others is asked for. */
void sign_print_faults(struct sign_request *request);

/* Print what the signer should know of the files that wait, before that. */
void sign_print_warnings(const struct sign_request *request);

/* Say both of one file, before anything is signed; nothing of most. */
void sign_tell_plan(const struct sign_request *request, const struct sign_job *job);

/*
 * Return what leads to the question that is asked for the files that wait: a line that names the
 * first one and how many there are, one for the reader if the request names it, and one that says
 * what the signature tells of its maker, if it does. The caller frees it; NULL without memory, and
 * if no file waits.
 */
char *sign_purpose(const struct sign_request *request);

/* Return the line that names one file for a question, which the caller frees; NULL without memory.
 */
char *sign_purpose_of(const struct sign_request *request, const struct sign_job *job);

/* Return whether a signature has all of its file in it: in a signed copy, or in CMS around it. */
bool sign_encloses(const struct sign_request *request, const struct sign_job *job);

/* Return how many files are still to be signed. */
size_t sign_waiting(const struct sign_request *request);

/* Set in words why a file is not signed. NULL: no reason is known. */
void sign_fail(struct sign_job *job, const char *reason);

/* The same because of the file to be written, which is named with its own reason. */
void sign_fail_output(const struct sign_request *request, struct sign_job *job, const char *why);

/* Say in words what became of one file. In a window files are called without their folders. */
void sign_tell(const struct sign_request *request, const struct sign_job *job);

/* Print the result of each file, in words or as JSON; in a window nothing. */
void sign_print(const struct sign_request *request, enum situation situation);

/* Print why not all files were tried, if there is a reason, and return how jpki ends. */
int sign_end(const struct sign_request *request, enum situation situation);

/* For patience_set_end: remove what is half written, and end as sign_print and sign_end do. request
 * is the struct sign_request. */
int sign_give_up(enum situation situation, void *request);

#endif
