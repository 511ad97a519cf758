# SPDX-License-Identifier: LGPL-2.1-or-later
"""Has files on the clipboard of the screen, as a file manager copies them, until it is ended.

Says "there" once they are. The arguments are the names of the files.
"""
import os
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

Gtk.init()
uris = ''.join(GLib.filename_to_uri(os.path.abspath(name)) + '\r\n' for name in sys.argv[1:])
content = Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new(uris.encode()))
Gdk.Display.get_default().get_clipboard().set_content(content)
print('there', flush=True)
GLib.MainLoop().run()
