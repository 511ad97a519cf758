/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* document_page: takes files to sign, or to check, and shows what came of them. */
#ifndef JPKI_WINDOW_DOCUMENT_PAGE_H
#define JPKI_WINDOW_DOCUMENT_PAGE_H

#include <adwaita.h>

#include "window/look.h"
#include "window/signing.h"

#define JPKI_TYPE_DOCUMENT_PAGE (jpki_document_page_get_type())
G_DECLARE_FINAL_TYPE(JpkiDocumentPage, jpki_document_page, JPKI, DOCUMENT_PAGE, AdwBin)

/*
 * The signal "password" is emitted when files are ready to be signed, and the password is to be
 * asked for. Return them; they are the page's, until the call of jpki_document_page_signed that
 * follows.
 */
struct signing *jpki_document_page_get_signing(JpkiDocumentPage *page);

/* Show what became of them, under what is said of all. */
void jpki_document_page_signed(JpkiDocumentPage *page, const char *said);

/* Follow which cards there are to choose from. */
void jpki_document_page_set_cards(JpkiDocumentPage *page, const struct look *look);

/* Take the files that were copied elsewhere. */
void jpki_document_page_paste(JpkiDocumentPage *page);

#endif
