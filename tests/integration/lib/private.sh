# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# A private machine for one test or one demonstration: its own mounts, network and processes, its
# own pcscd with nothing but the virtual reader, its own home. When the script that asked for it
# ends, in whatever way, the kernel ends everything that it started, and nothing is left on disk.
# A pcscd of the real machine is neither used nor disturbed, and no real reader can be reached.
#
# Sourced by lib.sh and by quickstart. The caller sets, as absolute names:
#   top_builddir   where the virtual card was built
# JPKI_READER_DRIVER is the virtual reader's driver: vpcd (unless it is set), whose cards lose
# nothing without power, or power, which is as readers on USB (tests/reader/ifd-power.c). What is to
# fail there stands in the directory $private/reader; 0 is the first slot.
# JPKI_TEST_PACKAGES is a directory with the Debian packages, which tests of the extension install then in
# the place of what was built.
# JPKI_TEST_UNDER is a command that tests of the window start it with: valgrind with its options.
# JPKI_TEST_BRIEF has them walk each job once (window_again).
# and runs private_inside || private_enter LIMIT SCRIPT [ARGUMENT...], then private_setup.

PATH=$PATH:/usr/sbin:/sbin
export PATH

# The card is put in and out of this reader; the driver's second one is at the next port.
private_port=35963
# shellcheck disable=SC2034 # the tests use it
private_second_port=35964
# The driver adds " 00 00" or " 00 01". A test that wants another name sets this, and makes a
# configuration of it.
private_reader_name='Virtual Reader'

# True in the script that private_enter started, and never on the machine itself: being process 1
# of a mount namespace other than the one left behind cannot be had by setting a variable.
private_inside() {
	[ "$$" -eq 1 ] && [ -n "${JPKI_OUTER_MOUNTS-}" ] &&
		[ "$JPKI_OUTER_MOUNTS" != "$(readlink /proc/self/ns/mnt)" ]
}

# Prints the options of unshare(1) that this machine grants; false when it grants none. A fresh
# /proc is refused in some containers, and can be done without.
private_options() {
	for private_option in \
		'--mount --net --pid --fork --kill-child --mount-proc' \
		'--mount --net --pid --fork --kill-child' \
		'--map-root-user --mount --net --pid --fork --kill-child --mount-proc' \
		'--map-root-user --mount --net --pid --fork --kill-child'; do
		# shellcheck disable=SC2086 # a list of options
		if unshare $private_option sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up' \
			>/dev/null 2>&1; then
			echo "$private_option"
			return 0
		fi
	done
	return 1
}

# Says on standard output what to do where namespaces are refused.
private_refused() {
	for private_tool in unshare mount ip; do
		if ! command -v "$private_tool" >/dev/null; then
			echo "The command $private_tool is missing (Debian: util-linux, mount, iproute2)."
			return
		fi
	done
	echo 'This machine refuses the private namespaces that the virtual card runs in (unshare).'
	echo 'Run the command as root, or allow them to users:'
	echo '  Debian: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000'
	echo '  Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0'
	echo '  in a container: start the container with --privileged'
}

# private_enter LIMIT SCRIPT [ARGUMENT...]: runs the script again, in the private machine, for
# LIMIT seconds at most, with a clean environment. Returns, and then with 1, only when refused.
private_enter() {
	# What is built with a sanitizer takes its time.
	private_limit=$(($1 * ${JPKI_TEST_PATIENCE:-1}))
	shift
	private_granted=$(private_options) || return 1
	# Each of them ends with the one that started it, even when that is killed outright.
	# shellcheck disable=SC2086 # a list of options
	exec setpriv --pdeathsig KILL timeout --foreground --signal=KILL "$private_limit" \
		setpriv --pdeathsig KILL unshare $private_granted \
		env -i PATH="$PATH" LC_ALL=C.UTF-8 TERM="${TERM-dumb}" \
		top_builddir="${top_builddir:?}" \
		JPKI_VPCD_DRIVER="${JPKI_VPCD_DRIVER-}" \
		JPKI_READER_DRIVER="${JPKI_READER_DRIVER-vpcd}" \
		JPKI_TEST_MODULE="${JPKI_TEST_MODULE-}" \
		JPKI_TEST_PICTURES="${JPKI_TEST_PICTURES-}" \
		JPKI_TEST_PACKAGES="${JPKI_TEST_PACKAGES-}" \
		JPKI_TEST_UNDER="${JPKI_TEST_UNDER-}" \
		JPKI_TEST_BRIEF="${JPKI_TEST_BRIEF-}" \
		${ASAN_OPTIONS+ASAN_OPTIONS="$ASAN_OPTIONS"} \
		${UBSAN_OPTIONS+UBSAN_OPTIONS="$UBSAN_OPTIONS"} \
		${TSAN_OPTIONS+TSAN_OPTIONS="$TSAN_OPTIONS"} \
		JPKI_TEST_PATIENCE="${JPKI_TEST_PATIENCE-1}" \
		JPKI_OUTER_MOUNTS="$(readlink /proc/self/ns/mnt)" "$@"
}

