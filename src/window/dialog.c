/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dialog: makes a dialog of the toolkit, and lets its heading break into lines; gives large letters
 * room. */
#include "window/dialog.h"

#include "window/rows.h"

/* As the toolkit counts them: 96 dots an inch, in 1024ths. */
#define USUAL_LETTERS (96 * 1024)
/* What a small screen has. */
#define MOST_HIGH 700

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

void dialog_grow(GtkWindow *window)
{
	int letters = 0;
	int width;
	int height;

	g_object_get(gtk_widget_get_settings(GTK_WIDGET(window)), "gtk-xft-dpi", &letters, NULL);
	if (letters <= USUAL_LETTERS)
		return;
	gtk_window_get_default_size(window, &width, &height);
	height = (int)((gint64)height * letters / USUAL_LETTERS);
	gtk_window_set_default_size(window, width, MIN(height, MOST_HIGH));
}
