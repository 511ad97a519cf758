# SPDX-License-Identifier: LGPL-2.1-or-later
# The command.
bin_PROGRAMS = jpki
jpki_SOURCES = \
	src/tool/app.h \
	src/tool/cards.c src/tool/cards.h \
	src/tool/cert.c \
	src/tool/cert_facts.c src/tool/cert_facts.h \
	src/tool/cert_show.c src/tool/cert_show.h \
	src/tool/date.c src/tool/date.h \
	src/tool/doctor.c \
	src/tool/doctor_card.c \
	src/tool/doctor_certificate.c \
	src/tool/doctor_checks.h \
	src/tool/doctor_finding.c src/tool/doctor_finding.h \
	src/tool/doctor_programs.c \
	src/tool/interrupt.c src/tool/interrupt.h \
	src/tool/json.c src/tool/json.h \
	src/tool/line.c src/tool/line.h \
	src/tool/main.c \
	src/tool/options.c src/tool/options.h \
	src/tool/output.c src/tool/output.h \
	src/tool/personal.c src/tool/personal.h \
	src/tool/pin.c \
	src/tool/pin_ask.c src/tool/pin_ask.h \
	src/tool/pin_change.c \
	src/tool/pin_log.c \
	src/tool/pin_parts.h \
	src/tool/pin_status.c \
	src/tool/pin_verify.c \
	src/tool/pinentry.c src/tool/pinentry.h \
	src/tool/pkcs11_key.c src/tool/pkcs11_key.h \
	src/tool/process.c src/tool/process.h \
	src/tool/progress.c src/tool/progress.h \
	src/tool/prompt.c src/tool/prompt.h \
	src/tool/refuse.c src/tool/refuse.h \
	src/tool/report.c src/tool/report.h \
	src/tool/seal.c src/tool/seal.h \
	src/tool/setup.c \
	src/tool/setup_browser.c \
	src/tool/setup_config.c \
	src/tool/setup_file.c src/tool/setup_file.h \
	src/tool/setup_nss.c src/tool/setup_nss.h \
	src/tool/setup_plan.c src/tool/setup_plan.h \
	src/tool/setup_planners.h \
	src/tool/setup_registered.c src/tool/setup_registered.h \
	src/tool/setup_ssh.c \
	src/tool/sign.c \
	src/tool/sign_files.c src/tool/sign_files.h \
	src/tool/signature.c src/tool/signature.h \
	src/tool/signer.c src/tool/signer.h \
	src/tool/situation.c src/tool/situation.h \
	src/tool/status.c \
	src/tool/terminal.c src/tool/terminal.h \
	src/tool/text.c src/tool/text.h \
	src/tool/tool.h \
	src/tool/verify.c \
	src/tool/verify_report.c src/tool/verify_report.h \
	src/tool/x509.c src/tool/x509.h
jpki_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) $(P11KIT_CFLAGS) \
	-DPACKAGE_NAME='"$(PACKAGE_NAME)"' -DPACKAGE_VERSION='"$(PACKAGE_VERSION)"' \
	-DLOCALEDIR='"$(localedir)"' -DMODULE_DIR='"$(p11_module_path)"'
jpki_LDADD = libjpki.la $(JANSSON_LIBS) $(LIBP11_LIBS) $(P11KIT_LIBS) $(CRYPTO_LIBS)
