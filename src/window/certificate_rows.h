/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate_rows: what the page with the certificates says of one card. */
#ifndef JPKI_WINDOW_CERTIFICATE_ROWS_H
#define JPKI_WINDOW_CERTIFICATE_ROWS_H

#include "window/card_page.h"

/*
 * Add the rows of this card's certificates (a card_page_add). Each certificate has a button, whose
 * action is "win.certificate" with three texts: the certificate's name (cert_choice_find), the
 * card's serial number, and the reader's name. Where a reminder can be made, there is one with the
 * action "win.remind": the last day as YYYY-MM-DD, the same in words, and the days left.
 */
void certificate_rows_add(JpkiCardPage *page, const struct look_reader *reader);

#endif
