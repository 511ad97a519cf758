# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154,SC2034
#
# The modules where "make install" puts them, for this test alone. Sourced after lib.sh.

module_path=$(pkg-config --variable=p11_module_path p11-kit-1)
module_configs=$(pkg-config --variable=p11_module_configs p11-kit-1)

# private_copy DIRECTORY: from here on, changes to it stay in this test.
private_copy() {
	copy=$work/copy$1
	mkdir -p "$copy" && cp -RP "$1/." "$copy" && mount --bind "$copy" "$1"
}

# installed: from here on every program that uses p11-kit finds the card.
installed() {
	if ! private_copy "$module_path" || ! private_copy "$module_configs" ||
		! cp "$top_builddir"/.libs/jpki-pkcs11*.so "$module_path" ||
		! cp "$test_dir/../../pkcs11-conf/jpki.module" "$module_configs"; then
		bail "no private copies of $module_path and $module_configs"
	fi
}
