# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# package.sh: builds the Debian packages in a minimal Debian of their own, and tries them in another one.
#
# Sourced by quickstart after build.sh, and uses the same variables. Nothing is installed on this machine
# but debootstrap; the two systems are directories below $top_builddir/package, and go at the end.

: "${root:?}" "${top_builddir:?}" "${log:?}"

# codename RELEASE
codename() {
	case $1 in
	12) echo bookworm ;;
	13) echo trixie ;;
	unstable) echo sid ;;
	*) return 1 ;;
	esac
}

# sources CODENAME: print lines for apt, from the servers that this machine has its own packages from.
# Security updates are among them, unless without_security is "yes" or there are none.
sources() {
	# shellcheck disable=SC2016 # apt's own words
	apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' 'Component: main' |
		sort -u | while read -r uri label; do
		case $label in
		Debian) echo "deb $uri $1 main" ;;
		Debian-Security)
			[ "$1" = sid ] || [ "${without_security-no}" = yes ] ||
				echo "deb $uri $1-security main"
			;;
		esac
	done
}

# inside DIRECTORY COMMAND...: run it as root in that system. It has its own mounts and processes, which
# end with it. Network and proxies are this machine's. The kernel lets nobody make namespaces in a chroot.
inside() {
	local system=$1

	shift
	# shellcheck disable=SC2016 # the words of the inner shell
	as_root unshare --mount --pid --fork --kill-child sh -c '
		mount --bind "$1" "$1" && cd "$1" && mount --rbind /dev dev && mount -t proc proc proc &&
			mount -t sysfs sysfs sys && pivot_root . mnt && cd / && umount --lazy /mnt || exit
		shift
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive ${http_proxy+http_proxy="$http_proxy"} \
			${https_proxy+https_proxy="$https_proxy"} "$@"' sh "$system" "$@"
}

# inside_apt DIRECTORY ARGUMENT...
inside_apt() {
	local system=$1

	shift
	inside "$system" apt-get --quiet --yes --no-install-recommends "$@" >>"$log" 2>&1 ||
		failed 'パッケージを入れられません。' 'Packages cannot be installed.' "$log"
}

# make_system DIRECTORY: a minimal Debian that starts no services.
make_system() {
	local lines

	lines=$(sources "$name")
	if [ -z "$lines" ]; then
		apt_update
		lines=$(sources "$name")
	fi
	[ -n "$lines" ] || failed 'この環境の apt には Debian の配布元がありません。' \
		"This machine's apt has no source of Debian's packages."
	as_root debootstrap --variant=minbase --include=ca-certificates "$name" "$1" \
		"$(sed -n "s/^deb \([^ ]*\) $name main$/\1/p" <<<"$lines" | head -n 1)" >>"$log" 2>&1 ||
		failed '最小の Debian を作れません(debootstrap)。' \
			'A minimal Debian cannot be made (debootstrap).' "$log"
	{
		as_root tee "$1/etc/apt/sources.list" <<<"$lines"
		apt-config dump | grep -E '^Acquire::(http|https|Check)' |
			as_root tee "$1/etc/apt/apt.conf.d/90quickstart"
		echo '127.0.0.1 localhost' | as_root tee "$1/etc/hosts"
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$1/usr/sbin/policy-rc.d"
	} >>"$log"
	as_root chmod 755 "$1/usr/sbin/policy-rc.d"
	inside_apt "$1" update
	inside_apt "$1" upgrade
}

# unpack DIRECTORY: the release's sources below /package of the system $builder, as a builder gets them.
unpack() {
	# shellcheck disable=SC2016 # the words of the inner shell
	inside "$builder" sh -ec 'mkdir -p "$1" && cd "$1" && cp /package/*.tar.xz "jpki-pkcs11_$2.orig.tar.xz" &&
		tar -xf "jpki-pkcs11_$2.orig.tar.xz"' sh "/package/$1" "$version" >>"$log" 2>&1
}

# build_packages: in $builder, the packages are in /package/first then, and the virtual card beside them.
build_packages() {
	heading "パッケージを作る(Debian $release)" "The packages are built (Debian $release)"
	say '10分ほどかかります' 'This takes about ten minutes'
	if ! as_root cp -a "$base" "$builder" || ! as_root mkdir "$builder/package" ||
		! as_root cp "$top_builddir/jpki-pkcs11-$version.tar.xz" "$builder/package"; then
		failed '作業用の Debian を作れません。' 'There is no Debian to build in.' "$log"
	fi
	inside_apt "$builder" install build-essential lintian faketime
	unpack first || failed 'ソースを広げられません。' 'The sources cannot be unpacked.' "$log"
	inside_apt "$builder" build-dep "/package/first/jpki-pkcs11-$version"
	# shellcheck disable=SC2016 # the words of the inner shell
	inside "$builder" sh -ec 'cd "$1" &&
		DEB_BUILD_OPTIONS=noautodbgsym dpkg-buildpackage --unsigned-source --unsigned-changes &&
		debian/tests/build-card &&
		mkdir -p build/vpcd && cd build/vpcd && apt-get --quiet download vsmartcard-vpcd &&
		dpkg-deb --extract vsmartcard-vpcd_*.deb .' sh "/package/first/jpki-pkcs11-$version" >>"$log" 2>&1 ||
		failed 'パッケージを作れません。' 'The packages cannot be built.' "$log"
	good "できました: build/package/$release/" "Built: build/package/$release/"
}

