# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# installed.sh: keeps account of what quickstart installs, and lets no service among it start.
#
# Sourced by quickstart after prepare.sh, and uses the same variables. The file $installed names what was
# installed in this run and in earlier ones, one package a line.

: "${log:?}"
installed=${top_builddir:?}/installed-packages
policy=/usr/sbin/policy-rc.d

# installed_now: print the packages that this machine has, sorted.
installed_now() {
	# shellcheck disable=SC2016 # dpkg-query's own words
	dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^installed //p' | sort
}

# From here on, what comes is noted, and told at the end of the script.
account_open() {
	installed_earlier=$(cat "$installed" 2>/dev/null)
	trap account_tell EXIT
}

account_begin() {
	installed_before=$(installed_now)
}

# installed_new: print those that have come since account_begin.
installed_new() {
	comm -13 <(printf '%s\n' "$installed_before") <(installed_now)
}

# Note what has come, also when not all of it could be installed.
account_end() {
	installed_new >>"$installed"
	sort -u -o "$installed" "$installed"
}

# Tell what was installed and how to take it away, if this run has installed something.
account_tell() {
	if [ "$(cat "$installed" 2>/dev/null)" = "$installed_earlier" ]; then
		return
	fi
	heading 'インストールしたパッケージ' 'Installed packages'
	tr '\n' ' ' <"$installed" | fold -s -w 90 | sed 's/^/  /; s/ *$//'
	cat <<-EOF

		  まとめて削除する / To remove them all:
		    sudo apt-get purge \$(cat ${installed#"${root:?}/"})
	EOF
}

# --- services ------------------------------------------------------------------------------------

# Forbid packages to start what they bring. A rule that is there is the machine's own.
services_hold() {
	trap services_release EXIT
	if [ ! -e "$policy" ]; then
		as_root sh -c "cat >$policy && chmod 755 $policy" <<-'EOF'
			#!/bin/sh
			# Of jpki-pkcs11's quickstart, while it installs what its tests need.
			case " $* " in *" start "*) exit 101 ;; esac
		EOF
	fi
}

# Take from what has come since account_begin the start at the next boot and the next log-in, and lift the
# rule. systemd's own packages are left alone: in a container they may come, too, and no system starts
# without their units.
services_release() {
	local packages=() unit

	mapfile -t packages < <(installed_new | grep -v '^systemd')
	if [ "${#packages[@]}" -gt 0 ] && command -v systemctl >/dev/null; then
		while IFS= read -r unit; do
			case $unit in
			*/systemd/system/*) as_root systemctl disable "${unit##*/}" ;;
			*) as_root systemctl --global disable "${unit##*/}" ;;
			esac
		done < <(dpkg-query -L "${packages[@]}" |
			grep -E '/systemd/(system|user)/[^/@]+\.(path|service|socket|timer)$') >>"$log" 2>&1
	fi
	if grep -qs '^# Of jpki-pkcs11' "$policy"; then
		as_root rm "$policy"
	fi
}
