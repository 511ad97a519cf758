/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_key: finds the tokens with libp11, and asks the module itself for all else.
 *
 * libp11 does not do the login, because it would keep a copy of the PIN in ordinary memory until
 * the end. Nor does it read the certificates, because it would read all of them, each with many
 * exchanges. Nor does it sign: if the PIN for one signature is wrong, it leaves the operation
 * behind, and no other PIN can be tried.
 *
 * Each call that can reach the card is a step of app/ui/patience.h. One that may send a PIN is
 * never ended, so our turn at the card is awaited before it.
 */
#include "app/card/module_key.h"

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "app/ui/line.h"
#include "jpki-pkcs11.h"
#include "card/generation_find.h"
#include "app/card/module_key_state.h"
#include "app/card/rsa_key.h"
#include "app/card/rv_situation.h"
#include "token/pin_value.h"

/* How long pcscd may take to notice that a card was removed, and how often it is asked. */
#define NOTICED_MS    1500
#define LOOK_AGAIN_MS 100
/* A card's RSA numbers have half of it. */
#define NUMBER_BYTES 512

/* Release the signals that were held back while the card had a PIN for one signature. */
static void settle(struct module_key_state *state)
{
	if (state->holding)
		signals_release(&state->before);
	state->holding = false;
}

enum situation module_key_problem(struct module_key *key)
{
	enum situation situation = SITUATION_NONE;
	unsigned long error;

	/* The first error is the cause, the others are consequences. */
	while ((error = ERR_get_error()) != 0) {
		if (situation == SITUATION_NONE && ERR_GET_LIB(error) == ERR_get_CKR_code())
			situation = situation_of_rv((unsigned long)ERR_GET_REASON(error),
						    key->state->key);
	}
	return key->not_signed != SITUATION_NONE ? key->not_signed : situation;
}

/* Like module_key_problem, if something is known to have gone wrong. */
static enum situation problem(struct module_key *key)
{
	enum situation situation = module_key_problem(key);
	struct module_key_state *state = key->state;
	CK_SESSION_INFO info;

	/* libp11 does not say why it has no session. */
	if (situation == SITUATION_NONE && state->session != CK_INVALID_HANDLE)
		situation = situation_of_rv(
			state->functions->C_GetSessionInfo(state->session, &info), state->key);
	return situation == SITUATION_NONE ? SITUATION_INTERNAL : situation;
}

/* Begin a step that may send a PIN, once the card is free. */
static void begin_with_pin(struct module_key_state *state)
{
	sigset_t before;

	/* A signal that is held ends the wait all the same, but the end is told in words. */
	signals_hold(&before);
	turn_await(state->slot->description);
	signals_release(&before);
	patience_begin(PATIENCE_MODULE, false);
}

/* Give the module a PIN unless the card has left meanwhile, with signals held from then on. */
static enum situation give(struct module_key_state *state, CK_USER_TYPE user,
			   const struct prompt_pin *pin, sigset_t *before)
{
	CK_SESSION_HANDLE session = state->session;
	enum jpki_key key = state->key;
	enum situation situation;
	CK_SESSION_INFO info;
	CK_RV rv;

	begin_with_pin(state);
	signals_hold(before);
	rv = state->functions->C_GetSessionInfo(session, &info);
	if (rv != CKR_OK)
		situation = situation_of_rv(rv, key);
	else
		situation = situation_of_login(
			state->functions->C_Login(session, user, pin->value, pin->length), key);
	patience_end();
	return situation;
}

enum situation module_key_authenticate(struct module_key *key, const struct prompt_pin *pin)
{
	struct module_key_state *state = key->state;
	enum situation situation = give(state, CKU_CONTEXT_SPECIFIC, pin, &state->before);

	state->holding = true;
	if (situation != SITUATION_NONE)
		settle(state);
	return situation;
}

/* Give the PIN for the signature that was begun: that of the login if it is still unused. */
static enum situation give_pin(struct module_key *key)
{
	struct module_key_state *state = key->state;
	struct prompt_pin fresh = state->fresh;
	enum situation situation;

	if (!state->wants_each)
		return SITUATION_NONE;
	if (fresh.value == NULL)
		return state->choice->ask(state->choice->argument);
	state->fresh = (struct prompt_pin){0};
	situation = module_key_authenticate(key, &fresh);
	prompt_pin_free(&fresh);
	return situation;
}

void module_key_redirect(struct module_key *key, struct module_block *block)
{
	key->state->block = block;
}