# build_again: with another directory, file mode, time zone, language, day and home.
build_again() {
	# shellcheck disable=SC2016 # the words of the inner shell
	unpack elsewhere/again && inside "$builder" sh -ec 'cd "$1" && umask 027 && mkdir /home/other &&
		NO_FAKE_STAT=1 DEB_BUILD_OPTIONS="nocheck noautodbgsym" TZ=Asia/Tokyo LC_ALL=C HOME=/home/other faketime -f +400d \
			dpkg-buildpackage --build=binary --unsigned-changes' \
		sh "/package/elsewhere/again/jpki-pkcs11-$version" >>"$log" 2>&1
}

# result TEXT COMMAND...: a line of TAP; what the command says, if it says anything, is the reason why not.
result() {
	local text=$1 said

	shift
	if said=$("$@" 2>&1) && [ -z "$said" ]; then
		echo "ok - $text"
	else
		echo "not ok - $text"
		printf '%s\n' "$said" | tail -n 30 | sed 's/^/#   /'
	fi
}

# lint_packages: what lintian has against them; its notes (N:) are of its own counting.
lint_packages() {
	# shellcheck disable=SC2016 # the words of the inner shell
	inside "$builder" sh -c 'cd /package/first &&
		lintian --allow-root --display-info --pedantic *.changes *.dsc 2>&1 | grep -v "^N: " || true'
}

compare_packages() {
	build_again || tail -n 20 "$log"
	# shellcheck disable=SC2016 # the words of the inner shell
	inside "$builder" sh -c 'cd /package/first && for each in *.deb; do
		cmp "$each" "/package/elsewhere/again/$each"; done'
}

# try_tests: those of debian/tests/control, by autopkgtest. One that Debian has no packages for says so.
try_tests() {
	inside_apt "$trial" install autopkgtest
	# shellcheck disable=SC2016 # the words of the inner shell
	inside "$trial" sh -c 'cd /package &&
		autopkgtest --summary=/package/summary ./*.deb "./jpki-pkcs11-$1/" -- null' sh "$version" >>"$log" 2>&1
	awk '$2 == "PASS" { print "ok - autopkgtest " $1; next }
		$2 == "SKIP" { print "# autopkgtest " $0; next }
		{ print "not ok - autopkgtest " $0 }
		END { print "1.." NR }' "$trial/package/summary"
	result 'autopkgtest tells of each of its tests' \
		test "$(wc -l <"$trial/package/summary")" -eq "$(grep -c ^Test "$root/debian/tests/control")"
}

# try_packages: in $trial, where there is nothing but Debian's minimum before.
try_packages() {
	if ! as_root mkdir "$trial/package" ||
		! as_root cp -a "$builder/package/first/." "$trial/package"; then
		return
	fi
	inside "$trial" "/package/jpki-pkcs11-$version/tests/package/lifecycle" /package
	try_tests
	try_browsers
}

# try_browsers: the extension in the browsers, as the packages install it. These tests install and remove them.
try_browsers() {
	local browser tree=/package/jpki-pkcs11-$version

	inside_apt "$trial" install firefox-esr chromium xvfb openbox xdotool libnss3-tools
	inside_apt "$trial" purge jpki-window jpki-portal jpki jpki-pkcs11
	for browser in firefox chromium; do
		inside "$trial" env JPKI_TEST_PACKAGES=/package top_builddir="$tree/build" \
			"$tree/tests/integration/portal/$browser.test"
	done
}

# package RELEASE
package() {
	local release=$1 name version results passed bad place base builder trial

	name=$(codename "$release") || exit
	place=$top_builddir/package/$release
	base=$place/base builder=$place/builder trial=$place/trial
	results=$place/results
	version=$(sed -n "s/^AC_INIT(\[jpki-pkcs11\], \[\([^]]*\)\].*/\1/p" "$root/configure.ac")
	need_root debootstrap
	make -s -C "$top_builddir" dist >>"$log" 2>&1 || failed 'ソースをまとめられません。' \
		'The sources cannot be packed (make dist).' "$log"
	as_root rm -rf "$place"
	mkdir -p "$place" || exit
	make_system "$base"
	build_packages
	as_root cp "$builder"/package/first/*_*.* "$place"

	heading "パッケージを試す(最小の Debian $release)" "The packages are tried (in a minimal Debian $release)"
	as_root mv "$base" "$trial"
	{
		result 'lintian finds nothing' lint_packages
		result 'built again elsewhere, they are the same, byte for byte' compare_packages
		try_packages
	} 2>>"$log" | tee "$results" | grep -E '^(ok|not ok|#|Bail out)'
	as_root rm -rf "$builder" "$trial"

	passed=$(grep -c '^ok' "$results")
	bad=$(grep -cE '^(not ok|Bail out)' "$results")
	# Each of the four scripts says at its end how many results there are.
	[ "$(grep -c '^1\.\.' "$results")" -eq 4 ] || bad=$((bad + 1))
	if [ "$bad" -eq 0 ]; then
		say "インストールするには: sudo apt install ./build/package/$release/*.deb" 'To install them, see above'
	else
		say "くわしい記録: $log" 'The log of it all is there'
	fi
	printf '\n%s passed, %s failed\n' "$passed" "$bad"
	[ "$bad" -eq 0 ]
}
