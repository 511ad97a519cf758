/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* beside: puts buttons beside a text, or below it where the text would be left too little room. */
#ifndef JPKI_WINDOW_BESIDE_H
#define JPKI_WINDOW_BESIDE_H

#include <gtk/gtk.h>

#define JPKI_TYPE_BESIDE (jpki_beside_get_type())
G_DECLARE_FINAL_TYPE(JpkiBeside, jpki_beside, JPKI, BESIDE, GtkWidget)

/* Make one of a text, which it owns, and of no button. */
JpkiBeside *jpki_beside_new(GtkWidget *text);

/* Add a button, which it owns, below those that it has. */
void jpki_beside_add(JpkiBeside *beside, GtkWidget *button);

#endif
