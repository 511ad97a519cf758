/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* told: joins lines into one text, which has the tone of the worst of them. */
#include "window/told.h"

#include <glib.h>

void told_hear(enum ui_tone tone, const char *text, void *argument)
{
	struct told *told = argument;
	char *before = told->text;

	told->text = before != NULL ? g_strdup_printf("%s\n%s", before, text) : g_strdup(text);
	if (tone > told->tone)
		told->tone = tone;
	g_free(before);
}

void told_clear(struct told *told)
{
	g_free(told->text);
	*told = (struct told){.text = NULL};
}
