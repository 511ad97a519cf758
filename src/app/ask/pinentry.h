/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pinentry: asks for a PIN through the program pinentry, which shows a window or takes the
 * terminal.
 */
#ifndef JPKI_APP_ASK_PINENTRY_H
#define JPKI_APP_ASK_PINENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

/*
 * Asks, with text above the field, for at most size bytes; of more, size are kept. APP_OK;
 * APP_CANCELLED: the cancel button, or a signal; APP_FAILED: there is no pinentry, or it has
 * failed. Nothing is said.
 */
enum app_exit pinentry_ask(const char *text, uint8_t *value, size_t size, size_t *length);

#endif
