# SPDX-License-Identifier: LGPL-2.1-or-later
# The command: a room for each subcommand.
bin_PROGRAMS = jpki
jpki_SOURCES = \
	src/tool/main.c \
	src/tool/tool.h \
	src/tool/cert/cert.c \
	src/tool/cert/cert_show.c src/tool/cert/cert_show.h \
	src/tool/doctor/doctor.c \
	src/tool/pin/pin.c \
	src/tool/pin/pin_log.c \
	src/tool/pin/pin_parts.h \
	src/tool/pin/pin_status.c \
	src/tool/pin/pin_verify.c \
	src/tool/setup/setup.c \
	src/tool/setup/setup_browser.c \
	src/tool/setup/setup_config.c \
	src/tool/setup/setup_nss.c src/tool/setup/setup_nss.h \
	src/tool/setup/setup_opensc.c \
	src/tool/setup/setup_plan.c src/tool/setup/setup_plan.h \
	src/tool/setup/setup_planners.h \
	src/tool/setup/setup_portal.c \
	src/tool/setup/setup_ssh.c \
	src/tool/sign/sign.c \
	src/tool/sign/sign_card.c src/tool/sign/sign_card.h \
	src/tool/sign/sign_files.c src/tool/sign/sign_files.h \
	src/tool/sign/sign_pdf.c src/tool/sign/sign_pdf.h \
	src/tool/sign/sign_run.c src/tool/sign/sign_run.h \
	src/tool/sign/sign_xml.c src/tool/sign/sign_xml.h \
	src/tool/status/status.c \
	src/tool/verify/verify.c \
	src/tool/verify/verify_file.c src/tool/verify/verify_file.h \
	src/tool/verify/verify_pdf.c src/tool/verify/verify_pdf.h \
	src/tool/verify/verify_report.c src/tool/verify/verify_report.h \
	src/tool/verify/verify_signers.c src/tool/verify/verify_signers.h \
	src/tool/verify/verify_trust.c src/tool/verify/verify_trust.h \
	src/tool/verify/verify_xml.c src/tool/verify/verify_xml.h
jpki_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) $(P11KIT_CFLAGS) \
	-DPACKAGE_NAME='"$(PACKAGE_NAME)"' -DPACKAGE_VERSION='"$(PACKAGE_VERSION)"' \
	-DLOCALEDIR='"$(localedir)"' -DMODULE_DIR='"$(p11_module_path)"'
jpki_LDADD = libjpki-document.la libjpki-app.la libgenerations.la $(JANSSON_LIBS) $(LIBP11_LIBS) $(P11KIT_LIBS) $(CRYPTO_LIBS)
