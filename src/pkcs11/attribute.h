/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attribute: finds the values of the objects' attributes (PKCS#11 2.40 §4, 3.0 §4), from one
 * table. */
#ifndef JPKI_PKCS11_ATTRIBUTE_H
#define JPKI_PKCS11_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "pkcs11/mechanism.h"
#include "pkcs11/object.h"
#include "pkcs11v3.h"

/* A value. data points into this structure, into the object's certificate, or to static memory. */
struct jpki_attribute_value {
	const void *data;
	size_t length;
	union {
		CK_BBOOL truth;
		CK_ULONG number;
		CK_DATE date;
		char text[32];
		CK_MECHANISM_TYPE mechanisms[JPKI_MECHANISM_SIGNING_MAX];
	} store;
};

/*
 * Return the value of an attribute, valid as long as the object is. CKR_ATTRIBUTE_TYPE_INVALID:
 * objects of this kind have no such attribute; CKR_ATTRIBUTE_SENSITIVE: the value never leaves the
 * card; and what reading the certificate can fail with.
 */
CK_RV jpki_attribute_get(struct jpki_object *object, CK_ATTRIBUTE_TYPE type,
			 struct jpki_attribute_value *value);

/* Return whether the value comes from the certificate, so that the card may have to be asked. */
bool jpki_attribute_needs_certificate(const struct jpki_object *object, CK_ATTRIBUTE_TYPE type);

#endif
