/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * find: does the work of the C_ functions of PKCS#11 2.40 §5.7, which find objects, inside the
 * module and with checked pointers.
 */
#ifndef JPKI_PKCS11_FIND_H
#define JPKI_PKCS11_FIND_H

#include "pkcs11v3.h"

struct jpki_module;

CK_RV jpki_object_find_init(struct jpki_module *module, CK_SESSION_HANDLE session,
			    const CK_ATTRIBUTE *template, CK_ULONG count);
CK_RV jpki_object_find(struct jpki_module *module, CK_SESSION_HANDLE session,
		       CK_OBJECT_HANDLE *objects, CK_ULONG max, CK_ULONG *count);
CK_RV jpki_object_find_final(struct jpki_module *module, CK_SESSION_HANDLE session);
CK_RV jpki_object_attributes(struct jpki_module *module, CK_SESSION_HANDLE session,
			     CK_OBJECT_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count);
/* C_SetAttributeValue and its like: CKR_TOKEN_WRITE_PROTECTED if there is such an object. */
CK_RV jpki_object_write(struct jpki_module *module, CK_SESSION_HANDLE session,
			CK_OBJECT_HANDLE handle);
CK_RV jpki_object_size(struct jpki_module *module, CK_SESSION_HANDLE session,
		       CK_OBJECT_HANDLE handle, CK_ULONG *size);

#endif
