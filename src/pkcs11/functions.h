/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* functions: lists every entry point of version 2.40 and of version 3.0. */
#ifndef JPKI_PKCS11_FUNCTIONS_H
#define JPKI_PKCS11_FUNCTIONS_H

#include "pkcs11v3.h"

/* The lists, static and complete: a function that is not offered has an entry that says so. */
extern CK_FUNCTION_LIST jpki_functions_2_40;
extern struct jpki_function_list_3_0 jpki_functions_3_0;

#endif
