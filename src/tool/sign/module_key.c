/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_key: finds the tokens and the key with libp11, signs with it, and asks the module itself
 * for what libp11 does not tell.
 *
 * libp11 does not do the login, because it would keep a copy of the PIN in ordinary memory until
 * the end. Nor does it read the certificates, because it would read all of them, each with many
 * exchanges.
 *
 * Each call that can reach the card is a step of app/ui/patience.h. One that may send a PIN is
 * never ended, so our turn at the card is awaited before it.
 */
#include "tool/sign/module_key.h"

#include <dlfcn.h>
#include <libp11.h>
#include <openssl/err.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "jpki-pkcs11.h"
#include "pkcs11v3.h"
#include "card/generation_find.h"
#include "tool/sign/signature_pin.h"

/* How long pcscd may take to notice that a card was removed, and how often it is asked. */
#define NOTICED_MS    1500
#define LOOK_AGAIN_MS 100

/* One token of the card. */
struct half {
	PKCS11_SLOT *slot; /* NULL: the module does not show this token */
	enum jpki_card_kind kind;
	const struct jpki_pin_rule *rule;
	/* Our own session, with this insertion of the card and no other. */
	CK_SESSION_HANDLE session; /* CK_INVALID_HANDLE: none */
};

struct module_key_state {
	const struct module_key_choice *choice;
	PKCS11_CTX *context;
	bool loaded;
	PKCS11_SLOT *slots;
	unsigned int slot_count;
	char serial[17]; /* of the card's tokens */
	struct half halves[JPKI_KEY_COUNT];
	void *library; /* the one that libp11 has loaded */
	CK_FUNCTION_LIST *functions;

	UI_METHOD *method;
	struct prompt_pin fresh; /* typed for the login, and valid for the first signature */
	sigset_t before;
	bool holding; /* signals are held back while the card has a PIN for one signature */
	bool signing; /* the module makes a signature: a step that is not ended */
};

/* What each code means to the user. The key selects the row for a locked PIN. */
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
	/* Another program has kept the card for too long; libcrypto fails nearly never. */
	{CKR_FUNCTION_FAILED, SITUATION_BUSY},
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

/* Return the token that signs. */
static struct half *own(struct module_key_state *state)
{
	return &state->halves[state->choice->key];
}

enum situation module_key_problem(struct module_key *key)
{
	enum situation situation = SITUATION_NONE;
	unsigned long error;

	/* The first error is the cause, the others are consequences. */
	while ((error = ERR_get_error()) != 0) {
		if (situation == SITUATION_NONE && ERR_GET_LIB(error) == ERR_get_CKR_code())
			situation = situation_of_code((unsigned long)ERR_GET_REASON(error),
						      key->state->choice->key);
	}
	return key->not_given != SITUATION_NONE ? key->not_given : situation;
}

/* Like module_key_problem, if something is known to have gone wrong. */
static enum situation problem(struct module_key *key)
{
	enum situation situation = module_key_problem(key);
	struct module_key_state *state = key->state;
	CK_SESSION_INFO info;

	/* libp11 does not say why it has no session. */
	if (situation == SITUATION_NONE && own(state)->session != CK_INVALID_HANDLE)
		situation = situation_of_code(
			state->functions->C_GetSessionInfo(own(state)->session, &info),
			state->choice->key);
	return situation == SITUATION_NONE ? SITUATION_INTERNAL : situation;
}

/* Begin a step that may send a PIN, once the card is free. */
static void begin_with_pin(struct module_key_state *state)
{
	sigset_t before;

	/* A signal that is held ends the wait all the same, but the end is told in words. */
	signals_hold(&before);
	turn_await(own(state)->slot->description);
	signals_release(&before);
	patience_begin(PATIENCE_MODULE, false);
}

/* Get the PIN for one signature: that of the login if it is still unused, or one that is asked
 * for. */
static enum situation get_pin(const struct module_key *key, struct prompt_pin *pin)
{
	struct module_key_state *state = key->state;
	const struct signature_pin question = {.purpose = key->purpose,
					       .question = state->choice->question,
					       .use_pinentry = state->choice->use_pinentry,
					       .key = state->choice->key,
					       .rule = own(state)->rule};
	enum situation situation;

	*pin = state->fresh;
	state->fresh = (struct prompt_pin){0};
	if (pin->value != NULL)
		return SITUATION_NONE;
	/* To wait for a person is no step. */
	patience_end();
	situation = signature_pin_ask(&question, pin);
	if (situation == SITUATION_NONE)
		begin_with_pin(state);
	return situation;
}

