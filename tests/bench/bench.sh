#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What each job costs: commands to the card, bytes and seconds, with our modules and with OpenSC's beside
# them, at several speeds of the virtual card. Nothing here passes or fails: times depend on the machine,
# and the counts of commands that may not grow are tests (pkcs11/apdu-budget.test, jpki/sign.test).
#
#   tests/bench/bench.sh [DOCUMENT]      in a build directory; or "make bench", or ./quickstart bench
#
# The tables go to standard output, and into DOCUMENT between its lines <!-- bench --> and <!-- end -->.

document=
if [ $# -gt 0 ]; then
	document=$(realpath "$1")
fi
lib_dir=$(dirname "$0")/../integration/lib
test_limit=3600
# shellcheck source=../integration/lib/lib.sh
. "$lib_dir/lib.sh"
# shellcheck source=../integration/lib/portal.sh
. "$lib_dir/portal.sh"
# shellcheck source=../integration/lib/tls.sh
. "$lib_dir/tls.sh"

ours=$module
auth_only=$top_builddir/.libs/jpki-pkcs11-auth.so
sign_only=$top_builddir/.libs/jpki-pkcs11-sign.so
at_once=$top_builddir/tests/bench/at-once
opensc=$(find_library opensc-pkcs11.so) || bail 'opensc-pkcs11.so is missing (Debian: opensc-pkcs11)'
engine=$(find_engine) || bail 'there is no engine pkcs11.so (Debian: libengine-pkcs11-openssl)'
command -v curl >/dev/null || bail 'curl is missing (Debian: curl)'
speeds='0 15 30 60'
signature_ms=250
# At this speed the long jobs are measured, and what is said of others at the card.
usual=30

# --- measuring -----------------------------------------------------------------------------------

now_ms() {
	date +%s%3N
}

# speed MS: the card is in the reader, and takes so long for each command.
speed() {
	[ -z "${speed_now-}" ] || card_remove
	speed_now=$1
	card_insert mine --exchange-ms "$1" --signature-ms $signature_ms
}

# bytes: of the commands and answers since the mark.
bytes() {
	tail -n "+$log_start" "$log" | sed -n 's/^[<>] *//p' | tr -d ' \n' | wc -c | awk '{ print $1 / 2 }'
}

# measure COMMAND...: leaves its costs in $cost, $size and $ms; "-" if it fails.
measure() {
	log_mark
	measure_begun=$(now_ms)
	"$@"
	measure_status=$?
	ms=$(($(now_ms) - measure_begun))
	cost=$(apdus)
	size=$(bytes)
	if [ $measure_status -ne 0 ]; then
		cost=- size=- ms=-
		diag "failed: $*: $(tail -n 3 "$output" 2>/dev/null)"
	fi
}

# seconds MS: as the table has it.
seconds() {
	[ "$1" = - ] && echo – && return
	awk -v ms="$1" 'BEGIN { printf "%.2f\n", ms / 1000 }'
}

# --- jobs ----------------------------------------------------------------------------------------

# drives MODULE COMMAND...: in one fresh process; each command must be CKR_OK.
drives() {
	module=$1
	shift
	drives_result=0
	drive_start
	for drive_command in "$@"; do
		drive "$drive_command"
		case $reply in
		CKR_OK*) ;;
		*) drives_result=1 ;;
		esac
	done
	drive_end && [ $drives_result -eq 0 ]
}

# module_of WHOSE: the module of that column.
module_of() {
	if [ "$1" = ours ]; then
		echo "$ours"
	else
		echo "$opensc"
	fi
}

job_list() {
	drives "$(module_of "$1")" init slots 'use 0' slot token 'use 1' slot token final
}

job_list_auth() {
	[ "$1" = ours ] && drives "$auth_only" init slots 'use 0' slot token final
}

job_list_sign() {
	[ "$1" = ours ] && drives "$sign_only" init slots 'use 0' slot token final
}

job_read() {
	drives "$(module_of "$1")" init 'slots present' 'use 0' token open 'value certificate 01 read.der' final
}

# forget WHOSE: nothing is kept of an authority's certificate by our module, as before the first program ever.
forget() {
	[ "$1" != ours ] || rm -rf "$HOME/.cache/jpki-pkcs11"
}

job_read_ca() {
	forget "$1"
	job_read_ca_again "$1"
}

job_read_ca_again() {
	drives "$(module_of "$1")" init 'slots present' 'use 0' token open 'value certificate 03 read.der' final
}

job_auth() {
	drives "$(module_of "$1")" init 'slots present' 'use 0' token open "login $auth_pin" \
		'sign SHA256-RSA-PKCS 01 text sig' final
}

job_sign() {
	drives "$(module_of "$1")" init 'slots present' 'use 1' token open "login $sign_pin" \
		'sign SHA256-RSA-PKCS 02 text sig' final
}

