/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* session_table: keeps each session under a handle of its own. */
#include "pkcs11/session_table.h"

#include <limits.h>
#include <stdlib.h>

#include "token/reader.h"

void jpki_session_free(struct jpki_session *session)
{
	if (session == NULL)
		return;
	for (int kind = 0; kind < JPKI_OPERATION_COUNT; kind++)
		jpki_operation_free(session->operations[kind]);
	free(session);
}

void jpki_session_table_clear(struct jpki_session_table *table)
{
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++) {
		jpki_session_free(table->sessions[i]);
		table->sessions[i] = NULL;
	}
}

static bool is_of_token(const struct jpki_session *session, const struct jpki_token_ref *token)
{
	return session != NULL && session->token.reader == token->reader &&
	       session->token.key == token->key && session->token.insertion == token->insertion;
}

CK_ULONG jpki_session_table_count(const struct jpki_session_table *table,
				  const struct jpki_token_ref *token, bool read_write_only)
{
	CK_ULONG count = 0;

	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++) {
		const struct jpki_session *session = table->sessions[i];

		if (is_of_token(session, token) && (session->read_write || !read_write_only))
			count++;
	}
	return count;
}

/* A handle contains the place in the table. */
static size_t place_of(CK_SESSION_HANDLE handle)
{
	return (size_t)(handle % JPKI_SESSIONS_MAX);
}

static bool card_has_left(const struct jpki_session *session)
{
	return jpki_reader_insertion(session->token.reader) != session->token.insertion;
}

struct jpki_session *jpki_session_table_find(struct jpki_session_table *table,
					     CK_SESSION_HANDLE handle)
{
	struct jpki_session **place = &table->sessions[place_of(handle)];

	if (*place == NULL || (*place)->handle != handle)
		return NULL;
	if (card_has_left(*place)) {
		jpki_session_free(*place);
		*place = NULL;
	}
	return *place;
}

/* Return a number above 0 so that a handle with it is not 0 and does not overflow, whatever the
 * width of a handle. It begins anew after all have been used. */
static unsigned long next_number(struct jpki_session_table *table)
{
	if (table->opened >= ULONG_MAX / JPKI_SESSIONS_MAX - 1)
		table->opened = 0;
	return ++table->opened;
}

CK_RV jpki_session_table_place(struct jpki_session_table *table, struct jpki_session *session)
{
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++) {
		if (table->sessions[i] == NULL) {
			session->handle = next_number(table) * JPKI_SESSIONS_MAX + i;
			table->sessions[i] = session;
			return CKR_OK;
		}
	}
	return CKR_SESSION_COUNT;
}

static void end_private(struct jpki_session *session)
{
	for (int kind = 0; kind < JPKI_OPERATION_COUNT; kind++) {
		struct jpki_operation *operation = session->operations[kind];

		if (operation == NULL || !operation->is_private)
			continue;
		jpki_operation_free(operation);
		session->operations[kind] = NULL;
	}
	/* The handles that were found are no longer valid. */
	if (session->find.is_private)
		session->find.count = session->find.next;
}

void jpki_session_table_end_private(struct jpki_session_table *table)
{
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++) {
		struct jpki_session *session = table->sessions[i];

		if (session == NULL)
			continue;
		if (card_has_left(session)) {
			jpki_session_free(session);
			table->sessions[i] = NULL;
		} else if (!jpki_token_is_logged_in(&session->token)) {
			end_private(session);
		}
	}
}

void jpki_session_table_remove(struct jpki_session_table *table, const struct jpki_session *session)
{
	table->sessions[place_of(session->handle)] = NULL;
}

void jpki_session_table_clear_slot(struct jpki_session_table *table, CK_SLOT_ID slot)
{
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++) {
		if (table->sessions[i] == NULL || table->sessions[i]->slot != slot)
			continue;
		jpki_session_free(table->sessions[i]);
		table->sessions[i] = NULL;
	}
}
