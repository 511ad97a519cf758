/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* session: does the work of the C_ functions of PKCS#11 2.40 §5.6. */
#include "pkcs11/session.h"

#include <stdbool.h>
#include <stdlib.h>

#include "pkcs11/module.h"
#include "pkcs11/rv.h"
#include "pkcs11/slot.h"

struct jpki_session *jpki_session_lock(struct jpki_module *module, CK_SESSION_HANDLE handle)
{
	struct jpki_session *session;

	pthread_mutex_lock(&module->lock);
	session = jpki_session_table_find(&module->sessions, handle);
	if (session == NULL)
		pthread_mutex_unlock(&module->lock);
	return session;
}

void jpki_session_unlock(struct jpki_module *module)
{
	pthread_mutex_unlock(&module->lock);
}

CK_RV jpki_session_token(struct jpki_module *module, CK_SESSION_HANDLE handle,
			 struct jpki_token_ref *token)
{
	const struct jpki_session *session = jpki_session_lock(module, handle);

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	*token = session->token;
	jpki_session_unlock(module);
	return CKR_OK;
}

CK_RV jpki_session_take(struct jpki_module *module, CK_SESSION_HANDLE handle,
			enum jpki_operation_kind kind, struct jpki_operation **operation)
{
	struct jpki_session *session = jpki_session_lock(module, handle);

	*operation = NULL;
	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	*operation = session->operations[kind];
	session->operations[kind] = NULL;
	jpki_session_unlock(module);
	return *operation != NULL ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
}

CK_RV jpki_session_put(struct jpki_module *module, CK_SESSION_HANDLE handle,
		       enum jpki_operation_kind kind, struct jpki_operation *operation)
{
	struct jpki_session *session = jpki_session_lock(module, handle);
	CK_RV rv = CKR_SESSION_HANDLE_INVALID;

	if (session != NULL) {
		rv = session->operations[kind] == NULL ? CKR_OK : CKR_OPERATION_ACTIVE;
		/* The login may have ended while the operation was out of the session. */
		if (rv == CKR_OK && operation->is_private &&
		    !jpki_token_is_logged_in(&operation->token))
			rv = CKR_USER_NOT_LOGGED_IN;
		if (rv == CKR_OK)
			session->operations[kind] = operation;
		jpki_session_unlock(module);
	}
	if (rv != CKR_OK)
		jpki_operation_end(operation);
	return rv;
}

CK_RV jpki_session_must_be_idle(struct jpki_module *module, CK_SESSION_HANDLE handle,
				enum jpki_operation_kind kind, struct jpki_token_ref *token)
{
	const struct jpki_session *session = jpki_session_lock(module, handle);
	CK_RV rv;

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	*token = session->token;
	rv = session->operations[kind] == NULL ? CKR_OK : CKR_OPERATION_ACTIVE;
	jpki_session_unlock(module);
	return rv;
}

CK_RV jpki_session_open(struct jpki_module *module, CK_SLOT_ID slot, CK_FLAGS flags,
			CK_SESSION_HANDLE *handle)
{
	struct jpki_session *session;
	struct jpki_token_ref token;
	struct jpki_token_info info;
	CK_RV rv;

	if ((flags & CKF_SERIAL_SESSION) == 0)
		return CKR_SESSION_PARALLEL_NOT_SUPPORTED;
	rv = jpki_slot_look(module, slot, &token, &info);
	if (rv == CKR_OK)
		rv = jpki_rv(jpki_token_renew_tries(&token));
	if (rv != CKR_OK)
		return rv;
	session = calloc(1, sizeof(*session));
	if (session == NULL)
		return CKR_HOST_MEMORY;
	session->slot = slot;
	session->token = token;
	/* Allowed, because many programs ask for it without writing anything. */
	session->read_write = (flags & CKF_RW_SESSION) != 0;
	pthread_mutex_lock(&module->lock);
	rv = jpki_session_table_place(&module->sessions, session);
	if (rv == CKR_OK)
		*handle = session->handle;
	pthread_mutex_unlock(&module->lock);
	if (rv != CKR_OK)
		jpki_session_free(session);
	return rv;
}

