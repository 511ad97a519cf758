/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rv_situation: says what a return value of the module means to the user. */
#ifndef JPKI_APP_CARD_RV_SITUATION_H
#define JPKI_APP_CARD_RV_SITUATION_H

#include "app/ui/situation.h"
#include "card/generation.h"

/* Return the situation of a value other than CKR_OK (PKCS #11 2.40 §5.1); SITUATION_INTERNAL for
 * one that the module does not return here. key is the token's, to name a locked PIN. */
enum situation situation_of_rv(unsigned long code, enum jpki_key key);

/* The same for any value of C_Login, which may have sent a PIN. */
enum situation situation_of_login(unsigned long code, enum jpki_key key);

#endif
