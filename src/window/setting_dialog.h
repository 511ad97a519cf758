/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setting_dialog: shows what would be done for a program, asks, has it done and says what came of
 * it. */
#ifndef JPKI_WINDOW_SETTING_DIALOG_H
#define JPKI_WINDOW_SETTING_DIALOG_H

#include <gtk/gtk.h>
#include <stdbool.h>

/* It has come to its end, and no dialog is open. */
typedef void setting_ended(GtkWidget *owner);

/*
 * Set the program of this name up (app/setup/setup_program.h), or undo that, if the person wants
 * what is shown. title is what the person calls it: a constant. owner is in the window that the
 * dialogs belong to, and is kept until ended is called, once. Nothing is done without a yes.
 */
void setting_dialog_begin(GtkWidget *owner, const char *name, const char *title, bool undo,
			  setting_ended *ended);

#endif
