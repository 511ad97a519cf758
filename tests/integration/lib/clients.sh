# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What the tests of the programs that use the module share: the module where p11-kit and the pages
# look for it, an ordinary user, a second card, and the results for the table of programs. Sourced
# after lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

# What a test has found out is not begun anew by a library that sources this one as well.
[ -z "${client_results-}" ] || return 0

# client_result PROGRAM COLUMN VALUE: one field of the table in docs/clients/table.md. The columns
# are listed, tls1.2, tls1.3, sign and note; the values yes, no or a few words.
client_result() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$client_results"
}
client_results=$top_builddir/clients/$(basename "$0" .test).tsv
# Which blocks of the pages this test has run; see page_record in pages.sh.
client_runs=$top_builddir/clients/$(basename "$0" .test).runs
if ! mkdir -p "$top_builddir/clients" || ! : >"$client_results" || ! : >"$client_runs"; then
	bail "the results cannot be written to $top_builddir/clients"
fi

# client_passed PROGRAM COLUMN [VALUE]: yes, or the value, when nothing has failed since the last of
# these or of client_begin; else no.
client_passed() {
	if [ "$tap_failed" -eq "$client_failed" ]; then
		client_result "$1" "$2" "${3-yes}"
	else
		client_result "$1" "$2" no
	fi
	client_begin
}

client_begin() {
	client_failed=$tap_failed
}
client_begin

# need PACKAGE PROGRAM...: a test passes over nothing.
need() {
	need_package=$1
	shift
	for need_program in "$@"; do
		command -v "$need_program" >/dev/null ||
			bail "$need_program is missing (Debian: $need_package)"
	done
}

# modules_install: the modules and their registration are where "make install" puts them by default,
# for this test alone. p11-kit knows no other modules then.
modules_install() {
	MODULES=$(pkg-config --variable=p11_module_path p11-kit-1)
	configs=$(pkg-config --variable=p11_module_configs p11-kit-1)
	export MODULES
	if ! private_copy "$MODULES" || ! private_copy "$configs"; then
		bail "no private copies of $MODULES and $configs"
	fi
	rm -f "$configs"/*.module
	# With JPKI_TEST_MODULE, it may be the installed one.
	[ "$(dirname "$module")" = "$MODULES" ] || cp "$(dirname "$module")"/jpki-pkcs11*.so "$MODULES"
	cp "$top_srcdir/pkcs11-conf/jpki.module" "$configs"
}

# user_make: the person whose card it is, with the home directory of this test. An ordinary user:
# p11-kit reads no settings of root's, and programs that log others in want to be one or the other.
# The names of users and groups are this test's own from here on.
user_make() {
	etc_own
	rm -f /etc/passwd
	printf '%s\n' 'root:x:0:0::/root:/bin/sh' "$user:x:$user_id:$user_id::$HOME:/bin/sh" \
		>/etc/passwd
	export USER="$user" LOGNAME="$user"
}
user=holder
user_id=1000

# shellcheck disable=SC2034 # the pages' commands and the tests use what is set
# signer_begin: the card of this user is in the reader, and a page's commands find what they need.
signer_begin() {
	pcscd_start
	card_make mine
	card_insert mine
	modules_install
	user_make
	page_as=as_user
	PATH=$top_builddir:$PATH
	sign_ca=$private/mine/sign-ca.crt
	sign_asks='JPKI 署名用 \(英数6-16字\)'
}

# as_user COMMAND...
as_user() {
	unshare --user --map-user="$user_id" --map-group="$user_id" -- "$@"
}

# second_insert NAME [PROFILE]: the card of another person, in the second reader.
second_insert() {
	second=$1
	card_make "$1" "${2-mynumber-second}"
	: >"$private/$1.log"
	private_insert "$private/$1" "$private_second_port" "$private/$1.log" ||
		bail "the card $1 was not noticed"
	second_process=$private_card
}

# second_chosen DESCRIPTION: the second card, and it alone, was sent a PIN since its insertion and the
# last log_mark.
second_chosen() {
	is "$1: no PIN went to the other card" "$(verifies)" 0
	if grep -Eq '^> ..20....[0-9A-F]{4}' "$private/$second.log"; then
		ok "$1: the PIN went to the one that was chosen"
	else
		not_ok "$1: the PIN went to the one that was chosen"
	fi
	: >"$private/$second.log"
}

second_remove() {
	private_remove "$second_process" "$private_second_port" || bail 'the second card stays'
}

# serial_of SLOT: the token's, as a URI names it.
serial_of() {
	tool -L | awk -v slot="$1" '
		/^Slot / { here = $2 == slot }
		here && /^  serial num/ { print $NF }'
}

# only_pin DESCRIPTION PIN: this one went to the card since the mark, once or more often, and no other.
only_pin() {
	is "$1" "$(commands | grep -E '^..20....[0-9A-F]{4}' | cut -c 11- | sort -u)" \
		"$(printf %s "$2" | od -An -tx1 | tr -d ' \n' | tr a-f A-F)"
}

# full CARD...: nothing that was tried has cost a try.
full() {
	for full_card in "$@"; do
		is "no try of the authentication PIN of $full_card was lost" \
			"$(tries "$full_card" auth)" 3
		is "no try of the signing password of $full_card was lost" \
			"$(tries "$full_card" sign)" 5
	done
}
