# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What happens while the card works. For tests that have sourced lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

command -v python3 >/dev/null || bail 'python3 is missing (Debian: python3)'

# between CARD INSTRUCTION ACTION...: a card is in the reader, and somebody stands between the two. When
# a command with this instruction and a value comes, a program is run first, or, for "lose", the card
# acts and is pulled before its answer is heard. With "exchange PROCESS" before it, the card is pulled
# right after its answer, and the program is run before that process hears it. An instruction may be
# INSTRUCTION+N: the command that comes N commands after it; or INSTRUCTION*N: the Nth with it. As in private_insert, the virtual reader
# may have missed the card.
between() {
	between_card=$1
	log=$private/$1.log
	shift
	for between_attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
		python3 "$lib_dir/between.py" 35999 "$private_port" "$@" >between.out 2>&1 3>&- 4>&- &
		between_process=$!
		private_until 30 grep -q ready between.out || bail "no proxy: $(cat between.out)"
		"$jpki_vcard" insert "$private/$between_card" --port 35999 --log "$log" \
			>>"$private/vcard.out" 2>&1 &
		card_process=$!
		if private_await "$private_port" present 10; then
			return
		fi
		diag "attempt $between_attempt: the card was not noticed"
		between_end
	done
	bail "no card: $(cat between.out)"
}
between_end() {
	kill "$card_process" "$between_process" 2>/dev/null
	wait "$card_process" "$between_process" 2>/dev/null
	private_await "$private_port" absent
}

# between_signal CARD INSTRUCTION SIGNAL: at that command the signal is sent to jpki. Which ones it holds
# back then is in the file held.
between_signal() {
	rm -f held
	# shellcheck disable=SC2016 # of the shell that is run
	between "$1" "$2" sh -c 'grep SigBlk "/proc/$(pgrep -x jpki)/status" >held; pkill "-$0" -x jpki' "$3"
}

# all_held DESCRIPTION: they were SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGTSTP.
all_held() {
	all_held_mask=$(sed -n 's/^SigBlk:[[:space:]]*//p' held)
	is "$1" $((0x${all_held_mask:-0} & 0x84007)) $((0x84007))
}
