/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_key: provides a key of the card as any other program gets it: by PKCS#11, through one of
 * the modules.
 */
#ifndef JPKI_APP_CARD_MODULE_KEY_H
#define JPKI_APP_CARD_MODULE_KEY_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/card/module_block.h"
#include "app/card/pin_dialog.h"
#include "app/ui/situation.h"
#include "card/generation.h"

struct module_key {
	EVP_PKEY *key;     /* the private key, once logged in */
	X509 *certificate; /* its certificate */
	X509 *issuer; /* the authority's certificate; NULL: not requested, or the card has none */

	/* The caller's: a line before the question for one signature's PIN; NULL: none. */
	char *purpose;

	/* Private: why the last signature was not made; otherwise SITUATION_NONE. */
	enum situation not_signed;

	/* Private. */
	struct module_key_state *state;
};

/* Which key to use, and how to ask for the PIN if the key requires it for each signature. */
struct module_key_choice {
	const char *module; /* the file of the module */
	enum jpki_key key;
	const char *serial; /* of the card, in either case; NULL: the only card */
	bool chain;         /* read the authority's certificate, too */
	/*
	 * Ask for the PIN for one signature, and give it with module_key_authenticate, as often as
	 * the tries allow. SITUATION_NONE if the card has accepted it, or why there will be no
	 * signature. Called during a signature, and not for the first one after the login.
	 */
	enum situation (*ask)(void *argument);
	void *argument;
};

/*
 * Load the module, find the card and its token with this key, and recognise the card if the module
 * has not done so before. *choice must last until module_key_close, which must always be called.
 * SITUATION_NONE: the token is there, and a login will be with this token or fail, even if the card
 * is replaced before; SITUATION_NO_SIGN_CERTIFICATE: the card has no such key (whether it has that
 * for authentication, the login tells); SITUATION_REMOVED: the module shows no such token, or those
 * of several cards; SITUATION_INTERNAL: the module can't be used.
 */
enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice);

/*
 * Return in *pin what the module knows about the key's PIN. Requires a module_key_open that
 * returned SITUATION_NONE. SITUATION_NONE, or why nothing is known: the card was removed.
 */
enum situation module_key_pin(struct module_key *key, struct pin_state *pin);

/* Return whether the card has been in the reader since module_key_open, as far as pcscd has
 * noticed. */
bool module_key_is_there(const struct module_key *key);

/* Return whether the card was removed; wait a moment for pcscd to notice. */
bool module_key_has_left(const struct module_key *key);

/*
 * Log in with a PIN that is shorter than PROMPT_PIN_MAX, and find the key and the certificates.
 * *pin is wiped, in module_key_close at the latest, unless the module refused it: then it is still
 * the caller's, and the login may be tried again. SITUATION_NONE: all were found;
 * SITUATION_NO_AUTH_CERTIFICATE: the card has no such key, right or wrong as the PIN may be. The
 * reason for a refused PIN is not exact: the module also reports SITUATION_WRONG for a PIN that was
 * not sent, and a locked PIN if one try is left.
 */
enum situation module_key_login(struct module_key *key, struct prompt_pin *pin);

/*
 * Give the card a PIN for the signature that asks for it, and hold signals back until that is made.
 * The PIN is still the caller's. SITUATION_NONE, or why it was not accepted, as exactly as
 * module_key_login says it; then another one may be given.
 */
enum situation module_key_authenticate(struct module_key *key, const struct prompt_pin *pin);

/* From now on key->key does not reach the card, but signs by module_block_sign with this block.
 * NULL, as at first: it signs with the card. */
void module_key_redirect(struct module_key *key, struct module_block *block);

/* Return what went wrong since the last call, as the module reported it; SITUATION_NONE if it did
 * not. */
enum situation module_key_problem(struct module_key *key);

/* Log out and unload the module. */
void module_key_close(struct module_key *key);

#endif
