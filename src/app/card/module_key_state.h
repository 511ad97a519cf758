/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module_key_state: is what module_key and module_pool share of a key behind a module. Private to
 * these two. */
#ifndef JPKI_APP_CARD_MODULE_KEY_STATE_H
#define JPKI_APP_CARD_MODULE_KEY_STATE_H

#include <libp11.h>
#include <signal.h>

#include "app/ask/prompt.h"
#include "card/generation.h"
#include "pkcs11v3.h"

struct module_block;
struct module_key_choice;

struct module_key_state {
	const struct module_key_choice *choice;
	enum jpki_key key; /* the one that was chosen */
	PKCS11_CTX *context;
	bool loaded;
	PKCS11_SLOT *slots;
	unsigned int slot_count;
	void *library; /* the one that libp11 has loaded */
	CK_FUNCTION_LIST *functions;

	/* The token with the key. */
	PKCS11_SLOT *slot;
	char serial[17];
	enum jpki_card_kind kind;
	const struct jpki_pin_rule *rule;
	/* Our own session, with this insertion of the card and no other. */
	CK_SESSION_HANDLE session; /* CK_INVALID_HANDLE: none */

	CK_OBJECT_HANDLE object;    /* the private key */
	struct module_block *block; /* for it signatures are collected or given; NULL: made */
	bool wants_each;            /* it requires the PIN for each signature */
	struct prompt_pin fresh;    /* typed for the login, and valid for the first signature */
	sigset_t before;
	bool holding; /* signals are held back while the card has a PIN for one signature */
};

#endif
