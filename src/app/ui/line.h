/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * line: prints text for people: plain, so that it reads well aloud; with colour only on a
 * terminal.
 */
#ifndef JPKI_APP_UI_LINE_H
#define JPKI_APP_UI_LINE_H

#include <stdbool.h>
#include <stdio.h>

#include "app/ui/situation.h"

enum ui_tone { UI_PLAIN, UI_GOOD, UI_WARN, UI_BAD };

/*
 * A line of text, coloured when out is a terminal (and NO_COLOR is not set, TERM is not dumb). The
 * text itself says what the colour says. It is one line whatever is in the arguments, which may
 * come from others: control characters are shown by their numbers (app/ui/text.h).
 */
void ui_line(FILE *out, enum ui_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The text of a situation, wrapped to the terminal, with its arguments. */
void ui_say(FILE *out, enum ui_tone tone, enum situation situation, ...);

/* Whether out is a terminal that understands more than plain text. */
bool ui_is_terminal(FILE *out);

#endif
