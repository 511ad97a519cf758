# SPDX-License-Identifier: LGPL-2.1-or-later
# Registers the module with p11-kit.
p11moduleconfigsdir = $(p11_module_configs)
dist_p11moduleconfigs_DATA = pkcs11-conf/jpki.module

# The policy with which an administrator registers the module in Firefox for all users. "make install" does
# not activate it, because Firefox reads only one policies file, which may exist already.
nodist_pkgdata_DATA = pkcs11-conf/firefox-policies.json
EXTRA_DIST += pkcs11-conf/firefox-policies.json.in
CLEANFILES += pkcs11-conf/firefox-policies.json
pkcs11-conf/firefox-policies.json: pkcs11-conf/firefox-policies.json.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) 's|@p11_module_path[@]|$(p11_module_path)|' \
		$(srcdir)/pkcs11-conf/firefox-policies.json.in >$@
