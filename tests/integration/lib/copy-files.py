# SPDX-License-Identifier: LGPL-2.1-or-later
"""Has files on the clipboard of the screen, as a file manager copies them, until it is ended: also their names, as text.

Says "there" once they are. The arguments are the names of the files.
"""
import os
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

Gtk.init()
names = [os.path.abspath(name) for name in sys.argv[1:]]
uris = ''.join(GLib.filename_to_uri(name) + '\r\n' for name in names)
content = [Gdk.ContentProvider.new_for_bytes(kind, GLib.Bytes.new(text.encode())) for kind, text in
           (('text/uri-list', uris), ('text/plain;charset=utf-8', '\n'.join(names)))]
Gdk.Display.get_default().get_clipboard().set_content(Gdk.ContentProvider.new_union(content))
print('there', flush=True)
GLib.MainLoop().run()
