# SPDX-License-Identifier: LGPL-2.1-or-later
# The native host: the program beside the extension of the browsers. What needs no card is a library
# for the tests, too.
noinst_LTLIBRARIES += libjpki-portal.la
libjpki_portal_la_SOURCES = \
	src/portal/answer.c src/portal/answer.h \
	src/portal/frame.c src/portal/frame.h \
	src/portal/identity.c src/portal/identity.h \
	src/portal/memory.c src/portal/memory.h \
	src/portal/message.c src/portal/message.h \
	src/portal/question.c src/portal/question.h \
	src/portal/reason.c src/portal/reason.h \
	src/portal/site.c src/portal/site.h
libjpki_portal_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)

libexec_PROGRAMS = jpki-portal
jpki_portal_SOURCES = \
	src/portal/about.c src/portal/about.h \
	src/portal/main.c \
	src/portal/signing.c src/portal/signing.h \
	src/portal/text_card.c src/portal/text_card.h
jpki_portal_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) \
	$(P11KIT_CFLAGS) -DPACKAGE_NAME='"$(PACKAGE_NAME)"' \
	-DPACKAGE_VERSION='"$(PACKAGE_VERSION)"' -DLOCALEDIR='"$(localedir)"'
jpki_portal_LDADD = libjpki-portal.la libjpki-app.la libgenerations.la libjpki.la $(JANSSON_LIBS) \
	$(LIBP11_LIBS) $(P11KIT_LIBS) $(CRYPTO_LIBS)
