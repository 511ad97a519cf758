# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What the integration tests share: TAP output, cards, the card's log, and one process that uses
# the module. A test sources this file first, which starts it again in a private machine (see
# private.sh), and calls tap_done last:
#
#   #!/bin/sh
#   . "$(dirname "$0")/../lib/lib.sh"
#   pcscd_start
#   card_make mine
#   card_insert mine
#   check 'the slots are listed' tool -L
#   tap_done
#
# "make check" says by top_builddir where the build is; by hand, run a test from there.

# A library sources this one as well, to say that it needs it.
[ -z "${lib_sourced-}" ] || return 0
lib_sourced=yes

set -u

test_dir=$(cd "$(dirname "$0")" && pwd)
# A test of another directory says in lib_dir where this file is.
lib_dir=$(cd "${lib_dir:-$test_dir/../lib}" && pwd)
# shellcheck disable=SC2034 # the tests and the other libraries use it
top_srcdir=$(cd "$lib_dir/../../.." && pwd)
top_builddir=$(cd "${top_builddir:-.}" && pwd)
export top_builddir

# Longest time that one test may take, unless it has said so itself, and one command in it. Ten times
# what they take: the end of what hangs, and not a promise of how fast they are.
test_limit=$((${test_limit-900} * ${JPKI_TEST_PATIENCE:-1}))
command_limit=$((180 * ${JPKI_TEST_PATIENCE:-1}))

tap_count=0
tap_failed=0

# bail REASON...: nothing can be tested; counts as a failure of the whole test.
bail() {
	echo "Bail out! $*"
	exit 99
}

# Which driver the readers have: a test of one driver names it in reader_driver.
JPKI_READER_DRIVER=${reader_driver-${JPKI_READER_DRIVER-vpcd}}

# shellcheck source=private.sh
. "$lib_dir/private.sh"

# A test that starts nothing says private_machine=no.
if [ "${private_machine-yes}" = yes ]; then
	if ! private_inside; then
		private_enter "$test_limit" "$test_dir/$(basename "$0")" "$@"
		private_refused | sed 's/^/# /'
		bail 'no private namespaces'
	fi
	trap 'exit 130' HUP INT TERM
	private_setup || bail "$private_problem"
	work=$private/work
	mkdir "$work"
	cd "$work" || bail "no directory $work"
fi

module=${JPKI_TEST_MODULE:-$top_builddir/.libs/jpki-pkcs11.so}
[ -f "$module" ] || bail "there is no module $module"
jpki_vcard=$top_builddir/tests/vcard/jpki-vcard
# shellcheck disable=SC2034 # the tests use them
{
	# The PINs of a virtual card as it is made.
	auth_pin=1234
	sign_pin=ABC123
	# The slots of the first reader.
	auth_slot=0
	sign_slot=1
}

# Under strace, what is built with ASan cannot look for leaks; and a crash that is made by intention is
# not its business.
# shellcheck disable=SC2034 # the tests use it
asan_traced=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:handle_segv=0

# --- TAP ---------------------------------------------------------------------------------------

ok() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# not_ok DESCRIPTION [LINE...]
not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	shift
	for tap_line in "$@"; do
		printf '%s\n' "$tap_line" | sed 's/^/#   /'
	done
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# is DESCRIPTION GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2" "wanted: $3"
	fi
}

# at_most DESCRIPTION GOT LIMIT
at_most() {
	if [ "$2" -le "$3" ]; then
		ok "$1: $2 of $3"
	else
		not_ok "$1: $2 of $3"
	fi
}

# run COMMAND...: leaves the exit code in $status and all output in the file $output.
run() {
	"$@" >"$output" 2>&1 </dev/null
	status=$?
}
output=${private-.}/output
status=0

# check DESCRIPTION COMMAND...: the command must succeed.
check() {
	tap_description=$1
	shift
	run "$@"
	if [ "$status" -eq 0 ]; then
		ok "$tap_description"
	else
		not_ok "$tap_description" "exit code $status of: $*" "$(tail -n 40 "$output")"
	fi
}

# check_not DESCRIPTION COMMAND...: the command must fail, by its own choice. A grep that could not look, as
# there is no such file, has not found nothing.
check_not() {
	tap_description=$1
	shift
	run "$@"
	case $* in
	'grep '* | 'env LC_ALL=C grep '*) tap_highest=1 ;;
	*) tap_highest=123 ;;
	esac
	if [ "$status" -gt 0 ] && [ "$status" -le "$tap_highest" ]; then
		ok "$tap_description"
	else
		not_ok "$tap_description" "exit code $status of: $*" "$(tail -n 40 "$output")"
	fi
}

# output_has DESCRIPTION REGEX and output_lacks: about the output of the last command.
output_has() {
	if grep -Eq -e "$2" "$output"; then
		ok "$1"
	else
		not_ok "$1" "no line matches: $2" "$(tail -n 40 "$output")"
	fi
}

