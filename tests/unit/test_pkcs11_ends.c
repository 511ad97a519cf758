/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ends with an operation, a login, a card or the module: the PIN in memory, what was begun
 * with private objects, and what goes to the card. */
#include "module_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11/general.h"
#include "pkcs11/module.h"
#include "pkcs11/session.h"
#include "token/pin.h"
#include "token/state.h"

#define OTHER_SIGN_SLOT 3UL

static CK_MECHANISM signing = {CKM_SHA256_RSA_PKCS, NULL, 0};
static CK_UTF8CHAR right_pin[] = VCARD_SIGN_PIN;
static CK_UTF8CHAR wrong_pin[] = "WRONG0";

/* Whether the PIN is in the memory of the n-th reader. */
static bool keeps_pin(const struct jpki_module *module, size_t reader, enum jpki_key key)
{
	const struct jpki_token *token = &module->slots.readers.all[reader]->tokens[key];

	return token->pin != NULL && jpki_pin_store_pin(token->pin) != NULL;
}

static bool keeps_password(void)
{
	return keeps_pin(jpki_module_current(), 0, JPKI_KEY_SIGN);
}

/* The module anew, with sign.always-authenticate. */
static void start_always(void)
{
	char directory[] = "/tmp/jpki-unit-XXXXXX";
	char path[64];
	FILE *file;

	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/jpki-pkcs11.conf", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("sign.always-authenticate = yes\n", file);
	fclose(file);
	setenv("XDG_CONFIG_HOME", directory, 1);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	unsetenv("XDG_CONFIG_HOME");
	assert_int_equal(remove(path), 0);
	assert_int_equal(remove(directory), 0);
}

static CK_RV sign_once(CK_SESSION_HANDLE session)
{
	CK_BYTE out[256] = {0};
	CK_ULONG length = sizeof(out);

	return p11->C_Sign(session, out, 4, out, &length);
}

/* A signature is begun; its PIN was given so many times. */
static void begin(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, int times)
{
	assert_rv(p11->C_SignInit(session, mechanism, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	for (int i = 0; i < times; i++)
		assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, right_pin, 6), CKR_OK);
	assert_true(keeps_password());
}

enum way {
	SIGNED,
	TOO_LONG,
	ARGUMENTS,
	CANCELLED,
	INIT_AGAIN,
	WRONG_PIN,
	IMPOSSIBLE_PIN,
	CHANGED,
	CLOSED,
	ALL_CLOSED,
	LOGGED_OUT,
	REMOVED,
	WAYS
};

/* End the signature that was begun in the session, while another session stays open. */
static void end(CK_SESSION_HANDLE session, enum way way)
{
	CK_BYTE data[512] = {0};
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;

	switch (way) {
	case SIGNED:
		assert_rv(sign_once(session), CKR_OK);
		break;
	case TOO_LONG:
		assert_rv(p11->C_SignUpdate(session, data, sizeof(data)), CKR_DATA_LEN_RANGE);
		break;
	case ARGUMENTS:
		assert_rv(p11->C_Sign(session, NULL, 1, data, NULL), CKR_ARGUMENTS_BAD);
		break;
	case CANCELLED:
		assert_rv(module_newest()->C_SessionCancel(session, CKF_SIGN), CKR_OK);
		break;
	case INIT_AGAIN:
		assert_rv(p11->C_SignInit(session, NULL, 0), CKR_OK);
		break;
	case WRONG_PIN:
		assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, wrong_pin, 6),
			  CKR_PIN_INCORRECT);
		break;
	case IMPOSSIBLE_PIN:
		assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, wrong_pin, 1),
			  CKR_PIN_INCORRECT);
		break;
	case CHANGED:
		assert_rv(p11->C_SetPIN(session, right_pin, 6, right_pin, 6), CKR_OK);
		break;
	case CLOSED:
		assert_rv(p11->C_CloseSession(session), CKR_OK);
		break;
	case ALL_CLOSED:
		assert_rv(p11->C_CloseAllSessions(MODULE_SIGN_SLOT), CKR_OK);
		break;
	case LOGGED_OUT:
		assert_rv(p11->C_Logout(session), CKR_OK);
		break;
	case REMOVED:
		vcard_transport_remove(module_fixture.readers, 0);
		assert_rv(p11->C_GetSlotList(CK_FALSE, slots, &count), CKR_OK);
		break;
	case WAYS:
	default:
		fail();
	}
}