# tls_module MODULE: OpenSSL's engine loads it from here on.
tls_module() {
	sed "s|^MODULE_PATH.*|MODULE_PATH = $1|" openssl.template >openssl.cnf
}

# Only the model tells our tokens apart, and OpenSC's have none that would.
key_of() {
	if [ "$1" = ours ]; then
		echo "pkcs11:model=JPKI%20auth;id=%01"
	else
		echo "pkcs11:id=%01"
	fi
}

job_tls_openssl() {
	tls_module "$(module_of "$1")"
	printf 'GET / HTTP/1.0\r\n\r\n' |
		OPENSSL_CONF=$PWD/openssl.cnf timeout "$command_limit" openssl s_client -ign_eof -tls1_3 \
			-connect "127.0.0.1:$port" -servername localhost -CAfile server.crt \
			-verify_return_error -engine pkcs11 -keyform engine -cert "$private/mine/auth.crt" \
			-key "$(key_of "$1");type=private?pin-source=file:$PWD/pin" >page 2>&1
	grep -q '^s_server ' page
}

job_tls_curl() {
	forget "$1"
	job_tls_curl_again "$1"
}

job_tls_curl_again() {
	tls_module "$(module_of "$1")"
	OPENSSL_CONF=$PWD/openssl.cnf timeout "$command_limit" curl --silent --show-error --fail \
		--max-time "$command_limit" --cacert server.crt --engine pkcs11 --tlsv1.3 \
		--cert-type ENG --cert "$(key_of "$1");type=cert" --key-type ENG \
		--key "$(key_of "$1");type=private?pin-source=file:$PWD/pin" "https://localhost:$port/" \
		>page 2>&1
	grep -q '^s_server ' page
}

job_status() {
	[ "$1" = ours ] && "$jpki" status >status.out 2>&1 </dev/null
}

job_pin_status() {
	[ "$1" = ours ] && "$jpki" pin status >status.out 2>&1 </dev/null
}

# signs COUNT WHOSE: so many files, or so many signatures in one session of OpenSC's.
signs() {
	answer ABC123
	if [ "$2" = ours ]; then
		sign --force $(seq -f files/%g "$1")
		return "$status"
	fi
	set -- "$1" init 'slots present' 'use 1' token open "login $sign_pin"
	signs_count=$1
	shift
	for nth in $(seq "$signs_count"); do
		set -- "$@" "sign SHA256-RSA-PKCS 02 files/$nth sig"
	done
	drives "$opensc" "$@" final
}

job_sign_file() {
	signs 1 "$1"
}

job_sign_many() {
	signs 100 "$1"
}

job_before() {
	[ "$1" = ours ] || return
	answer cancel
	sign --force files/1
	[ "$status" -eq 13 ]
}

# at_once_of COUNT: OpenSC's module is not asked: it has one lock for all calls.
at_once_of() {
	"$at_once" "$ours" "$auth_slot" 1 "$auth_pin" "$1" >at-once.out 2>&1
}

job_portal_login() {
	[ "$1" = ours ] || return
	answer "$auth_pin"
	portal "$(log_in "$(block text 256)")"
	[ "$(field result)" = 0 ]
}

job_portal_attributes() {
	[ "$1" = ours ] || return
	answer 5678
	portal '{"mode":"04","service_id":"01"}'
	[ "$(field result)" = 0 ]
}

# --- the tables ----------------------------------------------------------------------------------

# The name, the fewest commands that the protocol allows (docs/bench.md derives them), and the job's text.
# shellcheck disable=SC2016 # the names of commands, as the document has them
jobs='list:8:list slots and tokens with their flags
list_auth:6:the same with jpki-pkcs11-auth.so
list_sign:6:the same with jpki-pkcs11-sign.so
read:14:read the authentication certificate, without a login
read_ca:13:read the CA certificate of the authentication key
read_ca_again:9:the same in the next process
auth:24:log in and sign once, authentication key
sign:24:log in and sign once, signing key
tls_openssl:27:log in to a TLS 1.3 server with openssl s_client
tls_curl:28:log in to a TLS 1.3 server with curl
tls_curl_again:28:the same in the next process
status:17:`jpki status`
pin_status:11:`jpki pin status`
before:7:`jpki sign`, until it asks for the password
sign_file:25:`jpki sign`, one file
sign_many:184:`jpki sign`, 100 files
portal_login:26:log-in at Myna Portal
portal_attributes:16:name, address, birth date and sex for Myna Portal'

# timed JOB SPEED: whether it is measured at this speed.
timed() {
	case $1 in
	sign_many) [ "$2" -eq 0 ] || [ "$2" -eq $usual ] ;;
	esac
}

