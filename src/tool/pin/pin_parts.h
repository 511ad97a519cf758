/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_parts: declares the subcommands of jpki pin, each in a file of its own. */
#ifndef JPKI_TOOL_PIN_PIN_PARTS_H
#define JPKI_TOOL_PIN_PIN_PARTS_H

#include <stdbool.h>

#include "app/card/card_pin.h"

/* Each returns the exit code; on failure the reason was printed. */
int pin_verify(struct card_pin *card_pin);
int pin_status(const struct card *card, bool json); /* shows the PINs */

/* Print the record of tries: of all cards, or of the one with this serial number. */
int pin_log(const char *serial, bool json);

#endif
