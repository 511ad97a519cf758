/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_profile: knows what each kind of XML signature covers, and where in the document it stands.
 */
#ifndef JPKI_DOCUMENT_XML_PROFILE_H
#define JPKI_DOCUMENT_XML_PROFILE_H

#include <jansson.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "document/xml_fault.h"
#include "document/xml_form.h"
#include "document/xml_read.h"

/* The names in a filing for e-Gov (構成管理情報). */
#define XML_EGOV_ROOT       "DataRoot"
#define XML_EGOV_STRUCTURE  "構成情報"
#define XML_EGOV_SIGNATURES "署名情報"

/* The first Reference's Transforms. */
enum xml_transforms {
	XML_TRANSFORM_NONE,
	XML_TRANSFORM_C14N,
	XML_TRANSFORM_ENVELOPED, /* and C14N */
};

/* What a signature over a document looks like. */
struct xml_plan {
	xmlNode *apex; /* what the first Reference is to; NULL: the whole document */
	char *id;      /* its Id, for the URI; NULL: the URI is "" */
	json_t *files; /* the names of the files of the other References, in order */
	const xmlNode *place;
	bool behind;  /* the signature goes behind the place; otherwise to the end inside of it */
	bool wrapped; /* in a new element of e-Gov's for signatures */
};

struct xml_profile_row {
	const char *prefix;   /* of the elements of the signature, with its colon, or "" */
	const char *id_begin; /* stands before the local time in the Id */
	enum xml_transforms transforms;
	/* Make the plan; the caller ends it in every case with xml_plan_free. individual: the form
	 * of a single file's signature for e-Gov. */
	enum xml_fault (*plan)(const struct xml_document *document, bool individual,
			       struct xml_plan *plan, struct xml_trouble *trouble);
};

/* Return the row of a profile. Static. */
const struct xml_profile_row *xml_profile_row(enum xml_profile profile);

/* True if the Transforms of the profile's first Reference are in this form. */
enum xml_transforms xml_profile_transforms(enum xml_profile profile, bool individual);

void xml_plan_free(struct xml_plan *plan);

/*
 * Append the names of the files that an e-Gov document names for signing, in order; individual as
 * above. XML_NO_FILE if there is none, or not exactly one in the individual form.
 */
enum xml_fault xml_egov_files(xmlNode *structure, bool individual, json_t *files,
			      struct xml_trouble *trouble);

/* True for the names that e-Gov gives the files of the individual form: kousei and 17 digits. */
bool xml_egov_is_individual(const char *path);

/*
 * True if nothing stands in a filing for e-Gov where it would be taken for a part of the signed
 * description or of a signature: a text beside its elements, and anything but signatures where
 * these are.
 */
bool xml_egov_stands_alone(const xmlNode *root);

/* True if a file is among those that a signature covers, the keys of an object. */
bool xml_covers_file(const json_t *files, const char *name);

/* Add to the names (see xml_names) what e-Gov's form has beside the description, the files and its
 * signatures: attachments that are not among the files, elements that this SignedInfo has no
 * Reference to by their Id, attributes and instructions. */
void xml_egov_beside(xmlNode *root, const xmlNode *info, const json_t *files, json_t *names);

/* Return the element of the procedure in a document for e-Tax; NULL if it is none. */
xmlNode *xml_etax_procedure(const xmlNode *root);

/* True if nothing but signatures is beside the procedure of a document for e-Tax. */
bool xml_etax_stands_alone(const xmlNode *procedure);

#endif
