/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module_file: chooses which of the installed modules to use a key with. */
#ifndef JPKI_APP_CARD_MODULE_FILE_H
#define JPKI_APP_CARD_MODULE_FILE_H

#include "card/generation.h"

/*
 * Return the file of the installed module to use this key with. Beside no other card it is the one
 * for this key alone, which asks the card for nothing of its other key. Of several cards one may
 * lack the key, and only the module with both keys shows that there are several. No card is sent
 * anything; the wait for the service is a step of app/ui/patience.h.
 */
const char *module_file(enum jpki_key key);

#endif
