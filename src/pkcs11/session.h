/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sessions (PKCS#11 2.40 §5.6). A session belongs to one insertion of a card: when that ends, its
 * handle is invalid. A handle is not given out again.
 */
#ifndef JPKI_PKCS11_SESSION_H
#define JPKI_PKCS11_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "pkcs11/operation.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_module;

#define JPKI_SESSIONS_MAX 1024
/* More objects than any token of ours has. */
#define JPKI_FIND_MAX 8

enum jpki_operation_kind {
	JPKI_OPERATION_SIGN,
	JPKI_OPERATION_VERIFY,
	JPKI_OPERATION_DIGEST,
	JPKI_OPERATION_COUNT
};

/* A search under way: what it found and how much of it was handed out. */
struct jpki_find {
	bool active;
	size_t count;
	size_t next;
	CK_OBJECT_HANDLE objects[JPKI_FIND_MAX];
};

/* Guarded by the module's lock. */
struct jpki_session {
	CK_SESSION_HANDLE handle;
	CK_SLOT_ID slot;
	struct jpki_token_ref token;
	bool read_write;
	struct jpki_find find;
	struct jpki_operation *operations[JPKI_OPERATION_COUNT]; /* NULL: none is active */
};

struct jpki_session_table {
	unsigned long opened; /* ever */
	struct jpki_session *sessions[JPKI_SESSIONS_MAX];
};

/* Ends all sessions, and frees their operations. No call is inside the module. */
void jpki_session_table_clear(struct jpki_session_table *table);

/* With the lock held: how many sessions a token has, in all or of the read-write kind. */
CK_ULONG jpki_session_count(const struct jpki_session_table *table,
			    const struct jpki_token_ref *token, bool read_write_only);

/*
 * With the lock held: the session of a handle, or NULL. A session whose card has left is closed
 * by the look for it.
 */
struct jpki_session *jpki_session_find(struct jpki_module *module, CK_SESSION_HANDLE handle);

/* The token of a session; CKR_SESSION_HANDLE_INVALID. Takes the lock. */
CK_RV jpki_session_token(struct jpki_module *module, CK_SESSION_HANDLE handle,
			 struct jpki_token_ref *token);

/*
 * Takes the active operation out of a session, to work on it without the lock. The caller puts
 * it back or frees it. CKR_SESSION_HANDLE_INVALID, CKR_OPERATION_NOT_INITIALIZED.
 */
CK_RV jpki_session_take(struct jpki_module *module, CK_SESSION_HANDLE handle,
			enum jpki_operation_kind kind, struct jpki_operation **operation);

/*
 * Puts an operation into a session, which owns it from then on. CKR_OPERATION_ACTIVE when there
 * is one, CKR_SESSION_HANDLE_INVALID; the operation is freed then.
 */
CK_RV jpki_session_put(struct jpki_module *module, CK_SESSION_HANDLE handle,
		       enum jpki_operation_kind kind, struct jpki_operation *operation);

/*
 * CKR_OK when no operation of the kind is active; else CKR_OPERATION_ACTIVE. *token is the
 * session's in both cases. CKR_SESSION_HANDLE_INVALID. Takes the lock.
 */
CK_RV jpki_session_must_be_idle(struct jpki_module *module, CK_SESSION_HANDLE handle,
				enum jpki_operation_kind kind, struct jpki_token_ref *token);

/* What the C_ functions of the same names do, inside the module and with checked pointers. */
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
