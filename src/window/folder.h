/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* folder: shows a file in its folder, in the desktop's file manager. */
#ifndef JPKI_WINDOW_FOLDER_H
#define JPKI_WINDOW_FOLDER_H

#include <gtk/gtk.h>

/* Show it; where no file manager can point to a file, open the folder. */
void folder_show(GtkWindow *parent, const char *path);

#endif
