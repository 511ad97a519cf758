# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of the virtual card itself.
VCARD_TESTS = \
	tests/unit/vcard/test_vcard \
	tests/unit/vcard/test_quirk \
	tests/unit/vcard/test_make \
	tests/unit/vcard/test_profiles \
	tests/unit/vcard/test_transport \
	tests/unit/vcard/test_vpcd
check_PROGRAMS += $(VCARD_TESTS)
TESTS += $(VCARD_TESTS)

VCARD_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/vcard $(CRYPTO_CFLAGS) $(CMOCKA_CFLAGS)
VCARD_TEST_LDADD = libvcard.la $(CRYPTO_LIBS) $(CMOCKA_LIBS)
VCARD_TEST_SUPPORT = tests/unit/vcard/support.c tests/unit/vcard/support.h

tests_unit_vcard_test_vcard_SOURCES = tests/unit/vcard/test_vcard.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_vcard_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_vcard_LDADD = $(VCARD_TEST_LDADD)
tests_unit_vcard_test_quirk_SOURCES = tests/unit/vcard/test_quirk.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_quirk_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_quirk_LDADD = $(VCARD_TEST_LDADD)
tests_unit_vcard_test_make_SOURCES = tests/unit/vcard/test_make.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_make_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_make_LDADD = $(VCARD_TEST_LDADD)
tests_unit_vcard_test_profiles_SOURCES = tests/unit/vcard/test_profiles.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_profiles_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_profiles_LDADD = $(VCARD_TEST_LDADD)
tests_unit_vcard_test_transport_SOURCES = tests/unit/vcard/test_transport.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_transport_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_transport_LDADD = $(VCARD_TEST_LDADD)
tests_unit_vcard_test_vpcd_SOURCES = tests/unit/vcard/test_vpcd.c $(VCARD_TEST_SUPPORT)
tests_unit_vcard_test_vpcd_CPPFLAGS = $(VCARD_TEST_CPPFLAGS)
tests_unit_vcard_test_vpcd_LDADD = $(VCARD_TEST_LDADD)
