/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The prologue that all entry points share. */
#ifndef JPKI_PKCS11_FUNCTIONS_H
#define JPKI_PKCS11_FUNCTIONS_H

#include "pkcs11/module.h"
#include "pkcs11v3.h"

/* What the first argument of an entry point must be, once the module is known to be initialised. */
enum jpki_handle_kind { JPKI_HANDLE_NONE, JPKI_HANDLE_SLOT, JPKI_HANDLE_SESSION };

/*
 * The checks at the beginning of every entry point, in this order: initialised, in this process;
 * handle. CKR_OK: the caller is inside the module and leaves it with jpki_module_leave. Else
 * CKR_CRYPTOKI_NOT_INITIALIZED, CKR_SLOT_ID_INVALID or CKR_SESSION_HANDLE_INVALID.
 */
CK_RV jpki_enter(struct jpki_module **module, enum jpki_handle_kind kind, CK_ULONG handle);

/* C_GetInfo of the 2.40 list: it names that version, because programs written for version 2 may
 * refuse a higher one. */
CK_RV jpki_get_info_2_40(CK_INFO_PTR info);

/* The message functions of 3.0, none of which is offered: one answer for each shape. */
extern jpki_message_init jpki_message_init_refused;
extern jpki_message_crypt jpki_message_crypt_refused;
extern jpki_message_crypt_begin jpki_message_crypt_begin_refused;
extern jpki_message_crypt_next jpki_message_crypt_next_refused;
extern jpki_message_sign jpki_message_sign_refused;
extern jpki_message_verify jpki_message_verify_refused;
extern jpki_message_begin jpki_message_begin_refused;
extern jpki_message_final jpki_message_final_refused;

/* The 2.40 list and the 3.0 list, static and complete. */
extern CK_FUNCTION_LIST jpki_functions_2_40;
extern struct jpki_function_list_3_0 jpki_functions_3_0;

#endif
