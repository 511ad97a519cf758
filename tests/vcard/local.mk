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

VCARD_TESTS = \
	tests/vcard/test_vcard \
	tests/vcard/test_quirk \
	tests/vcard/test_make \
	tests/vcard/test_profiles \
	tests/vcard/test_transport \
	tests/vcard/test_vpcd
check_PROGRAMS += $(VCARD_TESTS)
TESTS += $(VCARD_TESTS)

VCARD_TEST_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(CMOCKA_CFLAGS)
VCARD_TEST_LDADD = libvcard.la $(CRYPTO_LIBS) $(CMOCKA_LIBS)
VCARD_TEST_SUPPORT = tests/vcard/support.c tests/vcard/support.h

tests_vcard_test_vcard_SOURCES = tests/vcard/test_vcard.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_vcard_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_vcard_LDADD = $(VCARD_TEST_LDADD)
tests_vcard_test_quirk_SOURCES = tests/vcard/test_quirk.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_quirk_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_quirk_LDADD = $(VCARD_TEST_LDADD)
tests_vcard_test_make_SOURCES = tests/vcard/test_make.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_make_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_make_LDADD = $(VCARD_TEST_LDADD)
tests_vcard_test_profiles_SOURCES = tests/vcard/test_profiles.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_profiles_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_profiles_LDADD = $(VCARD_TEST_LDADD)
tests_vcard_test_transport_SOURCES = tests/vcard/test_transport.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_transport_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_transport_LDADD = $(VCARD_TEST_LDADD)
tests_vcard_test_vpcd_SOURCES = tests/vcard/test_vpcd.c $(VCARD_TEST_SUPPORT)
tests_vcard_test_vpcd_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_vcard_test_vpcd_LDADD = $(VCARD_TEST_LDADD)
