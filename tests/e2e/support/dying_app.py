#!/usr/bin/python3
"""Owns a name on the session bus as a Safelight that was killed does: nobody answers there.

Takes the name and a number. Prints `asked` for each call, and is gone with the last of that number; with
0 it stays.
"""
import os
import sys

import dbus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

name, number = sys.argv[1], int(sys.argv[2])
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
asked = 0


def hear(_connection, message):
    global asked
    if message.get_member() == "ExecuteCallback":
        asked += 1
        print("asked", flush=True)
        if asked == number:
            os._exit(0)
    # Without an object there the bus answers with an error.
    return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED


bus.add_message_filter(hear)
bus.request_name(name)
print("ready", flush=True)
GLib.MainLoop().run()
