# SPDX-License-Identifier: LGPL-2.1-or-later
# The Japanese texts of the command. Its sources have the English ones.
EXTRA_DIST += po/ja.po
CLEANFILES += po/ja.mo
jalocaledir = $(localedir)/ja/LC_MESSAGES
nodist_noinst_DATA = po/ja.mo
po/ja.mo: po/ja.po
	@$(MKDIR_P) po
	$(AM_V_GEN)$(MSGFMT) --check --output-file=$@ $(srcdir)/po/ja.po

install-data-local: po/ja.mo
	$(MKDIR_P) "$(DESTDIR)$(jalocaledir)"
	$(INSTALL_DATA) po/ja.mo "$(DESTDIR)$(jalocaledir)/$(PACKAGE_NAME).mo"
uninstall-local:
	rm -f "$(DESTDIR)$(jalocaledir)/$(PACKAGE_NAME).mo"
