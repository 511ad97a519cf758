/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* counter: shows at which file of how many the work is. */
#ifndef JPKI_WINDOW_COUNTER_H
#define JPKI_WINDOW_COUNTER_H

#include <gtk/gtk.h>

#define JPKI_TYPE_COUNTER (jpki_counter_get_type())
G_DECLARE_FINAL_TYPE(JpkiCounter, jpki_counter, JPKI, COUNTER, GtkBox)

/* Show that so many files of a total are done, and that the next one has this path. */
void jpki_counter_show(JpkiCounter *counter, size_t done, size_t total, const char *path);

#endif
