#!/usr/bin/python3
"""A small window that takes dropped files (XDND) and prints their URIs as one line of JSON."""
import json

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

window = Gtk.Window(title="drop target")
window.set_default_size(160, 120)
window.set_keep_above(True)
window.add(Gtk.Label(label="drop here"))
window.drag_dest_set(Gtk.DestDefaults.ALL, [], Gdk.DragAction.COPY)
window.drag_dest_add_uri_targets()
window.connect(
    "drag-data-received",
    lambda _w, _c, _x, _y, data, _i, _t: print(json.dumps(data.get_uris()), flush=True),
)
window.connect("map-event", lambda *_: print("ready", flush=True))
window.show_all()
window.move(1500, 900)
Gtk.main()
