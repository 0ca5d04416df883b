#!/usr/bin/python3
"""Holds a picture, or a file's text, in the clipboard until it is ended."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gtk  # noqa: E402

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
path = pathlib.Path(sys.argv[1])
if path.suffix == ".png":
    clipboard.set_image(GdkPixbuf.Pixbuf.new_from_file(str(path)))
else:
    clipboard.set_text(path.read_text(), -1)
print("ready", flush=True)
Gtk.main()
