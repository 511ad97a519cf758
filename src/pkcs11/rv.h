/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rv: translates our errors into those of PKCS#11, in one table. */
#ifndef JPKI_PKCS11_RV_H
#define JPKI_PKCS11_RV_H

#include "base/error.h"
#include "pkcs11v3.h"

/* Return the CK_RV of an error (2.40 §5.1); CKR_GENERAL_ERROR for an unknown one. */
CK_RV jpki_rv(enum jpki_error error);

#endif
