# SPDX-License-Identifier: LGPL-2.1-or-later
# PDF and XML, for the command alone: the modules are not linked with what parses documents.
noinst_LTLIBRARIES += libjpki-document.la
libjpki_document_la_SOURCES = \
	src/document/bytes.c src/document/bytes.h \
	src/document/file_name.c src/document/file_name.h \
	src/document/guard.c src/document/guard.h \
	src/document/kind.c src/document/kind.h \
	src/document/pdf_compare.c src/document/pdf_compare.h \
	src/document/pdf_judge.c src/document/pdf_judge.h \
	src/document/pdf_objects.c src/document/pdf_objects.h \
	src/document/pdf_plan.c src/document/pdf_plan.h \
	src/document/pdf_tail.c src/document/pdf_tail.h \
	src/document/pdf_update.c src/document/pdf_update.h
libjpki_document_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(QPDF_CFLAGS) $(XML_CFLAGS)
libjpki_document_la_LIBADD = libjpki.la $(QPDF_LIBS) $(XML_LIBS) $(CRYPTO_LIBS)
