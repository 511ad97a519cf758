# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# A TLS server that demands a certificate of the card's CA, and what it says about the clients that
# it lets in. Sourced after lib.sh, by tests whose card is called "mine".

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

port=44330
ca=$private/mine/auth-ca.crt

# server_certificate: the server makes itself one, which the clients are told to trust.
server_certificate() {
	check 'the server makes itself a certificate' openssl req -x509 -newkey rsa:2048 -nodes \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
		-keyout server.key -out server.crt
}

# server_start [ARGUMENT...]: what it receives is told in the file said, line by line as it comes, and
# who is let in gets a page about the connection.
server_start() {
	stdbuf -oL openssl s_server -accept "127.0.0.1:$port" -cert server.crt -key server.key \
		-CAfile "$ca" -Verify 2 -verify_return_error -www -trace "$@" \
		>said 2>&1 </dev/null 3>&- 4>&- &
	server=$!
	# Nothing else listens in this network.
	private_until 10 listening || bail "the server did not start: $(tail -n 5 said)"
}

# shellcheck disable=SC2317 # called through private_until
listening() {
	ss -ltn | grep -q "127.0.0.1:$port "
}

server_stop() {
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
}

# page: what the server tells the one that it let in. The clients print things of their own, too.
page() {
	sed -n '/^s_server /,/<\/pre>/p' "$output"
}

# server_saw DESCRIPTION TLS SCHEME TYPE: about the last client.
server_saw() {
	is "$1: the protocol" "$(page | sed -n 's/^ *Protocol *: *//p')" "$2"
	is "$1: the client's signature is made with $3" \
		"$(tail -n "+$said_start" said | tr -d '\r' | client_scheme)" "$3"
	is "$1: the server calls it $4" "$(page_type)" "$4"
}

# page_type: how the server calls the type of the client's signature. Since OpenSSL 3.5 it gives the whole
# name of the scheme, before that what stands here.
page_type() {
	page | sed -n 's/^Peer signature type: *//p' |
		sed 's/^rsa_pss_rsae_.*/RSA-PSS/; s/^rsa_pkcs1_.*/RSA/'
}

# client_scheme: what the server received in CertificateVerify.
client_scheme() {
	awk '
		/^Received/ { received = 1 }
		/^Sent/ { received = 0 }
		/CertificateVerify/ { verify = received }
		verify && /Signature Algorithm: / {
			sub(/.*Signature Algorithm: /, "")
			sub(/ .*/, "")
			scheme = $0
			verify = 0
		}
		END { print scheme }
	'
}

# connects DESCRIPTION TLS SCHEME TYPE CLIENT...
connects() {
	connects_text=$1
	connects_tls=$2
	connects_scheme=$3
	connects_type=$4
	shift 4
	said_start=$(($(wc -l <said) + 1))
	run "$@"
	if [ -n "$(page)" ]; then
		ok "$connects_text: the client is let in"
	else
		not_ok "$connects_text: the client is let in" "exit code $status of: $*" \
			"$(tail -n 30 "$output")" "$(grep -aiE 'alert|error' said | tail -n 10)"
	fi
	server_saw "$connects_text" "$connects_tls" "$connects_scheme" "$connects_type"
}

# refused DESCRIPTION CLIENT...: the client has come to the server, which gives it no page and lives on.
refused() {
	refused_text=$1
	shift
	refused_before=$(grep -c ClientHello said)
	run "$@"
	is "$refused_text" "$(page)" ''
	if [ "$(grep -c ClientHello said)" -gt "$refused_before" ]; then
		ok "$refused_text: it has asked for a connection"
	else
		not_ok "$refused_text: it has not even asked for a connection"
	fi
	check "$refused_text: the server still listens" listening
}

# yes_no COMMAND...: prints yes when it succeeds, and no.
yes_no() {
	if "$@" >/dev/null 2>&1; then
		echo yes
	else
		echo no
	fi
}

# tls_result PROGRAM tls1.2|tls1.3: writes into the table whether the program, whose page is in $output,
# was let in like that. The test has sourced clients.sh.
tls_result() {
	client_result "$1" "$2" "$(yes_no [ "$(page | sed -n 's/^ *Protocol *: TLSv/tls/p')" = "$2" ])"
}