output_lacks() {
	grep -Eq -e "$2" "$output"
	case $? in
	0) not_ok "$1" "matches $2:" "$(grep -E -e "$2" "$output" | head -n 20)" ;;
	1) ok "$1" ;;
	*) not_ok "$1" "cannot be told: $2" ;;
	esac
}

# same_bytes DESCRIPTION FILE FILE: neither empty, both the same.
same_bytes() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then
		ok "$1"
	else
		not_ok "$1" "$(cmp "$2" "$3" 2>&1)" "$(ls -l "$2" "$3" 2>&1)"
	fi
}

tap_done() {
	echo "1..$tap_count"
	if [ "$tap_failed" -gt 0 ] && [ -s "${private-.}/pcscd.log" ]; then
		diag 'the last words of pcscd:'
		# The virtual reader has no features, and says so each time it is asked.
		grep -v 'IFDControl() Card not transacted' "$private/pcscd.log" | tail -n 20 |
			sed 's/^/#   /'
	fi
	[ "$tap_failed" -eq 0 ]
	exit
}

# etc_own: from here on this test has an /etc of its own, with all that is in the machine's.
etc_own() {
	etc=$private/etc
	if ! mkdir "$etc" "$etc.own" || ! mount --rbind /etc "$etc" ||
		! find "$etc" -mindepth 1 -maxdepth 1 ! -name jpki-pkcs11.conf \
			\( -type l -exec cp -P -t "$etc.own" {} + -o \
			-exec ln -s -t "$etc.own" {} + \) ||
		! mount --bind "$etc.own" /etc; then
		bail 'there is no /etc of its own'
	fi
}

# private_copy DIRECTORY: from here on, changes to it stay in this test.
private_copy() {
	copy=$work/copy$1
	mkdir -p "$copy" && cp -RP "$1/." "$copy" && mount --bind "$copy" "$1"
}

# as_other COMMAND...: as the user $other_id, who is not root and has none of root's rights. A private
# machine that an ordinary user has started has no second user: there it is the same one in a namespace
# where the number is another.
as_other() {
	if [ -z "${other_way-}" ]; then
		other_way=mapped
		! setpriv --reuid="$other_id" --clear-groups true 2>/dev/null || other_way=user
	fi
	case $other_way in
	user) setpriv --reuid="$other_id" --regid="$other_id" --clear-groups "$@" ;;
	mapped) unshare --user --map-user="$other_id" --map-group="$other_id" -- "$@" ;;
	esac
}
other_id=4711

# other_owns FILE...: they are that user's. Where there is one user they are already.
other_owns() {
	as_other true || bail 'there is no other user'
	[ "$other_way" = mapped ] || chown -R "$other_id:$other_id" "$@"
}

# hide_programs DIRECTORY...: for this test they are empty.
hide_programs() {
	for hidden in "$@"; do
		[ ! -d "$hidden" ] || mount -t tmpfs tmpfs "$hidden" || bail "$hidden cannot be hidden"
	done
}

# --- the card ----------------------------------------------------------------------------------

# pcscd_start: with the virtual readers; pcscd_start_bare: with none.
pcscd_start() {
	if ! private_pcscd_start "$private/reader.conf" ||
		! private_await "$private_port" absent; then
		bail "pcscd did not start: $(tail -n 5 "$private/pcscd.log")"
	fi
}

pcscd_start_bare() {
	private_pcscd_start "$private/no-reader.conf" ||
		bail "pcscd did not start: $(tail -n 5 "$private/pcscd.log")"
}

pcscd_stop() {
	private_pcscd_stop || bail 'pcscd did not end'
}

# card_make NAME [PROFILE]: a card of its own, from the ones that "make check" made ready.
card_make() {
	card_archive=$top_builddir/tests/integration/${2-mynumber}.card
	[ -f "$card_archive" ] || bail "there is no $card_archive: run make check first"
	if ! mkdir "$private/$1" || ! tar --no-same-owner -xf "$card_archive" -C "$private/$1"; then
		bail "the card $1 cannot be made"
	fi
}

# card_known NAME: by the user's configuration, the CAs of this card are known, as J-LIS' are. Without
# it, a virtual card's are not.
card_known() {
	mkdir -p "$HOME/.config"
	for known_key in auth sign; do
		openssl x509 -in "$private/$1/$known_key-ca.crt" -noout -fingerprint -sha256 |
			sed 's/.*=/verify.authority = /' >>"$HOME/.config/jpki-pkcs11.conf" ||
			bail "the card $1 has no CA certificate"
	done
}

# card_insert NAME [ARGUMENT...]: into the first reader, with an empty log.
card_insert() {
	card=$1
	log=$private/$1.log
	shift
	: >"$log"
	private_insert "$private/$card" "$private_port" "$log" "$@" ||
		bail "the card $card was not noticed: $(tail -n 5 "$private/vcard.out")"
	card_process=$private_card
	log_mark
}

