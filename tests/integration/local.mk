# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests through the real pcscd, with the shipped module and the programs that people use.
# With the programs that people use, for the table in docs/clients.
CLIENT_TESTS = \
	tests/integration/clients/chromium.test \
	tests/integration/clients/filings.test \
	tests/integration/clients/firefox.test \
	tests/integration/clients/git-https.test \
	tests/integration/clients/gnupg.test \
	tests/integration/clients/java-tls.test \
	tests/integration/clients/kerberos.test \
	tests/integration/clients/nss.test \
	tests/integration/clients/openconnect.test \
	tests/integration/clients/openvpn.test \
	tests/integration/clients/p11-kit-clients.test \
	tests/integration/clients/p11-kit-opensc.test \
	tests/integration/clients/pam.test \
	tests/integration/clients/pam_pkcs11.test \
	tests/integration/clients/signing-code.test \
	tests/integration/clients/signing-documents.test \
	tests/integration/clients/signing-files.test \
	tests/integration/clients/ssh.test \
	tests/integration/clients/strongswan.test \
	tests/integration/clients/tls-pages.test \
	tests/integration/clients/vpn-ikev2.test \
	tests/integration/clients/wget.test \
	tests/integration/clients/wpa.test
# Where the system has no package of the program, the test is not in the list; table.test says so.
OPTIONAL_CLIENT_TESTS = tests/integration/clients/pkcs11-provider.test
if HAVE_PKCS11_PROVIDER
CLIENT_TESTS += $(OPTIONAL_CLIENT_TESTS)
endif
EXTRA_DIST += $(OPTIONAL_CLIENT_TESTS)
# Those that take longest begin first, or the run would wait for them in the end. The first wait most
# of the time; the windows want processors, and have them meanwhile: see below.
WAITING_FOR_CARDS = \
	tests/integration/portal/host-readers.test \
	tests/integration/portal/host-waits.test
WAITING_FOR_SERVICES = \
	tests/integration/jpki/service.test \
	tests/integration/jpki/waiting.test \
	tests/integration/jpki/waiting-pin.test
LONG_TESTS = \
	tests/integration/jpki/width.test \
	tests/integration/pkcs11/profiles.test \
	tests/integration/portal/service-chromium.test \
	tests/integration/portal/service-firefox.test \
	tests/integration/robustness/secrets.test \
	tests/integration/robustness/threads-race.test
LONG_WINDOWS = \
	tests/integration/window/documents.test \
	tests/integration/window/trouble.test
OTHER_WINDOWS = \
	tests/integration/window/card.test \
	tests/integration/window/certificates.test \
	tests/integration/window/close.test \
	tests/integration/window/pin.test
