/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* graphics: has the windows drawn without the graphics processor. */
#ifndef JPKI_WINDOW_GRAPHICS_H
#define JPKI_WINDOW_GRAPHICS_H

#include <gtk/gtk.h>

/*
 * Do so, before GTK begins, unless the person's environment says how to draw: rows of text need no
 * more, and its drivers may take more memory than all the rest, and longer to start.
 */
void graphics_spare(void);

/* Open what is at this address with the desktop's program for it, which draws as it likes. */
void graphics_open_uri(GtkWidget *widget, const char *uri);

#endif
