# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# A program's windows as a screen reader has them, through AT-SPI; needs a session bus.

# accessible_call OBJECT METHOD [ARGUMENT...]: OBJECT is "destination path".
accessible_call() {
	accessible_object=$1
	shift
	gdbus call --address "$accessible_bus" --dest "${accessible_object% *}" \
		--object-path "${accessible_object#* }" --method "$@"
}

# accessible_children OBJECT: prints one object on a line.
accessible_children() {
	accessible_call "$1" org.a11y.atspi.Accessible.GetChildren |
		grep -o "('[^']*', [^']*'[^']*')" | sed "s/^('\([^']*\)', [^']*'\([^']*\)')/\1 \2/"
}

accessible_name() {
	accessible_call "$1" org.freedesktop.DBus.Properties.Get org.a11y.atspi.Accessible Name |
		sed "s/^(<['\"]//; s/['\"]>,)\$//"
}

# accessible_below OBJECT: prints the names of all that is in it.
accessible_below() {
	accessible_name "$1"
	accessible_children "$1" | while IFS= read -r accessible_child; do
		accessible_below "$accessible_child"
	done
}

# accessible_find DEPTH NAME: reads objects, and prints what is in the first with this name, among them
# and so far below them.
accessible_find() {
	while IFS= read -r accessible_candidate; do
		if [ "$(accessible_name "$accessible_candidate")" = "$2" ]; then
			accessible_below "$accessible_candidate"
		elif [ "$1" -gt 0 ]; then
			accessible_children "$accessible_candidate" | (accessible_find $(($1 - 1)) "$2")
		fi
	done
}

# accessible_dialog NAME: prints all that can be read in the dialog of this name, of any program.
accessible_dialog() {
	accessible_bus=$(gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
		--method org.a11y.Bus.GetAddress | sed "s/^('//; s/',)\$//")
	accessible_children 'org.a11y.atspi.Registry /org/a11y/atspi/accessible/root' |
		accessible_find 4 "$1" 2>/dev/null
}
