"""Just enough of a headless Chromium to run scripts in a page, over its DevTools protocol."""

import base64
import json
import re
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import websocket

# Only a broken browser or page reaches it.
PATIENCE = 120


class Browser:
    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1600,1000",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            f"--user-data-dir={self.folder.name}",
            "about:blank",
        ]
        self.process = subprocess.Popen(
            [program, *arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        port = None
        for line in self.process.stderr:
            found = re.search(r"DevTools listening on ws://[^:]+:(\d+)/", line)
            if found:
                port = int(found[1])
                break
        # Else the browser stops once it has said more than a pipe holds.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        if port is None:
            raise RuntimeError(f"{program} did not open its debugging port")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            [page] = [target for target in json.load(answer) if target["type"] == "page"]
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=PATIENCE)
        self.number = 0

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def run(self, script):
        """The value of a script, which may wait."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", details).get("description", details))
        return answer["result"].get("value")

    def open(self, url, before=""):
        """Opens a page; `before` runs in it before its own scripts do."""
        self.call("Page.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        self.call("Page.navigate", url=url)

    def until(self, what, script):
        deadline = time.monotonic() + PATIENCE
        while not self.run(script):
            if time.monotonic() > deadline:
                raise RuntimeError(f"never: {what}")
            time.sleep(0.2)

    def picture(self, path):
        answer = self.call("Page.captureScreenshot")
        Path(path).write_bytes(base64.b64decode(answer["data"]))

    def close(self):
        self.socket.close()
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.folder.cleanup()
