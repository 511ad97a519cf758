# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests through the real pcscd, with the shipped module and the programs that people use.
# With the programs that people use, for the table in docs/clients.
CLIENT_TESTS = \
	tests/integration/chromium.test \
	tests/integration/firefox.test \
	tests/integration/git-https.test \
	tests/integration/java-tls.test \
	tests/integration/nss.test \
	tests/integration/openvpn.test \
	tests/integration/p11-kit-clients.test \
	tests/integration/p11-kit-opensc.test \
	tests/integration/pam.test \
	tests/integration/signing-code.test \
	tests/integration/signing-documents.test \
	tests/integration/signing-files.test \
	tests/integration/ssh.test \
	tests/integration/strongswan.test \
	tests/integration/tls-pages.test \
	tests/integration/wget.test
INTEGRATION_TESTS = $(CLIENT_TESTS) \
	tests/integration/clients-table.test \
	tests/integration/apdu-budget.test \
	tests/integration/apdu-table.test \
	tests/integration/change-pin.test \
	tests/integration/config.test \
	tests/integration/exports.test \
	tests/integration/fork.test \
	tests/integration/hotplug.test \
	tests/integration/jpki-cert.test \
	tests/integration/jpki-completion.test \
	tests/integration/jpki-pin.test \
	tests/integration/jpki-pin-disturbed.test \
	tests/integration/jpki-sign.test \
	tests/integration/jpki-sign-memory.test \
	tests/integration/jpki-situations.test \
	tests/integration/jpki-status.test \
	tests/integration/jpki-terminal.test \
	tests/integration/jpki-texts.test \
	tests/integration/jpki-verify.test \
	tests/integration/jpki-doctor.test \
	tests/integration/jpki-setup.test \
	tests/integration/jpki-setup-java.test \
	tests/integration/list.test \
	tests/integration/log.test \
	tests/integration/opensc-judge.test \
	tests/integration/pages.test \
	tests/integration/p11-kit.test \
	tests/integration/pin.test \
	tests/integration/pin-sweep.test \
	tests/integration/presence.test \
	tests/integration/processes.test \
	tests/integration/products.test \
	tests/integration/profiles.test \
	tests/integration/pss.test \
	tests/integration/quirks.test \
	tests/integration/random-pins.test \
	tests/integration/secrets.test \
	tests/integration/security.test \
	tests/integration/setuid.test \
	tests/integration/sharing.test \
	tests/integration/sign.test \
	tests/integration/strace.test \
	tests/integration/threads.test \
	tests/integration/threads-race.test \
	tests/integration/tls.test \
	tests/integration/wait-service.test
dist_check_SCRIPTS = $(INTEGRATION_TESTS)
TESTS += $(INTEGRATION_TESTS)
TEST_EXTENSIONS = .test
# The table is made of what these found out.
tests/integration/clients-table.log: $(CLIENT_TESTS:.test=.log)
EXTRA_DIST += docs/clients
TEST_LOG_DRIVER = $(TAP_LOG_DRIVER)
# Every failure has its line already; the exit code is for who runs a test by hand.
AM_TEST_LOG_DRIVER_FLAGS = --ignore-exit
AM_TESTS_ENVIRONMENT = \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;
EXTRA_DIST += tests/integration/lib.sh tests/integration/private.sh tests/integration/tls.sh \
	tests/integration/dates.sh tests/integration/locale.sh tests/integration/json.sh \
	tests/integration/jpki-pin.sh tests/integration/jpki-sign.sh \
	tests/integration/clients-table tests/integration/run-clients \
	tests/integration/clients.sh tests/integration/pages.sh tests/integration/sshd.sh \
	tests/integration/accessible.sh tests/integration/browsers.sh \
	tests/integration/search-core.py \
	tests/integration/devtools.py tests/integration/marionette.py \
	tests/integration/firefox-person.js \
	tests/integration/helgrind.supp \
	docs/apdu-budget.md

# All programs in one go: prints the table, and fails when anything is left behind.
clients:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS= >/dev/null
	@top_builddir='$(abs_top_builddir)' $(SHELL) $(srcdir)/tests/integration/run-clients \
		'$(MAKE)' $(CLIENT_TESTS) tests/integration/clients-table.test
.PHONY: clients

check_PROGRAMS += \
	tests/integration/await-card \
	tests/integration/hold-card \
	tests/integration/on-terminal \
	tests/integration/p11-drive \
	tests/integration/p11-fork \
	tests/integration/p11-products \
	tests/integration/p11-threads \
	tests/integration/p11-wait \
	tests/integration/race \
	tests/integration/xml-sign
