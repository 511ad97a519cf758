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
#include "app/ui/situation.h"
#include "card/generation.h"

struct module_key {
	EVP_PKEY *key;     /* the private key, once logged in */
	X509 *certificate; /* its certificate */
	X509 *issuer;      /* that of the authority; NULL when the card has none */

	/* Why no PIN was given for a signature that wants one; else SITUATION_NONE. */
	enum situation not_given;

	/* Its own business. */
	struct module_key_state *state;
};

/* Which key, and how the PIN is asked for when the card wants it for each signature. */
struct module_key_choice {
	const char *module; /* the file of the module */
	enum jpki_key key;
	const char *serial; /* of the token */
	const char *label;
	bool each_signature;              /* the card wants the PIN for each */
	const char *question;             /* for all but the first */
	const struct jpki_pin_rule *rule; /* what can be a PIN */
	bool use_pinentry;
};

/*
 * Loads the module and finds the token. SITUATION_NONE: it is there, and a login will be with this
 * token or fail, also when the card is exchanged before. Always to be ended with module_key_close.
 * *choice must last until then.
 */
enum situation module_key_open(struct module_key *key, const struct module_key_choice *choice);

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
