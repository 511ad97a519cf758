/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_key: gives a key of the card as any other program has it: by PKCS#11, through one of
 * the modules.
 */
#ifndef JPKI_TOOL_SIGN_MODULE_KEY_H
#define JPKI_TOOL_SIGN_MODULE_KEY_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/card/pin_dialog.h"
#include "app/ui/situation.h"
#include "card/generation.h"

struct module_key {
	EVP_PKEY *key;     /* the private key, once logged in */
	X509 *certificate; /* its certificate */
	X509 *issuer;      /* that of the authority; NULL: not wanted, or the card has none */

	/* Why no PIN was given for a signature that wants one; else SITUATION_NONE. */
	enum situation not_given;

	/* Its own business. */
	struct module_key_state *state;
};

/* Which key, and how the PIN is asked for when the card wants it for each signature. */
struct module_key_choice {
	const char *module; /* the file of the module */
	enum jpki_key key;
	const char *serial;   /* of the card, in capitals or not; NULL: the only one */
	bool chain;           /* the authority's certificate is wanted */
	const char *question; /* for all PINs but the first */
	bool use_pinentry;
};

/*
 * Loads the module, finds the card and its token with this key, and recognises the card if the
 * module has not done so before. SITUATION_NONE: it is there, and a login will be with this token
 * or fail, also when the card is exchanged before. SITUATION_NO_SIGN_CERTIFICATE,
 * SITUATION_NO_AUTH_CERTIFICATE: the card has no such key; SITUATION_REMOVED: the module shows no
 * such token, or those of several cards; SITUATION_INTERNAL: the module can't be used. Always to be
 * ended with module_key_close. *choice must last until then.
 */
enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice);

/*
 * Tells what the module knows of a PIN of the card. SITUATION_NONE, or why it tells nothing: the
 * card has left, or the module does not show this token. After module_key_open with SITUATION_NONE.
 */
enum situation module_key_pin(struct module_key *key, enum jpki_key which, struct pin_state *pin);

/* Whether the card is in the reader since module_key_open, as far as pcscd has noticed. */
bool module_key_is_there(const struct module_key *key);

/* Whether it has left; waits a moment for pcscd to notice. */
bool module_key_has_left(const struct module_key *key);

/*
 * Reads the card's authentication certificate, which the caller frees. NULL if it can't be read
 * without a PIN, or the module shows no token for authentication.
 */
X509 *module_key_auth_certificate(struct module_key *key);

/*
 * Logs in with a PIN that is shorter than PROMPT_PIN_MAX, and finds key and certificates.
 * SITUATION_NONE: all is there. What it says of a refused PIN is not exact: the module tells
 * SITUATION_WRONG also of a PIN that was not sent, and a locked one when it is the last try. *pin
 * is wiped, at the latest in module_key_close.
 */
enum situation module_key_login(struct module_key *key, struct prompt_pin *pin);

/*
 * After a signature, whatever has come of it: signals, which were held back while the card had a
 * PIN for this one signature, come again.
 */
void module_key_settle(struct module_key *key);

/* What went wrong since the last call, as the module has said; SITUATION_NONE when it did not. */
enum situation module_key_problem(struct module_key *key);

/* Logs out and unloads the module. */
void module_key_close(struct module_key *key);

#endif
