#!/usr/bin/python3
"""Asks whoever holds the clipboard for its text, or for its picture as PNG, and writes that to a file:
`clipboard_read.py text|picture FILE`. Prints what it got, or `nothing`."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

kind, path = sys.argv[1:]
clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
if kind == "text":
    text = clipboard.wait_for_text()
    content = None if text is None else text.encode()
else:
    target = clipboard.wait_for_contents(Gdk.Atom.intern("image/png", False))
    content = None if target is None else target.get_data()
if not content:
    print("nothing", flush=True)
else:
    pathlib.Path(path).write_bytes(content)
    print(kind, flush=True)
