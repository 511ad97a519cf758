# SPDX-License-Identifier: LGPL-2.1-or-later
# The virtual card: a library for the tests, and the command that puts it behind pcscd.
EXTRA_LTLIBRARIES += libvcard.la
libvcard_la_SOURCES = \
	tests/vcard/atr.c \
	tests/vcard/card.c \
	tests/vcard/certificate.c tests/vcard/certificate.h \
	tests/vcard/dispatch.c \
	tests/vcard/files.c \
	tests/vcard/image.c \
	tests/vcard/internal.h \
	tests/vcard/make.c tests/vcard/make.h \
	tests/vcard/pin.c \
	tests/vcard/profiles.c tests/vcard/profiles.h \
	tests/vcard/quirk.c \
	tests/vcard/readers.c \
	tests/vcard/script.c \
	tests/vcard/sign.c \
	tests/vcard/state.c \
	tests/vcard/transport_internal.h \
	tests/vcard/vcard.h \
	tests/vcard/vcard_transport.c tests/vcard/vcard_transport.h \
	tests/vcard/vpcd.c tests/vcard/vpcd.h
libvcard_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
libvcard_la_LIBADD = $(CRYPTO_LIBS)

check_PROGRAMS += tests/vcard/jpki-vcard
tests_vcard_jpki_vcard_SOURCES = tests/vcard/jpki-vcard.c
tests_vcard_jpki_vcard_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_vcard_jpki_vcard_LDADD = libvcard.la $(CRYPTO_LIBS)
