# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# What the tests of the extension share: it is installed as "make install" does it, unchanged, or by the
# Debian packages, if JPKI_TEST_PACKAGES names their directory; the simulated pages are served under the real names, on loopback; and scenario.py looks at them in a browser
# on a screen of its own. The host is a stand-in. Sourced after lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

# portal_need PACKAGE PROGRAM
portal_need() {
	command -v "$2" >/dev/null || bail "$2 is missing (Debian: $1)"
}
portal_need xvfb Xvfb
portal_need openbox openbox
portal_need libnss3-tools certutil
portal_need python3 python3
# The drivers of the browsers.
PYTHONPATH=$lib_dir
export PYTHONPATH

portal_names='myna.go.jp www.keisan.nta.go.jp login.e-tax.nta.go.jp clientweb.e-tax.nta.go.jp'
portal_names="$portal_names www.go.jp uketsuke.e-tax.nta.go.jp"
portal_names="$portal_names myna.go.jp.example xn--mna-hqa.go.jp myna-go.jp www.nta.go.jp"

# portal_begin: everything but the extension and the browser.
portal_begin() {
	portal_unwaited
	portal_machine
	rm -f /etc/hosts
	echo "127.0.0.1 localhost $portal_names" >/etc/hosts
	portal_pages
	portal_screen
	JPKI_STUB=$private/stub
	export JPKI_STUB
	mkdir "$JPKI_STUB"
}

# portal_machine: what is installed from here on stays in this test.
portal_machine() {
	[ -z "$JPKI_TEST_PACKAGES" ] || portal_system
	etc_own
	for each in firefox-esr chromium; do
		if ! rm "/etc/$each" || ! mkdir "/etc/$each" || ! cp -RP "$etc/$each/." "/etc/$each"; then
			bail "no /etc/$each"
		fi
	done
	for each in /usr/share/mozilla /usr/lib/mozilla \
		"$(pkg-config --variable=p11_module_path p11-kit-1)" \
		"$(pkg-config --variable=p11_module_configs p11-kit-1)"; do
		private_copy "$each" || bail "no $each of its own"
	done
	portal_local
}

# portal_state: so does what is written to /var/lib.
portal_state() {
	if ! mkdir "$private/state" "$private/state.own" || ! mount --rbind /var/lib "$private/state" ||
		! find "$private/state" -mindepth 1 -maxdepth 1 ! -name jpki-pkcs11 \
			-exec ln -s -t "$private/state.own" {} + ||
		! mount --bind "$private/state.own" /var/lib; then
		bail 'there is no /var/lib of its own'
	fi
}

# portal_system: what dpkg does to this system from here on stays in this test.
portal_system() {
	for each in usr etc var; do
		over=$private/over/$each
		if ! mkdir -p "$over" "$over.work" || ! mount -t overlay overlay "/$each" \
			-o "lowerdir=/$each,upperdir=$over,workdir=$over.work"; then
			bail "there is no /$each of its own"
		fi
	done
}

# portal_local: what is installed in /usr/local from here on stays in this test; its programs are there.
portal_local() {
	if ! mkdir "$private/local" "$private/local.own" "$private/local.own/bin" ||
		! mount --rbind /usr/local "$private/local" ||
		! find "$private/local" -mindepth 1 -maxdepth 1 ! -name bin ! -name share ! -name libexec \
			-exec ln -s -t "$private/local.own" {} + ||
		! find "$private/local/bin" -mindepth 1 -exec ln -s -t "$private/local.own/bin" {} + ||
		! mount --bind "$private/local.own" /usr/local; then
		bail 'there is no /usr/local of its own'
	fi
}

portal_pages() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=CA of the pages' -days 2 \
		-keyout ca.key -out ca.crt 2>openssl.log || bail 'no CA'
	# shellcheck disable=SC2086 # a list of names
	openssl req -x509 -newkey rsa:2048 -nodes -CA ca.crt -CAkey ca.key -subj /CN=pages \
		-addext "subjectAltName=$(printf 'DNS:%s,' $portal_names | sed 's/,$//')" \
		-addext basicConstraints=CA:FALSE -addext extendedKeyUsage=serverAuth -days 2 \
		-keyout pages.key -out pages.crt 2>>openssl.log || bail 'no certificate'
	python3 -B "$test_dir/pages.py" pages.crt pages.key >pages.log 2>&1 3>&- 4>&- &
	private_until 10 portal_served || bail "no pages: $(tail -n 5 pages.log)"
}

