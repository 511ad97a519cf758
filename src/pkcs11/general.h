/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* general: does the work of C_Initialize, C_Finalize and C_GetInfo (PKCS#11 2.40 §5.4). */
#ifndef JPKI_PKCS11_GENERAL_H
#define JPKI_PKCS11_GENERAL_H

#include "card/transport.h"
#include "pkcs11v3.h"

/* C_Initialize and C_Finalize. The first waits for a C_Finalize that is under way. */
CK_RV jpki_module_initialize(const CK_C_INITIALIZE_ARGS *arguments);
CK_RV jpki_module_finalize(void);

/* C_GetInfo, for the function list of this version. */
CK_RV jpki_module_info(CK_VERSION version, CK_INFO *info);

/* Makes the transport at C_Initialize: PC/SC. Tests replace it by a virtual card. */
extern struct jpki_transport *(*jpki_module_make_transport)(void);

/* The attempts of C_Finalize, of 50 ms each, before it gives up on a call that does not end: ten
 * seconds in all. Tests have fewer. */
extern unsigned int jpki_module_finalize_rounds;

#endif
