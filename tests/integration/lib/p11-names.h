/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for PKCS#11's numbers that the integration tests read and write. */
#ifndef JPKI_INTEGRATION_P11_NAMES_H
#define JPKI_INTEGRATION_P11_NAMES_H

#include <stddef.h>

#include <p11-kit/pkcs11.h>

/* Not in every p11-kit's header. */
#define P11_CLASS_PROFILE 9UL

/* The attributes that a search for personal data looks at. */
extern const CK_ATTRIBUTE_TYPE p11_attributes[];
extern const size_t p11_attribute_count;

/* "CKR_OK" and so on; a number that has no name here is printed as such. Valid until the next. */
const char *p11_rv_name(CK_RV rv);

/* The flags that are set, by name and comma-separated, "none" when there are none. */
void p11_token_flags(CK_FLAGS flags, char *text, size_t room);
void p11_slot_flags(CK_FLAGS flags, char *text, size_t room);

/* certificate, public, private, profile; ends the program when the word is another one. */
CK_OBJECT_CLASS p11_class(const char *name);
const char *p11_class_name(CK_OBJECT_CLASS class);

/* RSA-PKCS, SHA256-RSA-PKCS and so on; ends the program when the word is another one. */
CK_MECHANISM_TYPE p11_mechanism(const char *name);

#endif