/* Give libp11 the PIN for one signature. */
static int give_pin(UI *ui, UI_STRING *string)
{
	struct module_key *key = UI_get0_user_data(ui);
	struct prompt_pin pin;
	int given = -1;

	key->not_given = get_pin(key, &pin);
	/* The memory after the value is zero. */
	if (key->not_given == SITUATION_NONE) {
		given = UI_set_result(ui, string, (const char *)pin.value);
		signals_hold(&key->state->before);
		key->state->holding = true;
	}
	prompt_pin_free(&pin);
	return given == 0 ? 1 : -1;
}

void module_key_begin(struct module_key *key)
{
	begin_with_pin(key->state);
	key->state->signing = true;
}

void module_key_settle(struct module_key *key)
{
	if (key->state->signing)
		patience_end();
	key->state->signing = false;
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

/* Find the functions of the module that libp11 has loaded. */
static bool find_functions(struct module_key_state *state)
{
	CK_C_GetFunctionList get = NULL;
	void *symbol = NULL;

	state->library = dlopen(state->choice->module, RTLD_NOW | RTLD_NOLOAD);
	if (state->library != NULL)
		symbol = dlsym(state->library, "C_GetFunctionList");
	/* C has no cast from an object pointer to a function pointer; POSIX guarantees that they
	 * have the same size. */
	memcpy(&get, &symbol, sizeof(get));
	return get != NULL && get(&state->functions) == CKR_OK;
}

/* Note the slots of the requested card. Return false if there is none, or more than one. */
static bool find_card(struct module_key_state *state)
{
	const char *wanted = state->choice->serial;

	for (unsigned int i = 0; i < state->slot_count; i++) {
		const PKCS11_TOKEN *token = state->slots[i].token;
		const struct jpki_generation *generation;
		enum jpki_key key;

		if (token == NULL || strlen(token->serialnr) >= sizeof(state->serial) ||
		    (wanted != NULL && strcasecmp(wanted, token->serialnr) != 0))
			continue;
		generation = jpki_generation_by_model(token->model, &key);
		if (generation == NULL)
			continue;
		if (state->serial[0] != '\0' && strcmp(state->serial, token->serialnr) != 0)
			return false;
		memcpy(state->serial, token->serialnr, strlen(token->serialnr) + 1);
		state->halves[key].slot = &state->slots[i];
		state->halves[key].kind = generation->kind;
		state->halves[key].rule = &generation->keys[key].pin;
	}
	return own(state)->slot != NULL;
}

/* Make sure that there is a session with a token of this card, not of one that replaced it. */
static CK_RV need_session(struct module_key_state *state, struct half *half)
{
	CK_FUNCTION_LIST *functions = state->functions;
	CK_SESSION_HANDLE session;
	CK_TOKEN_INFO info;
	CK_SLOT_ID slot;
	CK_RV rv;

	if (half->slot == NULL)
		return CKR_TOKEN_NOT_PRESENT;
	if (half->session != CK_INVALID_HANDLE)
		return CKR_OK;
	slot = PKCS11_get_slotid_from_slot(half->slot);
	rv = functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
	if (rv != CKR_OK)
		return rv;
	rv = functions->C_GetTokenInfo(slot, &info);
	if (rv == CKR_OK &&
	    (strlen(state->serial) != sizeof(info.serialNumber) ||
	     memcmp(state->serial, info.serialNumber, sizeof(info.serialNumber)) != 0))
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_OK)
		half->session = session;
	else
		functions->C_CloseSession(session);
	return rv;
}

/* Find an object of a token by two attributes; CK_INVALID_HANDLE if there is none. */
static CK_RV find_object(const struct module_key_state *state, const struct half *half,
			 CK_ATTRIBUTE template[2], CK_OBJECT_HANDLE *object)
{
	CK_FUNCTION_LIST *functions = state->functions;
	CK_ULONG count = 0;
	CK_RV rv = functions->C_FindObjectsInit(half->session, template, 2);

	*object = CK_INVALID_HANDLE;
	if (rv != CKR_OK)
		return rv;
	rv = functions->C_FindObjects(half->session, object, 1, &count);
	functions->C_FindObjectsFinal(half->session);
	return rv;
}

