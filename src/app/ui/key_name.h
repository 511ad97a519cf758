/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* key_name: names the two keys of a card, and their PINs, on the command line and for scripts. */
#ifndef JPKI_APP_UI_KEY_NAME_H
#define JPKI_APP_UI_KEY_NAME_H

#include <stdbool.h>

#include "card/generation.h"

/* Return "auth" or "sign"; or "text" for the PIN of the text application. Static. */
const char *key_name(enum jpki_key key);

/* Find the key of this name: "text" is none. False, and *key is unchanged, if there is none. */
bool key_of_name(const char *name, enum jpki_key *key);

#endif
