# SPDX-License-Identifier: LGPL-2.1-or-later
"""Has a text on the clipboard of the screen until it is ended. Says "there" once it is; the argument is the text."""
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

Gtk.init()
Gdk.Display.get_default().get_clipboard().set_content(Gdk.ContentProvider.new_for_value(sys.argv[1]))
print('there', flush=True)
GLib.MainLoop().run()