/* Read what the module knows about a token's PIN and key (see jpki-pkcs11.h). */
static CK_RV read_feature(const struct module_key_state *state, const struct half *half,
			  CK_ULONG *tries, CK_BBOOL *has_key)
{
	CK_OBJECT_CLASS class = CKO_HW_FEATURE;
	CK_HW_FEATURE_TYPE type = CKH_JPKI_PIN;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_HW_FEATURE_TYPE, &type, sizeof(type)}};
	CK_ATTRIBUTE values[] = {{CKA_JPKI_TRIES_LEFT, tries, sizeof(*tries)},
				 {CKA_JPKI_HAS_KEY, has_key, sizeof(*has_key)}};
	CK_OBJECT_HANDLE object;
	CK_RV rv = find_object(state, half, template, &object);

	*tries = CK_UNAVAILABLE_INFORMATION;
	*has_key = CK_TRUE;
	/* Other modules do not have this object. */
	if (rv != CKR_OK || object == CK_INVALID_HANDLE)
		return rv;
	return state->functions->C_GetAttributeValue(half->session, object, values, 2);
}

/* Find the token, and bind a session to it. */
static enum situation open_token(struct module_key_state *state)
{
	CK_ULONG tries;
	CK_BBOOL has_key = CK_TRUE;
	CK_RV rv;

	if (!find_card(state))
		return SITUATION_REMOVED;
	rv = need_session(state, own(state));
	if (rv == CKR_OK)
		rv = read_feature(state, own(state), &tries, &has_key);
	if (rv != CKR_OK)
		return situation_of_code(rv, state->choice->key);
	return has_key ? SITUATION_NONE : situation_of_error(JPKI_E_NOT_FOUND, state->choice->key);
}

/* Load the module, and find the card. */
static enum situation load_and_find(struct module_key *key)
{
	struct module_key_state *state = key->state;

	if (!load(key) || !find_functions(state)) {
		ERR_clear_error();
		return SITUATION_INTERNAL;
	}
	if (PKCS11_enumerate_slots(state->context, &state->slots, &state->slot_count) != 0)
		return problem(key);
	return open_token(state);
}

enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice)
{
	enum situation situation;
	struct module_key_state *state = calloc(1, sizeof(*state));

	memset(key, 0, sizeof(*key));
	key->state = state;
	key->not_given = SITUATION_NONE;
	if (state == NULL)
		return SITUATION_INTERNAL;
	state->choice = choice;
	patience_begin(PATIENCE_MODULE, true);
	situation = load_and_find(key);
	patience_end();
	return situation;
}

static enum situation read_pin(struct module_key_state *state, enum jpki_key which,
			       struct pin_state *pin)
{
	struct half *half = &state->halves[which];
	CK_BBOOL has_key;
	CK_TOKEN_INFO info;
	CK_ULONG tries;
	CK_RV rv = need_session(state, half);

	if (rv == CKR_OK)
		rv = state->functions->C_GetTokenInfo(PKCS11_get_slotid_from_slot(half->slot),
						      &info);
	if (rv == CKR_OK)
		rv = read_feature(state, half, &tries, &has_key);
	if (rv != CKR_OK)
		return situation_of_code(rv, which);
	memcpy(pin->serial, state->serial, sizeof(pin->serial));
	pin->kind = half->kind;
	pin->rule = half->rule;
	pin->is_set = (info.flags & CKF_USER_PIN_INITIALIZED) != 0;
	pin->tries = tries == CK_UNAVAILABLE_INFORMATION ? -1 : (int)tries;
	return SITUATION_NONE;
}

enum situation module_key_pin(struct module_key *key, enum jpki_key which, struct pin_state *pin)
{
	enum situation situation;

	patience_begin(PATIENCE_MODULE, true);
	situation = read_pin(key->state, which, pin);
	patience_end();
	return situation;
}

bool module_key_is_there(const struct module_key *key)
{
	struct module_key_state *state = key->state;
	CK_SESSION_INFO info;
	CK_RV rv;

	patience_begin(PATIENCE_MODULE, true);
	rv = state->functions->C_GetSessionInfo(own(state)->session, &info);
	patience_end();
	return rv == CKR_OK;
}

bool module_key_has_left(const struct module_key *key)
{
	const struct timespec moment = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};

	for (int waited = 0; waited < NOTICED_MS; waited += LOOK_AGAIN_MS) {
		if (!module_key_is_there(key))
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

/* Read a certificate of a token: the holder's or the authority's. NULL if there is none. */
static X509 *read_certificate(const struct module_key_state *state, const struct half *half,
			      CK_ULONG category)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_ATTRIBUTE value = {CKA_VALUE, NULL, 0};
	CK_FUNCTION_LIST *functions = state->functions;
	CK_OBJECT_HANDLE object;
	const unsigned char *next;
	X509 *certificate = NULL;

	if (find_object(state, half, template, &object) != CKR_OK || object == CK_INVALID_HANDLE ||
	    functions->C_GetAttributeValue(half->session, object, &value, 1) != CKR_OK)
		return NULL;
	value.pValue = malloc(value.ulValueLen);
	next = value.pValue;
	if (value.pValue != NULL &&
	    functions->C_GetAttributeValue(half->session, object, &value, 1) == CKR_OK)
		certificate = d2i_X509(NULL, &next, (long)value.ulValueLen);
	free(value.pValue);
	return certificate;
}

