#!/usr/bin/python3
"""Holds a file's text in the clipboard until it is ended."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
clipboard.set_text(pathlib.Path(sys.argv[1]).read_text(), -1)
print("ready", flush=True)
Gtk.main()
