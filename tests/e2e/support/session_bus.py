#!/usr/bin/python3
"""Plays the tray host, the notification daemon and the file manager on the session bus.

Prints one JSON line for each thing that happens; takes one command a line:
`menu`, `choose LABEL`, `click NOTIFICATION`.
"""
import json
import sys
import threading
import time

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
FILES = "org.freedesktop.FileManager1"
PROPERTIES = "org.freedesktop.DBus.Properties"
MENU = "com.canonical.dbusmenu"


def say(**what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


class Watcher(dbus.service.Object):
    def __init__(self):
        self.items = []
        self.name = dbus.service.BusName(WATCHER, bus)
        super().__init__(bus, "/StatusNotifierWatcher")

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, given, sender=None):
        item = (sender, str(given)) if given.startswith("/") else (str(given), "/StatusNotifierItem")
        self.items.append(item)
        self.StatusNotifierItemRegistered("".join(item))
        say(tray="registered")

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, _given):
        self.StatusNotifierHostRegistered()

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, item):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return {
            "RegisteredStatusNotifierItems": dbus.Array(["".join(i) for i in self.items], "s"),
            "IsStatusNotifierHostRegistered": True,
            "ProtocolVersion": dbus.Int32(0),
        }

    def menu(self):
        service, path = self.items[-1]
        item = dbus.Interface(bus.get_object(service, path), PROPERTIES)
        menu_path = str(item.Get("org.kde.StatusNotifierItem", "Menu"))
        return dbus.Interface(bus.get_object(service, menu_path), MENU)

    def entries(self):
        menu = self.menu()
        menu.AboutToShow(dbus.Int32(0))
        _, (_, _, children) = menu.GetLayout(dbus.Int32(0), dbus.Int32(-1), dbus.Array([], "s"))
        return [
            (int(child[0]), str(child[1].get("label", "")).replace("__", "\0").replace("_", "").replace("\0", "_"))
            for child in children
        ]


class Notifications(dbus.service.Object):
    def __init__(self):
        self.last = 0
        self.name = dbus.service.BusName(NOTIFICATIONS, bus)
        super().__init__(bus, "/org/freedesktop/Notifications")

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, _replaces, _icon, summary, body, actions, hints, _timeout):
        self.last += 1
        say(
            notification=self.last,
            app=str(app),
            summary=str(summary),
            body=str(body),
            actions=[str(action) for action in actions],
            picture=str(hints.get("image-path", "")),
        )
        return dbus.UInt32(self.last)

    @dbus.service.method(NOTIFICATIONS, in_signature="u")
    def CloseNotification(self, number):
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.method(NOTIFICATIONS, out_signature="as")
    def GetCapabilities(self):
        return ["actions", "body"]

    @dbus.service.method(NOTIFICATIONS, out_signature="ssss")
    def GetServerInformation(self):
        return ("test", "safelight", "1", "1.2")

    @dbus.service.signal(NOTIFICATIONS, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature="us")
    def ActionInvoked(self, number, action):
        pass


class Files(dbus.service.Object):
    def __init__(self):
        self.name = dbus.service.BusName(FILES, bus)
        super().__init__(bus, "/org/freedesktop/FileManager1")

    @dbus.service.method(FILES, in_signature="ass")
    def ShowItems(self, uris, _startup):
        say(shown=[str(uri) for uri in uris])


watcher = Watcher()
notifications = Notifications()
files = Files()


def choose(label):
    """Clicks the entry of this label. The menu is made anew while a job goes on: an entry that was
    listed a moment ago may have another number by now, or not be there just then, and is looked for
    again."""
    for _ in range(200):
        number = next((number for number, name in watcher.entries() if name == label), None)
        try:
            if number is not None:
                watcher.menu().Event(
                    dbus.Int32(number), "clicked", dbus.String("", variant_level=1), dbus.UInt32(0)
                )
                return
        except dbus.DBusException as error:
            if "does not refer to a menu item" not in str(error):
                raise
        time.sleep(0.05)
    raise LookupError(f"{label} never stays in the menu")


def obey(line):
    words = line.strip().split(" ", 1)
    try:
        if words[0] == "menu":
            say(menu=[label for _, label in watcher.entries()])
        elif words[0] == "choose":
            choose(words[1])
            say(chosen=words[1])
        elif words[0] == "click":
            notifications.ActionInvoked(dbus.UInt32(int(words[1])), "default")
            say(clicked=int(words[1]))
    except Exception as error:  # noqa: BLE001
        say(error=f"{type(error).__name__}: {error}")
    return False


def listen():
    for line in sys.stdin:
        GLib.idle_add(obey, line)


threading.Thread(target=listen, daemon=True).start()
say(listening=True)
GLib.MainLoop().run()
