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
	src/tool/sign/sign.c \
	src/tool/status/status.c \
	src/tool/verify/verify.c
jpki_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(LIBP11_CFLAGS) $(P11KIT_CFLAGS) \
	-DPACKAGE_NAME='"$(PACKAGE_NAME)"' -DPACKAGE_VERSION='"$(PACKAGE_VERSION)"' \
	-DLOCALEDIR='"$(localedir)"' -DMODULE_DIR='"$(p11_module_path)"'
jpki_LDADD = libjpki-app.la libjpki-document.la libgenerations.la $(JANSSON_LIBS) $(LIBP11_LIBS) $(P11KIT_LIBS) $(CRYPTO_LIBS)
