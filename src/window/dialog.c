/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dialog: makes a dialog of the toolkit, and lets its heading break into lines. */
#include "window/dialog.h"

#include "window/rows.h"

AdwMessageDialog *dialog_make(GtkWindow *parent, const char *heading, const char *text,
			      const char *leave)
{
	AdwMessageDialog *dialog =
		ADW_MESSAGE_DIALOG(adw_message_dialog_new(parent, heading, text));

	rows_wrap_heading(GTK_WIDGET(dialog));
	gtk_window_set_destroy_with_parent(GTK_WINDOW(dialog), TRUE);
	adw_message_dialog_add_response(dialog, "leave", leave);
	adw_message_dialog_set_close_response(dialog, "leave");
	adw_message_dialog_set_default_response(dialog, "leave");
	return dialog;
}
