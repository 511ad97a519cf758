/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions and logins through the C_ functions. */
#include "module_fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11/module.h"
#include "pkcs11/session_table.h"
#include "token/state.h"

static CK_STATE state_of(CK_SESSION_HANDLE session)
{
	CK_SESSION_INFO info;

	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	return info.state;
}

/* Whether the PIN of a slot of the first reader is in memory, whatever the module says. */
static bool keeps_pin(CK_SLOT_ID slot)
{
	struct jpki_module *module = NULL;
	struct jpki_token *token;
	bool keeps;

	assert_rv(jpki_module_enter(&module), CKR_OK);
	token = &module->slots.readers.all[0]->tokens[slot];
	keeps = token->pin != NULL && jpki_pin_store_pin(token->pin) != NULL;
	jpki_module_leave(module);
	return keeps;
}

static CK_FLAGS token_flags(CK_SLOT_ID slot)
{
	CK_TOKEN_INFO info;

	assert_rv(p11->C_GetTokenInfo(slot, &info), CKR_OK);
	return info.flags;
}

static void test_open(void **state)
{
	CK_SESSION_HANDLE session = 77;
	CK_SESSION_INFO info;

	(void)state;
	assert_rv(p11->C_OpenSession(0, 0, NULL, NULL, &session),
		  CKR_SESSION_PARALLEL_NOT_SUPPORTED);
	assert_rv(p11->C_OpenSession(0, CKF_RW_SESSION, NULL, NULL, &session),
		  CKR_SESSION_PARALLEL_NOT_SUPPORTED);
	assert_rv(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_OpenSession(99, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_OpenSession(~0UL, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_SLOT_ID_INVALID);
	session = module_open(MODULE_SIGN_SLOT);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	assert_int_equal(info.slotID, MODULE_SIGN_SLOT);
	assert_int_equal(info.flags, CKF_SERIAL_SESSION);
	assert_int_equal(info.state, CKS_RO_PUBLIC_SESSION);
	assert_int_equal(info.ulDeviceError, 0);
	session = module_open_read_write(MODULE_SIGN_SLOT);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	assert_int_equal(info.flags, CKF_SERIAL_SESSION | CKF_RW_SESSION);
	assert_int_equal(info.state, CKS_RW_PUBLIC_SESSION);
}

static void test_open_empty_slot(void **state)
{
	CK_SESSION_HANDLE session;
	CK_ULONG count = 0;

	(void)state;
	assert_rv(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	assert_rv(p11->C_OpenSession(MODULE_EMPTY_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_TOKEN_NOT_PRESENT);
	module_exchange_card("foreign");
	assert_rv(p11->C_OpenSession(MODULE_AUTH_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_TOKEN_NOT_RECOGNIZED);
	module_exchange_card("child-bare");
	assert_rv(p11->C_OpenSession(MODULE_SIGN_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_TOKEN_NOT_PRESENT);
	session = module_open(MODULE_AUTH_SLOT);
}

/* A login is of the token: all its sessions are in it, and no session of the other token. */
static void test_states(void **state)
{
	CK_SESSION_HANDLE reading = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE writing = module_open_read_write(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE other = module_open(MODULE_SIGN_SLOT);
	CK_SESSION_HANDLE later;

	(void)state;
	assert_rv(module_login(writing, VCARD_AUTH_PIN), CKR_OK);
	assert_int_equal(state_of(reading), CKS_RO_USER_FUNCTIONS);
	assert_int_equal(state_of(writing), CKS_RW_USER_FUNCTIONS);
	assert_int_equal(state_of(other), CKS_RO_PUBLIC_SESSION);
	later = module_open(MODULE_AUTH_SLOT);
	assert_int_equal(state_of(later), CKS_RO_USER_FUNCTIONS);
	assert_rv(module_login(reading, VCARD_AUTH_PIN), CKR_USER_ALREADY_LOGGED_IN);
	assert_rv(p11->C_Logout(later), CKR_OK);
	assert_int_equal(state_of(reading), CKS_RO_PUBLIC_SESSION);
	assert_int_equal(state_of(writing), CKS_RW_PUBLIC_SESSION);
	assert_rv(p11->C_Logout(later), CKR_USER_NOT_LOGGED_IN);
}

static void test_handles(void **state)
{
	CK_SESSION_HANDLE seen[100];
	CK_SESSION_INFO info;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		seen[i] = module_open(MODULE_AUTH_SLOT);
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
		assert_rv(p11->C_CloseSession(seen[i]), CKR_OK);
		assert_rv(p11->C_CloseSession(seen[i]), CKR_SESSION_HANDLE_INVALID);
		assert_rv(p11->C_GetSessionInfo(seen[i], &info), CKR_SESSION_HANDLE_INVALID);
	}
	assert_rv(p11->C_GetSessionInfo(0, &info), CKR_SESSION_HANDLE_INVALID);
	assert_rv(p11->C_GetSessionInfo(~0UL, &info), CKR_SESSION_HANDLE_INVALID);
}

/* With the last session of a token the login ends. */
static void test_last_session(void **state)
{
	CK_SESSION_HANDLE first = module_open_user(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE second = module_open(MODULE_AUTH_SLOT);

	(void)state;
	assert_rv(p11->C_CloseSession(first), CKR_OK);
	assert_int_equal(state_of(second), CKS_RO_USER_FUNCTIONS);
	assert_true(keeps_pin(MODULE_AUTH_SLOT));
	assert_rv(p11->C_CloseSession(second), CKR_OK);
	assert_false(keeps_pin(MODULE_AUTH_SLOT));
	first = module_open(MODULE_AUTH_SLOT);
	assert_int_equal(state_of(first), CKS_RO_PUBLIC_SESSION);
	assert_rv(module_login(first, VCARD_AUTH_PIN), CKR_OK);
}

static void test_close_all(void **state)
{
	CK_SESSION_HANDLE auth = module_open_user(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE auth_too = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open_user(MODULE_SIGN_SLOT);
	CK_SESSION_INFO info;

	(void)state;
	assert_rv(p11->C_CloseAllSessions(MODULE_AUTH_SLOT), CKR_OK);
	assert_false(keeps_pin(MODULE_AUTH_SLOT));
	assert_true(keeps_pin(MODULE_SIGN_SLOT));
	assert_rv(p11->C_GetSessionInfo(auth, &info), CKR_SESSION_HANDLE_INVALID);
	assert_rv(p11->C_GetSessionInfo(auth_too, &info), CKR_SESSION_HANDLE_INVALID);
	assert_int_equal(state_of(sign), CKS_RO_USER_FUNCTIONS);
	assert_rv(p11->C_CloseAllSessions(MODULE_AUTH_SLOT), CKR_OK);
	assert_rv(p11->C_CloseAllSessions(99), CKR_SLOT_ID_INVALID);
	auth = module_open(MODULE_AUTH_SLOT);
	assert_int_equal(state_of(auth), CKS_RO_PUBLIC_SESSION);
}

static void test_removal(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_SESSION_INFO info;

	(void)state;
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
	/* The same card again does not bring the session back. */
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
	assert_rv(p11->C_CloseSession(session), CKR_SESSION_HANDLE_INVALID);
	session = module_open(MODULE_AUTH_SLOT);
	assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
}

/* Out and in again between two calls: another insertion, another login. */
static void test_quick_exchange(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);

	(void)state;
	vcard_transport_remove(module_fixture.readers, 0);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_SESSION_HANDLE_INVALID);
	module_assert_exchanges(0);
}

static void test_many(void **state)
{
	CK_SESSION_HANDLE session = 0, last = 0;

	(void)state;
	for (int i = 0; i < JPKI_SESSIONS_MAX; i++)
		last = module_open(MODULE_AUTH_SLOT);
	assert_rv(p11->C_OpenSession(MODULE_AUTH_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session),
		  CKR_SESSION_COUNT);
	assert_rv(p11->C_CloseSession(last), CKR_OK);
	session = module_open(MODULE_AUTH_SLOT);
	assert_true(session != last);
	/* Sessions of a card that left take no place. */
	vcard_transport_remove(module_fixture.readers, 0);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	module_open(MODULE_AUTH_SLOT);
}

/* The number in a handle begins anew at its end: no handle is 0, and none is another session's. */
static void test_handles_begin_anew(void **state)
{
	static const unsigned long end = ULONG_MAX / JPKI_SESSIONS_MAX;
	struct jpki_session_table *table = &jpki_module_current()->sessions;
	CK_SESSION_HANDLE first = module_open(MODULE_AUTH_SLOT), session, last = 0;

	(void)state;
	for (unsigned long start = end - 3; start <= end; start++) {
		table->opened = start;
		for (int i = 0; i < 6; i++) {
			session = module_open(MODULE_AUTH_SLOT);
			assert_true(session >= JPKI_SESSIONS_MAX);
			assert_true(session != first && session != last);
			assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
			assert_int_equal(state_of(first), CKS_RO_PUBLIC_SESSION);
			assert_rv(p11->C_CloseSession(session), CKR_OK);
			last = session;
		}
	}
	/* With the same number again, the place still tells two sessions apart. */
	table->opened = first / JPKI_SESSIONS_MAX - 1;
	session = module_open(MODULE_AUTH_SLOT);
	assert_true(session != first);
	assert_int_equal(session / JPKI_SESSIONS_MAX, first / JPKI_SESSIONS_MAX);
	assert_rv(p11->C_CloseSession(session), CKR_OK);
	assert_int_equal(state_of(first), CKS_RO_PUBLIC_SESSION);
}

static void test_login_arguments(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_UTF8CHAR pin[] = VCARD_AUTH_PIN;

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Login(0, CKU_USER, pin, 4), CKR_SESSION_HANDLE_INVALID);
	assert_rv(p11->C_Login(session, CKU_USER, NULL, 4), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_Login(session, CKU_USER, NULL, 0), CKR_PIN_INCORRECT);
	assert_rv(p11->C_Login(session, CKU_USER, pin, 0), CKR_PIN_INCORRECT);
	assert_rv(p11->C_Login(session, CKU_USER, pin, ~0UL), CKR_PIN_INCORRECT);
	assert_rv(p11->C_Login(session, 99, pin, 4), CKR_USER_TYPE_INVALID);
	assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, pin, 4),
		  CKR_OPERATION_NOT_INITIALIZED);
	module_assert_exchanges(0);
	assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
}

/* The token has no security officer. Where the standard names another reason, that comes first. */
static void test_login_of_officer(void **state)
{
	CK_SESSION_HANDLE other = module_open(MODULE_SIGN_SLOT);
	CK_SESSION_HANDLE writable = module_open_read_write(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE session;
	CK_UTF8CHAR pin[] = VCARD_AUTH_PIN;

	(void)state;
	assert_rv(p11->C_Login(other, CKU_SO, pin, 4), CKR_SESSION_READ_ONLY_EXISTS);
	/* That session is the other token's. */
	assert_rv(p11->C_Login(writable, CKU_SO, pin, 4), CKR_USER_TYPE_INVALID);
	assert_rv(p11->C_Login(writable, CKU_USER, pin, 4), CKR_OK);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Login(writable, CKU_SO, pin, 4), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	session = module_open(MODULE_AUTH_SLOT);
	assert_rv(p11->C_Login(session, CKU_SO, pin, 4), CKR_SESSION_READ_ONLY_EXISTS);
	assert_rv(p11->C_Login(writable, CKU_SO, pin, 4), CKR_SESSION_READ_ONLY_EXISTS);
	assert_rv(p11->C_CloseSession(session), CKR_OK);
	assert_rv(p11->C_Logout(writable), CKR_OK);
	assert_rv(p11->C_Login(writable, CKU_SO, pin, 4), CKR_USER_TYPE_INVALID);
	module_assert_exchanges(0);
	assert_int_equal(state_of(writable), CKS_RW_PUBLIC_SESSION);
}

/* Another program has presented the PIN, and has left its application selected: whoever asks the
 * card with nothing for a PIN hears no refusal. That is no login. */
static void test_empty_pin_on_open_card(void **state)
{
	static const char *const commands[] = {UNIT_SELECT_AP, UNIT_SELECT_EF "0018",
					       "002000800431323334"};
	struct jpki_transport *transport = vcard_transport_base(module_fixture.readers);
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE key = 0;
	CK_ULONG found = 1;
	CK_UTF8CHAR nothing[] = "";
	struct jpki_link *link = NULL;
	bool was_reset = false;

	(void)state;
	assert_error(transport->ops->connect(transport, MODULE_READER_A, &link), JPKI_OK);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	for (size_t i = 0; i < 3; i++) {
		uint8_t command[32], answer[258];
		size_t length = sizeof(answer);

		assert_error(transport->ops->transmit(
				     link, command, unit_hex(commands[i], command, sizeof(command)),
				     answer, &length),
			     JPKI_OK);
		assert_int_equal(length, 2);
		assert_memory_equal(answer, "\x90\x00", 2);
	}
	transport->ops->end(link);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Login(session, CKU_USER, nothing, 0), CKR_PIN_INCORRECT);
	assert_rv(p11->C_Login(session, CKU_USER, NULL, 0), CKR_PIN_INCORRECT);
	assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
	module_assert_exchanges(0);
	/* The private key is not even seen. */
	assert_rv(p11->C_FindObjectsInit(session, &template, 1), CKR_OK);
	assert_rv(p11->C_FindObjects(session, &key, 1, &found), CKR_OK);
	assert_int_equal(found, 0);
	transport->ops->disconnect(link);
}

/* NSS asks again on CKR_PIN_INCORRECT only, so that is what an impossible PIN gets. */
static void test_login_impossible(void **state)
{
	static const char *const for_auth[] = {"", "123", "12345", "ABC123", "１２３４", "12a4"};
	static const char *const for_sign[] = {"",        "1234", "ABC12",
					       "ABC-123", "ＡＢ", "ABCDEFGHIJKLMNOP1"};
	CK_SESSION_HANDLE auth = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open(MODULE_SIGN_SLOT);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	for (size_t i = 0; i < 6; i++) {
		assert_rv(module_login(auth, for_auth[i]), CKR_PIN_INCORRECT);
		assert_rv(module_login(sign, for_sign[i]), CKR_PIN_INCORRECT);
	}
	module_assert_exchanges(0);
}

/* Different wrong PINs in a row: LOW, FINAL, and then the module refuses, not the card. */
static void test_login_wrong(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

	(void)state;
	assert_int_equal(token_flags(MODULE_AUTH_SLOT) & all, 0);
	assert_rv(module_login(session, "0000"), CKR_PIN_INCORRECT);
	assert_int_equal(token_flags(MODULE_AUTH_SLOT) & all, CKF_USER_PIN_COUNT_LOW);
	assert_rv(module_login(session, "0000"), CKR_PIN_INCORRECT); /* not sent again */
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 2);
	assert_rv(module_login(session, "1111"), CKR_PIN_INCORRECT);
	assert_int_equal(token_flags(MODULE_AUTH_SLOT) & all,
			 CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY);
	assert_rv(module_login(session, "2222"), CKR_PIN_LOCKED);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_PIN_LOCKED);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 1);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 2);
	assert_int_equal(token_flags(MODULE_SIGN_SLOT) & all, 0);
	assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
}

