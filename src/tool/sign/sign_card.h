/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_card: signs the files of jpki sign with the card that is meant, after one question. */
#ifndef JPKI_TOOL_SIGN_SIGN_CARD_H
#define JPKI_TOOL_SIGN_SIGN_CARD_H

#include "tool/sign/sign_files.h"

/*
 * Finds the card and its key, asks for the PIN, and signs the files that wait. Says what becomes of
 * it all, also when no card can sign. Returns how jpki ends.
 */
int sign_with_card(struct sign_request *request);

#endif
