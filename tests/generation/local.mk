# SPDX-License-Identifier: LGPL-2.1-or-later
# A card generation for the tests alone, and a module that knows it: the installed one, but for the
# list of generations.
EXTRA_LTLIBRARIES += libtestgenerations.la
libtestgenerations_la_SOURCES = tests/generation/ecdsa.c

check_LTLIBRARIES += tests/generation/jpki-pkcs11-ecdsa.la
tests_generation_jpki_pkcs11_ecdsa_la_SOURCES = src/pkcs11/product.c
tests_generation_jpki_pkcs11_ecdsa_la_LIBADD = libjpki-pkcs11.la libtestgenerations.la
tests_generation_jpki_pkcs11_ecdsa_la_LDFLAGS = $(MODULE_LDFLAGS) -rpath /nowhere
tests_generation_jpki_pkcs11_ecdsa_la_DEPENDENCIES = libjpki-pkcs11.la libtestgenerations.la \
	src/pkcs11/exports.map

# The layers with that list, in a program of unit tests.
GENERATION_TESTS = tests/generation/test_ecdsa_card
check_PROGRAMS += $(GENERATION_TESTS)
TESTS += $(GENERATION_TESTS)
GENERATION_TEST_LOGS = $(GENERATION_TESTS:=.log)
$(GENERATION_TEST_LOGS): tests/unit/cards.stamp
tests_generation_test_ecdsa_card_SOURCES = \
	tests/generation/ecdsa.c \
	tests/generation/test_ecdsa_card.c
tests_generation_test_ecdsa_card_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_generation_test_ecdsa_card_LDADD = $(UNIT_LDADD)

# And that module in programs that people use.
dist_check_SCRIPTS += tests/generation/ecdsa.test
TESTS += tests/generation/ecdsa.test
