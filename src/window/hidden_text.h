/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hidden_text: keeps what is typed into a field for a PIN from the toolkit. */
#ifndef JPKI_WINDOW_HIDDEN_TEXT_H
#define JPKI_WINDOW_HIDDEN_TEXT_H

#include <gtk/gtk.h>

#define JPKI_TYPE_HIDDEN_TEXT (jpki_hidden_text_get_type())
G_DECLARE_FINAL_TYPE(JpkiHiddenText, jpki_hidden_text, JPKI, HIDDEN_TEXT, GtkEntryBuffer)

/*
 * Return a buffer for a field. What is typed is in secret memory (base/secret.h); to all that asks
 * the buffer, as the toolkit does for the screen and the accessibility bus, it has so many
 * asterisks. It takes far more than any PIN has, and then no more; nothing if there is no such
 * memory. The caller owns it.
 */
JpkiHiddenText *jpki_hidden_text_new(void);

/* Return what was typed, in UTF-8. It is the buffer's, until that changes. */
const char *jpki_hidden_text_get(JpkiHiddenText *text);

#endif