static void test_login_locked(void **state)
{
	CK_SESSION_HANDLE session;

	(void)state;
	unit_card_set_pin(&module_fixture.card, UNIT_SIGN_PIN_FILE, 0, VCARD_SIGN_PIN);
	session = module_open(MODULE_SIGN_SLOT);
	assert_int_equal(token_flags(MODULE_SIGN_SLOT) &
				 (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY),
			 CKF_USER_PIN_LOCKED);
	assert_rv(module_login(session, VCARD_SIGN_PIN), CKR_PIN_LOCKED);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

/* The final try, where the configuration gives it to programs. */
static void test_login_final_try_allowed(void **state)
{
	static const char text[] = "final-try = allow\n";
	char directory[PATH_MAX], path[PATH_MAX];
	CK_SESSION_HANDLE session;

	(void)state;
	unit_directory_make(directory);
	unit_path(path, directory, "jpki-pkcs11.conf");
	unit_write_file(path, text, strlen(text));
	setenv("XDG_CONFIG_HOME", directory, 1);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	unit_directory_remove(directory);
	unit_card_set_pin(&module_fixture.card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	session = module_open(MODULE_AUTH_SLOT);
	assert_rv(module_login(session, "0000"), CKR_PIN_LOCKED);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 0);
	assert_int_equal(token_flags(MODULE_AUTH_SLOT) & CKF_USER_PIN_LOCKED, CKF_USER_PIN_LOCKED);
}

static void test_folded_password(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);

	(void)state;
	assert_rv(module_login(session, "abc123"), CKR_OK);
	assert_int_equal(state_of(session), CKS_RO_USER_FUNCTIONS);
}