# card_insert_mute NAME [TIMES]: into the first reader of the driver "power". It gives no ATR, as a
# card that is upside down, or at so many attempts.
card_insert_mute() {
	card=$1
	log=$private/$1.log
	: >"$log"
	echo "${2:-1000000}" >"$private/reader/0.mute"
	"$jpki_vcard" insert "$private/$card" --port "$private_port" --log "$log" \
		>>"$private/vcard.out" 2>&1 3>&- 4>&- &
	card_process=$!
	private_await "$private_port" mute || bail "the card $card was not noticed"
	log_mark
}

card_remove() {
	private_remove "$card_process" "$private_port" || bail "the card $card cannot be pulled"
}

# tries NAME auth|sign: as the card itself counts them.
tries() {
	"$jpki_vcard" tries "$private/$1" | sed -n "s/^$2 //p"
}

# events NAME: how often the card had a reset, a power on or a power off since the mark.
events() {
	tail -n "+$log_start" "$log" | grep -c "^# $1"
}

# The log is counted from the last mark.
log_mark() {
	log_start=$(($(wc -l <"$log") + 1))
}

# The command APDUs since the mark, in hexadecimal.
commands() {
	tail -n "+$log_start" "$log" | sed -n 's/^> *//p' | tr -d ' ' | tr a-f A-F
}

apdus() {
	commands | grep -c .
}

# How many VERIFY commands with a value were sent since the mark.
verifies() {
	commands | grep -Ec '^..20....[0-9A-F]{4}'
}

# is_locked DESCRIPTION FILE: another program selects the key's file and signs, without a PIN.
is_locked() {
	run timeout "$command_limit" opensc-tool --card-driver default \
		--send-apdu 00A4040C0AD392F000260100000001 --send-apdu "00A4020C02$2" \
		--send-apdu 802A0080043132333400
	is "$1" "$(sed -n 's/.*Received (\(SW1=.*\)).*/\1/p' "$output" | tail -n 1)" \
		'SW1=0x69, SW2=0x82'
}

# --- the clients -------------------------------------------------------------------------------

# tool ARGUMENT...: pkcs11-tool with the module under test. PINs go by "--pin env:PIN".
tool() {
	timeout "$command_limit" pkcs11-tool --module "$module" "$@"
}

gnutls_tool() {
	timeout "$command_limit" p11tool --batch --provider "$module" "$@"
}

# on_screen COMMAND: a terminal is the standard input, output and error of this shell command; what it
# shows goes to the file screen.
on_screen() {
	TERM=xterm timeout "$command_limit" "$top_builddir/tests/integration/lib/on-terminal" screen \
		sh -c "exec </dev/tty >/dev/tty 2>&1; $1" </dev/null
}

# login_tool SLOT PIN ARGUMENT...: tool on this slot, logged in.
login_tool() {
	login_slot=$1
	login_pin=$2
	shift 2
	PIN=$login_pin tool --slot "$login_slot" --login --pin env:PIN "$@"
}

# verified FILE SIGNATURE DIGEST CERTIFICATE: openssl's word on a signature over a file.
verified() {
	openssl x509 -in "$4" -noout -pubkey >"$work/verify.pub" &&
		openssl dgst "-$3" -verify "$work/verify.pub" -signature "$2" "$1"
}

# verified_raw FILE SIGNATURE CERTIFICATE: the same for a block that was padded as it is.
verified_raw() {
	openssl x509 -in "$3" -noout -pubkey >"$work/verify.pub" &&
		openssl pkeyutl -verifyrecover -pubin -inkey "$work/verify.pub" -in "$2" \
			-pkeyopt rsa_padding_mode:pkcs1 -out "$work/verify.block" &&
		cmp "$1" "$work/verify.block"
}

# drive_start [COMMAND...]: one process that uses the module and obeys drive; see p11-drive.c. It is
# started by COMMAND when there is one.
drive_start() {
	if [ $# -eq 0 ]; then
		set -- "$top_builddir/tests/integration/lib/p11-drive" "$module"
	fi
	rm -f "$private/drive.in" "$private/drive.out"
	mkfifo "$private/drive.in" "$private/drive.out"
	"$@" <"$private/drive.in" >"$private/drive.out" 2>>"$private/drive.err" &
	drive_process=$!
	exec 3>"$private/drive.in" 4<"$private/drive.out"
}

# drive COMMAND: leaves the answer in $reply.
drive() {
	printf '%s\n' "$1" >&3
	IFS= read -r reply <&4 || reply="(p11-drive ended) $(tail -n 3 "$private/drive.err")"
}

# drive_is DESCRIPTION COMMAND PATTERN...: the answer must match one of the shell patterns.
drive_is() {
	drive_text=$1
	drive_command=$2
	shift 2
	drive "$drive_command"
	for drive_pattern in "$@"; do
		# shellcheck disable=SC2254 # a pattern by intention
		case $reply in
		$drive_pattern)
			ok "$drive_text"
			return
			;;
		esac
	done
	not_ok "$drive_text" "command: $drive_command" "answer:  $reply" "wanted:  $*"
}

# drive_end: closes its input, which ends it; true when it ended well.
drive_end() {
	exec 3>&- 4<&-
	wait "$drive_process"
}
