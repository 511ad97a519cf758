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

#endif
