# SPDX-License-Identifier: LGPL-2.1-or-later
# The registration of the module with p11-kit.
p11moduleconfigsdir = $(p11_module_configs)
dist_p11moduleconfigs_DATA = pkcs11-conf/jpki.module
