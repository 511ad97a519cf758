# SPDX-License-Identifier: LGPL-2.1-or-later
# The window, for people who use no terminal: see --disable-window.
WINDOW_FILES = \
	src/window/data/jpki_pkcs11.desktop.window.desktop.in \
	src/window/data/jpki_pkcs11.desktop.window.metainfo.xml.in \
	src/window/data/jpki_pkcs11.desktop.window.svg \
	src/window/data/jpki_pkcs11.desktop.window-symbolic.svg
WINDOW_UI = \
	src/window/browser_page.ui \
	src/window/card_page.ui \
	src/window/certificate_window.ui \
	src/window/document_page.ui \
	src/window/pin_window.ui \
	src/window/style.css \
	src/window/trouble_page.ui \
	src/window/window.ui
EXTRA_DIST += $(WINDOW_FILES) $(WINDOW_UI) src/window/resources.xml

if WINDOW
bin_PROGRAMS += jpki-window
jpki_window_SOURCES = \
	src/window/asking.c src/window/asking.h \
	src/window/beside.c src/window/beside.h \
	src/window/browser_page.c src/window/browser_page.h \
	src/window/card_page.c src/window/card_page.h \
	src/window/certificate_rows.c src/window/certificate_rows.h \
	src/window/certificate_window.c src/window/certificate_window.h \
	src/window/change.c src/window/change.h \
	src/window/checking.c src/window/checking.h \
	src/window/conversation.c src/window/conversation.h \
	src/window/counter.c src/window/counter.h \
	src/window/dialog.c src/window/dialog.h \
	src/window/document_page.c src/window/document_page.h \
	src/window/finding.c src/window/finding.h \
	src/window/folder.c src/window/folder.h \
	src/window/graphics.c src/window/graphics.h \
	src/window/hidden_text.c src/window/hidden_text.h \
	src/window/look.c src/window/look.h \
	src/window/main.c \
	src/window/pages.c src/window/pages.h \
	src/window/pin_window.c src/window/pin_window.h \
	src/window/reading.c src/window/reading.h \
	src/window/remind.c src/window/remind.h \
	src/window/resources.h \
	src/window/rows.c src/window/rows.h \
	src/window/save_file.c src/window/save_file.h \
	src/window/setting.c src/window/setting.h \
	src/window/setting_dialog.c src/window/setting_dialog.h \
	src/window/signing.c src/window/signing.h \
	src/window/told.c src/window/told.h \
	src/window/trouble_page.c src/window/trouble_page.h \
	src/window/watcher.c src/window/watcher.h \
	src/window/window.c src/window/window.h \
	src/window/worker.c src/window/worker.h
# What Debian 12 has is not deprecated.
jpki_window_CPPFLAGS = $(AM_CPPFLAGS) -DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74 \
	-DGDK_VERSION_MIN_REQUIRED=GDK_VERSION_4_8 -DADW_DISABLE_DEPRECATION_WARNINGS $(WINDOW_CFLAGS) \
	$(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(P11KIT_CFLAGS) \
	-DPACKAGE_NAME='"$(PACKAGE_NAME)"' -DPACKAGE_VERSION='"$(PACKAGE_VERSION)"' \
	-DLOCALEDIR='"$(localedir)"'
jpki_window_LDADD = libwindow-resources.la libjpki-app.la libjpki-document.la libgenerations.la libjpki.la $(WINDOW_LIBS) \
	$(JANSSON_LIBS) $(CRYPTO_LIBS)

# What is generated is compiled without our warnings.
noinst_LTLIBRARIES += libwindow-resources.la
nodist_libwindow_resources_la_SOURCES = src/window/resources.c
libwindow_resources_la_CPPFLAGS = -D_GNU_SOURCE $(HARDENING_CPPFLAGS) $(WINDOW_CFLAGS)
libwindow_resources_la_CFLAGS = $(HARDENING_CFLAGS)
WINDOW_RESOURCES = $(GLIB_COMPILE_RESOURCES) --sourcedir=$(srcdir)/src/window --c-name jpki_window \
	--manual-register
src/window/resources.c: src/window/resources.xml $(WINDOW_UI) $(WINDOW_FILES)
	@$(MKDIR_P) src/window
	$(AM_V_GEN)$(WINDOW_RESOURCES) --generate-source --target=$@ $(srcdir)/src/window/resources.xml
CLEANFILES += src/window/resources.c

applicationsdir = $(datadir)/applications
nodist_applications_DATA = src/window/jpki_pkcs11.desktop.window.desktop
src/window/jpki_pkcs11.desktop.window.desktop: src/window/data/jpki_pkcs11.desktop.window.desktop.in po/ja.po
	@$(MKDIR_P) src/window
	$(AM_V_GEN)$(MSGFMT) --desktop --locale=ja --template=$< --output-file=$@ $(srcdir)/po/ja.po
metainfodir = $(datadir)/metainfo
nodist_metainfo_DATA = src/window/jpki_pkcs11.desktop.window.metainfo.xml
src/window/jpki_pkcs11.desktop.window.metainfo.xml: src/window/data/jpki_pkcs11.desktop.window.metainfo.xml.in po/ja.po
	@$(MKDIR_P) src/window
	$(AM_V_GEN)$(MSGFMT) --xml --locale=ja --template=$< --output-file=$@ $(srcdir)/po/ja.po
CLEANFILES += $(nodist_applications_DATA) $(nodist_metainfo_DATA)
iconsdir = $(datadir)/icons/hicolor/scalable/apps
dist_icons_DATA = src/window/data/jpki_pkcs11.desktop.window.svg
WINDOW_DIRECTORIES = $(applicationsdir) $(metainfodir) $(iconsdir) $(symbolicdir)
symbolicdir = $(datadir)/icons/hicolor/symbolic/apps
dist_symbolic_DATA = src/window/data/jpki_pkcs11.desktop.window-symbolic.svg
endif
