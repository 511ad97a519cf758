# SPDX-License-Identifier: LGPL-2.1-or-later
"""Is a file manager from which files are dragged: a window that fills the left part of the screen.

Says "there" once it is shown, and "done" when what was dragged has been dropped or given up. The
arguments are the names of the files. The mouse is the test's.
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
loop = GLib.MainLoop()
window = Gtk.Window(title='Files', default_width=200, default_height=200, decorated=False)
source = Gtk.DragSource(content=content, actions=Gdk.DragAction.COPY)
source.connect('drag-end', lambda *_: (print('done', flush=True), loop.quit()))
window.add_controller(source)
window.connect('map', lambda *_: GLib.idle_add(lambda: print('there', flush=True)))
window.present()
loop.run()