/* With the lock held: end the login to a token that has no session left (PKCS#11 2.40 §5.6). The
 * caller then calls jpki_token_sweep without the lock, to wipe the PIN. */
static void end_login_without_sessions(struct jpki_module *module,
				       const struct jpki_token_ref *token)
{
	if (jpki_session_table_count(&module->sessions, token, false) == 0)
		jpki_token_revoke(token);
}

CK_RV jpki_session_close(struct jpki_module *module, CK_SESSION_HANDLE handle)
{
	struct jpki_session *session = jpki_session_lock(module, handle);
	struct jpki_token_ref token;

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	token = session->token;
	jpki_session_table_remove(&module->sessions, session);
	end_login_without_sessions(module, &token);
	jpki_session_unlock(module);
	jpki_session_free(session);
	jpki_token_sweep(&token);
	return CKR_OK;
}

CK_RV jpki_session_close_all(struct jpki_module *module, CK_SLOT_ID slot)
{
	struct jpki_token_ref token;
	CK_RV rv = jpki_slot_token(module, slot, &token);

	if (rv != CKR_OK)
		return rv;
	pthread_mutex_lock(&module->lock);
	jpki_session_table_clear_slot(&module->sessions, slot);
	end_login_without_sessions(module, &token);
	pthread_mutex_unlock(&module->lock);
	jpki_token_sweep(&token);
	return CKR_OK;
}

CK_RV jpki_session_info(struct jpki_module *module, CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
	const struct jpki_session *session;
	bool logged_in;

	/* Look, because programs call this to learn whether the card is still there. */
	jpki_slots_refresh(module, NULL);
	session = jpki_session_lock(module, handle);
	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	/* While it is suspended, a login is none to programs, so that they ask for the PIN. */
	logged_in = jpki_token_is_logged_in(&session->token) &&
		    !jpki_token_is_suspended(&session->token);
	info->slotID = session->slot;
	info->flags = CKF_SERIAL_SESSION | (session->read_write ? CKF_RW_SESSION : 0);
	if (session->read_write)
		info->state = logged_in ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION;
	else
		info->state = logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION;
	info->ulDeviceError = 0;
	jpki_session_unlock(module);
	return CKR_OK;
}

/*
 * CKU_CONTEXT_SPECIFIC (2.40 §5.6): give the PIN once more, for the signature that the session has
 * begun. The operation is out of the session meanwhile, so that no other thread can end it.
 */
static CK_RV login_for_operation(struct jpki_module *module, CK_SESSION_HANDLE handle,
				 const CK_UTF8CHAR *pin, CK_ULONG length)
{
	struct jpki_operation *operation;
	CK_RV put_rv;
	CK_RV rv = jpki_session_take(module, handle, JPKI_OPERATION_SIGN, &operation);

	if (rv != CKR_OK)
		return rv;
	rv = CKR_OPERATION_NOT_INITIALIZED;
	if (operation->always_authenticate) {
		/* The PIN given before, if any, has served for nothing. */
		jpki_operation_end_authentication(operation);
		rv = jpki_rv(jpki_token_authenticate(&operation->token, pin, length));
		operation->authenticated = rv == CKR_OK;
	}
	/* A wrong PIN does not end the operation: the user may try again. */
	put_rv = jpki_session_put(module, handle, JPKI_OPERATION_SIGN, operation);
	return put_rv != CKR_OK ? put_rv : rv;
}

/* After a login: end it again if another thread has closed the session in the meantime. */
static CK_RV keep_login(struct jpki_module *module, CK_SESSION_HANDLE handle,
			const struct jpki_token_ref *token)
{
	bool ended;

	pthread_mutex_lock(&module->lock);
	ended = jpki_session_table_find(&module->sessions, handle) == NULL;
	if (ended)
		jpki_token_revoke(token);
	pthread_mutex_unlock(&module->lock);
	if (ended)
		jpki_token_sweep(token);
	return ended ? CKR_SESSION_HANDLE_INVALID : CKR_OK;
}

/* The token has no security officer; the standard names two reasons that come before that (2.40
 * §5.6, C_Login). */
