# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# Runs the commands on the pages of docs/clients, so that what they tell people works. A block of a
# page with the words "sh NAME" behind its fence is the block NAME; what differs from one reader to
# the next is an environment variable in it. Sourced after lib.sh,
# and after clients.sh by those who run one.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

pages_dir=$top_srcdir/docs/clients

# page_names: of all pages in $pages_dir; the Japanese ones have the same.
page_names() {
	for page_file in "$pages_dir"/*.md; do
		case $page_file in
		*.ja.md | */table.md) ;;
		*) basename "$page_file" .md ;;
		esac
	done
}

# page_blocks PAGE: prints the names of its blocks.
page_blocks() {
	sed -n 's/^```sh //p' "$pages_dir/$1.md"
}

# page_block PAGE NAME: prints the commands.
page_block() {
	awk -v fence="\`\`\`sh $2" '
		$0 == fence { inside = 1; next }
		inside && /^```$/ { exit }
		inside { print }' "$pages_dir/$1.md"
}

# page_record PAGE NAME: prints what says that the block, with the commands that it has now, has run.
page_record() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$(page_block "$1" "$2" | cksum)"
}

# page_take PAGE NAME FILE: writes the commands into the file, for one who runs them now, and records
# that. PAGE is ssh or docs/clients/ssh.md.
page_take() {
	page_name=$(basename "$1" .md)
	page_block "$page_name" "$2" >"$3"
	[ -s "$3" ] || bail "there is no block $2 on the page $1"
	page_record "$page_name" "$2" >>"${client_runs:?}"
}

# at_terminal COMMAND...: runs it as a person does, at a terminal, and types the lines of the file
# $private/answers as something is asked; see on-terminal.c. With page_as, by that command. Leaves the
# exit code in $status and all that the terminal has shown in $output.
at_terminal() {
	${page_as-} timeout "$command_limit" "$top_builddir/tests/integration/lib/on-terminal" \
		"$private/screen" sh -c 'exec </dev/tty >/dev/tty 2>&1; exec "$@"' sh "$@" \
		<"$private/answers"
	status=$?
	tr -d '\r' <"$private/screen" >"$output"
}

# answers ANSWER...: what is typed from here on. All but "yes" is a secret.
answers() {
	for answer in "$@"; do
		case $answer in
		yes) echo yes ;;
		*) printf '*%s\n' "$answer" ;;
		esac
	done >"$private/answers"
}

# run_page PAGE NAME [ANSWER...]: runs the block at a terminal, at which the answers are typed. Several
# names, with blanks between them, are several blocks at the same terminal. Returns the exit code, too.
run_page() {
	: >"$private/page.sh"
	for page_part in $2; do
		page_take "$1" "$page_part" "$private/page.part"
		cat "$private/page.part" >>"$private/page.sh"
	done
	shift 2
	answers "$@"
	at_terminal sh -eu "$private/page.sh"
	return "$status"
}

# page_piped PAGE NAME: runs the block without a terminal, with page_as by that command; the names in it
# are environment variables.
page_piped() {
	page_take "$1" "$2" "$private/page.sh"
	${page_as-} timeout "$command_limit" sh -eu -c "$(cat "$private/page.sh")"
}

# page_works DESCRIPTION PAGE NAME [ANSWER...]: the commands must succeed.
page_works() {
	page_description=$1
	shift
	run_page "$@"
	page_asked="$1, $2"
	if [ "$status" -eq 0 ]; then
		ok "$page_description"
	else
		not_ok "$page_description" "exit code $status of the page $page_asked" \
			"$(tail -n 40 "$output")"
	fi
}
