# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what is on the clipboard of the screen, as any program gets it that is told to paste."""
import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

Gtk.init()
loop = GLib.MainLoop()


def pasted(clipboard, result):
    print(clipboard.read_text_finish(result), end='')
    loop.quit()


Gdk.Display.get_default().get_clipboard().read_text_async(None, pasted)
loop.run()
