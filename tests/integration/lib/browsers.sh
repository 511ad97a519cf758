# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What the tests of browsers share: a site that demands a certificate, one that does not, and the
# visits to them. Sourced after lib.sh and tls.sh, by tests whose card is called "mine".
#
# The test has visit NAME URL, which begins a visit and sets $said_start, and questions, which prints how
# many questions the browser asks the person.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"
# shellcheck source=tls.sh
. "$lib_dir/tls.sh"

open_port=44331
# shellcheck disable=SC2034 # the tests use them
{
	auth_token='JPKI 利用者証明用 (4桁)'
	site=https://localhost:$port/
	# The same one, of which the browser knows nothing yet.
	other_site=https://127.0.0.1:$port/
	open_site=https://localhost:$open_port/
}

# Pictures for people to look at: they stay in the build directory.
artefacts=$top_builddir/artefacts/$(basename "$0" .test)
if ! rm -rf "$artefacts" || ! mkdir -p "$artefacts"; then
	bail "$artefacts cannot be made"
fi

# pictures_made NAME...: they are there, as PNG files with a beginning and an end.
pictures_made() {
	for each in "$@"; do
		is "there is the picture $each" \
			"$(head -c 8 "$artefacts/$each.png" | od -An -tx1) $(tail -c 8 "$artefacts/$each.png" |
				od -An -tx1)" ' 89 50 4e 47 0d 0a 1a 0a  49 45 4e 44 ae 42 60 82'
	done
}

# site_certificates: a CA, which the browser is told to trust, and what it has issued to the sites: no
# browser takes the certificate of a CA for that of a site.
site_certificates() {
	check 'the sites make themselves a CA' openssl req -x509 -newkey rsa:2048 -nodes \
		-subj '/CN=CA of the sites' -days 2 -keyout ca.key -out ca.crt
	check 'and a certificate' openssl req -x509 -newkey rsa:2048 -nodes -CA ca.crt \
		-CAkey ca.key -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
		-addext basicConstraints=CA:FALSE -addext extendedKeyUsage=serverAuth -days 2 \
		-keyout server.key -out server.crt
}

# site_start [ARGUMENT...]: every visit is a handshake of its own, no session is taken up again.
site_start() {
	server_start -no_cache -no_ticket -num_tickets 0 "$@"
}

# open_site_start: a site that has nothing to do with certificates of clients.
open_site_start() {
	stdbuf -oL openssl s_server -accept "127.0.0.1:$open_port" -cert server.crt -key server.key \
		-www -trace >open_said 2>&1 </dev/null 3>&- 4>&- &
	private_until 10 open_listening || bail "the open site did not start: $(tail -n 5 open_said)"
}

# shellcheck disable=SC2317 # called through private_until
open_listening() {
	ss -ltn | grep -q "127.0.0.1:$open_port "
}

# let_in DESCRIPTION PROTOCOL [SCHEME TYPE]: the page, which is in $output, is about a connection of this
# kind, and was signed for like that.
let_in() {
	is "$1: the site lets the browser in with $2" \
		"$(page | sed -n 's/^ *Protocol *: *//p')" "$2"
	is "$1: the site calls the signature ${4-RSA-PSS}" "$(page_type)" "${4-RSA-PSS}"
	is "$1: the signature is made with ${3-rsa_pss_rsae_sha256}" \
		"$(tail -n "+$said_start" said | tr -d '\r' | client_scheme)" \
		"${3-rsa_pss_rsae_sha256}"
}

# shown_openly DESCRIPTION: the open site, whose page is in $output, was shown, and saw nothing of the
# card, nor did the card notice anything.
shown_openly() {
	output_has "$1: the open site is shown" 'no client certificate available'
	is "$1: the open site: nobody is asked for anything" "$(questions)" 0
	is "$1: the open site: the card is not asked for a signature" "$(verifies)" 0
	is "$1: the open site: no certificate has come" "$(grep -A9 '^Received' open_said |
		grep -Ec '^ *Certificate(Verify)?, ')" 0
}

# certificate_withheld DESCRIPTION: the site has turned the browser away in the last visit because no
# certificate came.
certificate_withheld() {
	if private_until 10 withheld; then
		ok "$1: the site has got no certificate"
	else
		not_ok "$1: the site has got no certificate" "$(tail -n 20 said)"
	fi
}

# shellcheck disable=SC2317 # called through private_until
withheld() {
	tail -n "+$said_start" said | grep -q 'peer did not return a certificate'
}