# shellcheck disable=SC2317 # called through private_until
portal_served() {
	ss -ltn | grep -q '127.0.0.1:443 '
}

# Its socket is of this network only. The window manager gives windows the focus.
portal_screen() {
	DISPLAY=:9
	export DISPLAY
	Xvfb :9 -screen 0 1100x900x24 -nolisten tcp -nolisten unix -nolock -ac \
		>xvfb.log 2>&1 3>&- 4>&- &
	private_until 10 portal_shown || bail "no screen: $(tail -n 5 xvfb.log)"
	openbox >openbox.log 2>&1 3>&- 4>&- &
}

# shellcheck disable=SC2317 # called through private_until
portal_shown() {
	grep -q '@/tmp/.X11-unix/X9$' /proc/net/unix
}

# portal_make install|uninstall: as the administrator does. The host's manifests alone are changed, to the
# stand-in; with portal_host=ours nothing is. Packages are removed, and not purged: nothing stays even then.
portal_make() {
	if [ -z "$JPKI_TEST_PACKAGES" ]; then
		check "make $1" make -s -C "$top_builddir" "$1"
	elif [ "$1" = install ]; then
		check 'dpkg installs the packages' dpkg --no-triggers --force-depends --install \
			"$JPKI_TEST_PACKAGES"/jpki*_*.deb
	else
		check 'dpkg removes the packages' dpkg --no-triggers --remove jpki-window jpki-portal jpki jpki-pkcs11
	fi
	if [ "$1" = install ] && [ "${portal_host-stub}" = stub ]; then
		sed -i --follow-symlinks 's|"path": .*|"path": "/usr/local/stub-host",|' \
			/usr/lib/mozilla/native-messaging-hosts/jpki_pkcs11.portal.json \
			/etc/chromium/native-messaging-hosts/jpki_pkcs11.portal.json
		cp "$test_dir/stub-host.py" /usr/local/stub-host
		chmod 755 /usr/local/stub-host
	fi
}

# portal_newer: Firefox's extension is from here on as a newer version installs it.
portal_newer() {
	sed -i 's/"version": ".*"/"version": "0.1.1"/' "$(portal_data)/extension/manifest.json"
}

# portal_data: print where the extension lies.
portal_data() {
	if [ -n "$JPKI_TEST_PACKAGES" ]; then
		echo /usr/share/jpki-pkcs11
	else
		echo /usr/local/share/jpki-pkcs11
	fi
}

