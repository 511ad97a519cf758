/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows: makes rows that the eye and a screen reader have alike. */
#ifndef JPKI_WINDOW_ROWS_H
#define JPKI_WINDOW_ROWS_H

#include <adwaita.h>

#include "app/ui/line.h"

/* Make a row of a name and of what is said of it; the name may be NULL. Both are no markup. */
AdwPreferencesRow *rows_make(enum ui_tone tone, const char *title, const char *text);

/* Make a button for what a row is about, title. It is called as what it does, and to what. */
GtkWidget *rows_make_button(const char *title, const char *label);

/* Have the items of a menu that is shown called as they read: GTK 4.18 tells screen readers no name
 * of theirs. */
void rows_name_menu(GtkWidget *menu);

/* Make a button with a picture alone; name is what it is called. */
GtkWidget *rows_make_icon_button(const char *icon, const char *name);

/* Add a button to a row of rows_make: beside the text or below it, and below other buttons. */
void rows_add_button(AdwPreferencesRow *row, GtkWidget *button);

/* Let the words of a label break into lines, and one that is longer than a line in itself. */
void rows_wrap(GtkLabel *label);

/* Let those texts below a widget break into lines that the toolkit would shorten where there is too
 * little room: titles, and names of pages. */
void rows_wrap_short(GtkWidget *root);

/*
 * Let the words on all buttons of a page or a window break into lines: as one line they could be
 * wider than the screen. Buttons with another label later keep that.
 */
void rows_wrap_buttons(GtkWidget *root);

/*
 * Let the first label of a dialog of the toolkit break into lines: in later versions than Debian
 * 12's the heading does not, but is measured as if it did.
 */
void rows_wrap_heading(GtkWidget *root);

/* Have a button called by this name, which the mouse sees, too. */
void rows_name_button(GtkWidget *button, const char *name);

/* Make a list for rows, which is called by this name, and shows itself with its first row. */
GtkListBox *rows_make_list(const char *name);

/* Add a row to such a list. */
void rows_append(GtkListBox *list, AdwPreferencesRow *row);

/* Empty a list of rows. */
void rows_clear(GtkListBox *list);

/*
 * Have a screen reader speak a text: give the focus to a widget, and the text as its description.
 * Who is on another page keeps the focus.
 */
void rows_speak(GtkWidget *widget, const char *text);

#endif
