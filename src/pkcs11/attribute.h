/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The attributes of the objects (PKCS#11 2.40 §4, 3.0 §4): one table of what each object has. */
#ifndef JPKI_PKCS11_ATTRIBUTE_H
#define JPKI_PKCS11_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "pkcs11/mechanism.h"
#include "pkcs11/object.h"
#include "pkcs11v3.h"

/* A value; data points into this structure, into the object's certificate, or to static memory. */
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
 * The value of an attribute, good for as long as the object is. CKR_ATTRIBUTE_TYPE_INVALID: such
 * objects have no such attribute; CKR_ATTRIBUTE_SENSITIVE: it never leaves the card; and what
 * reading the certificate may fail with.
 */
CK_RV jpki_attribute_get(struct jpki_object *object, CK_ATTRIBUTE_TYPE type,
			 struct jpki_attribute_value *value);

/* Whether the value comes out of the certificate, so that the card may have to be asked. */
bool jpki_attribute_needs_certificate(const struct jpki_object *object, CK_ATTRIBUTE_TYPE type);

#endif
