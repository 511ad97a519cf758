/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rows: makes rows that the eye and a screen reader have alike. */
#ifndef JPKI_WINDOW_ROWS_H
#define JPKI_WINDOW_ROWS_H

#include <adwaita.h>

#include "app/ui/line.h"

/* Make a row of a name and of what is said of it; the name may be NULL. Both are no markup. */
AdwActionRow *rows_make(enum ui_tone tone, const char *title, const char *text);

/* Make a button for what a row is about, title. It is called as what it does, and to what. */
GtkWidget *rows_make_button(const char *title, const char *label);

/* Add a place for such buttons to a row: one below the other. */
GtkBox *rows_add_box(AdwActionRow *row);

/* Empty a list of rows. */
void rows_clear(GtkListBox *list);

/*
 * Have a screen reader speak a text: give the focus to a widget, and the text as its description.
 * Who is on another page keeps the focus.
 */
void rows_speak(GtkWidget *widget, const char *text);

#endif
