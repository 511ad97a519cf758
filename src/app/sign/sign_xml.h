/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_xml: puts a signature into a copy of an XML document. */
#ifndef JPKI_APP_SIGN_SIGN_XML_H
#define JPKI_APP_SIGN_SIGN_XML_H

#include <openssl/bio.h>
#include <stdbool.h>

#include "app/sign/sign_warnings.h"
#include "app/signature/signature_make.h"
#include "document/xml_form.h"

/* An XML document whose signature lacks only its value. */
struct sign_xml;

/* Set the profile of this name, e-gov, enveloped or e-tax. False if there is none. */
bool sign_xml_profile(const char *name, enum xml_profile *profile);

/*
 * Prepare a document before the password is asked for. Return it, and note what a signer should
 * know of it: of the signatures that it has, and of what shows something else than is signed. The
 * caller ends it with sign_xml_free. NULL if it can't be signed, and *reason says why, in words;
 * the caller frees that; it is NULL without memory.
 */
struct sign_xml *sign_xml_plan(const char *path, enum xml_profile profile, bool by_window,
			       struct sign_warnings *warnings, char **reason);

/* Return in words why the signed document may not be written to output: it is one of the files that
 * are signed with the document, which would be lost. NULL if it is none; see atomic_file_obstacle.
 */
const char *sign_xml_obstacle(const struct sign_xml *xml, const char *file, const char *output,
			      bool force);

/* Return how many files a document names that are signed with it. */
size_t sign_xml_named(const struct sign_xml *xml);

/*
 * Write the document of this path, which was prepared, with its signature. On false *reason says
 * why in words, such as that it or a file of it was changed since; it is NULL if it is not its
 * fault, for which see signature_make.
 */
bool sign_xml_make(const struct sign_xml *xml, const char *path, const struct signature_plan *plan,
		   BIO *out, const char **reason);

/* Say what was signed, and what is to be done with it. */
void sign_xml_tell(const struct sign_xml *xml, const char *file, const char *output);

/* Say what is not known of a profile, before anything is signed; nothing of most. */
void sign_xml_warn(enum xml_profile profile);

/* Return the same in words; NULL: nothing. Static. */
const char *sign_xml_warning(enum xml_profile profile);

void sign_xml_free(struct sign_xml *xml);

#endif