/* The password is in memory from the login of a signature to its end, however often it was given
 * and however it ends, and for no later one. */
static void test_password_of_one_signature(void **state)
{
	CK_MECHANISM plain = {CKM_RSA_PKCS, NULL, 0};

	(void)state;
	start_always();
	for (int times = 1; times < 4; times++) {
		for (int way = 0; way < WAYS; way++) {
			CK_SESSION_HANDLE session = module_open_read_write(MODULE_SIGN_SLOT);
			CK_SESSION_HANDLE other = module_open_user(MODULE_SIGN_SLOT);

			/* The login counts for one. */
			begin(other, &signing, 0);
			assert_rv(sign_once(other), CKR_OK);
			assert_false(keeps_password());
			begin(session, way == TOO_LONG ? &plain : &signing, times);
			end(session, (enum way)way);
			assert_false(keeps_password());
			if (way == WRONG_PIN || way == IMPOSSIBLE_PIN || way == CHANGED)
				assert_rv(sign_once(session), CKR_USER_NOT_LOGGED_IN);
			/* A removal has not left a debt to the next card. */
			if (way == REMOVED)
				vcard_transport_insert(module_fixture.readers, 0,
						       module_fixture.card.card);
			p11->C_CloseAllSessions(MODULE_SIGN_SLOT);
			assert_false(keeps_password());
		}
	}
}

static void begin_verify(CK_SESSION_HANDLE session)
{
	assert_rv(p11->C_VerifyInit(session, &signing, module_find(session, CKO_PUBLIC_KEY)),
		  CKR_OK);
}

static bool has_operations(CK_SESSION_HANDLE handle)
{
	struct jpki_session *session = jpki_session_lock(jpki_module_current(), handle);
	bool found = false;

	assert_non_null(session);
	for (int kind = 0; kind < JPKI_OPERATION_COUNT; kind++)
		found = found || session->operations[kind] != NULL;
	jpki_session_unlock(jpki_module_current());
	return found;
}

/* What was begun with a private object ends with the login, in every session; what was not, goes
 * on. */
static void test_logout_ends_private(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_SIGN_SLOT);
	CK_SESSION_HANDLE other = module_open(MODULE_SIGN_SLOT);
	CK_SESSION_HANDLE auth = module_open_user(MODULE_AUTH_SLOT);
	CK_MECHANISM digest = {CKM_SHA256, NULL, 0};
	CK_BYTE bytes[256] = {0};
	CK_ULONG length = sizeof(bytes);
	CK_OBJECT_HANDLE objects[8];
	CK_ULONG count = 0;

	(void)state;
	begin_verify(session);
	assert_rv(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	assert_rv(p11->C_FindObjects(session, objects, 1, &count), CKR_OK);
	assert_int_equal(count, 1);
	begin_verify(other);
	assert_rv(p11->C_SignInit(other, &signing, module_find(other, CKO_PRIVATE_KEY)), CKR_OK);
	begin_verify(auth);
	assert_rv(p11->C_Logout(session), CKR_OK);
	assert_false(has_operations(session));
	assert_false(has_operations(other));
	assert_rv(p11->C_FindObjects(session, objects, 8, &count), CKR_OK);
	assert_int_equal(count, 0);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	assert_rv(p11->C_Verify(session, bytes, 4, bytes, 256), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(sign_once(other), CKR_OPERATION_NOT_INITIALIZED);
	/* The other token's login is another one, and its public key is for everybody. */
	assert_true(has_operations(auth));
	assert_rv(p11->C_Logout(auth), CKR_OK);
	assert_rv(p11->C_Verify(auth, bytes, 4, bytes, 256), CKR_SIGNATURE_INVALID);
	/* A digest has nothing to do with it. */
	assert_rv(module_login(session, VCARD_SIGN_PIN), CKR_OK);
	assert_rv(p11->C_DigestInit(session, &digest), CKR_OK);
	assert_rv(p11->C_Logout(session), CKR_OK);
	assert_rv(p11->C_Digest(session, bytes, 4, bytes, &length), CKR_OK);
}

/* An operation that is out of its session at that moment does not come back. */
static void test_logout_during_operation(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_SIGN_SLOT);
	struct jpki_operation *operation = NULL;

	(void)state;
	begin_verify(session);
	assert_rv(jpki_session_take(jpki_module_current(), session, JPKI_OPERATION_VERIFY,
				    &operation),
		  CKR_OK);
	assert_rv(p11->C_Logout(session), CKR_OK);
	assert_rv(
		jpki_session_put(jpki_module_current(), session, JPKI_OPERATION_VERIFY, operation),
		CKR_USER_NOT_LOGGED_IN);
	assert_false(has_operations(session));
}

