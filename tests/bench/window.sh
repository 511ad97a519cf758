#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# window.sh: prints what jpki-window takes: how long until its window is there and until it says what is on the card,
# how much memory, and how much of a processor while nothing is done. docs/bench.md has what it printed. It is a
# measurement and no test. By hand, from a build directory:
#
#   ../tests/bench/window.sh [PROGRAM] </dev/null
#
# PROGRAM is another jpki-window than the one that was built: /usr/bin/jpki-window.

lib_dir=$(dirname "$0")/../integration/lib
# shellcheck source=../integration/lib/lib.sh
. "$lib_dir/lib.sh"
# shellcheck source=../integration/lib/window.sh
. "$lib_dir/window.sh"

window=${1-$window}
starts=5
idle_s=20

card_make mine
window_screen
pcscd_start
card_insert mine

now_ms() {
	date +%s%3N
}

# of_memory NAME: so many kB.
of_memory() {
	awk -v name="$1:" '$1 == name { print $2 }' "/proc/$window_process/smaps_rollup"
}

# ticks: how much of a processor it has had.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$window_process/stat"
}

# switches: how often its threads have gone to sleep, all in all.
switches() {
	cat "/proc/$window_process"/task/*/status | awk '$1 == "voluntary_ctxt_switches:" { sum += $2 } END { print sum }'
}

# start NTH
start() {
	begun=$(now_ms)
	window_start C.UTF-8
	xdotool search --sync --onlyvisible --name '^My Number card$' >/dev/null
	there=$(now_ms)
	window_ask 'see 3 of 3 tries left'
	echo "start $1: the window after $((there - begun)) ms, the card after $(($(now_ms) - begun)) ms"
}

nth=1
while [ "$nth" -lt "$starts" ]; do
	start "$nth"
	kill "$window_process"
	wait "$window_process"
	nth=$((nth + 1))
done
start "$nth"
for page in 2 3 4 5 1; do
	window_key "alt+$page"
	sleep 1
done
echo "memory, after a look at each page: $(of_memory Rss) kB resident, $(of_memory Pss) kB of them its share"
ticks=$(ticks)
switches=$(switches)
sleep "$idle_s"
echo "idle, in $idle_s s: $(($(ticks) - ticks)) ticks of $(getconf CLK_TCK) a second, $(($(switches) - switches)) times awake"
kill "$window_process"
wait "$window_process"
