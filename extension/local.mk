# SPDX-License-Identifier: LGPL-2.1-or-later
# The extension for Firefox and Chromium, and what makes both browsers have it: one set of files, which
# Firefox finds by a link and Chromium packed, by a policy.
EXTENSION_FILES = \
	extension/_locales/en/messages.json \
	extension/_locales/ja/messages.json \
	extension/background.js \
	extension/icons/128.png \
	extension/icons/48.png \
	extension/managed.json \
	extension/manifest.json \
	extension/options.css \
	extension/options.html \
	extension/options.js \
	extension/page.js \
	extension/windows.js
nobase_dist_pkgdata_DATA = $(EXTENSION_FILES)
EXTRA_DIST += extension/make-crx extension/chromium-key.pem extension/chromium-host.json.in \
	extension/chromium-policy.json.in extension/firefox-host.json.in extension/updates.xml.in \
	docs/portal-protocol.md docs/portal.md docs/portal.ja.md docs/portal-walkthrough.ja.md

# Firefox looks nowhere else, whatever the prefix.
firefox_link = $(browsers_root)/usr/share/mozilla/extensions/{ec8030f7-c20a-464f-9b0e-13a3a9e97384}/portal@jpki-pkcs11
firefoxprefdir = $(browsers_root)/etc/firefox-esr
firefoxhostdir = $(browsers_root)/usr/lib/mozilla/native-messaging-hosts
chromiumhostdir = $(browsers_root)/etc/chromium/native-messaging-hosts
chromiumpolicydir = $(browsers_root)/etc/chromium/policies/managed
extension_packed = $(pkgdatadir)/chromium
extensionpackeddir = $(extension_packed)
portal_host = $(libexecdir)/jpki-portal

# Both browsers want the host's manifest to be called as the host.
EXTENSION_MADE = extension/chromium-policy/jpki-pkcs11.json extension/chromium/jpki_pkcs11.portal.json \
	extension/firefox/jpki_pkcs11.portal.json extension/firefox/jpki-pkcs11.js extension/portal.crx \
	extension/updates.xml
browser_files = $(firefoxprefdir)/jpki-pkcs11.js $(firefoxhostdir)/jpki_pkcs11.portal.json \
	$(chromiumhostdir)/jpki_pkcs11.portal.json $(chromiumpolicydir)/jpki-pkcs11.json
nodist_noinst_DATA += extension/firefox/jpki-pkcs11.js extension/firefox/jpki_pkcs11.portal.json \
	extension/chromium/jpki_pkcs11.portal.json extension/chromium-policy/jpki-pkcs11.json
nodist_extensionpacked_DATA = extension/portal.crx extension/updates.xml
CLEANFILES += $(EXTENSION_MADE)
EXTRA_DIST += extension/firefox-pref.js

extension_edit = $(AM_V_GEN)$(MKDIR_P) $(@D) && version=`$(SED) -n 's/.*"version": "\(.*\)".*/\1/p' \
	$(srcdir)/extension/manifest.json` && $(SED) -e 's|@portal_host[@]|$(portal_host)|' \
	-e 's|@extension_packed[@]|$(extension_packed)|' -e "s|@extension_version[@]|$$version|"
extension/firefox/jpki_pkcs11.portal.json: extension/firefox-host.json.in Makefile
	$(extension_edit) $(srcdir)/extension/firefox-host.json.in >$@
extension/chromium/jpki_pkcs11.portal.json: extension/chromium-host.json.in Makefile
	$(extension_edit) $(srcdir)/extension/chromium-host.json.in >$@
extension/chromium-policy/jpki-pkcs11.json: extension/chromium-policy.json.in Makefile
	$(extension_edit) $(srcdir)/extension/chromium-policy.json.in >$@
extension/updates.xml: extension/updates.xml.in extension/manifest.json Makefile
	$(extension_edit) $(srcdir)/extension/updates.xml.in >$@
extension/firefox/jpki-pkcs11.js: extension/firefox-pref.js
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/extension/firefox-pref.js $@
extension/portal.crx: $(EXTENSION_FILES) extension/make-crx extension/chromium-key.pem
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(srcdir)/extension/make-crx $(srcdir)/extension \
		$(srcdir)/extension/chromium-key.pem $@ \
		`echo '$(EXTENSION_FILES)' | $(SED) 's|extension/||g'`

# A package has the same places for the browsers. So what is there goes only if it is still ours: the link
# that leads here, and a file that is as it was made, or that is in no package.
install-browser-files:
	for d in $(sort $(dir $(browser_files) $(firefox_link))); do $(MKDIR_P) "$(DESTDIR)$$d" || exit; done
	$(INSTALL_DATA) extension/firefox/jpki-pkcs11.js '$(DESTDIR)$(firefoxprefdir)'
	$(INSTALL_DATA) extension/firefox/jpki_pkcs11.portal.json '$(DESTDIR)$(firefoxhostdir)'
	$(INSTALL_DATA) extension/chromium/jpki_pkcs11.portal.json '$(DESTDIR)$(chromiumhostdir)'
	$(INSTALL_DATA) extension/chromium-policy/jpki-pkcs11.json '$(DESTDIR)$(chromiumpolicydir)'
	rm -f '$(DESTDIR)$(firefox_link)'
	ln -s '$(pkgdatadir)/extension' '$(DESTDIR)$(firefox_link)'
uninstall-browser-files:
	set -- extension/firefox/jpki-pkcs11.js extension/firefox/jpki_pkcs11.portal.json \
		extension/chromium/jpki_pkcs11.portal.json extension/chromium-policy/jpki-pkcs11.json; \
	for f in $(browser_files); do \
		if test ! -h "$(DESTDIR)$$f" && { cmp -s "$$1" "$(DESTDIR)$$f" || \
			! dpkg-query --search "$(DESTDIR)$$f" >/dev/null 2>&1; }; then rm -f "$(DESTDIR)$$f"; fi; \
		shift; \
	done
	if test "`readlink '$(DESTDIR)$(firefox_link)'`" = '$(pkgdatadir)/extension'; then \
		rm -f '$(DESTDIR)$(firefox_link)'; \
	fi
.PHONY: install-browser-files uninstall-browser-files