/* The last session of another kind: whoever closes all sessions, or whose card is gone, leaves
 * nothing behind. */
static void test_removal_ends_sessions(void **state)
{
	const struct jpki_module *module = jpki_module_current();
	CK_SESSION_HANDLE session = module_open_user(MODULE_SIGN_SLOT);
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;

	(void)state;
	begin_verify(session);
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_GetSlotList(CK_FALSE, slots, &count), CKR_OK);
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++)
		assert_null(module->sessions.sessions[i]);
	assert_rv(p11->C_Verify(session, right_pin, 4, right_pin, 256), CKR_SESSION_HANDLE_INVALID);
}

/* Who guesses a handle before the login learns no more than who searches. */
static void test_guessed_handles(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);
	unsigned int found = 0;

	(void)state;
	for (CK_OBJECT_HANDLE handle = 0; handle < 64; handle++) {
		CK_BBOOL private = CK_TRUE;
		CK_BYTE value[4096];
		CK_ATTRIBUTE wanted = {CKA_VALUE, value, sizeof(value)};
		CK_ATTRIBUTE is_private = {CKA_PRIVATE, &private, sizeof(private)};
		CK_ULONG size = 0;
		CK_RV rv = p11->C_GetAttributeValue(session, handle, &is_private, 1);

		if (rv == CKR_OBJECT_HANDLE_INVALID) {
			assert_rv(p11->C_GetAttributeValue(session, handle, &wanted, 1),
				  CKR_OBJECT_HANDLE_INVALID);
			assert_rv(p11->C_GetObjectSize(session, handle, &size),
				  CKR_OBJECT_HANDLE_INVALID);
		} else {
			found++;
			assert_true(rv == CKR_ATTRIBUTE_TYPE_INVALID || !private);
		}
		assert_true(p11->C_SignInit(session, &signing, handle) != CKR_OK);
		assert_true(p11->C_VerifyInit(session, &signing, handle) != CKR_OK);
	}
	/* The authority's certificate and the feature. */
	assert_int_equal(found, 2);
}

static void *sign_in_thread(void *context)
{
	CK_SESSION_HANDLE *session = context;

	*session = sign_once(*session);
	return NULL;
}

/* Wait until so many calls are inside the module. */
static void await_inside(struct jpki_module *module, unsigned int count)
{
	const struct timespec pause = {0, 1000000L};
	unsigned int inside = 0;

	while (inside < count) {
		pthread_mutex_lock(&module->lock);
		inside = module->active;
		pthread_mutex_unlock(&module->lock);
		nanosleep(&pause, NULL);
	}
}

/* Another program keeps the card of the first reader, so C_Finalize gives up on those who wait for
 * it: all PINs go nevertheless, and whoever comes out at last has sent none. */