# measure_all: each job at each speed; one file for each number.
measure_all() {
	for speed in $speeds; do
		speed "$speed"
		printf '%s\n' "$jobs" | cut -d : -f 1 >job-names
		while read -r job; do
			for whose in ours opensc; do
				ms=-
				! timed "$job" "$speed" || measure "job_$job" $whose
				echo "$ms" >"$job.$whose.$speed"
				[ "$speed" -ne 0 ] || echo "$cost $size" >"$job.$whose.cost"
			done
			diag "$speed ms: $job: $(cat "$job.ours.$speed") $(cat "$job.opensc.$speed")"
		done <job-names
	done
}

# dash NUMBER
dash() {
	[ "$1" = - ] && echo – || echo "$1"
}

table_of_commands() {
	echo "| job | at least | jpki-pkcs11 | bytes | OpenSC $opensc_version | bytes |"
	echo '|---|---|---|---|---|---|'
	printf '%s\n' "$jobs" | while IFS=: read -r job floor text; do
		read -r our_cost our_size <"$job.ours.cost"
		read -r their_cost their_size <"$job.opensc.cost"
		echo "| $text | $floor | $(dash "$our_cost") | $(dash "$our_size") |" \
			"$(dash "$their_cost") | $(dash "$their_size") |"
	done
}

table_of_seconds() {
	printf '| job |'
	for speed in $speeds; do printf ' %s ms |' "$speed"; done
	for speed in $speeds; do printf ' OpenSC, %s ms |' "$speed"; done
	printf '\n|---|---|---|---|---|---|---|---|---|\n'
	printf '%s\n' "$jobs" | while IFS=: read -r job floor text; do
		printf '| %s |' "$text"
		for whose in ours opensc; do
			for speed in $speeds; do
				printf ' %s |' "$(seconds "$(cat "$job.$whose.$speed")")"
			done
		done
		echo
	done
}

# --- several at the card -------------------------------------------------------------------------

reads_certificate() {
	drives "$auth_only" init 'slots present' 'use 0' token open 'value certificate 01 read.der' final
}

# others: what another program and another thread wait, at the usual speed.
others() {
	speed $usual
	measure reads_certificate
	alone=$ms
	answer ABC123
	rm -f files/*.p7s
	setsid timeout "$command_limit" "$jpki" sign --pinentry --module "$sign_module" $(seq -f files/%g 40) \
		>out 2>"$output" </dev/null 3>&- 4>&- &
	batch=$!
	# The first signature is there when the first visit has ended, which is the best moment for others: only
	# the longest of several tells what they may have to wait.
	private_until 60 test -e files/1.p7s
	beside=$alone
	while kill -0 $batch 2>/dev/null; do
		measure reads_certificate
		[ "$ms" = - ] || [ "$ms" -le "$beside" ] || beside=$ms
		sleep 0.4
	done
	wait $batch || not_ok 'the 40 files are signed'

	measure at_once_of 0
	base=$cost
	measure at_once_of 1
	one=$((cost - base))
	read -r one_ms asked_ms <at-once.out
	measure at_once_of 16
	each=$(awk -v all=$((cost - base)) 'BEGIN { printf "%.2f", all / 16 }')
	read -r sixteen_ms sixteen_asked_ms <at-once.out
}

table_of_others() {
	echo '| several at the card | |'
	echo '|---|---|'
	echo "| another program reads the authentication certificate; nobody else is there | $(seconds "$alone") s |"
	echo "| the same while \`jpki sign\` signs 40 files, the longest of several times | $(seconds "$beside") s |"
	echo "| one C_Sign of a session that is logged in | $one commands, $(seconds "$one_ms") s |"
	echo "| 16 C_Sign at once, each | $each commands, $(seconds $((sixteen_ms / 16))) s |"
	echo "| C_GetTokenInfo meanwhile, the longest | $asked_ms ms; $sixteen_asked_ms ms |"
}

# --- all -----------------------------------------------------------------------------------------

mkdir files
for nth in $(seq 100); do
	echo "text number $nth" >"files/$nth"
done
echo 'a text' >text
printf %s "$auth_pin" >pin
cat >openssl.template <<-END
	openssl_conf = init
	[init]
	engines = engines
	[engines]
	pkcs11 = pkcs11
	[pkcs11]
	engine_id = pkcs11
	dynamic_path = $engine
	MODULE_PATH = $ours
	init = 0
END
opensc_version=$(opensc-tool --info | sed -n 's/^.*[Oo]pen[Ss][Cc][- ]\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1)
pcscd_start
card_make mine
install_modules
server_certificate >server.out
# shellcheck disable=SC2119 # its arguments are not this script's
server_start
measure_all
others
{
	table_of_commands
	echo
	echo 'Seconds:'
	echo
	table_of_seconds
	echo
	echo "Several at the card, at $usual ms:"
	echo
	table_of_others
} >tables
cat tables
if [ -n "$document" ]; then
	awk '
		/^<!-- end -->/ { inside = 0 }
		!inside { print }
		/^<!-- bench -->/ { inside = 1; print ""; while ((getline line <"tables") > 0) print line; print "" }
	' "$document" >new && cat new >"$document"
fi
[ "$tap_failed" -eq 0 ]