WINDOW_TESTS = $(LONG_WINDOWS) $(OTHER_WINDOWS)
INTEGRATION_TESTS = $(CLIENT_TESTS) \
	tests/integration/clients/pages.test \
	tests/integration/clients/table.test \
	tests/integration/jpki/cert.test \
	tests/integration/jpki/completion.test \
	tests/integration/jpki/doctor.test \
	tests/integration/jpki/pin-disturbed.test \
	tests/integration/jpki/pin.test \
	tests/integration/jpki/readers.test \
	tests/integration/jpki/setup-java.test \
	tests/integration/jpki/setup-portal.test \
	tests/integration/jpki/setup.test \
	tests/integration/jpki/sign-memory.test \
	tests/integration/jpki/sign-pdf.test \
	tests/integration/jpki/sign-xml.test \
	tests/integration/jpki/sign.test \
	tests/integration/jpki/situations.test \
	tests/integration/jpki/status.test \
	tests/integration/jpki/terminal.test \
	tests/integration/jpki/texts.test \
	tests/integration/jpki/verify-authority.test \
	tests/integration/jpki/verify-xml.test \
	tests/integration/jpki/verify.test \
	tests/integration/jpki/verify-pdf.test \
	tests/integration/portal/host.test \
	tests/integration/portal/host-about.test \
	tests/integration/portal/host-cards.test \
	tests/integration/portal/host-hostile.test \
	tests/integration/pkcs11/apdu-budget.test \
	tests/integration/pkcs11/apdu-table.test \
	tests/integration/pkcs11/change-pin.test \
	tests/integration/pkcs11/config.test \
	tests/integration/pkcs11/exports.test \
	tests/integration/pkcs11/kept.test \
	tests/integration/pkcs11/list.test \
	tests/integration/pkcs11/log.test \
	tests/integration/pkcs11/mechanisms.test \
	tests/integration/pkcs11/opensc-judge.test \
	tests/integration/pkcs11/p11-kit.test \
	tests/integration/pkcs11/pin-sweep.test \
	tests/integration/pkcs11/pin-tries.test \
	tests/integration/pkcs11/products.test \
	tests/integration/pkcs11/pss.test \
	tests/integration/pkcs11/refused.test \
	tests/integration/pkcs11/tls.test \
	tests/integration/portal/chromium.test \
	tests/integration/portal/extension.test \
	tests/integration/portal/firefox.test \
	tests/integration/portal/setup-chromium.test \
	tests/integration/portal/setup-firefox.test \
	tests/integration/power/fork.test \
	tests/integration/power/hotplug.test \
	tests/integration/power/pin-disturbed.test \
	tests/integration/power/pin-sweep.test \
	tests/integration/power/pin-tries.test \
	tests/integration/power/presence.test \
	tests/integration/power/quirks.test \
	tests/integration/power/random-pins.test \
	tests/integration/power/sharing.test \
	tests/integration/power/threads.test \
	tests/integration/power/visits.test \
	tests/integration/robustness/fork.test \
	tests/integration/robustness/hotplug.test \
	tests/integration/robustness/power.test \
	tests/integration/robustness/presence.test \
	tests/integration/robustness/processes.test \
	tests/integration/robustness/quirks.test \
	tests/integration/robustness/random-pins.test \
	tests/integration/robustness/room.test \
	tests/integration/robustness/security.test \
	tests/integration/robustness/setuid.test \
	tests/integration/robustness/sharing.test \
	tests/integration/robustness/stack.test \
	tests/integration/robustness/strace.test \
	tests/integration/robustness/threads.test \
	tests/integration/robustness/visits.test \
	tests/integration/robustness/wait-service.test
