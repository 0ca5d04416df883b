#!/usr/bin/python3
"""A small window from which files and links named on the command line can be dragged (XDND)."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

uris = [
    given if "://" in given else pathlib.Path(given).resolve().as_uri() for given in sys.argv[1:]
]
window = Gtk.Window(title="drag source")
window.set_default_size(120, 60)
window.set_keep_above(True)
box = Gtk.EventBox()
box.add(Gtk.Label(label="drag me"))
window.add(box)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris(uris))
box.connect("drag-begin", lambda *_: print("begin", flush=True))
box.connect("drag-end", lambda *_: print("end", flush=True))
window.connect("map-event", lambda *_: print("ready", flush=True))
window.show_all()
window.move(1540, 960)
Gtk.main()
