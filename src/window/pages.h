/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pages: shows one page of several, to the eye and to screen readers. */
#ifndef JPKI_WINDOW_PAGES_H
#define JPKI_WINDOW_PAGES_H

#include <gtk/gtk.h>

/*
 * Show the child with this widget name alone. (A stack of the toolkit would tell screen readers of
 * all pages, in GTK 4.8, and have them speak of its "GtkStackPage".)
 */
void pages_show(GtkBox *pages, const char *name);

#endif