/* Sign a block with the card. */
static bool sign_now(struct module_key *key, unsigned char *block, size_t block_length,
		     unsigned char *signature, size_t *length)
{
	struct module_key_state *state = key->state;
	CK_ULONG signature_length = (CK_ULONG)*length;
	CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
	CK_RV rv;

	patience_begin(PATIENCE_MODULE, true);
	rv = state->functions->C_SignInit(state->session, &mechanism, state->object);
	patience_end();
	/* After a wrong PIN the operation goes on, so that another one can be given. */
	key->not_signed = rv == CKR_OK ? give_pin(key) : SITUATION_NONE;
	if (rv == CKR_OK && key->not_signed == SITUATION_NONE) {
		begin_with_pin(state);
		rv = state->functions->C_Sign(state->session, block, (CK_ULONG)block_length,
					      signature, &signature_length);
		patience_end();
	}
	settle(state);
	if (rv != CKR_OK)
		key->not_signed = situation_of_rv(rv, state->key);
	*length = (size_t)signature_length;
	return key->not_signed == SITUATION_NONE;
}

/* Sign a block for OpenSSL: see rsa_key. */
static bool sign_block(void *argument, unsigned char *block, size_t block_length,
		       unsigned char *signature, size_t *length)
{
	struct module_key *key = argument;
	struct module_block *known = key->state->block;

	return known != NULL ? module_block_sign(known, block, block_length, signature, length)
			     : sign_now(key, block, block_length, signature, length);
}

static bool load(struct module_key_state *state)
{
	state->context = PKCS11_CTX_new();
	state->loaded = state->context != NULL &&
			PKCS11_CTX_load(state->context, state->choice->module) == 0;
	return state->loaded;
}

/* Find the functions of the module that libp11 has loaded. */
static bool find_functions(struct module_key_state *state)
{
	CK_C_GetFunctionList get = NULL;
	void *symbol = NULL;

	state->library = dlopen(state->choice->module, RTLD_NOW | RTLD_NOLOAD);
	if (state->library != NULL)
		symbol = dlsym(state->library, "C_GetFunctionList");
	/* C has no such cast; POSIX guarantees that both pointers have the same size. */
	memcpy(&get, &symbol, sizeof(get));
	return get != NULL && get(&state->functions) == CKR_OK;
}

/* Note the token with the key on the requested card. Return false if there is none, or more than
 * one. */
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
		if (key != state->key)
			continue;
		state->slot = &state->slots[i];
		state->kind = generation->kind;
		state->rule = &generation->keys[key].pin;
	}
	return state->slot != NULL;
}

/* Open a session with the token, not with one of a card that has replaced it. */
static CK_RV open_session(struct module_key_state *state)
{
	CK_FUNCTION_LIST *functions = state->functions;
	CK_SLOT_ID slot = PKCS11_get_slotid_from_slot(state->slot);
	CK_SESSION_HANDLE session;
	CK_TOKEN_INFO info;
	CK_RV rv = functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session);

	if (rv != CKR_OK)
		return rv;
	rv = functions->C_GetTokenInfo(slot, &info);
	if (rv == CKR_OK &&
	    (strlen(state->serial) != sizeof(info.serialNumber) ||
	     memcmp(state->serial, info.serialNumber, sizeof(info.serialNumber)) != 0))
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_OK)
		state->session = session;
	else
		functions->C_CloseSession(session);
	return rv;
}

/* Find an object of the token by two attributes; CK_INVALID_HANDLE if there is none. */
static CK_RV find_object(const struct module_key_state *state, CK_ATTRIBUTE template[2],
			 CK_OBJECT_HANDLE *object)
{
	CK_FUNCTION_LIST *functions = state->functions;
	CK_ULONG count = 0;
	CK_RV rv = functions->C_FindObjectsInit(state->session, template, 2);

	*object = CK_INVALID_HANDLE;
	if (rv != CKR_OK)
		return rv;
	rv = functions->C_FindObjects(state->session, object, 1, &count);
	functions->C_FindObjectsFinal(state->session);
	return rv;
}

/* Read what the module knows about the token's PIN or key (see jpki-pkcs11.h). Other modules have
 * no such object, and leave the value as it is. */
static CK_RV read_feature(const struct module_key_state *state, CK_ATTRIBUTE *value)
{
	CK_OBJECT_CLASS class = CKO_HW_FEATURE;
	CK_HW_FEATURE_TYPE type = CKH_JPKI_PIN;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_HW_FEATURE_TYPE, &type, sizeof(type)}};
	CK_OBJECT_HANDLE object;
	CK_RV rv = find_object(state, template, &object);

	if (rv != CKR_OK || object == CK_INVALID_HANDLE)
		return rv;
	return state->functions->C_GetAttributeValue(state->session, object, value, 1);
}

/* Find out whether the card has the key. */
static CK_RV read_has_key(const struct module_key_state *state, CK_BBOOL *has_key)
{
	CK_ATTRIBUTE value = {CKA_JPKI_HAS_KEY, has_key, sizeof(*has_key)};

	*has_key = CK_TRUE;
	return read_feature(state, &value);
}

