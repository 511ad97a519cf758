/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_page: shows what is in the readers, and what their cards tell without a PIN. */
#ifndef JPKI_WINDOW_CARD_PAGE_H
#define JPKI_WINDOW_CARD_PAGE_H

#include <adwaita.h>

#include "window/look.h"

#define JPKI_TYPE_CARD_PAGE (jpki_card_page_get_type())
G_DECLARE_FINAL_TYPE(JpkiCardPage, jpki_card_page, JPKI, CARD_PAGE, AdwBin)

/*
 * Show this. Each PIN that can be changed has a button, whose action is "win.change-pin" with three
 * texts: the key's name (app/ui/key_name.h), the card's serial number, and the reader's name.
 */
void jpki_card_page_show(JpkiCardPage *page, const struct look *look);

/* Add what another page says of a card that can be used, below its heading. */
typedef void card_page_add(JpkiCardPage *page, const struct look_reader *reader);

/* Have jpki_card_page_show say that of each card, in the place of its state. */
void jpki_card_page_set_content(JpkiCardPage *page, card_page_add *add);

/* Return the words for the reader that a card is in. The caller frees them with g_free. */
char *jpki_card_page_place(const char *reader);

/* For that: add a group with a heading, and below it where that is; NULL for nothing. Return it. */
GtkListBox *jpki_card_page_add_group(JpkiCardPage *page, const char *title, const char *place);

/*
 * Add a button with an action and its target, which is taken if it floats. name is for screen
 * readers. If a button with that target had the focus, this one has it.
 */
void jpki_card_page_add_button(JpkiCardPage *page, AdwPreferencesRow *row, const char *label,
			       const char *name, const char *action, GVariant *target);

#endif
