/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages: shows one page of a stack, to the eye and to screen readers. */
#ifndef JPKI_WINDOW_PAGES_H
#define JPKI_WINDOW_PAGES_H

#include <gtk/gtk.h>

/*
 * Show the page of this name alone. GTK 4.8 tells screen readers of all pages of a stack, so the
 * others are hidden.
 */
void pages_show(GtkStack *stack, const char *name);

#endif
