# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154
#
# The commands on the pages of docs/clients, which the tests run as they stand there. Sourced after
# lib.sh, by tests in tests/integration.

# page_commands PAGE NAME: prints the block of commands that begins with the line ```sh NAME.
page_commands() {
	awk -v fence="\`\`\`sh $2" '
		$0 == fence { inside = 1; found = 1; next }
		/^```/ { inside = 0 }
		inside
		END { exit !found }
	' "$test_dir/../../$1"
}

# run_page PAGE NAME: runs that block; the names in it are environment variables.
run_page() {
	if ! page_text=$(page_commands "$1" "$2") || [ -z "$page_text" ]; then
		echo "there is no block \"$2\" on the page $1"
		return 99
	fi
	timeout "$command_limit" sh -eu -c "$page_text"
}
