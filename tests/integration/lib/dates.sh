# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# Certificates of a virtual card with other dates. Their signatures are wrong then, which no card
# knows. For tests that have sourced lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

# card_dates NAME FILE FROM TO: of the certificate FILE (auth, auth-ca, sign, sign-ca) of a card that
# was made; each as date(1) reads it ("10 days ago"), or "-": as it is.
card_dates() {
	dates_list=
	for dates_word in "$3" "$4"; do
		case $dates_word in
		-) dates_list="$dates_list -" ;;
		*) dates_list="$dates_list $(date -u -d "$dates_word" +%y%m%d%H%M%SZ)" ;;
		esac
	done
	# shellcheck disable=SC2086 # a list
	python3 -c '
import re, sys
name, *wanted = sys.argv[1:]
der = open(name, "rb").read()
time = rb"\x17\x0d(\d{12}Z)"
found = re.search(rb"\x30\x1e" + time + time, der)
for i, text in enumerate(wanted):
    if text != "-":
        der = der[:found.start(i + 1)] + text.encode() + der[found.end(i + 1):]
open(name, "wb").write(der)' "$private/$1/$2.der" $dates_list ||
		bail "the certificate $2 of the card $1 cannot be dated anew"
}
