# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# jpki pin on a terminal and without one. For tests that have sourced lib.sh and json.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

jpki=$top_builddir/jpki
on_terminal=$top_builddir/tests/integration/lib/on-terminal
[ -x "$jpki" ] || bail "there is no $jpki"

# asked ANSWERS ARGUMENT...: jpki pin with these arguments, on a terminal on which the answers,
# which have blanks between them, are typed, and Ctrl-D if it goes on to ask. What it has shown is in
# the file screen.
asked() {
	asked_answers=$1
	shift
	# shellcheck disable=SC2086 # a list
	printf '%s\n' $asked_answers ^D >answers
	timeout "$command_limit" "$on_terminal" screen "$jpki" pin "$@" >"$output" 2>&1 <answers
	status=$?
}

# plain ARGUMENT...: jpki pin without a terminal.
plain() {
	run setsid --wait timeout "$command_limit" "$jpki" pin "$@"
}

# json DESCRIPTION: the JSON in the output, behind what standard error had, is in order, and alone
# in the file.
json() {
	sed -i -n '/^{/,$p' "$output"
	json_keep pin "$output" "$1"
}

screen_has() {
	if grep -Eq -e "$2" screen; then
		ok "$1"
	else
		not_ok "$1" "the terminal does not show: $2" "$(cat screen)"
	fi
}

# counters NAME: both, as the card itself counts them.
counters() {
	echo "$(tries "$1" auth) $(tries "$1" sign)"
}
