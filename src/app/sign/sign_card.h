/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_card: signs the files of jpki sign with the requested card, after asking for the PIN
 * once. */
#ifndef JPKI_APP_SIGN_SIGN_CARD_H
#define JPKI_APP_SIGN_SIGN_CARD_H

#include "app/sign/sign_files.h"

/*
 * Find the card and its key, ask for the PIN, and sign the files that wait. Print the results, also
 * if no card can sign. Return how jpki ends.
 */
int sign_with_card(struct sign_request *request);

#endif
