/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* counter: shows at which file of how many the work is. */
#ifndef JPKI_WINDOW_COUNTER_H
#define JPKI_WINDOW_COUNTER_H

#include <gtk/gtk.h>
#include <stddef.h>

/* Show that so many are done, and that the file of this path comes next: also to screen readers. */
void counter_show(GtkProgressBar *bar, size_t done, size_t total, const char *path);

#endif
