/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session: does the work of the C_ functions of PKCS#11 2.40 §5.6, and gives a session's token and
 * operations to the functions that need them.
 */
#ifndef JPKI_PKCS11_SESSION_H
#define JPKI_PKCS11_SESSION_H

#include "pkcs11/session_table.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_module;

/*
 * Lock the module and return the session of a handle; the caller unlocks with jpki_session_unlock.
 * NULL if there is no such session: the module is not locked then.
 */
struct jpki_session *jpki_session_lock(struct jpki_module *module, CK_SESSION_HANDLE handle);
void jpki_session_unlock(struct jpki_module *module);

/* Return the token of a session. CKR_SESSION_HANDLE_INVALID. Takes the lock. */
CK_RV jpki_session_token(struct jpki_module *module, CK_SESSION_HANDLE handle,
			 struct jpki_token_ref *token);

/*
 * Take the active operation out of a session, to work on it without the lock. The caller puts it
 * back or frees it. CKR_SESSION_HANDLE_INVALID, CKR_OPERATION_NOT_INITIALIZED. Takes the lock.
 */
CK_RV jpki_session_take(struct jpki_module *module, CK_SESSION_HANDLE handle,
			enum jpki_operation_kind kind, struct jpki_operation **operation);

/*
 * Put an operation into a session, which owns it from then on. CKR_OPERATION_ACTIVE if it has one
 * already, CKR_SESSION_HANDLE_INVALID: the operation is freed. Takes the lock.
 */
CK_RV jpki_session_put(struct jpki_module *module, CK_SESSION_HANDLE handle,
		       enum jpki_operation_kind kind, struct jpki_operation *operation);

/*
 * CKR_OK if no operation of the kind is active, otherwise CKR_OPERATION_ACTIVE. *token is the
 * session's in both cases. CKR_SESSION_HANDLE_INVALID. Takes the lock.
 */
CK_RV jpki_session_must_be_idle(struct jpki_module *module, CK_SESSION_HANDLE handle,
				enum jpki_operation_kind kind, struct jpki_token_ref *token);

/* The work of the C_ functions of these names, inside the module and with checked pointers. */
CK_RV jpki_session_open(struct jpki_module *module, CK_SLOT_ID slot, CK_FLAGS flags,
			CK_SESSION_HANDLE *handle);
CK_RV jpki_session_close(struct jpki_module *module, CK_SESSION_HANDLE handle);
CK_RV jpki_session_close_all(struct jpki_module *module, CK_SLOT_ID slot);
CK_RV jpki_session_info(struct jpki_module *module, CK_SESSION_HANDLE handle,
			CK_SESSION_INFO *info);
CK_RV jpki_session_login(struct jpki_module *module, CK_SESSION_HANDLE handle, CK_USER_TYPE user,
			 const CK_UTF8CHAR *pin, CK_ULONG length);
CK_RV jpki_session_set_pin(struct jpki_module *module, CK_SESSION_HANDLE handle,
			   const CK_UTF8CHAR *old_pin, CK_ULONG old_length,
			   const CK_UTF8CHAR *new_pin, CK_ULONG new_length);
CK_RV jpki_session_cancel(struct jpki_module *module, CK_SESSION_HANDLE handle, CK_FLAGS flags);
CK_RV jpki_session_logout(struct jpki_module *module, CK_SESSION_HANDLE handle);

#endif
