/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session_table: keeps each session under a handle of its own. A session belongs to one
 * insertion of a card; when that ends, its handle is invalid. The module's lock guards the table
 * and the sessions in it.
 */
#ifndef JPKI_PKCS11_SESSION_TABLE_H
#define JPKI_PKCS11_SESSION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "pkcs11/operation.h"
#include "pkcs11v3.h"
#include "token/token.h"

#define JPKI_SESSIONS_MAX 1024
/* More objects than any token of ours has. */
#define JPKI_FIND_MAX 8

enum jpki_operation_kind {
	JPKI_OPERATION_SIGN,
	JPKI_OPERATION_VERIFY,
	JPKI_OPERATION_DIGEST,
	JPKI_OPERATION_COUNT
};

/* A search: the objects it found, and how many of them C_FindObjects has returned. */
struct jpki_find {
	bool active;
	bool is_private; /* it found private objects */
	size_t count;
	size_t next;
	CK_OBJECT_HANDLE objects[JPKI_FIND_MAX];
};

struct jpki_session {
	CK_SESSION_HANDLE handle;
	CK_SLOT_ID slot;
	struct jpki_token_ref token;
	bool read_write;
	struct jpki_find find;
	struct jpki_operation *operations[JPKI_OPERATION_COUNT]; /* NULL: none is active */
};

struct jpki_session_table {
	/* So far, until it begins anew after 2^22 sessions (32 bits) or more. The place is in the
	 * handle, too, so that no two sessions at a time have the same. */
	unsigned long opened;
	struct jpki_session *sessions[JPKI_SESSIONS_MAX];
};

/* Free a session that is in no table, with its operations. NULL is allowed. */
void jpki_session_free(struct jpki_session *session);

/* Free all sessions. A call that is inside finds that its session is gone. */
void jpki_session_table_clear(struct jpki_session_table *table);

/* Return how many sessions a token has, in all or of the read-write kind. */
CK_ULONG jpki_session_table_count(const struct jpki_session_table *table,
				  const struct jpki_token_ref *token, bool read_write_only);

/* Return the session of a handle, or NULL. If its card has left, the session is freed. */
struct jpki_session *jpki_session_table_find(struct jpki_session_table *table,
					     CK_SESSION_HANDLE handle);

/*
 * Put a session into a free place and give it a handle; the table owns it then.
 * CKR_SESSION_COUNT.
 */
CK_RV jpki_session_table_place(struct jpki_session_table *table, struct jpki_session *session);

/* End what sessions have begun with private objects if the login is over, and free the sessions
 * whose cards have left: what they hold of a private certificate goes with the login. */
void jpki_session_table_end_private(struct jpki_session_table *table);

/* Take a session out of the table; the caller frees it. */
void jpki_session_table_remove(struct jpki_session_table *table,
			       const struct jpki_session *session);

/* Free all sessions of a slot. */
void jpki_session_table_clear_slot(struct jpki_session_table *table, CK_SLOT_ID slot);

#endif