/* Find the token, and bind a session to it. */
static enum situation open_token(struct module_key_state *state)
{
	CK_BBOOL has_key = CK_TRUE;
	CK_RV rv;

	if (!find_card(state))
		return SITUATION_REMOVED;
	rv = open_session(state);
	/* Children have the password of a signing key that is not there. That for authentication is
	 * on every card that was ever seen, so the login is early enough to find out: to ask before
	 * each of them costs two exchanges. */
	if (rv == CKR_OK && state->key == JPKI_KEY_SIGN)
		rv = read_has_key(state, &has_key);
	if (rv != CKR_OK)
		return situation_of_rv(rv, state->key);
	return has_key ? SITUATION_NONE : situation_of_error(JPKI_E_NOT_FOUND, state->key);
}

/* Load the module, and find the card. */
static enum situation load_and_find(struct module_key *key)
{
	struct module_key_state *state = key->state;

	if (!load(state) || !find_functions(state)) {
		ERR_clear_error();
		return SITUATION_INTERNAL;
	}
	if (PKCS11_enumerate_slots(state->context, &state->slots, &state->slot_count) != 0)
		return problem(key);
	return open_token(state);
}

enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice)
{
	struct module_key_state *state = calloc(1, sizeof(*state));
	enum situation situation;

	memset(key, 0, sizeof(*key));
	key->state = state;
	key->not_signed = SITUATION_NONE;
	if (state == NULL)
		return SITUATION_INTERNAL;
	state->choice = choice;
	state->key = choice->key;
	patience_begin(PATIENCE_MODULE, true);
	situation = load_and_find(key);
	patience_end();
	return situation;
}

static enum situation read_pin(struct module_key_state *state, struct pin_state *pin)
{
	CK_ULONG tries = CK_UNAVAILABLE_INFORMATION;
	CK_ATTRIBUTE value = {CKA_JPKI_TRIES_LEFT, &tries, sizeof(tries)};
	CK_TOKEN_INFO info;
	CK_RV rv =
		state->functions->C_GetTokenInfo(PKCS11_get_slotid_from_slot(state->slot), &info);

	if (rv == CKR_OK)
		rv = read_feature(state, &value);
	if (rv != CKR_OK)
		return situation_of_rv(rv, state->key);
	memcpy(pin->serial, state->serial, sizeof(pin->serial));
	pin->kind = state->kind;
	pin->rule = state->rule;
	pin->is_set = (info.flags & CKF_USER_PIN_INITIALIZED) != 0;
	pin->tries = tries == CK_UNAVAILABLE_INFORMATION ? -1 : (int)tries;
	return SITUATION_NONE;
}

enum situation module_key_pin(struct module_key *key, struct pin_state *pin)
{
	enum situation situation;

	patience_begin(PATIENCE_MODULE, true);
	situation = read_pin(key->state, pin);
	patience_end();
	return situation;
}

/* Ask for the session, which ends with the card. */
static CK_RV ask_for_session(const struct module_key *key)
{
	struct module_key_state *state = key->state;
	CK_SESSION_INFO info;
	CK_RV rv;

	patience_begin(PATIENCE_MODULE, true);
	rv = state->functions->C_GetSessionInfo(state->session, &info);
	patience_end();
	return rv;
}

bool module_key_is_there(const struct module_key *key)
{
	return ask_for_session(key) == CKR_OK;
}

bool module_key_has_left(const struct module_key *key)
{
	const struct timespec moment = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};

	for (int waited = 0; waited < NOTICED_MS; waited += LOOK_AGAIN_MS) {
		CK_RV rv = ask_for_session(key);

		/* A module that was told to stop knows of no card. */
		if (rv != CKR_OK)
			return rv != CKR_CRYPTOKI_NOT_INITIALIZED;
		nanosleep(&moment, NULL);
	}
	return false;
}

/* Read a certificate of the token: the holder's or the authority's. NULL if there is none. */
static X509 *read_certificate(const struct module_key_state *state, CK_ULONG category)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_ATTRIBUTE value = {CKA_VALUE, NULL, 0};
	CK_FUNCTION_LIST *functions = state->functions;
	CK_OBJECT_HANDLE object;
	const unsigned char *next;
	X509 *certificate = NULL;

	if (find_object(state, template, &object) != CKR_OK || object == CK_INVALID_HANDLE ||
	    functions->C_GetAttributeValue(state->session, object, &value, 1) != CKR_OK)
		return NULL;
	value.pValue = malloc(value.ulValueLen);
	next = value.pValue;
	if (value.pValue != NULL &&
	    functions->C_GetAttributeValue(state->session, object, &value, 1) == CKR_OK)
		certificate = d2i_X509(NULL, &next, (long)value.ulValueLen);
	free(value.pValue);
	return certificate;
}

