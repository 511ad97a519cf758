/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* entry: checks at each entry point that the module is initialised, then the handle, then the
 * arguments. */
#ifndef JPKI_PKCS11_ENTRY_H
#define JPKI_PKCS11_ENTRY_H

#include "pkcs11/module.h"
#include "pkcs11v3.h"

/* What the first argument of an entry point is. */
enum jpki_handle_kind { JPKI_HANDLE_NONE, JPKI_HANDLE_SLOT, JPKI_HANDLE_SESSION };

/*
 * Begin an entry point: check that the module is initialised in this process, then the handle.
 * CKR_OK: the caller is inside the module and leaves it with jpki_module_leave. Otherwise
 * CKR_CRYPTOKI_NOT_INITIALIZED, CKR_SLOT_ID_INVALID or CKR_SESSION_HANDLE_INVALID.
 */
CK_RV jpki_enter(struct jpki_module **module, enum jpki_handle_kind kind, CK_ULONG handle);

/* C_GetInfo of the 2.40 list: names that version, because programs written for version 2 may refuse
 * a higher one. */
CK_RV jpki_get_info_2_40(CK_INFO_PTR info);

#endif
