/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dialog: makes a dialog of the toolkit that says something, with a button to leave it. */
#ifndef JPKI_WINDOW_DIALOG_H
#define JPKI_WINDOW_DIALOG_H

#include <adwaita.h>

/*
 * Make a dialog before the window parent; heading and text are what it says, leave is on the
 * button. That is the response "leave", to which Enter and Escape lead as well. The toolkit owns
 * the dialog.
 */
AdwMessageDialog *dialog_make(GtkWindow *parent, const char *heading, const char *text,
			      const char *leave);

/* Have a window begin higher than it would, by as much as the letters are larger than usual. */
void dialog_grow(GtkWindow *window);

#endif