/* The card goes while the PIN is on its way. */
static enum vcard_fault remove_at_verify(void *context, unsigned index, const uint8_t *command,
					 size_t length)
{
	(void)context;
	(void)index;
	return command[1] == 0x20 && length > 5 ? VCARD_FAULT_REMOVE : VCARD_FAULT_NONE;
}

static void test_login_removed(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE other = module_open(MODULE_AUTH_SLOT);

	(void)state;
	vcard_transport_set_hook(module_fixture.readers, remove_at_verify, NULL);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_DEVICE_REMOVED);
	/* Nobody has looked at the readers since. */
	assert_rv(p11->C_CloseSession(other), CKR_SESSION_HANDLE_INVALID);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_SESSION_HANDLE_INVALID);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 3);
}

/* What another thread does while the PIN is on its way. */
struct meddler {
	CK_SESSION_HANDLE session;
	CK_SESSION_HANDLE watched; /* to close; 0: C_Finalize instead */
	pthread_t thread;
	bool started;
	CK_RV rv;
};

static void *meddle(void *context)
{
	struct meddler *meddler = context;

	meddler->rv = meddler->session != 0 ? p11->C_CloseSession(meddler->session)
					    : p11->C_Finalize(NULL);
	return NULL;
}

static enum vcard_fault meddle_at_verify(void *context, unsigned index, const uint8_t *command,
					 size_t length)
{
	const struct timespec moment = {0, 1000000L};
	struct meddler *meddler = context;
	CK_SESSION_INFO info;

	(void)index;
	if (command[1] == 0x20 && length > 5 && !meddler->started) {
		meddler->started = true;
		pthread_create(&meddler->thread, NULL, meddle, meddler);
		/* The card answers when the other thread's call has taken effect, at last. */
		for (int i = 0; i < 10000; i++) {
			if (p11->C_GetSessionInfo(meddler->watched, &info) != CKR_OK)
				break;
			nanosleep(&moment, NULL);
		}
	}
	return VCARD_FAULT_NONE;
}

