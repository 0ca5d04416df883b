"""Just enough of WebDriver (https://www.w3.org/TR/webdriver2) to run scripts in a page of WebKitGTK,
which is installed for Safelight itself: its driver, and the small browser that comes with it.
"""

import base64
import http.client
import json
from pathlib import Path

from programs import until

# Only a broken browser or page reaches it.
PATIENCE = 120

# Where Debian and Ubuntu, Fedora, and Arch have it.
PLACES = ["lib/*/webkit2gtk-4.1", "libexec/webkit2gtk-4.1", "lib/webkit2gtk-4.1"]

# What is run takes the place of %s: it may wait, and has the arguments of the function around it.
SCRIPT = """
const done = arguments[arguments.length - 1];
(async () => {
  %s
})().then((value) => done({ value }), (error) => done({ error: `${error}\\n${error?.stack}` }));
"""


def mini_browser():
    found = [path for place in PLACES for path in Path("/usr").glob(f"{place}/MiniBrowser")]
    if not found:
        raise RuntimeError("there is no MiniBrowser of WebKitGTK 4.1 (libwebkit2gtk-4.1-0 has it)")
    return str(found[0])


class Browser:
    """One window, on a display that nobody else uses."""

    def __init__(self, programs):
        screen = ["-screen", "0", "1680x1050x24", "-nolisten", "tcp"]
        display = programs.said(r"(\d+)", "Xvfb", "-displayfd", "1", *screen)
        programs.environment |= {
            "DISPLAY": f":{display}",
            "GDK_BACKEND": "x11",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
            # Else one is started for it, and stays.
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        self.port = programs.at_free_port("WebKitWebDriver", lambda port: [f"--port={port}"])
        self.session = ""
        wanted = {
            "webkitgtk:browserOptions": {"binary": mini_browser(), "args": ["--automation"]},
            "timeouts": {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000},
        }
        started = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{started['sessionId']}"
        self.call("POST", "/window/rect", {"x": 0, "y": 0, "width": 1600, "height": 1000})

    def call(self, method, path, body=None):
        # The driver answers scripts when these end, or when their time is over.
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE + 10)
        try:
            sent = None if body is None else json.dumps(body)
            line.request(method, self.session + path, sent, {"Content-Type": "application/json"})
            answer = line.getresponse()
            value = json.load(answer)["value"]
        finally:
            line.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {value['error']}: {value['message']}")
        return value

    def run(self, script, *arguments):
        """What the body of a function returns, which may wait."""
        body = {"script": SCRIPT % script, "args": arguments}
        answer = self.call("POST", "/execute/async", body)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def until(self, what, expression):
        until(what, lambda: self.run(f"return {expression};"), PATIENCE)

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        self.call("DELETE", "")