static void test_abandoned_finalize(void **state)
{
	struct jpki_module *module; /* never freed, and no leak to who looks for some */
	struct jpki_transport *transport = vcard_transport_base(module_fixture.readers);
	struct jpki_link *link = NULL;
	CK_SESSION_HANDLE sessions[2], other;
	pthread_t threads[2];
	bool was_reset;

	(void)state;
	module = jpki_module_current();
	unit_card_open(&module_fixture.second, "second", NULL);
	vcard_transport_insert(module_fixture.readers, 1, module_fixture.second.card);
	other = module_open_user(OTHER_SIGN_SLOT);
	for (int i = 0; i < 2; i++) {
		sessions[i] =
			i == 0 ? module_open_user(MODULE_AUTH_SLOT) : module_open(MODULE_AUTH_SLOT);
		assert_rv(p11->C_SignInit(sessions[i], &signing,
					  module_find(sessions[i], CKO_PRIVATE_KEY)),
			  CKR_OK);
	}
	assert_rv(p11->C_SignInit(other, &signing, module_find(other, CKO_PRIVATE_KEY)), CKR_OK);
	assert_true(keeps_pin(module, 0, JPKI_KEY_AUTH));
	assert_true(keeps_pin(module, 1, JPKI_KEY_SIGN));
	vcard_transport_forget(module_fixture.readers);
	assert_error(transport->ops->connect(transport, MODULE_READER_A, &link), JPKI_OK);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, sign_in_thread, &sessions[i]),
				 0);
	await_inside(module, 2);
	jpki_module_finalize_rounds = 3;
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	assert_ptr_not_equal(jpki_module_current(), module);
	assert_false(keeps_pin(module, 1, JPKI_KEY_SIGN));
	assert_null(module->slots.readers.all[1]->tokens[JPKI_KEY_SIGN].own.certificate);
	for (size_t i = 0; i < JPKI_SESSIONS_MAX; i++)
		assert_null(module->sessions.sessions[i]);
	transport->ops->end(link);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		/* Who waited for the other finds that the login is gone. */
		assert_true(sessions[i] == CKR_CRYPTOKI_NOT_INITIALIZED ||
			    sessions[i] == CKR_USER_NOT_LOGGED_IN);
	}
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
	module_assert_exchanges(0);
	assert_false(keeps_pin(module, 0, JPKI_KEY_AUTH));
	transport->ops->disconnect(link);
	assert_int_equal(vcard_transport_links(module_fixture.readers), 0);
	/* The next one begins anew, with the card. */
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	module_open_user(MODULE_AUTH_SLOT);
}

/* C_Finalize gives up just before a command goes out: VERIFY without data, or with the PIN. */
static enum vcard_fault finalize_at_verify(void *context, unsigned int index,
					   const uint8_t *command, size_t length)
{
	const bool *with_pin = context;

	(void)index;
	if (command[1] == 0x20 && (length > 5) == *with_pin && jpki_module_current() != NULL) {
		jpki_module_finalize_rounds = 1;
		assert_rv(p11->C_Finalize(NULL), CKR_OK);
	}
	return VCARD_FAULT_NONE;
}

/* The card takes long, and C_Finalize gives up meanwhile: the PIN does not go out any more, or, if
 * it has, nothing is signed, and the card is left locked. */
static void test_abandoned_at_verify(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		bool with_pin = i == 1;
		CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
		struct jpki_module *module = jpki_module_current();

		assert_rv(p11->C_SignInit(session, &signing, module_find(session, CKO_PRIVATE_KEY)),
			  CKR_OK);
		vcard_transport_forget(module_fixture.readers);
		vcard_transport_set_hook(module_fixture.readers, finalize_at_verify, &with_pin);
		assert_rv(sign_once(session), CKR_CRYPTOKI_NOT_INITIALIZED);
		vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
		unit_assert_trace(module_fixture.readers,
				  with_pin ? "AP EF:0018 TRIES VERIFY LEAVE AP"
					   : "AP EF:0018 TRIES");
		assert_false(keeps_pin(module, 0, JPKI_KEY_AUTH));
		assert_rv(p11->C_Initialize(NULL), CKR_OK);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_password_of_one_signature), TEST(test_logout_ends_private),
		TEST(test_logout_during_operation),   TEST(test_removal_ends_sessions),
		TEST(test_guessed_handles),           TEST(test_abandoned_finalize),
		TEST(test_abandoned_at_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