# Prints the name of the virtual reader's driver.
private_find_driver() {
	if [ "${JPKI_READER_DRIVER-vpcd}" = power ]; then
		set -- "$top_builddir/tests/reader/.libs/ifd-power.so"
		[ -f "$1" ] && echo "$1"
		return
	fi
	for private_file in "${JPKI_VPCD_DRIVER-}" \
		"$top_builddir"/vpcd/usr/lib/pcsc/drivers/serial/libifdvpcd.so* \
		"$1"/serial/libifdvpcd.so* \
		/usr/lib/pcsc/drivers/serial/libifdvpcd.so* \
		/usr/lib*/pcsc/drivers/serial/libifdvpcd.so* \
		/usr/lib/*/pcsc/drivers/serial/libifdvpcd.so* \
		/usr/local/lib/pcsc/drivers/serial/libifdvpcd.so*; do
		if [ -f "$private_file" ]; then
			echo "$private_file"
			return 0
		fi
	done
	return 1
}

# find_library NAME...: prints the first that exists in the directories of libraries.
find_library() {
	for library in "$@"; do
		for library_file in \
			"$(pkg-config --variable=p11_module_path p11-kit-1)/$library" \
			/usr/lib/*/"$library" /usr/lib/"$library" /usr/lib64/"$library" \
			/usr/lib/*/pkcs11/"$library" /usr/lib/pkcs11/"$library" \
			/usr/lib64/pkcs11/"$library" /usr/local/lib/"$library"; do
			if [ -f "$library_file" ]; then
				echo "$library_file"
				return 0
			fi
		done
	done
	return 1
}

# find_engine: prints the file of OpenSSL's engine for PKCS#11.
find_engine() {
	engine_file=$(openssl version -e | sed -n 's/^ENGINESDIR: "\(.*\)"$/\1/p')/pkcs11.so
	[ -f "$engine_file" ] && echo "$engine_file"
}

# How many seconds anything is waited for, at least, before it counts as something that never happens.
private_patience=$((120 * ${JPKI_TEST_PATIENCE:-1}))

# Prints what pcscd says of itself: private_feature usbdropdir.
private_feature() {
	pcscd --version 2>/dev/null | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# private_lacks PROBLEM: notes why there is no private machine; returns 1.
private_lacks() {
	# shellcheck disable=SC2034 # the caller of private_setup reads it
	private_problem=$1
	return 1
}

# Makes the private machine: $private is its directory, in memory. Returns 1 when something is
# missing, and says so in $private_problem.
private_setup() {
	if ! command -v pcscd >/dev/null; then
		private_lacks 'pcscd is missing (Debian: pcscd).' || return
	fi
	# A service outside /run would be the real machine's own.
	private_ipc=$(private_feature ipcdir)
	case $private_ipc in
	/run/*) ;;
	/var/run/*) private_ipc=${private_ipc#/var} ;;
	*)
		private_lacks 'The socket of this pcscd is not under /run; the private machine cannot hide it.' ||
			return
		;;
	esac
	private_drop=$(private_feature usbdropdir)
	if ! private_driver=$(private_find_driver "$private_drop"); then
		private_lacks "The virtual reader's driver is missing: libifdvpcd.so (Debian: vsmartcard-vpcd), or ifd-power.so (make check TESTS=)." ||
			return
	fi

	private=/run/jpki
	if ! mount -t tmpfs -o mode=755 tmpfs /run ||
		! mkdir -p "$private_ipc" "$private/tmp" "$private/home" "$private/runtime" ||
		! chmod 700 "$private/home" "$private/runtime" ||
		! mkdir "$private/reader" || ! cp -L "$private_driver" "$private/driver.so"; then
		private_lacks 'The private machine cannot be made.' || return
	fi
	# Without drivers and without the bus, no real reader can be found.
	for private_hidden in "$private_drop" /usr/lib/pcsc/drivers /usr/lib64/pcsc/drivers \
		/dev/bus/usb; do
		if [ -n "$private_hidden" ] && [ -d "$private_hidden" ] &&
			! mount -t tmpfs tmpfs "$private_hidden"; then
			private_lacks "The directory $private_hidden cannot be hidden." || return
		fi
	done
	if ! ip link set lo up; then
		private_lacks 'The private network cannot be started.' || return
	fi
	# The virtual reader sends each message in two parts. With delayed acknowledgements every
	# exchange with the card would take forty milliseconds.
	ip route change local 127.0.0.1 dev lo table local quickack 1

	private_device=/dev/null
	[ "${JPKI_READER_DRIVER-vpcd}" = vpcd ] || private_device=$private/reader
	cat >"$private/reader.conf" <<-EOF
		FRIENDLYNAME "$private_reader_name"
		DEVICENAME   $private_device:0x8C7B
		LIBPATH      $private/driver.so
		CHANNELID    0x8C7B
	EOF
	: >"$private/no-reader.conf"

	# The machine's own configuration of the module is not the tests' business.
	if [ -f /etc/jpki-pkcs11.conf ] &&
		! mount --bind "$private/no-reader.conf" /etc/jpki-pkcs11.conf; then
		private_lacks 'The file /etc/jpki-pkcs11.conf cannot be hidden.' || return
	fi

	HOME=$private/home
	TMPDIR=$private/tmp
	XDG_RUNTIME_DIR=$private/runtime
	export HOME TMPDIR XDG_RUNTIME_DIR
}

# private_until SECONDS COMMAND...: repeats the command until it succeeds; false after the limit. SECONDS
# are enough on a machine that does nothing else. One that is busy gets more: the limit is there for
# what never happens, and nobody waits for it when all is well.
private_until() {
	private_tries=$(($1 > private_patience ? $1 * 20 : private_patience * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		private_tries=$((private_tries - 1))
		[ "$private_tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# private_pcscd_start CONFIGURATION: starts pcscd with the readers of this file.
private_pcscd_start() {
	# shellcheck disable=SC2046 # an option or none
	pcscd --foreground $(pcscd --help | sed -n 's/^ *\(--disable-polkit\).*/\1/p') \
		--config "$1" >>"$private/pcscd.log" 2>&1 3>&- 4>&- &
	private_pcscd=$!
	private_until 10 private_pcscd_came && test -S "$private_ipc/pcscd.comm"
}

