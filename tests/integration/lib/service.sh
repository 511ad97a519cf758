# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# The services in a browser, with all that is shipped and nothing else: the extension, the host and the module
# as "make install" puts them, the virtual card behind pcscd, and a person who answers pinentry. For
# tests that have sourced lib.sh; each calls service_begin, service_browser, and the parts below.

# shellcheck source=extension.sh
. "$lib_dir/extension.sh"
# shellcheck source=portal.sh
. "$lib_dir/portal.sh"
# shellcheck source=between.sh
. "$lib_dir/between.sh"
# shellcheck source=locale.sh
. "$lib_dir/locale.sh"

command -v strace >/dev/null || bail 'strace is missing (Debian: strace)'
# What is not told by the environment is as it was installed.
unset XDG_STATE_HOME
portal_host=ours
myna=https://myna.go.jp/
keisan=https://www.keisan.nta.go.jp/
attributes='{"mode":"04","service_id":"01"}'
installed_host=/usr/local/libexec/jpki-portal
# Digits and letters that are in no other file by chance.
auth_pin=8352
sign_pin=Q7XW2KZPV
text_pin=5678
error_of='{"mode":"%s","result":"1","errcode":"EW044-C300"}'

# service_begin: everything but the browser's profile.
service_begin() {
	locale_made || bail "$locale_problem"
	pcscd_start
	card_make mine
	card_insert mine
	PIN=1234 NEW=$auth_pin tool --slot "$auth_slot" --login --pin env:PIN --change-pin --new-pin env:NEW \
		>"$output" 2>&1 || bail "no PIN of its own: $(cat "$output")"
	PIN=ABC123 NEW=$sign_pin tool --slot "$sign_slot" --login --pin env:PIN --change-pin --new-pin env:NEW \
		>"$output" 2>&1 || bail "no password of its own: $(cat "$output")"
	portal_begin
	is 'the only network is the machine itself' "$(ip -o link | cut -d ' ' -f 2)" lo:
	portal_make install
	printf 'one' >text
	printf 'two' >text2
	printf 'three' >text3
	one=$(block text 256)
	sign_one='{"mode":"02","service_id":"01","digest":"'$one'"}'
	sign_three='{"mode":"02","service_id":"01","digest":["'$one'","'$(block text2 384)'","'$(block text3 512)'"]}'
}

# --- the browser ---------------------------------------------------------------------------------

# service_browser BROWSER ARGUMENT: as service.py has them. What is asked for is answered by answer.
service_browser() {
	service_kind=$1
	rm -f browser.in browser.out
	mkfifo browser.in browser.out
	python3 -B "$test_dir/service.py" "$@" <browser.in >browser.out 2>>browser.log &
	browser_process=$!
	exec 3>browser.in 4<browser.out
}

# browse COMMAND [ARGUMENT]: leaves what came of it in $reply.
browse() {
	printf '%s\n' "$*" >&3
	IFS= read -r reply <&4 || reply="\"the browser ended: $(tail -n 3 browser.log | tr -d '\042\134')\""
}

browser_end() {
	exec 3>&- 4<&-
	wait "$browser_process"
	is "$1: the browser ended in order" $? 0
	check "$1: nothing outlives it" private_until 10 nobody_asks
}

# texts TEXT...: as an array in one line.
texts() {
	jq -nc '$ARGS.positional' --args -- "$@"
}

# portal REQUEST...: the page sends them after a click; its answers are in the file out, one in a line.
portal() {
	browse ask "$(texts "$@")"
	printf '%s\n' "$reply" | jq -r '.[]' >out 2>"$output" || printf '%s\n' "$reply" >out
}

# shellcheck disable=SC2317 # called through check and private_until
nobody_asks() {
	portal_none 'jpki-portal|pinentry'
}

# opened DESCRIPTION: the question is.
opened() {
	private_until 60 test -s asked || not_ok "$1: it asks" "$reply" "$(tail -n 5 browser.log)"
	[ "$reply" = 1 ] || diag "$1: sent $reply times"
}

# signatures: how many the card was asked for since the mark.
signatures() {
	commands | grep -c '^802A'
}

# picture NAME: what the screen shows when it is at rest, in the directory JPKI_TEST_PICTURES if there is one.
picture() {
	check "pictures: $1" private_until 20 at_rest "$pictures/$service_kind-$1.png"
}

# shellcheck disable=SC2317 # called through private_until
# at_rest FILE: two pictures are the same.
at_rest() {
	screen "$1"
	screen later.png
	cmp -s "$1" later.png
}