dist_check_SCRIPTS = $(WAITING_FOR_CARDS) $(WAITING_FOR_SERVICES) $(LONG_TESTS) $(INTEGRATION_TESTS)
TESTS += $(WAITING_FOR_CARDS)
if WINDOW
TESTS += $(LONG_WINDOWS)
endif
TESTS += $(WAITING_FOR_SERVICES)
if WINDOW
TESTS += $(OTHER_WINDOWS)
check_PROGRAMS += tests/integration/window/measure
tests_integration_window_measure_SOURCES = tests/integration/window/measure.c src/window/beside.c src/window/rows.c
tests_integration_window_measure_CPPFLAGS = $(AM_CPPFLAGS) $(WINDOW_CFLAGS)
tests_integration_window_measure_LDADD = $(WINDOW_LIBS)
check_LTLIBRARIES += tests/integration/window/libcut.la
tests_integration_window_libcut_la_SOURCES = tests/integration/window/cut.c
tests_integration_window_libcut_la_CPPFLAGS = $(AM_CPPFLAGS) $(WINDOW_CFLAGS)
tests_integration_window_libcut_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
tests_integration_window_libcut_la_LIBADD = $(WINDOW_LIBS)
endif
TESTS += $(LONG_TESTS) $(INTEGRATION_TESTS)
EXTRA_DIST += $(WINDOW_TESTS) tests/integration/lib/copy-files.py tests/integration/lib/copy-text.py tests/integration/lib/drag-files.py tests/integration/lib/paste.py tests/integration/lib/window.py tests/integration/lib/window.sh tests/integration/window/spoken
TEST_EXTENSIONS = .test
# The table is made of what these found out.
tests/integration/clients/table.log: $(CLIENT_TESTS:.test=.log)
EXTRA_DIST += docs/clients docs/filings.md docs/filings.ja.md
TEST_LOG_DRIVER = $(TAP_LOG_DRIVER)
# Every failure has its line already; the exit code is for who runs a test by hand.
AM_TEST_LOG_DRIVER_FLAGS = --ignore-exit
AM_TESTS_ENVIRONMENT = \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;
EXTRA_DIST += \
	tests/integration/clients/firefox-person.js \
	tests/integration/clients/make-table \
	tests/integration/clients/run \
	tests/integration/lib/accessible.sh \
	tests/integration/lib/between.py tests/integration/lib/between.sh \
	tests/integration/lib/browsers.sh \
	tests/integration/lib/clients.sh \
	tests/integration/lib/browsers.py \
	tests/integration/lib/devtools.py \
	tests/integration/lib/marionette.py \
	tests/integration/lib/dates.sh \
	tests/integration/lib/jpki-pin.sh \
	tests/integration/lib/jpki-sign.sh \
	tests/integration/lib/json.sh \
	tests/integration/lib/lib.sh \
	tests/integration/lib/locale.sh \
	tests/integration/lib/pages.sh \
	tests/integration/lib/pcscd-stand-in.py \
	tests/integration/lib/private.sh \
	tests/integration/lib/search-core.py \
	tests/integration/lib/sshd.sh \
	tests/integration/lib/tls.sh \
	tests/integration/lib/extension.sh \
	tests/integration/lib/service.sh \
	tests/integration/portal/forms.py \
	tests/integration/portal/hostile.py \
	tests/integration/portal/login.html tests/integration/portal/login.py tests/integration/portal/walk.py \
	tests/integration/portal/pages.py \
	tests/integration/portal/scenario.py \
	tests/integration/portal/service.py \
	tests/integration/portal/static.py \
	tests/integration/portal/stub-host.py \
	tests/integration/portal/talk.py \
	tests/integration/robustness/helgrind.supp \
	docs/apdu-budget.md

# All programs in one go: prints the table, and fails when anything is left behind.
clients:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS= >/dev/null
	@top_builddir='$(abs_top_builddir)' $(SHELL) $(srcdir)/tests/integration/clients/run \
		'$(MAKE)' $(CLIENT_TESTS) tests/integration/clients/table.test
.PHONY: clients

check_PROGRAMS += \
	tests/integration/clients/nss-wait \
	tests/integration/clients/xml-sign \
	tests/integration/lib/await-card \
	tests/integration/lib/hold-card \
	tests/integration/lib/on-terminal \
	tests/integration/lib/p11-drive \
	tests/integration/lib/p11-products \
	tests/integration/robustness/p11-fork \
	tests/integration/robustness/p11-stack \
	tests/integration/robustness/p11-threads \
	tests/integration/robustness/p11-visits \
	tests/integration/robustness/p11-wait \
	tests/integration/robustness/race
tests_integration_lib_await_card_SOURCES = tests/integration/lib/await-card.c
tests_integration_lib_await_card_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS)
tests_integration_lib_await_card_LDADD = $(PCSC_LIBS)
tests_integration_lib_hold_card_SOURCES = tests/integration/lib/hold-card.c
tests_integration_lib_hold_card_CPPFLAGS = $(AM_CPPFLAGS) $(PCSC_CFLAGS)
tests_integration_lib_hold_card_LDADD = $(PCSC_LIBS)
tests_integration_lib_on_terminal_SOURCES = tests/integration/lib/on-terminal.c
tests_integration_lib_on_terminal_LDADD = -lutil
tests_integration_lib_p11_drive_SOURCES = \
	tests/integration/lib/p11-drive.c \
	tests/integration/lib/p11-names.c tests/integration/lib/p11-names.h
