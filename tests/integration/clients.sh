# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154
#
# What the tests of real programs found out, for the table of all programs. Sourced after lib.sh.

clients_file=$top_builddir/clients/$(basename "$0" .test).tsv
if ! mkdir -p "$top_builddir/clients" || ! : >"$clients_file"; then
	bail "$clients_file cannot be written"
fi

# client_result PROGRAM COLUMN VALUE: the columns are listed, tls1.2, tls1.3, sign and note; the value
# is yes, no or a short text.
client_result() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$clients_file"
}
