# SPDX-License-Identifier: LGPL-2.1-or-later
# PDF and XML, for the command alone: the modules are not linked with what parses documents.
noinst_LTLIBRARIES += libjpki-document.la
libjpki_document_la_SOURCES = \
	src/document/bytes.c src/document/bytes.h \
	src/document/guard.c src/document/guard.h \
	src/document/kind.c src/document/kind.h
libjpki_document_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(QPDF_CFLAGS) $(XML_CFLAGS)
libjpki_document_la_LIBADD = libjpki.la $(QPDF_LIBS) $(XML_LIBS) $(CRYPTO_LIBS)
