#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# How much of the shipped sources the tests reach: builds them once more, with counters, in a
# directory of its own; runs all tests; prints the table for each directory and each file, and
# writes docs/coverage.md. "make coverage" from any build directory does the same.
#
#   tests/coverage/coverage.sh [BUILD-DIRECTORY [TEST...]]     default: build/coverage, all tests

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1-$root/build/coverage}
[ "$#" -gt 0 ] && shift

# What is promised; the script fails when it is not kept.
floor_of_all=92
floor_of_base_and_card=98

for program in gcovr gcov python3; do
	if ! command -v "$program" >/dev/null; then
		echo "$program is missing (Debian: gcovr, gcc, python3)" >&2
		exit 1
	fi
done
mkdir -p "$build" && build=$(cd "$build" && pwd) && cd "$build" || exit 1
if [ ! -x config.status ]; then
	# Atomic counters, for there are threads. Optimised as little as FORTIFY_SOURCE allows.
	CFLAGS='-g -O1 --coverage -fprofile-update=atomic' "$root/configure" >configure.log ||
		exit 1
fi
make -j"$(nproc)" all >make.log 2>&1 || exit 1

# Counters are added up in files beside the objects, which programs write when they end. Those that
# run as somebody else must be able to, so the files are there before, and everybody's.
find . -name '*.gcda' -delete
# What configure has tried out is no source of ours.
find . -name '*conftest*' -delete
find . -name '*.gcno' | while IFS= read -r notes; do
	: >"${notes%.gcno}.gcda"
done
find . -name '*.gcda' -exec chmod 666 {} +

status=0
if [ "$#" -eq 0 ]; then
	# Every program writes its counters when it ends, and strace.test finds them.
	# shellcheck disable=SC2016 # for make
	mapfile -t tests < <(make -s --no-print-directory \
		--eval 'show: ; @printf "%s\n" $(TESTS)' show | grep -Fv /strace.test)
	set -- "${tests[@]}"
fi
make -k -j"$(nproc)" check TESTS="$*" >check.log 2>&1 || status=$?
grep -E '^(FAIL|ERROR):|^# (TOTAL|PASS|FAIL|ERROR):' check.log

find . -name '*.gcda' -empty -delete
# The fuzzers' seeds are replayed by "make check". A line that throws nothing has no such branch.
gcovr --root "$root" --object-directory "$build" --filter "$root/src/" --exclude-throw-branches \
	--json-summary coverage.json --json-summary-pretty --html-details coverage.html . || exit 1
python3 "$here/table.py" coverage.json "$here/not-covered.txt" "$root/docs/coverage.md" \
	"$floor_of_all" "$floor_of_base_and_card" || status=1
exit "$status"