static void find_certificates(struct module_key *key)
{
	key->certificate = read_certificate(key->state, CK_CERTIFICATE_CATEGORY_TOKEN_USER);
	if (key->certificate != NULL && X509_check_private_key(key->certificate, key->key) != 1) {
		X509_free(key->certificate);
		key->certificate = NULL;
	}
	if (key->certificate != NULL && key->state->choice->chain)
		key->issuer = read_certificate(key->state, CK_CERTIFICATE_CATEGORY_AUTHORITY);
	if (key->issuer != NULL && X509_check_issued(key->issuer, key->certificate) != X509_V_OK) {
		X509_free(key->issuer);
		key->issuer = NULL;
	}
	/* Candidates that did not match were not errors. */
	if (key->certificate != NULL)
		ERR_clear_error();
}

/* Find the private key, and whether it requires the PIN for each signature; CK_INVALID_HANDLE if
 * the card has none. */
static CK_RV find_key(struct module_key_state *state)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BBOOL signs = CK_TRUE, each = CK_FALSE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_SIGN, &signs, sizeof(signs)}};
	CK_ATTRIBUTE value = {CKA_ALWAYS_AUTHENTICATE, &each, sizeof(each)};
	CK_RV rv = find_object(state, template, &state->object);

	if (rv == CKR_OK && state->object != CK_INVALID_HANDLE)
		rv = state->functions->C_GetAttributeValue(state->session, state->object, &value,
							   1);
	state->wants_each = each != CK_FALSE;
	return rv;
}

/* Read a number of the private key; the caller frees it. NULL if it can't be read. */
static BIGNUM *read_number(struct module_key_state *state, CK_ATTRIBUTE_TYPE type)
{
	unsigned char bytes[NUMBER_BYTES];
	CK_ATTRIBUTE value = {type, bytes, sizeof(bytes)};

	if (state->functions->C_GetAttributeValue(state->session, state->object, &value, 1) !=
	    CKR_OK)
		return NULL;
	return BN_bin2bn(bytes, (int)value.ulValueLen, NULL);
}

/* Make the key that OpenSSL signs with. */
static void make_key(struct module_key *key)
{
	BIGNUM *modulus = read_number(key->state, CKA_MODULUS);
	BIGNUM *exponent = read_number(key->state, CKA_PUBLIC_EXPONENT);

	key->key = rsa_key_new(modulus, exponent, sign_block, key);
	BN_free(modulus);
	BN_free(exponent);
}

/* Find the key and the certificates after the login. */
static enum situation find_all(struct module_key *key)
{
	struct module_key_state *state = key->state;
	CK_RV rv = find_key(state);

	if (rv != CKR_OK)
		return situation_of_rv(rv, state->key);
	if (state->object == CK_INVALID_HANDLE)
		return situation_of_error(JPKI_E_NOT_FOUND, state->key);
	if (!state->wants_each)
		prompt_pin_free(&state->fresh);
	make_key(key);
	if (key->key != NULL)
		find_certificates(key);
	return key->certificate == NULL ? problem(key) : SITUATION_NONE;
}

/* Return why the card has not taken a PIN. It is not to be typed again for a key that is not there.
 */
static enum situation judge_refusal(struct module_key_state *state, enum situation situation)
{
	CK_BBOOL has_key = CK_TRUE;

	if (situation != SITUATION_WRONG || state->key != JPKI_KEY_AUTH)
		return situation;
	patience_begin(PATIENCE_MODULE, true);
	(void)read_has_key(state, &has_key);
	patience_end();
	return has_key ? situation : situation_of_error(JPKI_E_NOT_FOUND, state->key);
}

enum situation module_key_login(struct module_key *key, struct prompt_pin *pin)
{
	struct module_key_state *state = key->state;
	enum situation situation;
	sigset_t before;

	ERR_clear_error();
	situation = give(state, CKU_USER, pin, &before);
	signals_release(&before);
	if (situation != SITUATION_NONE)
		return judge_refusal(state, situation);
	state->fresh = *pin;
	*pin = (struct prompt_pin){0};
	patience_begin(PATIENCE_MODULE, true);
	situation = find_all(key);
	patience_end();
	return situation;
}

/* Give all back that reaches the card, or may. */
static void close_module(struct module_key_state *state)
{
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
}

void module_key_close(struct module_key *key)
{
	struct module_key_state *state = key->state;

	X509_free(key->certificate);
	X509_free(key->issuer);
	EVP_PKEY_free(key->key);
	if (state != NULL) {
		prompt_pin_free(&state->fresh);
		settle(state);
		patience_begin(PATIENCE_MODULE, true);
		close_module(state);
		patience_end();
		if (state->library != NULL)
			dlclose(state->library);
		free(state);
		ERR_clear_error();
	}
	memset(key, 0, sizeof(*key));
}