# screen FILE: what the screen shows, and not when.
screen() {
	import -silent -define png:exclude-chunks=date,time -window root "$1"
}

# service_pictures: a log-in as docs/portal-walkthrough.ja.md tells it, with a window that can be seen.
service_pictures() {
	pictures=${JPKI_TEST_PICTURES:-$work/pictures}
	mkdir -p "$pictures"
	browse ready
	check 'pictures: the window is there' private_until 20 at_rest start.png
	browse menu
	picture 1-menu
	browse menu_end
	browse options
	is 'pictures: the page of the extension is in Japanese' \
		"$(printf %s "$reply" | jq -r . | grep -c -e '^このパソコンの準備$' -e '^カードを使うプログラムはあります' \
			-e '^利用者証明用の暗証番号(数字4桁): 残り3回$' -e '^署名用パスワード: 残り5回$')" 4
	picture 2-extension
	browse go "${myna}login"
	picture 3-page
	mv bin/pinentry bin/pinentry.script
	printf '#!/bin/sh\nexec pinentry-gtk-2 --no-global-grab\n' >bin/pinentry
	chmod +x bin/pinentry
	browse press log-in
	check 'pictures: there is a window' \
		private_until 60 xdotool search --onlyvisible --class pinentry windowfocus --sync
	picture 4-question
	xdotool type "$auth_pin"
	xdotool key Return
	browse state
	is 'pictures: the page has verified the signature' "$(printf %s "$reply" | jq -r .)" 'ログインしました。'
	picture 5-logged-in
	mv bin/pinentry.script bin/pinentry
	is 'pictures: each that the walk-through names, and no other' \
		"$(cd "$pictures" && find . -name "$service_kind-*.png" | sed 's|^\./||' | sort)" \
		"$(grep -o "\`$service_kind-[^\`]*\.png\`" "$top_srcdir/docs/portal-walkthrough.ja.md" | tr -d '\`' | sort -u)"
}

# --- what is answered ----------------------------------------------------------------------------

# chunks NAME: in how many parts of 256 bytes a certificate is read.
chunks() {
	echo $((($(openssl x509 -in "$private/mine/$1.crt" -outform DER | wc -c) + 255) / 256))
}

# answer_is DESCRIPTION MODE KEYS: an answer of this mode with these members and no others, after one question.
answer_is() {
	is "$1: the result" "$(field mode) $(field result)" "$2 0"
	is "$1: the members" "$(head -n 1 out | jq -r 'keys | join(" ")')" "$3"
	is "$1: one answer, one question" "$(wc -l <out) $(asked)" '1 1'
	is "$1: the uuid is the one that is kept" "$(field uuid)" "$(cat "$HOME/.local/state/jpki-pkcs11/portal-uuid")"
	check "$1: it is 32 digits" expr "$(field uuid)" : '[0-9a-f]\{32\}$'
	is "$1: the code" "$(field combination_code)" "$(code_of "$(field uuid)")"
}

# certificate_is DESCRIPTION NAME: the card's, without padding.
certificate_is() {
	openssl x509 -in "$private/mine/$2.crt" -outform DER | base64 -w 0 | tr -d = >wanted
	is "$1: the certificate, without padding" "$(field certificate)" "$(cat wanted)"
}

signed='certificate combination_code mode result signature uuid'
service_answers() {
	browse go "$myna"
	is 'the page sees the two inputs' "$reply" '"24 29"'
	answer "$auth_pin"
	log_mark
	portal "$(log_in "$one")"
	verified_once=$(verifies)
	at_most '01: commands' "$(apdus)" $((21 + $(chunks auth) + 3))
	answer_is 01 01 "$signed"
	check '01: the window names site, act, PIN and tries' \
		grep -q '^https://myna.go.jp%0ALog in%0A.*PIN for authentication .*Tries left: 3' questions
	check '01: openssl verifies' openssl_takes "$(field signature)" 256 text
	is '01: the signature keeps its padding' "$(field signature | wc -c) $(field signature | tail -c 3)" '345 =='
	certificate_is 01 auth
	uuid=$(field uuid)

	browse go "$keisan"
	answer "$sign_pin"
	portal "$sign_one"
	answer_is '02 of one' 02 "$signed"
	is '02 of one: an array, too' "$(field 'signature | type + " \(length)"')" 'array 1'
	check '02 of one: openssl verifies' openssl_takes "$(field 'signature[0]')" 256 text
	answer "$sign_pin"
	log_mark
	portal "$sign_three"
	at_most '02 of three: commands' "$(apdus)" $((23 + $(chunks sign) + 3 + 2 * 7))
	answer_is '02 of three' 02 "$signed"
	check '02 of three: the window names site, act, password and tries' grep -q \
		'^https://www.keisan.nta.go.jp%0A3 electronic signatures.*%0ASigning password .*Tries left: 5' questions
	check '02 of three: the first' openssl_takes "$(field 'signature[0]')" 256 text
	check '02 of three: the second' openssl_takes "$(field 'signature[1]')" 384 text2
	check '02 of three: the third' openssl_takes "$(field 'signature[2]')" 512 text3
	is '02 of three: no other' "$(field 'signature | length')" 3
	certificate_is '02 of three' sign

	answer "$text_pin"
	log_mark
	portal "$attributes"
	at_most '04: commands, with the recognition of the card' "$(apdus)" 29
	answer_is 04 04 'address birthday combination_code mode name result sex uuid'
	check '04: the window names site, act, PIN and tries' grep -q \
		'^https://www.keisan.nta.go.jp%0ARead name, .*Text-input PIN.*Tries left: 3' questions
	is '04: name and address' "$(field name | xxd -r -p), $(field address | xxd -r -p)" \
		'公的 花子, 東京都千代田区霞が関二丁目１番１号'
	is '04: birth date and sex' "$(field birthday) $(field sex)" '3139373530343033 32'

	answer "$auth_pin"
	browse answers 0
	before=$(printf %s "$reply" | jq length)
	browse end
	portal "$(log_in "$one")"
	browse answers 0
	is '05 has no answer: the next request has the next' "$(printf %s "$reply" | jq length) $(field result) $(asked)" \
		"$((before + 1)) 0 1"
	for each in https://login.e-tax.nta.go.jp https://clientweb.e-tax.nta.go.jp; do
		answer "$auth_pin"
		browse go "$each/"
		portal "$(log_in "$one")"
		is "$each: the log-in, and in whose name" "$(field result) $(asked) $(grep -c "^$each%0A" questions)" '0 1 1'
	done
}

# --- what goes wrong -----------------------------------------------------------------------------

# told DESCRIPTION MODE QUESTIONS: the page's answer is the error, after so many questions, and says nothing personal.
told() {
	is "$1: the answer" "$(field 'mode + " " + .result + " " + .errcode')" "$2 1 EW044-C300"
	is "$1: how many questions" "$(asked)" "$3"
	is "$1: nothing is handed out" "$(head -n 1 out | jq -r 'keys - ["errcode", "message", "mode", "result"] | length')" 0
	check_not "$1: the page is not told of tries" tells_tries out
}

# tells_tries FILE: there is something in it that a person may know, and a page must not.
tells_tries() {
	grep -Eqi '[0-9]{5}|tries|try is|残り' "$1"
}

service_fails() {
	printf '{"mode":"01","result":"1","errcode":"EW044-C300","message":"Tries left: 2"}\n' >planted
	check 'an answer that tells of tries is noticed' tells_tries planted
	browse go "$myna"
	answer cancel
	log_mark
	portal "$(log_in "$one")"
	told cancelled 01 1
	is 'cancelled: no PIN is sent' "$(verifies) $(signatures) $(tries mine auth)" '0 0 3'
	answer 9999 "$auth_pin"
	log_mark
	portal "$(log_in "$one")"
	is 'wrong, then right' "$(field result) $(asked) $(tries mine auth)" '0 2 3'
	is 'wrong, then right: each is sent once' "$(verifies)" $((verified_once + 1))
	answer 12x4 567 "$text_pin"
	log_mark
	portal "$attributes"
	is 'impossible, then right' "$(field result) $(asked) $(verifies) $(tries mine text)" '0 3 1 3'
	answer short cancel
	log_mark
	portal "$sign_one"
	told 'an impossible password' 02 2
	is 'an impossible password: it is not sent' "$(verifies) $(tries mine sign)" '0 5'
	answer 9999 8888 no
	portal "$(log_in "$one")"
	told 'one try left' 01 3
	is 'one try left: it is not spent' "$(tries mine auth)" 1
	check 'one try left: the window names the site, and wants a yes' \
		last_question '^https://myna.go.jp%0ALog in%0A%0AONE TRY IS LEFT'
	answer yes "$auth_pin"
	portal "$(log_in "$one")"
	is 'one try left: a yes and the right PIN' "$(field result) $(asked) $(tries mine auth)" '0 2 3'

	answer "wait:$auth_pin"
	log_mark
	browse send "$(texts "$(log_in "$one")")"
	opened 'pulled at the question'
	browse answers 0
	before=$(printf %s "$reply" | jq length)
	card_remove
	: >go
	browse answers $((before + 1))
	printf %s "$reply" | jq -r '.[-1]' >out
	told 'pulled at the question' 01 1
	is 'pulled at the question: no PIN is sent' "$(verifies) $(tries mine auth)" '0 3'
	answer "$auth_pin"
	portal "$(log_in "$one")"
	told 'no card' 01 0
	card_fails auth-locked 01 "$(log_in "$one")"
	card_fails sign-locked 02 "$sign_one"
	card_fails child 02 "$sign_one"
	card_fails iphone 01 "$(log_in "$one")"
	card_fails juki 01 "$(log_in "$one")"
	card_fails juki 04 "$attributes"
	card_insert mine
	answer "$auth_pin"
	portal "$(log_in "$one")"
	is 'afterwards it works in the same page' "$(field result) $(asked)" '0 1'
}

# card_fails PROFILE MODE REQUEST: nobody is asked with such a card, and it gets no PIN.
card_fails() {
	[ -d "$private/$1" ] || card_make "$1" "$1"
	card_insert "$1"
	answer "$auth_pin"
	portal "$3"
	told "the card $1" "$2" 0
	is "the card $1: no PIN is sent" "$(verifies)" 0
	card_remove
}

# --- the page goes -------------------------------------------------------------------------------

# withdrawn DESCRIPTION: the question is, and what the card would have been asked for is not done.
withdrawn() {
	check "$1: neither window nor host is left" private_until 10 nobody_asks
	: >go
	is "$1: one question, no PIN, no signature" "$(asked) $(verifies) $(signatures)" '1 0 0'
	is "$1: all tries are there" "$(tries mine auth) $(tries mine sign)" '3 5'
}

service_left() {
	browse go "$myna"
	answer "wait:$auth_pin"
	log_mark
	browse send "$(texts "$(log_in "$one")")"
	opened 'the page is left'
	browse go "$keisan"
	withdrawn 'the page is left'
	answer "$auth_pin"
	served_next 'the next page gets its own answer alone'

	browse tab "$myna"
	answer "wait:$sign_pin"
	log_mark
	browse send "$(texts "$sign_three")"
	opened 'the tab is closed'
	browse close
	withdrawn 'the tab is closed'

	answer "wait:$auth_pin"
	log_mark
	browse send "$(texts "$(log_in "$one")")"
	opened 'the person turns to another tab'
	browse tab "$keisan"
	withdrawn 'the person turns to another tab'
	browse close

	answer "wait:$auth_pin"
	log_mark
	browse send "$(texts "$(log_in "$one")")"
	opened '05 at the question'
	browse end
	withdrawn '05 at the question'
}

# shellcheck disable=SC2317 # called through check
host_is_there() {
	pgrep -x jpki-portal
}

# verify_held WORD...: the person's answers, to a log-in. The card waits with the PIN for the file free.
verify_held() {
	rm -f free
	: >stage
	answer "$@"
	log_mark
	browse send "$(texts "$(log_in "$one")")"
	private_until 60 test -s stage || not_ok 'the card has the PIN' "$reply" "$(tail -n 5 browser.log)"
}

# left_at_card DESCRIPTION: the host waits for the card, and then ends by itself.
left_at_card() {
	check "$1: the host waits for the card" host_is_there
	: >free
	check "$1: it ends by itself" private_until 20 nobody_asks
}

# finds_locked DESCRIPTION: by another program, whose signature needs no more than that a PIN was verified.
finds_locked() {
	opensc-tool --card-driver default --send-apdu 00A4040C0AD392F000260100000001 --send-apdu 00A4020C020017 \
		--send-apdu 802A0080043132333400 >"$output" 2>&1
	is "$1: the card is left locked" "$(sed -n 's/.*Received (\(SW1=.*\)).*/\1/p' "$output" | tail -n 1)" \
		'SW1=0x69, SW2=0x82'
}

# service_left_at_card: the page is left while the card has the PIN. Nothing tells that a browser has no wish any more
# to end the host, or the extension's background: Chromium ends it after 30 seconds of nothing.
service_left_at_card() {
	browse go "$myna"
	card_remove
	# shellcheck disable=SC2016 # of the shell that is run
	between mine 20 sh -c 'echo in >>"$0/stage"; until [ -e "$0/free" ]; do sleep 0.1; done' "$work" 3>&- 4<&-
	verify_held 9999
	browse impatient
	browse go "$keisan"
	sleep 45
	left_at_card 'left with a wrong PIN'
	is 'left with a wrong PIN: one question, one try' "$(asked) $(verifies) $(tries mine auth)" '1 1 2'
	answer 9999
	log_mark
	portal "$(log_in "$one")"
	told 'the same wrong PIN' 01 1
	is 'the same wrong PIN: it is not sent again' "$(verifies) $(tries mine auth)" '0 2'
	answer "$auth_pin"
	portal "$(log_in "$one")"
	is 'and then the right one' "$(field result) $(asked) $(tries mine auth)" '0 1 3'

	verify_held "$auth_pin"
	browse go "$myna"
	left_at_card 'left with the right PIN'
	is 'left with the right PIN: nothing is signed' "$(signatures)" 0
	finds_locked 'left with the right PIN'
	between_end
	card_insert mine
}

# served_next DESCRIPTION: a request of this page is served, and is the first that arrives. The extension may still
# be busy with the end of the one before, and then it is asked again.
served_next() {
	for served_attempt in 1 2 3 4 5 6 7 8 9 10; do
		portal "$(log_in "$one")"
		[ "$(asked)" = 0 ] || break
		diag "$1: asked again ($served_attempt)"
	done
	browse answers 0
	is "$1" "$(field result) $(asked) $(printf %s "$reply" | jq length)" "0 1 $served_attempt"
}

# --- hostile pages -------------------------------------------------------------------------------

service_hostile() {
	answer "$auth_pin" "$auth_pin"
	log_mark
	for each in https://www.go.jp/ https://myna.go.jp.example/ https://xn--mna-hqa.go.jp/ https://myna-go.jp/ \
		https://www.nta.go.jp/ http://myna.go.jp/; do
		browse go "$each"
		is "$each sees nothing" "$reply" '"none none"'
		browse try "$(log_in "$one")"
		browse answers 0
		is "$each gets nothing" "$reply" '[]'
	done
	browse go "https://www.go.jp/frame?$myna"
	browse try "$(log_in "$one")"
	browse go "${myna}frame?$myna"
	browse framed "$(log_in "$one")"
	is 'a frame sees nothing' "$reply" '"none none"'

	browse go "$myna"
	set -- '' '{' '[]' null '"01"' '{"mode":1}' '{"mode":"03","service_id":"01"}' '{"mode":"01"}' \
		'{"mode":"02","service_id":"01","digest":["'"$one"'","AAAA"]}' \
		'{"mode":"01","service_id":"01","digest":"AAAA","pin":"'"$auth_pin"'"}'
	for each in "$@" "$@" "$@"; do
		portal "$each"
		[ "$(field result) $(field errcode)" = '1 EW044-C300' ] ||
			not_ok "malformed: $each" "$(cat out)"
	done
	is '30 malformed requests: nobody is asked' "$(asked) $(verifies) $(signatures)" '0 0 0'
	browse tab "$keisan"
	browse behind
	browse nag "$(texts "$(log_in "$one")")"
	# shellcheck disable=SC2059 # a form
	is 'a tab behind gets an error' "$(printf %s "$reply" | jq -r '.[0]')" "$(printf "$error_of" 01)"
	browse close
	browse go "$myna"
	is 'none of them has reached a person or the card' "$(asked) $(apdus)" '0 0'
	served_next 'nor does one later: the next request is the first'

	answer cancel
	log_mark
	portal '{"mode":"01","service_id":"01","pin":"'"$auth_pin"'","origin":"https://example.com","digest":"'"$one"'"}'
	told 'a PIN in the message' 01 1
	is 'a PIN in the message: it is not used' "$(verifies) $(signatures)" '0 0'
	check 'what a page says of itself is not believed' grep -q '^https://myna.go.jp%0A' questions
	log_mark
	for each in 1 2 3 4 5 6 7 8 9 10; do
		browse nag "$(texts "$(log_in "$one")")"
	done
	is '10 requests after a refusal: nobody is asked' "$(asked) $(apdus)" '1 0'
	answer cancel
	log_mark
	requests=$(for each in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do log_in "$one" && echo; done |
		jq -Rnc '[inputs]')
	browse ask "$requests"
	# shellcheck disable=SC2059 # a form
	is '20 at once: 19 get an error at once' \
		"$(printf %s "$reply" | jq -r '.[]' | sed '$d' | sort | uniq -c | tr -s ' ')" " 19 $(printf "$error_of" 01)"
	is '20 at once: one question' "$(asked) $(verifies)" '1 0'
}

# --- a site that the person adds -------------------------------------------------------------------

service_added() {
	browse add https://www.go.jp/
	is 'an added site sees the two inputs' "$reply" '"24 29"'
	answer no
	log_mark
	portal "$(log_in "$one")"
	told 'an added site: declined' 01 1
	is 'an added site: declined: no PIN is sent' "$(verifies)" 0
	check 'an added site: the window says what it is' \
		grep -q '^https://www.go.jp%0AThis site is not one of those' questions
	answer yes "$auth_pin"
	portal "$(log_in "$one")"
	is 'an added site: allowed by one more yes' "$(field result) $(asked)" '0 2'
	check 'an added site: the PIN is asked in its name' last_question '^https://www.go.jp%0ALog in'
}

# --- another start of the browser, in Japanese -----------------------------------------------------

service_japanese() {
	browse go "$myna"
	answer "$auth_pin"
	portal "$(log_in "$one")"
	answer_is 'in Japanese: 01' 01 "$signed"
	is 'in Japanese: the uuid is that of the first start' "$(field uuid)" "$uuid"
	check 'in Japanese: the window of 01' grep -q '^https://myna.go.jp%0Aログイン%0A.*残り3回' questions
	answer "$sign_pin"
	portal "$sign_three"
	check 'in Japanese: the window of 02' grep -q \
		'^https://myna.go.jp%0A3件の電子署名(氏名・住所・生年月日・性別の入った証明書がサイトに渡ります)%0A署名用パスワード.*残り5回' questions
	answer "$text_pin"
	portal "$attributes"
	check 'in Japanese: the window of 04' grep -q \
		'^https://myna.go.jp%0A氏名・住所・生年月日・性別の読み取り.*%0A券面事項入力補助.*残り3回' questions
}

# --- what is written and whom the host connects to ---------------------------------------------------

# service_watched: from here on each start of the host is under strace, and what goes in and out is kept.
service_watched() {
	mkdir watched
	mv "$installed_host" "$installed_host.as-installed"
	cat >"$installed_host" <<-END
		#!/bin/sh
		# SPDX-License-Identifier: LGPL-2.1-or-later
		tee -a $work/watched/in |
			strace -f -v -s 4096 -o $work/watched/trace.\$\$ -e trace=execve,socket,connect \\
				$installed_host.as-installed "\$@" 2>>$work/watched/errors |
			tee -a $work/watched/out
	END
	chmod 755 "$installed_host"
}

# found_in SECRET FILE...: the files that have it, in whatever case.
found_in() {
	found_secret=$1
	shift
	grep -rali -e "$found_secret" -e "$(printf %s "$found_secret" | xxd -p)" "$@" 2>/dev/null
}

# service_secrets: after the browser's end.
service_secrets() {
	mv "$installed_host.as-installed" "$installed_host"
	is 'the host was seen three times' "$(find watched -name 'trace.*' | wc -l)" 3
	is 'it connects to the card service, and to nothing else' \
		"$(cat watched/trace.* | sed -n 's/^.* connect(\([0-9]*\), \(.*\)/\2/p' |
			grep -v -e 'sun_path="/run/pcscd/pcscd.comm"' -e 'sun_path="/var/run/nscd/socket"')" ''
	check 'as strace has seen' grep -q 'connect(.*/pcscd.comm' watched/trace.*
	is 'it has no socket of a network' "$(cat watched/trace.* | grep -E 'socket\(AF_(INET|INET6|PACKET|NETLINK)')" ''
	check 'messages were kept, in' grep -qa '"mode' watched/in
	check 'messages were kept, out' grep -qa signature watched/out
	for each in $auth_pin $sign_pin $text_pin; do
		is "a PIN is in no message, argument, environment or log ($each)" \
			"$(found_in "$each" watched browser.log "$private/pcscd.log" words questions)" ''
		is "nor in our own files ($each)" "$(found_in "$each" "$HOME/.local" "$HOME/.config/jpki-pkcs11" \
			"$XDG_RUNTIME_DIR")" ''
	done
	is 'the password is in no file of the person, the profile with them' \
		"$(found_in "$sign_pin" "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR")" ''
	printf %s "$sign_pin" >"$HOME/planted"
	check 'as a planted one would be' found_in "$sign_pin" "$HOME"
	rm "$HOME/planted"
}
