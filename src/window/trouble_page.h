/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trouble_page: finds out what is wrong, and has it copied for those who help. */
#ifndef JPKI_WINDOW_TROUBLE_PAGE_H
#define JPKI_WINDOW_TROUBLE_PAGE_H

#include <adwaita.h>

#include "app/ui/situation.h"

#define JPKI_TYPE_TROUBLE_PAGE (jpki_trouble_page_get_type())
G_DECLARE_FINAL_TYPE(JpkiTroublePage, jpki_trouble_page, JPKI, TROUBLE_PAGE, AdwBin)

/* Follow why the card's work waits; SITUATION_NONE: it waits no more. */
void jpki_trouble_page_set_waiting(JpkiTroublePage *page, enum situation why);

#endif
