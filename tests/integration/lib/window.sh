# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# jpki-window before a person: a screen of its own with a window manager, and a screen reader that
# presses its buttons (window.py); what is typed is typed with the keyboard. For tests that have
# sourced lib.sh.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"
# shellcheck source=locale.sh
. "$lib_dir/locale.sh"

window=$top_builddir/jpki-window
# What makes letters larger; empty: nothing does.
window_letters=

# window_need PACKAGE PROGRAM
window_need() {
	command -v "$2" >/dev/null || bail "$2 is missing (Debian: $1)"
}
window_need xvfb Xvfb
window_need openbox openbox
window_need xdotool xdotool
window_need imagemagick import
window_need xsettingsd xsettingsd
window_need dbus dbus-daemon
[ -x "$window" ] || bail "there is no $window: configure with --enable-window"

# The Python of the system has what Debian's packages bring.
for window_python in /usr/bin/python3 python3; do
	"$window_python" -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null && break
done
"$window_python" -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null ||
	bail 'AT-SPI for Python is missing (Debian: python3-gi, gir1.2-atspi-2.0)'

# window_screen: a screen, a session bus with the one for accessibility, and a window manager.
window_screen() {
	DISPLAY=:9
	DBUS_SESSION_BUS_ADDRESS=unix:path=$private/session-bus
	XDG_RUNTIME_DIR=$private/runtime
	export DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR
	# No graphics; no settings but its own.
	GDK_BACKEND=x11
	GSK_RENDERER=cairo
	GSETTINGS_BACKEND=memory
	export GDK_BACKEND GSK_RENDERER GSETTINGS_BACKEND
	Xvfb :9 -screen 0 1000x900x24 -nolisten tcp -nolisten unix -nolock -ac \
		>xvfb.log 2>&1 3>&- 4>&- &
	dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" \
		>bus.log 2>&1 3>&- 4>&- &
	private_until 10 xdotool mousemove 999 899 || bail "no screen: $(tail -n 5 xvfb.log)"
	private_until 10 test -S "$private/session-bus" || bail "no bus: $(tail -n 5 bus.log)"
	openbox >openbox.log 2>&1 3>&- 4>&- &
	mkfifo window.in window.out
	"$window_python" -B "$lib_dir/window.py" <window.in >window.out 2>window.log 3>&- 4>&- &
	exec 8>window.in 9<window.out
	artefacts=$top_builddir/artefacts
	[ -z "$JPKI_TEST_PICTURES" ] || artefacts=$JPKI_TEST_PICTURES
	mkdir -p "$artefacts"
}

# window_start [LOCALE]: the program; its own words go to program.log.
window_start() {
	# shellcheck disable=SC2086 # a command and its options
	LC_ALL=${1-C.UTF-8} GIO_EXTRA_MODULES=$top_builddir/tests/integration/window/.libs JPKI_TEST_CUT=$work/cut \
		${JPKI_TEST_UNDER-} "$window" >program.log 2>&1 3>&- 4>&- 8>&- 9>&- &
	window_process=$!
}

# window_end DESCRIPTION: asked to end, it ends, and in order.
window_end() {
	kill -TERM "$window_process"
	wait "$window_process"
	is "$1" $? 0
	is "$1, and has said nothing" "$(grep -v 'Vulkan\|vulkan\|libEGL\|MESA' program.log)" ''
	[ -z "$window_letters" ] || kill "$window_letters"
	window_letters=
}

# window_again: what follows walks again, mostly in another language, where the test has been. Whoever wants each job
# once (JPKI_TEST_BRIEF: tests/analysis/window, in which all takes very long) has seen enough.
window_again() {
	[ -n "${JPKI_TEST_BRIEF-}" ] || return 0
	tap_done
	exit 0
}

# window_ask COMMAND: leaves the answer in $reply.
window_ask() {
	printf '%s\n' "$1" >&8
	IFS= read -r reply <&9 || bail "the screen reader ended: $(tail -n 5 window.log)"
}

# window_does DESCRIPTION COMMAND: the command must be obeyed.
window_does() {
	[ "$tap_failed" -lt 3 ] || bail 'too much does not come'
	window_ask "$2"
	case $reply in
	ok*) ok "$1" ;;
	*)
		window_answer=$reply
		window_ask tree
		not_ok "$1" "$2: $window_answer" "$(tail -n 60 window.log)"
		;;
	esac
}

# window_does_not DESCRIPTION COMMAND
window_does_not() {
	window_ask "$2"
	case $reply in
	no*) ok "$1" ;;
	*) not_ok "$1" "$2: $reply" ;;
	esac
}

# window_type TEXT, window_key KEY...: with the keyboard, into what has the focus.
window_type() {
	xdotool type --delay 8 -- "$1"
}

window_key() {
	xdotool key --delay 20 -- "$@"
}

# window_reach NAME: with the keyboard alone to the button of this name, and press it.
window_reach() {
	window_does "with the keyboard: $1" "reach $1"
	window_key Return
}

# window_narrow TITLE: the window of this title is as narrow as a phone.
window_narrow() {
	xdotool search --onlyvisible --name "^$1\$" windowsize --sync 360 640
}

# window_large TITLE [LABEL]: from here on, until window_end, letters are twice as large, in the window of this title,
# which is as narrow as a phone; a label is in it, if no other one with its title.
window_large() {
	window_ask "height ${2-$1}"
	window_height=${reply#ok }
	printf 'Xft/DPI %s\n' $((192 * 1024)) >letters.conf
	xsettingsd -c letters.conf >letters.log 2>&1 3>&- 4>&- 8>&- 9>&- &
	window_letters=$!
	window_does 'letters twice as large' "tall $((window_height * 3 / 2)) ${2-$1}"
	window_narrow "$1"
}

# window_whole DESCRIPTION: nothing sticks out, and all texts are shown whole, as a module in the program says.
window_whole() {
	window_does "$1: nothing sticks out" fits
	rm -f cut
	kill -USR1 "$window_process"
	private_until 60 test -e cut || bail 'the module libcut.la does not answer'
	is "$1: nothing is cut" "$(cat cut)" ''
}

# window_fits DESCRIPTION: the same, and the window is no wider than a phone.
window_fits() {
	window_whole "$1"
	is "$1: it is as narrow as a phone" "$(xdotool getactivewindow getwindowgeometry --shell |
		sed -n 's/^WIDTH=//p')" 360
}

# window_picture NAME: of the screen; each control on it must have a name for screen readers.
window_picture() {
	import -window root "$artefacts/window-$1.png"
	window_does "on the picture $1 each control has a name" named
}

# window_modules: from here on the modules of this build are where the window looks for the installed ones.
window_modules() {
	window_modules=$(sed -n 's/^p11_module_path = //p' "$top_builddir/Makefile")
	if ! mkdir -p "$window_modules" || ! private_copy "$window_modules" ||
		! cp "$top_builddir"/.libs/jpki-pkcs11*.so "$window_modules"; then
		bail "the modules cannot be put into $window_modules"
	fi
}
