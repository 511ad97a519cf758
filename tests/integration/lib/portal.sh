# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# The native host, and what a page asks it for. For tests that have sourced lib.sh.

# shellcheck source=json.sh
. "$lib_dir/json.sh"
# shellcheck source=jpki-sign.sh
. "$lib_dir/jpki-sign.sh"

host=$top_builddir/jpki-portal
ask_host=$lib_dir/ask-host.py
firefox='/nowhere/jpki.json portal@jpki-pkcs11'
XDG_STATE_HOME=$work/state
export XDG_STATE_HOME
mkdir state

# portal REQUEST...: the answers are in the file out, one in a line, the reasons of errors in reason.
portal() {
	rm -f reason
	# shellcheck disable=SC2086 # two arguments
	setsid --wait timeout "$command_limit" "$ask_host" "$host" ${caller-$firefox} -- "$@" >out \
		2>"$output" </dev/null
}

# field NAME: of the first answer.
field() {
	head -n 1 out | jq -r ".$1"
}

# block FILE HASH: the DigestInfo of a file in base64.
block() {
	case $2 in
	256) block_head=3031300d060960864801650304020105000420 ;;
	384) block_head=3041300d060960864801650304020205000430 ;;
	512) block_head=3051300d060960864801650304020305000440 ;;
	esac
	{
		printf %s "$block_head" | xxd -r -p
		openssl dgst "-sha$2" -binary "$1"
	} | base64 -w 0
}

# refused DESCRIPTION: the answer is the portal's error, and neither person nor card was asked.
refused() {
	is "$1: the answer" "$(field errcode) $(field result)" 'EW044-C300 1'
	is "$1: nobody is asked" "$(asked) $(apdus)" '0 0'
}

log_in() {
	printf '{"mode":"01","service_id":"01","digest":"%s"}' "$1"
}

# code_of UUID: the combination code of that and the card in the reader, by the recipe. The digits are
# read from the card's image.
code_of() {
	code_digits=$(sed -n 's/^ef common 0001 record free 011C//p' "$private/$card/card" | xxd -r -p |
		cut -c 3-15)
	{
		printf %s 2e71f6620bc654ced494e5ec34fe03c8 | xxd -r -p
		printf %s "$code_digits"
		printf %s "$1" | xxd -r -p
	} | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

# openssl_takes SIGNATURE HASH FILE: openssl's word, with the certificate of the first answer.
openssl_takes() {
	field certificate | sed 's/$/==/' | base64 -d 2>/dev/null >signer
	openssl x509 -inform DER -in signer -pubkey -noout >key &&
		printf %s "$1" | base64 -d >signature &&
		openssl dgst "-sha$2" -verify key -signature signature "$3"
}

# says PATTERN: what the person is told of an error, for the first time.
says() {
	head -n 1 reason | grep -Eq "$1"
}

# last_question PATTERN: what the last window said.
last_question() {
	tail -n 1 questions | grep -q "$1"
}