tests_integration_lib_p11_drive_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS)
tests_integration_lib_p11_drive_LDADD = -ldl
tests_integration_clients_nss_wait_SOURCES = tests/integration/clients/nss-wait.c
tests_integration_clients_nss_wait_CPPFLAGS = $(AM_CPPFLAGS) $(XMLSEC_NSS_CFLAGS)
tests_integration_clients_nss_wait_LDADD = $(XMLSEC_NSS_LIBS)
tests_integration_clients_xml_sign_SOURCES = tests/integration/clients/xml-sign.c
tests_integration_clients_xml_sign_CPPFLAGS = $(AM_CPPFLAGS) $(XMLSEC_NSS_CFLAGS)
tests_integration_clients_xml_sign_LDADD = $(XMLSEC_NSS_LIBS)
# With a plan of their own, and libcrypto as the judge.
P11_CLIENT = \
	tests/integration/lib/p11-client.c tests/integration/lib/p11-client.h \
	tests/integration/lib/p11-names.c tests/integration/lib/p11-names.h
tests_integration_robustness_p11_fork_SOURCES = tests/integration/robustness/p11-fork.c $(P11_CLIENT)
tests_integration_robustness_p11_fork_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_robustness_p11_fork_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_lib_p11_products_SOURCES = tests/integration/lib/p11-products.c $(P11_CLIENT)
tests_integration_lib_p11_products_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_lib_p11_products_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_robustness_p11_stack_SOURCES = tests/integration/robustness/p11-stack.c \
	tests/integration/lib/p11-names.c tests/integration/lib/p11-names.h
tests_integration_robustness_p11_stack_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_robustness_p11_stack_LDADD = -ldl
tests_integration_robustness_p11_threads_SOURCES = tests/integration/robustness/p11-threads.c $(P11_CLIENT)
tests_integration_robustness_p11_threads_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_robustness_p11_threads_LDADD = -ldl $(CRYPTO_LIBS)
tests_integration_robustness_p11_visits_SOURCES = tests/integration/robustness/p11-visits.c $(P11_CLIENT)
tests_integration_robustness_p11_visits_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS) $(PCSC_CFLAGS)
tests_integration_robustness_p11_visits_LDADD = -ldl $(CRYPTO_LIBS) $(PCSC_LIBS)
tests_integration_robustness_p11_wait_SOURCES = tests/integration/robustness/p11-wait.c $(P11_CLIENT)
tests_integration_robustness_p11_wait_CPPFLAGS = $(AM_CPPFLAGS) $(P11KIT_CFLAGS) $(CRYPTO_CFLAGS)
tests_integration_robustness_p11_wait_LDADD = -ldl $(CRYPTO_LIBS)

# Stands before a unit test under valgrind.
check_LTLIBRARIES += tests/unit/under-valgrind.la
tests_unit_under_valgrind_la_SOURCES = tests/unit/under-valgrind.c
tests_unit_under_valgrind_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_unit_under_valgrind_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
tests_unit_under_valgrind_la_LIBADD = $(CRYPTO_LIBS) -ldl

EXTRA_DIST += tests/document/Judge.java tests/document/Signer.java tests/document/attacks.py \
	tests/document/corpus.py tests/document/judge.py tests/document/measure.py
EXTRA_DIST += tests/integration/jpki/columns.py tests/integration/jpki/exit-codes.py tests/integration/jpki/own-pages.py tests/integration/lib/ask-host.py tests/integration/lib/portal.sh \
	docs/jpki-cert.schema.json docs/jpki-doctor.schema.json docs/jpki-pin.schema.json \
	docs/jpki-setup.schema.json docs/jpki-sign.schema.json docs/jpki-status.schema.json \
	docs/jpki-verify.schema.json

# Making a card takes a second or two, so the tests copy these. The file's name is the profile.
# Those of the second list get their keys from the first card: making keys is what takes long.
CARDS_OF_THEIR_OWN = \
	tests/integration/ecdsa.card \
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
EXTRA_DIST += tests/document/XmlJudge.java tests/document/xml_corpus.py tests/document/xml_templates.py
