# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# prepare.sh: installs what packages.txt lists, and checks that all of it is there.
#
# Sourced by quickstart after words.sh and private.sh. The caller sets, as absolute names:
#   root           the source directory
#   top_builddir   where to build
#   log            the file for what the programs say

: "${root:?}" "${top_builddir:?}" "${log:?}"

# packages_for PURPOSE...: print the lines of packages.txt that are for one of these, each as
# "PACKAGE MARK...".
packages_for() {
	local package purposes marks purpose

	while read -r package purposes marks; do
		for purpose in "$@"; do
			if [[ $package != '#'* && ,$purposes, == *,$purpose,* ]]; then
				echo "$package $marks"
				break
			fi
		done
	done <"$root/scripts/packages.txt"
}

# is_here MARK: true if this machine has what the mark stands for; packages.txt says what marks are.
is_here() {
	local value=${1#*:} names=()

	case $1 in
	pc:*) pkg-config --exists "$value" ;;
	header:*) cc -E -x c - <<<"#include <$value>" ;;
	lib:*)
		IFS='|' read -ra names <<<"$value"
		find_library "${names[@]}"
		;;
	file:*) compgen -G "$value" ;;
	font:*) [ -n "$(fc-list ":lang=$value")" ] ;;
	python:*) python3 -c "import $value" ;;
	clang:*) [ -f "$(clang -print-file-name="$value")" ] ;;
	engine:pkcs11) find_engine ;;
	driver:libifdvpcd.so) private_find_driver "$(private_feature usbdropdir)" ;;
	*:*) false ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}

# name_of MARK: print it as people know it.
name_of() {
	case $1 in
	pc:*) echo "${1#*:}.pc" ;;
	font:* | python:* | engine:*) echo "$1" ;;
	*) echo "${1#*:}" ;;
	esac
}

# missing_for PURPOSE...: print what is not here, each as "NAME (Debian: PACKAGE)".
missing_for() {
	local package marks mark

	while read -r package marks; do
		for mark in $marks; do
			is_here "$mark" || echo "$(name_of "$mark") (Debian: $package)"
		done
	done < <(packages_for "$@")
}

# --- Debian's packages ---------------------------------------------------------------------------

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

need_root() {
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		failed "パッケージを入れるには root の権限か sudo が必要です。次を入れてください: $*" \
			"Installing packages needs root or sudo. Please install: $*"
	fi
}

# apt_get ARGUMENT...: without questions, and without starting services on systems without systemd.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get --quiet "$@" >>"$log" 2>&1
}

apt_updated=no
apt_update() {
	if [ "$apt_updated" = no ]; then
		apt_get update || failed 'パッケージの一覧を更新できません。' \
			'The list of packages cannot be updated (apt-get update).' "$log"
		apt_updated=yes
	fi
}

# is_installed PACKAGE MARK...: true if the package is, or another one that has all of its marks.
is_installed() {
	local package=$1 mark

	shift
	# shellcheck disable=SC2016 # dpkg-query's own words
	if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; then
		return
	fi
	for mark in "$@"; do
		is_here "$mark" || return
	done
}

# install_packages PURPOSE...
install_packages() {
	local missing=() package marks

	account_begin
	while read -r package marks; do
		# shellcheck disable=SC2086 # a list of marks
		is_installed "$package" $marks || missing+=("$package")
	done < <(packages_for "$@")
	if [ "${#missing[@]}" -eq 0 ]; then
		return
	fi
	need_root "${missing[@]}"
	say "パッケージを入れます: ${missing[*]}" 'Installing these packages with apt'
	apt_update
	if ! apt_get install --yes --no-install-recommends "${missing[@]}"; then
		account_end
		failed 'パッケージを入れられません。' 'The packages cannot be installed.' "$log"
	fi
	account_end
}

# install_quietly PURPOSE...: likewise, and no service of what comes is started, now or later. A subshell,
# so that its end is the end of the rule, whatever comes.
install_quietly() {
	(
		services_hold
		install_packages "$@"
	)
}

# install_newer: what this release of Debian may not have; the lists of apt are here by now, if they were needed.
install_newer() {
	local package

	while read -r package _; do
		! apt-cache show "$package" >/dev/null 2>&1 || install_quietly newer || exit
	done < <(packages_for newer)
}

# The virtual reader is unpacked into the build directory and not installed: installed, it would
# give this machine's own pcscd two readers more, and a port that is open to the network.
fetch_virtual_reader() {
	local package

	if is_here driver:libifdvpcd.so; then
		return
	fi
	say '仮想カードリーダーを取り寄せます(ビルド用ディレクトリーの中だけで使います)' \
		'Fetching the virtual reader (used inside the build directory only)'
	mkdir -p "$top_builddir/vpcd" || exit 1
	read -r package _ < <(packages_for reader)
	if ! apt-cache show "$package" >/dev/null 2>&1; then
		need_root "$package"
		apt_update
	fi
	if ! (cd "$top_builddir/vpcd" && apt-get --quiet download "$package" &&
		dpkg-deb --extract "$package"_*.deb .) >>"$log" 2>&1; then
		failed "仮想カードリーダー($package)を取り寄せられません。" \
			"The virtual reader (package $package) cannot be fetched." "$log"
	fi
}

# --- all of it -----------------------------------------------------------------------------------

# require PURPOSE...: end the script if something is missing, on Debian as elsewhere.
require() {
	local missing=() list

	mapfile -t missing < <(missing_for "$@")
	if [ "${#missing[@]}" -gt 0 ]; then
		list=$(printf ', %s' "${missing[@]}")
		failed "次のものがありません: ${list#, }" "These are missing: ${list#, }"
	fi
}

# prepare [PURPOSE...]: what building needs, and what is needed for these purposes besides.
prepare() {
	heading '準備' 'Preparation'
	case $root in
	*[[:space:]]*)
		failed "空白を含む場所では組み立てられません。別の場所に置いてください: $root" \
			'It cannot be built in a directory whose name has a blank in it.'
		;;
	esac
	if ! mkdir -p "$top_builddir" || ! : >"$log"; then
		failed "$top_builddir に書き込めません。" "$top_builddir cannot be written."
	fi
	if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
		account_open
		# The card's own service stays as Debian starts it: the module needs it.
		install_packages build
		[ $# -eq 0 ] || install_quietly "$@" || exit
		[ "${1-}" != test ] || install_newer
		fetch_virtual_reader
	fi
	require build reader "$@"
	if ! private_options >/dev/null; then
		failed '仮想カードのための隔離された環境を作れません。root で実行してみてください。' \
			"$(private_refused)"
	fi
	good '必要なものは揃っています' 'Everything needed is here'
}
