/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* window: is the main window, and follows what is put into the readers. */
#ifndef JPKI_WINDOW_WINDOW_H
#define JPKI_WINDOW_WINDOW_H

#include <adwaita.h>
#include <stdbool.h>

#define JPKI_TYPE_WINDOW (jpki_window_get_type())
G_DECLARE_FINAL_TYPE(JpkiWindow, jpki_window, JPKI, WINDOW, AdwApplicationWindow)

/* Make the window, and begin to look at the readers once it is shown. */
JpkiWindow *jpki_window_new(AdwApplication *application);

/* Close it: at once, or when what is on its way to the card has come to its end. */
void jpki_window_end(JpkiWindow *window);

#endif