tests_integration_await_card_SOURCES = tests/integration/await-card.c
tests_integration_await_card_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS)
tests_integration_await_card_LDADD = $(PCSC_LIBS)
tests_integration_hold_card_SOURCES = tests/integration/hold-card.c
tests_integration_hold_card_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS)
tests_integration_hold_card_LDADD = $(PCSC_LIBS)
tests_integration_on_terminal_SOURCES = tests/integration/on-terminal.c
tests_integration_on_terminal_LDADD = -lutil
tests_integration_p11_drive_SOURCES = \
	tests/integration/p11-drive.c \
	tests/integration/p11-names.c tests/integration/p11-names.h
tests_integration_p11_drive_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS)
tests_integration_p11_drive_LDADD = -ldl
tests_integration_xml_sign_SOURCES = tests/integration/xml-sign.c
tests_integration_xml_sign_CPPFLAGS = $(AM_CPPFLAGS) $(XMLSEC_NSS_CFLAGS)
tests_integration_xml_sign_LDADD = $(XMLSEC_NSS_LIBS)
# With a plan of their own, and libcrypto as the judge.
P11_CLIENT = \
	tests/integration/p11-client.c tests/integration/p11-client.h \
	tests/integration/p11-names.c tests/integration/p11-names.h
tests_integration_p11_fork_SOURCES = tests/integration/p11-fork.c $(P11_CLIENT)
tests_integration_p11_fork_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_p11_fork_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_p11_products_SOURCES = tests/integration/p11-products.c $(P11_CLIENT)
tests_integration_p11_products_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_p11_products_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_p11_threads_SOURCES = tests/integration/p11-threads.c $(P11_CLIENT)
tests_integration_p11_threads_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_p11_threads_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_p11_wait_SOURCES = tests/integration/p11-wait.c $(P11_CLIENT)
tests_integration_p11_wait_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_p11_wait_LDADD = -ldl $(CRYPTO_LIBS)

# Stands before a unit test under valgrind.
check_LTLIBRARIES += tests/unit/under-valgrind.la
tests_unit_under_valgrind_la_SOURCES = tests/unit/under-valgrind.c
tests_unit_under_valgrind_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_unit_under_valgrind_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
tests_unit_under_valgrind_la_LIBADD = $(CRYPTO_LIBS) -ldl

EXTRA_DIST += tests/integration/own-pages.py \
	docs/jpki-cert.schema.json docs/jpki-doctor.schema.json docs/jpki-pin.schema.json \
	docs/jpki-setup.schema.json docs/jpki-sign.schema.json docs/jpki-status.schema.json \
	docs/jpki-verify.schema.json

# Making a card takes a second or two, so the tests copy these. The file's name is the profile.
# Those of the second list get their keys from the first card: making keys is what takes long.
CARDS_OF_THEIR_OWN = \
	tests/integration/juki-1024.card \
	tests/integration/mynumber.card \
	tests/integration/mynumber-2015.card \
	tests/integration/mynumber-2019.card \
	tests/integration/mynumber-2023.card \
	tests/integration/mynumber-second.card
CARDS_WITH_ITS_KEYS = \
	tests/integration/android.card \
	tests/integration/auth-final.card \
	tests/integration/auth-locked.card \
	tests/integration/bank.card \
	tests/integration/both-locked.card \
	tests/integration/child.card \
	tests/integration/child-bare.card \
	tests/integration/child-filled.card \
	tests/integration/face-only.card \
	tests/integration/foreign.card \
	tests/integration/iphone.card \
	tests/integration/juki.card \
	tests/integration/juki-free.card \
	tests/integration/juki-locked.card \
	tests/integration/licence.card \
	tests/integration/mifare.card \
	tests/integration/next.card \
	tests/integration/no-certificates.card \
	tests/integration/piv.card \
	tests/integration/sign-final.card \
	tests/integration/sign-locked.card \
	tests/integration/sign-only.card
INTEGRATION_CARDS = $(CARDS_OF_THEIR_OWN) $(CARDS_WITH_ITS_KEYS)
check_DATA = $(INTEGRATION_CARDS)
CLEANFILES += $(INTEGRATION_CARDS)
$(CARDS_OF_THEIR_OWN): tests/vcard/jpki-vcard$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && rm -rf $@.tmp && \
	profile=`basename $@ .card | $(SED) 's/-second$$//'` && \
	tests/vcard/jpki-vcard$(EXEEXT) make $@.tmp --profile $$profile && \
	tar -cf $@ -C $@.tmp . && rm -rf $@.tmp
$(CARDS_WITH_ITS_KEYS): tests/integration/mynumber.card
	$(AM_V_GEN)rm -rf $@.tmp $@.keys && mkdir $@.keys && \
	tar --no-same-owner -xf tests/integration/mynumber.card -C $@.keys && \
	tests/vcard/jpki-vcard$(EXEEXT) make $@.tmp --profile `basename $@ .card` \
		--keys $@.keys && \
	tar -cf $@ -C $@.tmp . && rm -rf $@.tmp $@.keys
