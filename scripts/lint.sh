#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# lint.sh: checks how the tracked files are written: "make lint" or ./quickstart lint.
#
#   scripts/lint.sh [STEP...]     in a build directory
#
#   format      clang-format over the C files, with .clang-format
#   shell       shellcheck over the shell scripts, with .shellcheckrc
#   structure   make structure: the rules of tests/structure/structure.py
#
# Each step is one line of TAP, after comments with what was found. The last line is
# "N passed, N failed".

set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
all_steps=(format shell structure)

# c_files: the tracked C files, each ended by a zero byte.
c_files() {
	git -C "$root" ls-files -z '*.c' '*.h'
}

# shell_files: the tracked shell scripts, likewise: by their names or by their first lines. Those for
# zsh are left out because shellcheck does not know it.
shell_files() {
	local file first

	while IFS= read -r -d '' file; do
		case $file in
		*.sh | *.bash)
			printf '%s\0' "$file"
			;;
		*)
			first=
			IFS= read -r first 2>/dev/null <"$root/$file"
			if [[ $first =~ ^'#!'.*/(env\ )?(ba|da)?sh( |$) ]]; then
				printf '%s\0' "$file"
			fi
			;;
		esac
	done < <(git -C "$root" ls-files -z)
}

# over LIST COMMAND...: run the command over the files that LIST prints; false if there are none.
over() {
	local list=$1 files=()

	shift
	mapfile -d '' files < <("$list")
	if [ "${#files[@]}" -eq 0 ]; then
		echo "no files to check; git ls-files must work in $root"
		return 1
	fi
	cd "$root" && "$@" "${files[@]}"
}

step_format() {
	over c_files clang-format --dry-run -Werror
}

# in_parts COMMAND FILE...: run the command over ten files at a time, as many at once as there are processors.
in_parts() {
	local command=$1

	shift
	printf '%s\0' "$@" | xargs -0 -n 10 -P "$(nproc)" "$command"
}

step_shell() {
	over shell_files in_parts shellcheck
}

step_structure() {
	"${MAKE:-make}" -s structure
}

if [ $# -eq 0 ]; then
	set -- "${all_steps[@]}"
fi
passed=0 failed=0
for step in "$@"; do
	if [[ " ${all_steps[*]} " != *" $step "* ]]; then
		echo "There is no step $step; there are: ${all_steps[*]}" >&2
		exit 2
	fi
	if said=$("step_$step" 2>&1 </dev/null); then
		passed=$((passed + 1))
		result=ok
	else
		failed=$((failed + 1))
		result='not ok'
		printf '%s\n' "$said" | sed 's/^/# /'
	fi
	echo "$result $((passed + failed)) - $step"
done
echo "1..$((passed + failed))"
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
