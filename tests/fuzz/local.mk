# SPDX-License-Identifier: LGPL-2.1-or-later
# The fuzzing harnesses: "make check" replays their seeds, "make fuzz" and "make fuzz-afl" look for
# more (docs/fuzzing.md).
FUZZERS = \
	tests/fuzz/fuzz_calls \
	tests/fuzz/fuzz_card \
	tests/fuzz/fuzz_certificate \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_pcsc \
	tests/fuzz/fuzz_pdf \
	tests/fuzz/fuzz_portal \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_tool \
	tests/fuzz/fuzz_xml
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += docs/fuzzing.md tests/fuzz/cards tests/fuzz/config tests/fuzz/make-seeds tests/fuzz/run \
	tests/fuzz/seeds
TESTS += $(FUZZERS)

# A fuzzer's own main function takes the place of main.c's: it comes with the linker option in
# FUZZ_ENGINE, and main.c is left empty by FUZZ_NO_MAIN (tests/fuzz/run).
FUZZ_ENGINE =
FUZZ_LINK_FLAGS = $(AM_LDFLAGS) $(FUZZ_ENGINE)
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/vcard $(CRYPTO_CFLAGS) $(P11KIT_CFLAGS) \
	-DFUZZ_DIRECTORY='"$(abs_top_srcdir)/tests/fuzz"'

EXTRA_LTLIBRARIES += libfuzz.la libfuzztool.la
libfuzz_la_SOURCES = \
	tests/fuzz/arguments.c tests/fuzz/arguments.h \
	tests/fuzz/calls.c tests/fuzz/calls.h \
	tests/fuzz/card_file.c tests/fuzz/card_file.h \
	tests/fuzz/fuzz.c tests/fuzz/fuzz.h \
	tests/fuzz/hostile.c tests/fuzz/hostile.h \
	tests/fuzz/jobs.c tests/fuzz/jobs.h \
	tests/fuzz/judge.c tests/fuzz/judge.h \
	tests/fuzz/main.c \
	tests/fuzz/stage.c tests/fuzz/stage.h
libfuzz_la_CPPFLAGS = $(FUZZ_CPPFLAGS)
FUZZ_LDADD = libfuzz.la libjpki-pkcs11.la libproduct.la libjpki.la libvcard.la \
	$(CRYPTO_LIBS)

tests_fuzz_fuzz_calls_SOURCES = tests/fuzz/fuzz_calls.c
tests_fuzz_fuzz_calls_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_calls_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_calls_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_card_SOURCES = tests/fuzz/fuzz_card.c
tests_fuzz_fuzz_card_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_card_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_card_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_certificate_SOURCES = tests/fuzz/fuzz_certificate.c
tests_fuzz_fuzz_certificate_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_certificate_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_certificate_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c
tests_fuzz_fuzz_config_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_config_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_config_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_pcsc_SOURCES = tests/fuzz/fuzz_pcsc.c tests/fuzz/fake_pcsc.c tests/fuzz/fake_pcsc.h
tests_fuzz_fuzz_pcsc_CPPFLAGS = $(FUZZ_CPPFLAGS) $(PCSC_CFLAGS)
tests_fuzz_fuzz_pcsc_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_pcsc_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_pdf_SOURCES = tests/fuzz/fuzz_pdf.c src/app/signature/signature_pdf.c
tests_fuzz_fuzz_pdf_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_pdf_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_pdf_LDADD = libjpki-document.la $(FUZZ_LDADD)
tests_fuzz_fuzz_portal_SOURCES = tests/fuzz/fuzz_portal.c
tests_fuzz_fuzz_portal_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_portal_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_portal_LDADD = libjpki-portal.la libjpki-app.la $(FUZZ_LDADD) $(JANSSON_LIBS)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c
tests_fuzz_fuzz_text_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_LDADD)
# Some files of the command are taken in by tool_*.c as they are.
tests_fuzz_fuzz_tool_SOURCES = tests/fuzz/fuzz_tool.c
tests_fuzz_fuzz_tool_CPPFLAGS = $(FUZZ_CPPFLAGS)
tests_fuzz_fuzz_tool_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_tool_LDADD = libfuzztool.la $(FUZZ_LDADD) $(JANSSON_LIBS)
libfuzztool_la_SOURCES = \
	tests/fuzz/tool.h \
	tests/fuzz/tool_pinentry.c \
	tests/fuzz/tool_record.c \
	tests/fuzz/tool_setup.c \
	tests/fuzz/tool_signature.c \
	src/app/ask/own_window.c src/app/ask/pinentry_process.c \
	src/app/ask/terminal.c \
	src/app/ask/word_line.c \
	src/app/card/cards.c \
	src/app/certificate/cert_facts.c \
	src/app/certificate/date.c \
	src/app/certificate/holder.c \
	src/app/certificate/x509.c \
	src/app/host/signals.c \
	src/app/host/user_files.c \
	src/app/signature/pem.c \
	src/app/signature/signature_check.c \
	src/app/signature/signature_make.c \
	src/app/signature/signature_signer.c \
	src/app/ui/json.c \
	src/app/ui/line.c src/app/ui/wrap.c \
	src/app/ui/progress.c \
	src/app/ui/refuse.c \
	src/app/ui/situation.c \
	src/app/ui/text.c \
	src/app/setup/setup_plan.c
libfuzztool_la_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS) -DMODULE_DIR='"/nonexistent"'

tests_fuzz_fuzz_xml_SOURCES = tests/fuzz/fuzz_xml.c
tests_fuzz_fuzz_xml_CPPFLAGS = $(FUZZ_CPPFLAGS) $(JANSSON_CFLAGS) $(XML_CFLAGS)
tests_fuzz_fuzz_xml_LDFLAGS = $(FUZZ_LINK_FLAGS)
tests_fuzz_fuzz_xml_LDADD = libjpki-document.la $(FUZZ_LDADD) $(JANSSON_LIBS) $(XML_LIBS)

# Looking for more, for so long with each harness; FUZZ_HARNESSES can name some of them.
FUZZ_SECONDS = 60
FUZZ_HARNESSES =
fuzz:
	top_builddir=$(abs_top_builddir) $(top_srcdir)/tests/fuzz/run libfuzzer $(FUZZ_SECONDS) \
		$(FUZZ_HARNESSES)
fuzz-afl:
	top_builddir=$(abs_top_builddir) $(top_srcdir)/tests/fuzz/run afl $(FUZZ_SECONDS) \
		$(FUZZ_HARNESSES)
distclean-local: distclean-fuzz
distclean-fuzz:
	rm -rf fuzz-libfuzzer fuzz-afl
.PHONY: fuzz fuzz-afl distclean-fuzz
