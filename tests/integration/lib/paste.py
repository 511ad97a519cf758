# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what is on the clipboard of the screen, as any program gets it that is told to paste.

With the argument "marked": what is marked, which the middle mouse button pastes; nothing, if nothing is.
"""
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

Gtk.init()
loop = GLib.MainLoop()


def pasted(clipboard, result):
    try:
        print(clipboard.read_text_finish(result), end='')
    except GLib.Error as error:
        if 'marked' not in sys.argv:
            raise error
    loop.quit()


display = Gdk.Display.get_default()
place = display.get_primary_clipboard() if 'marked' in sys.argv else display.get_clipboard()
place.read_text_async(None, pasted)
loop.run()
