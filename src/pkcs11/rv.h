/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef JPKI_PKCS11_RV_H
#define JPKI_PKCS11_RV_H

#include "base/error.h"
#include "pkcs11v3.h"

/* The one translation of our errors into PKCS#11's (2.40 §5.1). CKR_GENERAL_ERROR for others. */
CK_RV jpki_rv(enum jpki_error error);

#endif
