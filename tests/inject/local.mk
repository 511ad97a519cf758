# SPDX-License-Identifier: LGPL-2.1-or-later
# Failure injection: see tests/inject/inject.h.

# A copy of the shipped layers in which the functions that they call have other names.
tests/inject/names: $(top_srcdir)/tests/inject/calls $(top_srcdir)/tests/inject/local.mk
	$(AM_V_GEN)$(MKDIR_P) tests/inject && \
	sed -n 's/^\(memory\|crypto\|file\|pcsc\|watch\) \(.*\)/\2 inject_\2 __\2_chk inject_\2_chk/p' \
		$(top_srcdir)/tests/inject/calls | xargs -n 2 >$@
tests/inject/product.o: libjpki-pkcs11.la tests/inject/names
	$(AM_V_GEN)$(LD) -r -o $@ --whole-archive .libs/libjpki-pkcs11.a && \
	$(OBJCOPY) --redefine-syms=tests/inject/names $@
CLEANFILES += tests/inject/names tests/inject/product.o

EXTRA_LTLIBRARIES += libinject.la
libinject_la_SOURCES = \
	tests/inject/class.c \
	tests/inject/engine.c tests/inject/engine.h \
	tests/inject/fake_winscard.c tests/inject/fake_winscard.h \
	tests/inject/inject.c tests/inject/inject.h \
	tests/inject/jobs.c \
	tests/inject/wrap_crypto.c \
	tests/inject/wrap_system.c
INJECT_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/tests/unit $(PCSC_CFLAGS)
libinject_la_CPPFLAGS = $(INJECT_CPPFLAGS)
# First the copy, so that nothing is taken from the layers themselves.
INJECT_LDADD = tests/inject/product.o libinject.la libunit.la libproduct.la libvcard.la \
	$(PCSC_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS)

INJECT_TESTS = \
	tests/inject/test_bounds \
	tests/inject/test_inject_crypto \
	tests/inject/test_inject_file \
	tests/inject/test_inject_memory \
	tests/inject/test_inject_pcsc
check_PROGRAMS += $(INJECT_TESTS)
TESTS += $(INJECT_TESTS)
INJECT_TEST_LOGS = $(INJECT_TESTS:=.log)
$(INJECT_TEST_LOGS): tests/unit/cards.stamp

tests_inject_test_bounds_SOURCES = tests/inject/test_bounds.c
tests_inject_test_bounds_CPPFLAGS = $(INJECT_CPPFLAGS)
tests_inject_test_bounds_LDADD = $(INJECT_LDADD)
tests_inject_test_inject_memory_SOURCES = tests/inject/test_inject_memory.c
tests_inject_test_inject_memory_CPPFLAGS = $(INJECT_CPPFLAGS)
tests_inject_test_inject_memory_LDADD = $(INJECT_LDADD)
tests_inject_test_inject_crypto_SOURCES = tests/inject/test_inject_crypto.c
tests_inject_test_inject_crypto_CPPFLAGS = $(INJECT_CPPFLAGS)
tests_inject_test_inject_crypto_LDADD = $(INJECT_LDADD)
tests_inject_test_inject_file_SOURCES = tests/inject/test_inject_file.c
tests_inject_test_inject_file_CPPFLAGS = $(INJECT_CPPFLAGS)
tests_inject_test_inject_file_LDADD = $(INJECT_LDADD)
tests_inject_test_inject_pcsc_SOURCES = tests/inject/test_inject_pcsc.c
tests_inject_test_inject_pcsc_CPPFLAGS = $(INJECT_CPPFLAGS)
tests_inject_test_inject_pcsc_LDADD = $(INJECT_LDADD)

dist_check_SCRIPTS += tests/inject/calls.test
TESTS += tests/inject/calls.test
tests/inject/calls.log: tests/inject/product.o
EXTRA_DIST += tests/inject/calls
