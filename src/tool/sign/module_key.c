/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_key: finds the token, the key and the certificates with libp11, and signs with them.
 *
 * The login is not left to libp11: it would keep a copy of the PIN in ordinary memory until the
 * end.
 */
#include "tool/sign/module_key.h"

#include <dlfcn.h>
#include <libp11.h>
#include <openssl/err.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

#include "app/host/signals.h"
#include "token/pin_value.h"

struct module_key_state {
	const struct module_key_choice *choice;
	PKCS11_CTX *context;
	bool loaded;
	PKCS11_SLOT *slots;
	unsigned int slot_count;
	PKCS11_SLOT *slot; /* of the token */
	/*
	 * A session of our own, for the login. It is opened before the person is asked, so that
	 * the module does not take the PIN for another card that was put in meanwhile.
	 */
	void *library; /* the same that libp11 has loaded */
	CK_FUNCTION_LIST *functions;
	CK_SESSION_HANDLE session; /* CK_INVALID_HANDLE: none */

	UI_METHOD *method;
	struct prompt_pin fresh; /* typed for the login, and good for the first signature */
	sigset_t before;
	bool holding; /* signals, while the card has a PIN for one signature */
};

/* What each code means to a person. A row of the locked PIN is chosen by the key. */
static const struct {
	unsigned long code;
	enum situation situation;
} of_code[] = {
	{CKR_DEVICE_REMOVED, SITUATION_REMOVED},
	{CKR_TOKEN_NOT_PRESENT, SITUATION_REMOVED},
	{CKR_SESSION_HANDLE_INVALID, SITUATION_REMOVED},
	{CKR_SESSION_CLOSED, SITUATION_REMOVED},
	{CKR_OBJECT_HANDLE_INVALID, SITUATION_REMOVED},
	{CKR_KEY_HANDLE_INVALID, SITUATION_REMOVED},
	/* The card has refused the PIN that the module kept, or the login has ended. */
	{CKR_USER_NOT_LOGGED_IN, SITUATION_RESET},
	{CKR_TOKEN_NOT_RECOGNIZED, SITUATION_OTHER_CARD},
	{CKR_DEVICE_ERROR, SITUATION_LINK},
	{CKR_PIN_INCORRECT, SITUATION_WRONG},
	{CKR_USER_PIN_NOT_INITIALIZED, SITUATION_PIN_NOT_SET},
};

static enum situation situation_of_code(unsigned long code, enum jpki_key key)
{
	if (code == CKR_PIN_LOCKED)
		return key == JPKI_KEY_AUTH ? SITUATION_AUTH_LOCKED : SITUATION_SIGN_LOCKED;
	for (size_t i = 0; i < sizeof(of_code) / sizeof(of_code[0]); i++) {
		if (of_code[i].code == code)
			return of_code[i].situation;
	}
	return SITUATION_INTERNAL;
}

enum situation module_key_problem(struct module_key *key)
{
	enum situation situation = SITUATION_NONE;
	unsigned long error;

	/* The first is the cause, the others are what came of it. */
	while ((error = ERR_get_error()) != 0) {
		if (situation == SITUATION_NONE && ERR_GET_LIB(error) == ERR_get_CKR_code())
			situation = situation_of_code((unsigned long)ERR_GET_REASON(error),
						      key->state->choice->key);
	}
	return key->not_given != SITUATION_NONE ? key->not_given : situation;
}

/* As above, when it is known that something did. */
static enum situation problem(struct module_key *key)
{
	enum situation situation = module_key_problem(key);
	struct module_key_state *state = key->state;
	CK_SESSION_INFO info;

	/* libp11 does not say why it has no session. */
	if (situation == SITUATION_NONE && state->session != CK_INVALID_HANDLE)
		situation =
			situation_of_code(state->functions->C_GetSessionInfo(state->session, &info),
					  state->choice->key);
	return situation == SITUATION_NONE ? SITUATION_INTERNAL : situation;
}

/* Asks for the PIN for one signature, unless the one of the login is there still. */
static enum situation ask(struct module_key_state *state, struct prompt_pin *pin)
{
	const struct module_key_choice *choice = state->choice;
	enum jpki_error error;

	*pin = state->fresh;
	state->fresh = (struct prompt_pin){0};
	if (pin->value != NULL)
		return SITUATION_NONE;
	if (prompt_for_pin(choice->question, choice->use_pinentry, pin) != APP_OK)
		return SITUATION_CANCELLED;
	/* The module could not say why it does not send such a one. */
	error = jpki_pin_possible(choice->rule, pin->value, pin->length);
	return error == JPKI_OK ? SITUATION_NONE : situation_of_error(error, choice->key);
}

/* libp11 wants the PIN for one signature. */
static int give_pin(UI *ui, UI_STRING *string)
{
	struct module_key *key = UI_get0_user_data(ui);
	struct prompt_pin pin;
	int given = -1;

	key->not_given = ask(key->state, &pin);
	/* The memory is zero after the value. */
	if (key->not_given == SITUATION_NONE) {
		given = UI_set_result(ui, string, (const char *)pin.value);
		signals_hold(&key->state->before);
		key->state->holding = true;
	}
	prompt_pin_free(&pin);
	return given == 0 ? 1 : -1;
}

void module_key_settle(struct module_key *key)
{
	if (key->state->holding)
		signals_release(&key->state->before);
	key->state->holding = false;
}

static bool load(struct module_key *key)
{
	struct module_key_state *state = key->state;

	state->context = PKCS11_CTX_new();
	state->method = UI_create_method("jpki");
	if (state->context == NULL || state->method == NULL ||
	    UI_method_set_reader(state->method, give_pin) != 0 ||
	    PKCS11_CTX_load(state->context, state->choice->module) != 0)
		return false;
	state->loaded = true;
	return PKCS11_set_ui_method(state->context, state->method, key) == 0;
}