# portal_installed_alone: installed, but for the files of the browsers; the program is the stand-in.
portal_installed_alone() {
	portal_make install
	rm /usr/lib/mozilla/native-messaging-hosts/jpki_pkcs11.portal.json /etc/firefox-esr/jpki-pkcs11.js \
		/etc/chromium/native-messaging-hosts/jpki_pkcs11.portal.json \
		/etc/chromium/policies/managed/jpki-pkcs11.json \
		/usr/share/mozilla/extensions/*/portal@jpki-pkcs11 || bail 'not all was installed'
	cp "$test_dir/stub-host.py" /usr/local/libexec/jpki-portal
}

# portal_person JPKI: an ordinary user has set up the own browsers with this command; the browsers of this
# test find that in their home directory. The program is the stand-in.
portal_person() {
	cp "$test_dir/stub-host.py" /usr/local/libexec/jpki-portal
	mkdir -m 700 "$private/nobody"
	other_owns "$private/nobody"
	check 'a person: jpki setup portal' as_other env HOME="$private/nobody" "$1" setup portal --yes
	cp -R "$private/nobody/." "$HOME"
}

# portal_person_undo JPKI: that person undoes it.
portal_person_undo() {
	check 'a person: --undo' as_other env HOME="$private/nobody" "$1" setup portal --undo --yes
	is 'a person: nothing is left' "$(find "$private/nobody" -mindepth 1)" ''
}

# portal_numbers BROWSER ID NUMBER NUMBER: what an administrator sets with a policy.
portal_numbers() {
	case $1 in
	firefox)
		mkdir -p /etc/firefox/policies
		portal_policy=/etc/firefox/policies/policies.json
		portal_form='{"policies": {"3rdparty": {"Extensions": {"%s": %s}}}}\n'
		;;
	chromium)
		portal_policy=/etc/chromium/policies/managed/numbers.json
		portal_form='{"3rdparty": {"extensions": {"%s": %s}}}\n'
		;;
	esac
	# shellcheck disable=SC2059 # one of the two forms above
	printf "$portal_form" "$2" "{\"extensionNumber\": $3, \"applicationNumber\": $4}" >"$portal_policy" ||
		bail "no $portal_policy"
}

# portal_left: prints what is left of what was installed.
portal_left() {
	find /usr/share/mozilla /usr/lib/mozilla /usr/local/bin /usr/local/share /usr/local/libexec \
		/etc/firefox-esr /etc/chromium \( -type f -o -type l \) -path '*jpki*' 2>/dev/null
}

# portal_firefox NAME: a profile that trusts the pages. Marionette's own preferences would have Firefox
# ignore extensions of the system.
portal_firefox() {
	profile=$HOME/.mozilla/firefox/$1
	mkdir -p "$profile"
	certutil -N --empty-password -d "sql:$profile"
	certutil -A -n pages -t C,, -i ca.crt -d "sql:$profile" || bail "no $profile"
	cat >"$profile/user.js" <<-END
		user_pref("remote.prefs.recommended", false);
		user_pref("datareporting.policy.dataSubmissionEnabled", false);
		user_pref("browser.shell.checkDefaultBrowser", false);
		user_pref("browser.aboutwelcome.enabled", false);
		user_pref("network.dns.forceResolve", "127.0.0.1");
	END
}

# shellcheck disable=SC2034 # the tests use $id
# portal_chromium: a person who trusts the pages; $id is the extension's.
portal_chromium() {
	mkdir -p "$HOME/.pki/nssdb"
	certutil -N --empty-password -d "sql:$HOME/.pki/nssdb"
	certutil -A -n pages -t C,, -i ca.crt -d "sql:$HOME/.pki/nssdb" || bail 'no trust in the pages'
	id=$(sed -n 's|.*chrome-extension://\(.*\)/.*|\1|p' "$top_builddir/extension/chromium/jpki_pkcs11.portal.json")
}

# shellcheck disable=SC2317 # called through check and private_until
portal_no_host() {
	portal_none 'stub-host|jpki-portal'
}

# portal_none NAMES: no process has one of these names, and none that has ended and that nobody has waited for: such
# a one has no arguments any more, so what counts is the kernel's name for it. (With env in its first line, a
# script would be called as its interpreter.)
portal_none() {
	! portal_any "^[0-9]+ [(]($1)"
}

# portal_any PATTERN: what the kernel says of one of the processes.
portal_any() {
	grep -Eqs "$1" /proc/[0-9]*/stat
}

# portal_unwaited: what has ended, and is not waited for, is noticed.
portal_unwaited() {
	cp /bin/true jpki-portal
	sh -c './jpki-portal & exec sleep 600' &
	portal_unwaited_parent=$!
	check 'a host that has ended is seen as long as nobody has waited for it' private_until 10 \
		portal_any '^[0-9]* [(]jpki-portal[)] Z'
	check_not 'and counts as one that is left' portal_no_host
	kill "$portal_unwaited_parent"
	wait "$portal_unwaited_parent" 2>/dev/null
	check 'until somebody has' private_until 10 portal_no_host
	rm jpki-portal
}

# scenario DESCRIPTION BROWSER ARGUMENT PART...: each line of scenario.py is a result, or a comment.
scenario() {
	scenario_name=$1
	shift
	python3 -B "$test_dir/scenario.py" "$@" >scenario.out 2>>browser.log 3>&- 4>&-
	scenario_status=$?
	while read -r scenario_word scenario_text; do
		case $scenario_word in
		ok) ok "$scenario_name: $scenario_text" ;;
		'#') diag "$scenario_name: $scenario_text" ;;
		*) not_ok "$scenario_name: $scenario_text" ;;
		esac
	done <scenario.out
	is "$scenario_name: the browser was seen to the end" "$scenario_status" 0
	check "$scenario_name: no host outlives the browser" private_until 10 portal_no_host
	[ "$scenario_status" = 0 ] || diag "$(tail -n 20 browser.log)"
}
