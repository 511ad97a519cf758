# SPDX-License-Identifier: LGPL-2.1-or-later
# What the standard says, clause by clause, asked of any PKCS#11 module.
check_PROGRAMS += tests/conformance/p11-conformance
tests_conformance_p11_conformance_SOURCES = \
	tests/conformance/attributes.c \
	tests/conformance/certificates.c \
	tests/conformance/clauses.c \
	tests/conformance/codes.c \
	tests/conformance/conform.h \
	tests/conformance/context.c \
	tests/conformance/crypto.c \
	tests/conformance/digest.c \
	tests/conformance/events.c \
	tests/conformance/functions.c \
	tests/conformance/general.c \
	tests/conformance/main.c \
	tests/conformance/mechanisms.c \
	tests/conformance/objects.c \
	tests/conformance/pins.c \
	tests/conformance/plugging.c \
	tests/conformance/random.c \
	tests/conformance/run.c \
	tests/conformance/sessions.c \
	tests/conformance/sign.c \
	tests/conformance/signatures.c \
	tests/conformance/slots.c \
	tests/conformance/support.c \
	tests/conformance/trace.c \
	tests/conformance/verify.c \
	tests/conformance/version3.c \
	tests/conformance/writing.c \
	tests/integration/lib/p11-names.c tests/integration/lib/p11-names.h
tests_conformance_p11_conformance_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_conformance_p11_conformance_LDADD = $(CRYPTO_LIBS) -ldl

dist_check_SCRIPTS += tests/conformance/conformance.test
TESTS += tests/conformance/conformance.test
