# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# matrix.sh: tries what is committed in each Debian, and prints a table of what became of it.
#
# Sourced by quickstart after package.sh, and uses the same variables and systems. Each cell has a minimal
# system of its own, so that what the lists of packages lack is missing there. Results of earlier calls stay
# in $top_builddir/matrix/results until their cell is tried again.

: "${root:?}" "${top_builddir:?}" "${log:?}"

matrix_systems=(12 12-security 13 unstable)
matrix_steps=(gcc clang quickstart quickstart-user test test-user package)

# within TEXT WORD...: true if the text is one of the words.
within() {
	local text=$1 word

	shift
	for word in "$@"; do
		[ "$text" != "$word" ] || return 0
	done
	return 1
}

# matrix_base SYSTEM: make its minimal system, unless there is one from an earlier call.
matrix_base() {
	# shellcheck disable=SC2034 # make_system and what it calls use both
	local name release=${1%-security} without_security=no

	# shellcheck disable=SC2034 # likewise
	[ "$1" != 12 ] || without_security=yes
	# shellcheck disable=SC2034 # likewise
	name=$(codename "$release") || return
	[ ! -e "$place/base.made" ] || return 0
	as_root rm -rf "$place/base"
	# make_system ends this script if it fails, but here the next cell is to be tried.
	(make_system "$place/base") || return
	: >"$place/base.made"
}

# in_trial WHO COMMAND: in the sources, as root or as a user who may call sudo.
in_trial() {
	local as=()

	if [ "$1" = user ]; then
		inside "$trial" sh -ec 'apt-get --quiet --yes install sudo
			useradd --create-home builder
			echo "builder ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/builder
			chown -R builder: /jpki' || return
		as=(setpriv --reuid=builder --regid=builder --init-groups env HOME=/home/builder)
	fi
	inside "$trial" "${as[@]}" sh -ec "cd /jpki && $2"
}

# build_with COMPILER: what needs the packages of the list alone, and no more: modules, programs, unit tests.
build_with() {
	local packages=()

	mapfile -t packages < <(packages_for build | sed 's/ .*//')
	inside "$trial" apt-get --quiet --yes --no-install-recommends install "$1" git "${packages[@]}" &&
		in_trial root "./bootstrap && mkdir build && cd build && ../configure CC=$1 &&
			make -s -j$(nproc) all && make -s -j$(nproc) check-unit"
}

# matrix_step SYSTEM STEP: try it in $trial.
matrix_step() {
	case $2 in
	gcc | clang) build_with "$2" ;;
	quickstart) in_trial root ./quickstart ;;
	quickstart-user) in_trial user ./quickstart ;;
	test) in_trial root './quickstart test' ;;
	test-user) in_trial user './quickstart test' ;;
	package) "$root/quickstart" package "${1%-security}" ;;
	esac
}

# reason FILE: print in a line why a cell is not green.
reason() {
	{
		grep -aE '^(FAIL|ERROR|XPASS|not ok|Bail out)|error: |✗|^E: ' "$1" || tail -n 1 "$1"
	} | head -n 1 | tr -d '\033\t' | cut -c 1-100
}

# matrix_cell SYSTEM STEP: try a cell, and write its line into the results.
matrix_cell() {
	local place=$top_builddir/matrix/$1 said=$top_builddir/matrix/$1-$2.log trial verdict=ok tried

	tried=$(git -C "$root" rev-parse --short HEAD)
	trial=$place/$2
	mkdir -p "$place" || exit
	: >"$said"
	as_root rm -rf "$trial"
	if [ "$2" = package ]; then
		matrix_step "$1" "$2" >>"$said" 2>&1 || verdict=$(reason "$said")
	elif ! matrix_base "$1" >>"$said" 2>&1 || ! as_root cp -a "$place/base" "$trial" ||
		! as_root git clone --quiet --no-hardlinks "$root" "$trial/jpki"; then
		verdict="there is no such system: $(reason "$said")"
	else
		matrix_step "$1" "$2" >>"$said" 2>&1 || verdict=$(reason "$said")
	fi
	as_root rm -rf "$trial"
	sed -i "/^$1\t$2\t/d" "$results"
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$tried" "$verdict" >>"$results"
	echo "  $1 $2: $verdict"
}

# matrix_table: "ok" with the commit, "no" with a number for its reason below, "-" for what was not tried.
matrix_table() {
	awk -F '\t' -v systems="${matrix_systems[*]}" -v steps="${matrix_steps[*]}" '
		{ commit[$1, $2] = $3; verdict[$1, $2] = $4 }
		END {
			rows = split(systems, row, " "); columns = split(steps, name, " ")
			printf "\n%-12s", "Debian"
			for (c = 1; c <= columns; c++) printf " %-15s", name[c]
			print ""
			for (r = 1; r <= rows; r++) {
				printf "%-12s", row[r]
				for (c = 1; c <= columns; c++) {
					cell = "-"
					if ((row[r], name[c]) in verdict) {
						cell = "ok " commit[row[r], name[c]]
						if (verdict[row[r], name[c]] != "ok") {
							why[++whys] = verdict[row[r], name[c]]
							cell = "no [" whys "]"
						}
					}
					printf " %-15s", cell
				}
				print ""
			}
			for (i = 1; i <= whys; i++) printf "[%d] %s\n", i, why[i]
			exit whys > 0
		}' "$results"
}

# matrix [SYSTEM [STEP...]]: all cells, those of a system, or some of these.
matrix() {
	local results=$top_builddir/matrix/results system step wanted=("${@:2}")

	need_root debootstrap
	mkdir -p "$top_builddir/matrix" && touch "$results" || exit
	for system in "${matrix_systems[@]}"; do
		for step in "${matrix_steps[@]}"; do
			if [ "${1-$system}" = "$system" ] && within "$step" "${wanted[@]-$step}"; then
				matrix_cell "$system" "$step"
			fi
		done
	done
	for system in "${matrix_systems[@]}"; do
		as_root rm -rf "${top_builddir:?}/matrix/$system"
	done
	matrix_table
}
