#!/usr/bin/python3
"""Asks whoever holds the clipboard for its text, for its picture as PNG, or for its files, and writes that to
a file: `clipboard_read.py text|picture|files FILE`. Files are JSON: the lines that a file manager of GNOME is
given, and the addresses of `text/uri-list`. Prints what it got, or `nothing`."""
import json
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
elif kind == "files":
    target = clipboard.wait_for_contents(Gdk.Atom.intern("x-special/gnome-copied-files", False))
    lines = [] if target is None else target.get_data().decode().split("\n")
    uris = clipboard.wait_for_uris() or []
    content = json.dumps({"lines": lines, "uris": uris}).encode()
else:
    target = clipboard.wait_for_contents(Gdk.Atom.intern("image/png", False))
    content = None if target is None else target.get_data()
if not content:
    print("nothing", flush=True)
else:
    pathlib.Path(path).write_bytes(content)
    print(kind, flush=True)