static CK_RV refuse_officer(struct jpki_module *module, const struct jpki_token_ref *token)
{
	CK_RV rv = CKR_USER_TYPE_INVALID;

	pthread_mutex_lock(&module->lock);
	if (jpki_session_table_count(&module->sessions, token, false) >
	    jpki_session_table_count(&module->sessions, token, true))
		rv = CKR_SESSION_READ_ONLY_EXISTS;
	else if (jpki_token_is_logged_in(token))
		rv = CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
	pthread_mutex_unlock(&module->lock);
	return rv;
}

CK_RV jpki_session_login(struct jpki_module *module, CK_SESSION_HANDLE handle, CK_USER_TYPE user,
			 const CK_UTF8CHAR *pin, CK_ULONG length)
{
	static const CK_UTF8CHAR nothing[1];
	struct jpki_token_ref token;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_session_token(module, handle, &token);
	if (rv != CKR_OK)
		return rv;
	/* NULL is for tokens with a PIN pad. Here it is a PIN of impossible length. */
	if (pin == NULL)
		pin = nothing;
	if (user == CKU_CONTEXT_SPECIFIC)
		return login_for_operation(module, handle, pin, length);
	if (user == CKU_SO)
		return refuse_officer(module, &token);
	if (user != CKU_USER)
		return CKR_USER_TYPE_INVALID;
	rv = jpki_rv(jpki_token_login(&token, pin, length));
	return rv == CKR_OK ? keep_login(module, handle, &token) : rv;
}

CK_RV jpki_session_set_pin(struct jpki_module *module, CK_SESSION_HANDLE handle,
			   const CK_UTF8CHAR *old_pin, CK_ULONG old_length,
			   const CK_UTF8CHAR *new_pin, CK_ULONG new_length)
{
	const struct jpki_session *session;
	struct jpki_token_ref token;
	bool read_write;
	enum jpki_error error;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	session = jpki_session_lock(module, handle);
	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	token = session->token;
	read_write = session->read_write;
	jpki_session_unlock(module);
	if (!read_write)
		return CKR_SESSION_READ_ONLY;
	error = jpki_token_change_pin(&token, old_pin, old_length, new_pin, new_length);
	/* Unlike C_Login, C_SetPIN has codes for what is wrong with a PIN. */
	if (error == JPKI_E_PIN_LENGTH)
		return CKR_PIN_LEN_RANGE;
	if (error == JPKI_E_PIN_ALPHABET)
		return CKR_PIN_INVALID;
	/* CKR_FUNCTION_FAILED says here that either PIN may be the valid one, and nothing else. */
	rv = jpki_rv(error);
	return rv == CKR_FUNCTION_FAILED && error != JPKI_E_PIN_UNCERTAIN ? CKR_GENERAL_ERROR : rv;
}

CK_RV jpki_session_cancel(struct jpki_module *module, CK_SESSION_HANDLE handle, CK_FLAGS flags)
{
	static const CK_FLAGS kinds[JPKI_OPERATION_COUNT] = {
		[JPKI_OPERATION_SIGN] = CKF_SIGN,
		[JPKI_OPERATION_VERIFY] = CKF_VERIFY,
		[JPKI_OPERATION_DIGEST] = CKF_DIGEST,
	};
	struct jpki_session *session = jpki_session_lock(module, handle);
	struct jpki_token_ref token;

	if (session == NULL)
		return CKR_SESSION_HANDLE_INVALID;
	token = session->token;
	for (int kind = 0; kind < JPKI_OPERATION_COUNT; kind++) {
		if ((flags & kinds[kind]) == 0)
			continue;
		jpki_operation_free(session->operations[kind]);
		session->operations[kind] = NULL;
	}
	if ((flags & CKF_FIND_OBJECTS) != 0)
		session->find = (struct jpki_find){0};
	jpki_session_unlock(module);
	jpki_token_sweep(&token);
	return CKR_OK;
}

CK_RV jpki_session_logout(struct jpki_module *module, CK_SESSION_HANDLE handle)
{
	struct jpki_token_ref token;
	CK_RV rv = jpki_session_token(module, handle, &token);

	if (rv == CKR_OK)
		rv = jpki_rv(jpki_token_logout(&token));
	pthread_mutex_lock(&module->lock);
	jpki_session_table_end_private(&module->sessions);
	pthread_mutex_unlock(&module->lock);
	return rv;
}
