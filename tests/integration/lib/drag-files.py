# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drags files over the screen with the mouse, as from a file manager, and drops them at X Y.

Ends with 0 once they were taken. The arguments are X, Y, and the names of the files.
"""
import os
import subprocess
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402

TITLE = 'files to be dragged'
# Where this program's window is, and what is pressed in it.
LEFT, TOP = 760, 640
WIDTH, HEIGHT = 200, 200
STEP_MS = 50
# A press that comes before the window is there is lost, and a drag that is noticed only after its button was released
# leads nowhere: after so many steps without what they should lead to, the mouse begins again.
PRESS_STEPS = 20
DRAG_STEPS = 200


def mouse(*command):
    """Have the mouse do that."""
    subprocess.run(['xdotool', *map(str, command)], check=True)


class Dragging:
    """One drag: each step of the mouse waits for what the one before has led to."""

    def __init__(self, x, y, names):
        self.place = (x, y)
        uris = ''.join(GLib.filename_to_uri(os.path.abspath(name)) + '\r\n' for name in names)
        self.content = Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new(uris.encode()))
        self.drag = None
        self.steps = 0
        self.taken = False

    def activate(self, program):
        window = Gtk.ApplicationWindow(application=program, title=TITLE, default_width=WIDTH,
                                       default_height=HEIGHT)
        source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
        source.connect('prepare', lambda *_: self.content)
        source.connect('drag-begin', self.begun)
        window.add_controller(source)
        window.present()
        GLib.timeout_add(STEP_MS, self.step, program)

    def begun(self, _, drag):
        self.drag = drag
        self.steps = 1
        drag.connect('dnd-finished', self.finished)
        drag.connect('cancel', self.broken_off)

    def broken_off(self, *_):
        self.drag = None
        self.steps = 0

    def finished(self, _):
        self.taken = True

    def step(self, program):
        """Go on with the mouse. A drag is noticed when it moves, and so is what is below it."""
        if self.taken:
            program.quit()
            return False
        self.steps += 1
        shake = self.steps % 2 * 12
        if self.steps == 1:
            mouse('search', '--sync', '--onlyvisible', '--name', TITLE, 'windowmove', LEFT, TOP)
        if self.drag is None and self.steps % PRESS_STEPS == 1:
            mouse('mouseup', 1, 'mousemove', LEFT + WIDTH // 2, TOP + HEIGHT // 2, 'mousedown', 1)
        elif self.drag is None:
            mouse('mousemove', LEFT + WIDTH // 2 + shake, TOP + HEIGHT // 2 + shake)
        elif self.steps % DRAG_STEPS == 0:
            # That ends the drag, which is broken off.
            mouse('mouseup', 1)
        elif self.drag.get_selected_action() != Gdk.DragAction.COPY:
            mouse('mousemove', self.place[0] + shake, self.place[1] + shake)
        else:
            mouse('mouseup', 1)
            # Who takes it says so.
            return not self.taken
        return True


def main():
    dragging = Dragging(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    program = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
    program.connect('activate', dragging.activate)
    program.run([])
    sys.exit(0 if dragging.taken else 'it was not taken')


if __name__ == '__main__':
    main()