# private_pcscd_came: it listens, or it has ended and never will.
# shellcheck disable=SC2317 # called through private_until
private_pcscd_came() {
	test -S "$private_ipc/pcscd.comm" || ! kill -0 "$private_pcscd"
}

private_pcscd_stop() {
	kill "$private_pcscd" 2>/dev/null
	wait "$private_pcscd" 2>/dev/null
	private_until 10 test ! -S "$private_ipc/pcscd.comm"
}

# private_await PORT present|absent|mute [SECONDS]: waits until pcscd itself says so.
private_await() {
	"$top_builddir/tests/integration/lib/await-card" "$(private_reader "$1")" "$2" \
		"${3-$private_patience}"
}

# private_reader PORT: the name of the reader that is reached by this port.
private_reader() {
	if [ "$1" -eq "$private_port" ]; then
		echo "$private_reader_name 00 00"
	else
		echo "$private_reader_name 00 01"
	fi
}

# private_insert DIRECTORY PORT LOG [ARGUMENT...]: puts the card in and waits until the reader
# has noticed; $private_card is the process that private_remove pulls. After a card was pulled in
# the middle of a command the virtual reader sometimes misses the next one: people put it in again.
private_insert() {
	private_card_dir=$1
	private_card_port=$2
	private_card_log=$3
	shift 3
	for private_attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
		"$top_builddir/tests/vcard/jpki-vcard" insert "$private_card_dir" \
			--port "$private_card_port" --log "$private_card_log" "$@" \
			>>"$private/vcard.out" 2>&1 3>&- 4>&- &
		private_card=$!
		if private_await "$private_card_port" present 10; then
			return 0
		fi
		echo "attempt $private_attempt: not noticed" >>"$private/vcard.out"
		private_remove "$private_card" "$private_card_port"
	done
	return 1
}

# private_remove PROCESS PORT: pulls the card.
private_remove() {
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	private_await "$2" absent
}