/* The functions of the module that libp11 has loaded. */
static bool find_functions(struct module_key_state *state)
{
	CK_C_GetFunctionList get = NULL;
	void *symbol = NULL;

	state->library = dlopen(state->choice->module, RTLD_NOW | RTLD_NOLOAD);
	if (state->library != NULL)
		symbol = dlsym(state->library, "C_GetFunctionList");
	/* C has no cast from an object to a function; POSIX promises that they have the same size.
	 */
	memcpy(&get, &symbol, sizeof(get));
	return get != NULL && get(&state->functions) == CKR_OK;
}

/* A session with the token, and not with one that was put in its place. */
static enum situation open_session(struct module_key_state *state)
{
	CK_SLOT_ID slot = PKCS11_get_slotid_from_slot(state->slot);
	CK_TOKEN_INFO info;
	CK_RV rv = state->functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL,
						   &state->session);

	if (rv != CKR_OK) {
		state->session = CK_INVALID_HANDLE;
		return situation_of_code(rv, state->choice->key);
	}
	rv = state->functions->C_GetTokenInfo(slot, &info);
	if (rv != CKR_OK)
		return situation_of_code(rv, state->choice->key);
	if (strlen(state->choice->serial) != sizeof(info.serialNumber) ||
	    memcmp(state->choice->serial, info.serialNumber, sizeof(info.serialNumber)) != 0)
		return SITUATION_REMOVED;
	return SITUATION_NONE;
}

enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice)
{
	struct module_key_state *state = calloc(1, sizeof(*state));

	memset(key, 0, sizeof(*key));
	key->state = state;
	key->not_given = SITUATION_NONE;
	if (state == NULL)
		return SITUATION_INTERNAL;
	state->choice = choice;
	if (!load(key) || !find_functions(state)) {
		ERR_clear_error();
		return SITUATION_INTERNAL;
	}
	if (PKCS11_enumerate_slots(state->context, &state->slots, &state->slot_count) != 0)
		return problem(key);
	for (unsigned int i = 0; i < state->slot_count; i++) {
		const PKCS11_TOKEN *token = state->slots[i].token;

		if (token != NULL && strcmp(token->serialnr, choice->serial) == 0 &&
		    strcmp(token->label, choice->label) == 0)
			state->slot = &state->slots[i];
	}
	return state->slot == NULL ? SITUATION_REMOVED : open_session(state);
}

/* By the keys themselves: what a token calls its objects is up to the token. */
static void find_certificates(struct module_key *key)
{
	PKCS11_CERT *certificates = NULL;
	unsigned int count = 0;

	if (PKCS11_enumerate_certs(key->state->slot->token, &certificates, &count) != 0)
		return;
	for (unsigned int i = 0; i < count && key->certificate == NULL; i++) {
		if (X509_check_private_key(certificates[i].x509, key->key) == 1 &&
		    X509_up_ref(certificates[i].x509) == 1)
			key->certificate = certificates[i].x509;
	}
	for (unsigned int i = 0; i < count && key->certificate != NULL && key->issuer == NULL;
	     i++) {
		if (X509_check_issued(certificates[i].x509, key->certificate) == X509_V_OK &&
		    X509_up_ref(certificates[i].x509) == 1)
			key->issuer = certificates[i].x509;
	}
	/* Those that did not fit were no errors. */
	if (key->certificate != NULL)
		ERR_clear_error();
}

/* All sessions with a token are logged in at once (PKCS #11 §5.6.7), so libp11's are, too. */
static CK_RV log_in(const struct module_key_state *state)
{
	sigset_t before;
	CK_RV rv;

	signals_hold(&before);
	rv = state->functions->C_Login(state->session, CKU_USER, state->fresh.value,
				       state->fresh.length);
	signals_release(&before);
	return rv;
}

enum situation module_key_login(struct module_key *key, struct prompt_pin *pin)
{
	struct module_key_state *state = key->state;
	PKCS11_KEY *keys = NULL;
	unsigned int count = 0;
	CK_RV rv;

	ERR_clear_error();
	state->fresh = *pin;
	*pin = (struct prompt_pin){0};
	rv = log_in(state);
	if (rv != CKR_OK)
		return situation_of_code(rv, state->choice->key);
	if (PKCS11_enumerate_keys(state->slot->token, &keys, &count) != 0)
		return problem(key);
	if (!state->choice->each_signature)
		prompt_pin_free(&state->fresh);
	if (count > 0)
		key->key = PKCS11_get_private_key(&keys[0]);
	if (key->key != NULL)
		find_certificates(key);
	return key->certificate == NULL ? problem(key) : SITUATION_NONE;
}

void module_key_close(struct module_key *key)
{
	struct module_key_state *state = key->state;

	X509_free(key->certificate);
	X509_free(key->issuer);
	EVP_PKEY_free(key->key);
	if (state != NULL) {
		prompt_pin_free(&state->fresh);
		module_key_settle(key);
		if (state->session != CK_INVALID_HANDLE) {
			state->functions->C_Logout(state->session);
			state->functions->C_CloseSession(state->session);
		}
		if (state->slots != NULL)
			PKCS11_release_all_slots(state->context, state->slots, state->slot_count);
		if (state->loaded)
			PKCS11_CTX_unload(state->context);
		if (state->context != NULL)
			PKCS11_CTX_free(state->context);
		UI_destroy_method(state->method);
		if (state->library != NULL)
			dlclose(state->library);
		free(state);
		ERR_clear_error();
	}
	memset(key, 0, sizeof(*key));
}
