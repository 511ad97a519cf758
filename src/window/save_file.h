/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* save_file: asks where to put a file. */
#ifndef JPKI_WINDOW_SAVE_FILE_H
#define JPKI_WINDOW_SAVE_FILE_H

#include <adwaita.h>

/* The person has chosen this file, and agreed to replace one that exists. */
typedef void save_chosen(GFile *file, gpointer argument);

/*
 * Ask in a window over parent for a place for a file, with a name that is proposed. chosen is
 * called unless the person declines. Whatever comes of it, free_argument, which may be NULL, is
 * called at the end.
 */
void save_file(GtkWindow *parent, const char *title, const char *name, save_chosen *chosen,
	       gpointer argument, GDestroyNotify free_argument);

#endif