/* The session goes while it logs in: then nobody has logged in. */
static void test_close_during_login(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	struct meddler meddler = {.session = session, .watched = session, .rv = CKR_GENERAL_ERROR};

	(void)state;
	vcard_transport_set_hook(module_fixture.readers, meddle_at_verify, &meddler);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_SESSION_HANDLE_INVALID);
	assert_true(meddler.started);
	pthread_join(meddler.thread, NULL);
	assert_rv(meddler.rv, CKR_OK);
	assert_false(keeps_pin(MODULE_AUTH_SLOT));
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	session = module_open(MODULE_AUTH_SLOT);
	assert_int_equal(state_of(session), CKS_RO_PUBLIC_SESSION);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_OK);
}

/* C_Finalize waits for the call that is under way, and takes nothing from under it. */
static void test_finalize_during_login(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	struct meddler meddler = {.session = 0, .watched = session, .rv = CKR_GENERAL_ERROR};
	CK_SESSION_INFO info;

	(void)state;
	vcard_transport_set_hook(module_fixture.readers, meddle_at_verify, &meddler);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_OK);
	assert_true(meddler.started);
	pthread_join(meddler.thread, NULL);
	assert_rv(meddler.rv, CKR_OK);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 3);
}

static void test_counts(void **state)
{
	CK_TOKEN_INFO info;

	(void)state;
	module_open(MODULE_AUTH_SLOT);
	module_open_read_write(MODULE_AUTH_SLOT);
	module_open(MODULE_SIGN_SLOT);
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	assert_int_equal(info.ulSessionCount, 2);
	assert_int_equal(info.ulRwSessionCount, 1);
	assert_rv(p11->C_GetTokenInfo(MODULE_SIGN_SLOT, &info), CKR_OK);
	assert_int_equal(info.ulSessionCount, 1);
	assert_int_equal(info.ulRwSessionCount, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_open_empty_slot),
		TEST(test_states),
		TEST(test_handles),
		TEST(test_last_session),
		TEST(test_close_all),
		TEST(test_removal),
		TEST(test_quick_exchange),
		TEST(test_many),
		TEST(test_handles_begin_anew),
		TEST(test_login_arguments),
		TEST(test_login_of_officer),
		TEST(test_empty_pin_on_open_card),
		TEST(test_login_impossible),
		TEST(test_login_wrong),
		TEST(test_login_locked),
		TEST(test_login_final_try_allowed),
		TEST(test_folded_password),
		TEST(test_login_removed),
		TEST(test_close_during_login),
		TEST(test_finalize_during_login),
		TEST(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
