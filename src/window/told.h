/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* told: keeps the lines that work says about one thing. */
#ifndef JPKI_WINDOW_TOLD_H
#define JPKI_WINDOW_TOLD_H

#include "app/ui/line.h"

/* Lines, and the worst tone of them. All zero: nothing yet. */
struct told {
	enum ui_tone tone;
	char *text; /* NULL: nothing was said */
};

/* Add a line: a ui_listener whose argument is a struct told. */
void told_hear(enum ui_tone tone, const char *text, void *told);

/* Forget all. */
void told_clear(struct told *told);

#endif
