# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# demo.sh: the story of a card, from the reader to the first signature, with a virtual card.
#
# Sourced by quickstart after words.sh and private.sh; story runs in the private machine.

module=${top_builddir:?}/.libs/jpki-pkcs11.so
auth_label='JPKI 利用者証明用 (4桁)'
sign_label='JPKI 署名用 (英数6-16字)'
# The PINs of the virtual card.
auth_pin=1234 sign_pin=ABC123

# make_pinentry: whatever asks for a PIN here is answered with what is in the file answer.
make_pinentry() {
	mkdir bin
	cat >bin/pinentry <<-END
		#!/bin/sh
		# SPDX-License-Identifier: LGPL-2.1-or-later
		echo OK
		while read -r word _; do
			[ "\$word" != GETPIN ] || echo "D \$(cat '$PWD/answer')"
			echo OK
		done
	END
	chmod +x bin/pinentry
	PATH=$PWD/bin:$PATH
}

# tool PIN ARGUMENT...: the command jpki; what it says goes to the file said.
tool() {
	printf '%s\n' "$1" >answer
	shift
	setsid --wait "$top_builddir/jpki" "$@" >said 2>&1 </dev/null
}

# tries auth|sign: as the card itself counts them.
tries() {
	"$top_builddir/tests/vcard/jpki-vcard" tries "${private:?}/card" | sed -n "s/^$1 //p"
}

# expect_tries auth|sign NUMBER
expect_tries() {
	if [ "$(tries "$1")" != "$2" ]; then
		failed "残り回数が $2 ではなく $(tries "$1") です。" \
			"The card counts $(tries "$1") tries and not $2."
	fi
}

# read_certificate NAME [PIN]: from the card to the file NAME.pem, and its key to NAME.pub.
read_certificate() {
	tool "${2-}" cert export "$1" --pinentry -o "$1.pem" &&
		openssl x509 -in "$1.pem" -noout -pubkey >"$1.pub"
}

# verified FILE SIGNATURE KEY: openssl's word; also in the file said.
verified() {
	openssl dgst -sha256 -verify "$3" -signature "$2" "$1" >said 2>&1
}

insert_card() {
	heading '1. カードを置く' '1. The card is put on the reader'
	say 'これは仮想のカードとカードリーダーです。本物のカードには触れません' \
		'Card and reader are virtual; no real card is touched'
	if ! private_pcscd_start "$private/reader.conf" ||
		! private_await "${private_port:?}" absent 2>said; then
		failed 'ICカードサービス(pcscd)を始められません。' \
			'The smart card service (pcscd) cannot be started.' "$private/pcscd.log"
	fi
	"$top_builddir/tests/vcard/jpki-vcard" make "$private/card" >said 2>&1 ||
		failed '仮想カードを作れません。' 'The virtual card cannot be made.' said
	private_insert "$private/card" "$private_port" "$private/apdu.log" 2>said ||
		failed '仮想カードを置けません。' 'The virtual card cannot be inserted.' \
			"$private/vcard.out"
	p11tool --provider "$module" --list-tokens >said 2>&1 ||
		failed 'カードが見つかりません。' 'No card was found.' said
	if ! grep -qF "$auth_label" said || ! grep -qF "$sign_label" said; then
		failed 'カードの二つの鍵が見つかりません。' 'The two keys were not found.' said
	fi
	good 'カードが見つかりました。鍵は二つあります' 'The card was found; it has two keys'
	say "  $auth_label — ログイン用、残り$(tries auth)回" \
		"  for logging in, a PIN of 4 digits, $(tries auth) tries left"
	say "  $sign_label — 書類の署名用、残り$(tries sign)回" \
		"  for signing documents, a password of 6 to 16 characters, $(tries sign) tries left"
}

sign_document() {
	heading '2. 書類に署名する(署名用パスワード)' \
		'2. A document is signed (with the signing password)'
	cat >document.txt <<-'EOF'
		所得税の確定申告書(見本)
		氏名        見本 花子
		収入金額    4,200,000円
		納める税金     12,300円
	EOF
	sed 's/^/    | /' document.txt
	tool "$sign_pin" sign --pinentry --module "$module" --raw -o document.sig document.txt ||
		failed '署名できませんでした。' 'The document could not be signed.' said
	good '署名しました' 'Signed'
	if ! read_certificate sign "$sign_pin" || ! read_certificate sign-ca; then
		failed '署名用電子証明書を読めません。' \
			'The signing certificate cannot be read.' said
	fi
	openssl verify -CAfile sign-ca.pem sign.pem >said 2>&1 ||
		failed '電子証明書がカードの認証局のものではありません。' \
			'The certificate was not issued by the CA on the card.' said
	verified document.txt document.sig sign.pub ||
		failed '署名が正しくありません。' 'The signature is not valid.' said
	good 'openssl で確かめました: 署名は正しく、電子証明書は認証局が発行したものです' \
		"Checked with openssl: $(tail -n 1 said), and the certificate is the CA's"
	sed 's/12,300/     0/' document.txt >forged.txt
	if verified forged.txt document.sig sign.pub; then
		failed '書き換えた書類の署名が正しいとされました。' \
			'The signature of a changed document was accepted.' said
	fi
	good '税額を書き換えた書類では、署名は認められません' \
		'With another amount in it the signature is refused'
}