X509 *module_key_auth_certificate(struct module_key *key)
{
	struct half *half = &key->state->halves[JPKI_KEY_AUTH];
	X509 *certificate = NULL;

	patience_begin(PATIENCE_MODULE, true);
	if (need_session(key->state, half) == CKR_OK)
		certificate =
			read_certificate(key->state, half, CK_CERTIFICATE_CATEGORY_TOKEN_USER);
	patience_end();
	ERR_clear_error();
	return certificate;
}

static void find_certificates(struct module_key *key)
{
	const struct half *half = own(key->state);

	key->certificate = read_certificate(key->state, half, CK_CERTIFICATE_CATEGORY_TOKEN_USER);
	if (key->certificate != NULL && X509_check_private_key(key->certificate, key->key) != 1) {
		X509_free(key->certificate);
		key->certificate = NULL;
	}
	if (key->certificate != NULL && key->state->choice->chain)
		key->issuer = read_certificate(key->state, half, CK_CERTIFICATE_CATEGORY_AUTHORITY);
	if (key->issuer != NULL && X509_check_issued(key->issuer, key->certificate) != X509_V_OK) {
		X509_free(key->issuer);
		key->issuer = NULL;
	}
	/* Candidates that did not match were not errors. */
	if (key->certificate != NULL)
		ERR_clear_error();
}

/* Return whether the card requires the PIN for each signature. */
static bool wants_each(const struct module_key_state *state, const struct half *half)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_ALWAYS_AUTHENTICATE, &yes, sizeof(yes)}};
	CK_OBJECT_HANDLE object;

	return find_object(state, half, template, &object) == CKR_OK && object != CK_INVALID_HANDLE;
}

/* Log in. All sessions with a token are logged in at once (PKCS #11 §5.6.7), so libp11's are,
 * too. */
static CK_RV log_in(struct module_key_state *state)
{
	sigset_t before;
	CK_RV rv;

	begin_with_pin(state);
	signals_hold(&before);
	rv = state->functions->C_Login(own(state)->session, CKU_USER, state->fresh.value,
				       state->fresh.length);
	patience_end();
	signals_release(&before);
	return rv;
}

/* Find the key and the certificates after the login. */
static enum situation find_key(struct module_key *key)
{
	struct module_key_state *state = key->state;
	PKCS11_KEY *keys = NULL;
	unsigned int count = 0;

	if (PKCS11_enumerate_keys(own(state)->slot->token, &keys, &count) != 0)
		return problem(key);
	if (!wants_each(state, own(state)))
		prompt_pin_free(&state->fresh);
	if (count > 0)
		key->key = PKCS11_get_private_key(&keys[0]);
	if (key->key != NULL)
		find_certificates(key);
	return key->certificate == NULL ? problem(key) : SITUATION_NONE;
}

enum situation module_key_login(struct module_key *key, struct prompt_pin *pin)
{
	struct module_key_state *state = key->state;
	enum situation situation;
	CK_RV rv;

	ERR_clear_error();
	state->fresh = *pin;
	*pin = (struct prompt_pin){0};
	rv = log_in(state);
	if (rv != CKR_OK) {
		*pin = state->fresh;
		state->fresh = (struct prompt_pin){0};
	}
	if (rv != CKR_OK)
		return situation_of_code(rv, state->choice->key);
	patience_begin(PATIENCE_MODULE, true);
	situation = find_key(key);
	patience_end();
	return situation;
}

static void close_session(const struct module_key_state *state, struct half *half)
{
	if (half->session == CK_INVALID_HANDLE)
		return;
	state->functions->C_Logout(half->session);
	state->functions->C_CloseSession(half->session);
	half->session = CK_INVALID_HANDLE;
}

/* Give all back that reaches the card, or may. */
static void close_module(struct module_key_state *state)
{
	for (int i = 0; i < JPKI_KEY_COUNT; i++)
		close_session(state, &state->halves[i]);
	if (state->slots != NULL)
		PKCS11_release_all_slots(state->context, state->slots, state->slot_count);
	if (state->loaded)
		PKCS11_CTX_unload(state->context);
	if (state->context != NULL)
		PKCS11_CTX_free(state->context);
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
		patience_begin(PATIENCE_MODULE, true);
		close_module(state);
		patience_end();
		UI_destroy_method(state->method);
		if (state->library != NULL)
			dlclose(state->library);
		free(state);
		ERR_clear_error();
	}
	memset(key, 0, sizeof(*key));
}
