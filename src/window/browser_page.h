/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* browser_page: sets browsers up for the card, and undoes that. */
#ifndef JPKI_WINDOW_BROWSER_PAGE_H
#define JPKI_WINDOW_BROWSER_PAGE_H

#include <adwaita.h>

#define JPKI_TYPE_BROWSER_PAGE (jpki_browser_page_get_type())
G_DECLARE_FINAL_TYPE(JpkiBrowserPage, jpki_browser_page, JPKI, BROWSER_PAGE, AdwBin)

/* Look at what is set up: the page is shown, or somebody wants to know anew. */
void jpki_browser_page_look(JpkiBrowserPage *page);

#endif