log_in() {
	heading '3. ログインする(利用者証明用の4桁)' '3. Logging in (with the PIN of 4 digits)'
	openssl rand -out challenge 32
	say "サイトから届いた合言葉: $(od -An -tx1 challenge | tr -d ' \n' | cut -c1-32)…" \
		'A challenge has come from the site'
	tool "$auth_pin" sign --key=auth --pinentry --module "$module" --raw -o challenge.sig challenge ||
		failed 'ログインの署名ができませんでした。' 'The challenge could not be signed.' said
	if ! read_certificate auth || ! read_certificate auth-ca; then
		failed '利用者証明用電子証明書を読めません。' \
			'The authentication certificate cannot be read.' said
	fi
	openssl verify -CAfile auth-ca.pem auth.pem >said 2>&1 ||
		failed '電子証明書がカードの認証局のものではありません。' \
			'The certificate was not issued by the CA on the card.' said
	verified challenge challenge.sig auth.pub ||
		failed 'ログインの署名が正しくありません。' 'The signature is not valid.' said
	good 'カードの持ち主だと確かめられました' "The site knows the card now: $(tail -n 1 said)"
}

# ask COMMAND: one more command to the process that p11-drive is; its answer is in $reply.
ask() {
	printf '%s\n' "$1" >&3
	IFS= read -r reply <&4 || reply='no answer'
}

# expect COMMAND ANSWER
expect() {
	ask "$1"
	if [ "$reply" != "$2" ]; then
		failed "想定と違う結果です: $reply" "Not the result that was expected: $reply"
	fi
}

catch_mistakes() {
	heading '4. 暗証番号の間違いからカードを守る' '4. Mistakes with PINs are caught'
	mkfifo commands answers
	"$top_builddir/tests/integration/lib/p11-drive" "$module" <commands >answers 2>said &
	exec 3>commands 4<answers
	expect init CKR_OK
	expect 'use 1' CKR_OK
	expect open CKR_OK
	expect 'login 1234' CKR_PIN_INCORRECT
	expect_tries sign 5
	good "署名用に4桁の番号を入れた: カードには送りません。残り$(tries sign)回のまま" \
		"4 digits for the signing password: not sent, still $(tries sign) tries"
	expect 'use 0' CKR_OK
	expect open CKR_OK
	expect 'login １２３４' CKR_PIN_INCORRECT
	expect_tries auth 3
	good "全角の「１２３４」を入れた: カードには送りません。残り$(tries auth)回のまま" \
		"Full-width digits: not sent, still $(tries auth) tries"
	expect 'login 9999' CKR_PIN_INCORRECT
	expect_tries auth 2
	good "違う番号「9999」を入れた: 残り$(tries auth)回に減りました" \
		"A wrong PIN: $(tries auth) tries left"
	expect 'login 9999' CKR_PIN_INCORRECT
	expect_tries auth 2
	good "同じ「9999」をもう一度: 送らないので残り$(tries auth)回のまま" \
		"The same wrong PIN again: not sent, still $(tries auth) tries"
	expect "login $auth_pin" CKR_OK
	expect_tries auth 3
	good "正しい番号を入れた: 残り$(tries auth)回に戻りました" \
		"The right PIN: $(tries auth) tries again"
	exec 3>&- 4<&-
	say '最後の1回は、プログラムが使うことはありません' \
		'The last try is never spent by a program'
}

own_card() {
	local installed

	# shellcheck disable=SC2016 # a variable of make
	installed=$(make -s --no-print-directory -C "$top_builddir" \
		--eval 'show: ; @echo $(p11moduledir)/jpki-pkcs11.so' show)
	heading '自分のカードで使うには' 'With your own card'
	cat <<-EOF
		  インストール / Install:
		    sudo make -C build install
		  カードリーダーをつなぎ、カードを置いて / Connect a reader, put the card on it:
		    p11tool --list-tokens
		  公開の証明書を見る(暗証番号は不要) / The public certificates (no PIN):
		    p11tool --list-all 'pkcs11:model=JPKI%20auth'
		  書類に署名する / Sign a document:
		    jpki sign document.txt
		  ssh の公開鍵を見る、ログインする / The public key for ssh, and logging in:
		    ssh-keygen -D $installed | grep 'User Authentication Key'
		    ssh -I $installed HOST
	EOF
	say '暗証番号は間違えないようにしてください。残り回数は jpki status に表示されます' \
		'Take care with your PINs: jpki status shows how many tries are left'
}

# What runs as process 1 of the private machine: it ends, and all that it started ends with it.
story() {
	trap 'exit 130' HUP INT TERM
	if [ "${1-}" = colours ]; then
		use_colours
	fi
	private_setup || failed '仮想カードのための環境を作れません。' "${private_problem:?}"
	if ! mkdir "$private/work" || ! cd "$private/work"; then
		failed '作業用の場所がありません。' 'There is no place to work in.'
	fi
	make_pinentry
	insert_card
	sign_document
	log_in
	catch_mistakes
	own_card
}
