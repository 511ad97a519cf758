/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_sign: signs an XML document in the form that its reader wants, and changes nothing else. */
#ifndef JPKI_DOCUMENT_XML_SIGN_H
#define JPKI_DOCUMENT_XML_SIGN_H

#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "document/xml_fault.h"
#include "document/xml_form.h"
#include "document/xml_text.h"
#include "document/xml_verify.h"

/* A document that waits for its signature. */
struct xml_prepared {
	struct xml_text text;   /* the document */
	size_t offset, replace; /* where the signature goes, and how many bytes it replaces there */
	char *before, *after;   /* what stands around it */
	char *head;             /* the signature up to its value */
	uint8_t *info;          /* what is signed: SignedInfo in canonical form */
	size_t info_length;
	json_t *files; /* the names of the files beside the document that are signed with it */
	struct jpki_buffer digests; /* SHA-256 of the document, and of each of these files */
	bool individual;            /* for e-Gov: the form that signs one file */
	size_t place;               /* how many signatures stand before the new one */
	const char *prefix;
};

/*
 * Read a document, and make everything of its signature but the value, so that nothing is parsed
 * after the PIN was asked for. now is for the Id, in local time; an Id that is taken already gives
 * way to that of a later second. e-Gov's files are looked for in the document's folder. In every
 * case the caller ends *prepared with xml_prepared_free.
 */
enum xml_fault xml_prepare(const char *path, enum xml_profile profile, time_t now,
			   struct xml_prepared *prepared, struct xml_trouble *trouble);

/*
 * Judge the signatures of a document of this path as xml_verify does, in the document as it will be
 * with the new one. Return in *own what is found of that, which lacks its certificate; it is the
 * report's. After XML_OK the caller ends *report with xml_report_free.
 */
enum xml_fault xml_foresee(const struct xml_prepared *prepared, const char *path,
			   struct xml_report *report, const struct xml_signature **own,
			   struct xml_trouble *trouble);

/* Return whether a document of this path, and the files that are signed with it, can be read and
 * are as they were. */
bool xml_is_unchanged(const struct xml_prepared *prepared, const char *path);

/*
 * Sign, and write the whole document with its signature. The certificate is put into it. False
 * without memory, if the key is no RSA key or does not sign, or if it cannot be written.
 */
bool xml_sign(const struct xml_prepared *prepared, EVP_PKEY *key, X509 *certificate, BIO *out);

void xml_prepared_free(struct xml_prepared *prepared);

#endif
