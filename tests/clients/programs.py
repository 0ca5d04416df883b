"""Programs that run beside a test, what is waited for, and what they answer."""

import os
import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

# Only a broken program reaches it.
PATIENCE = 60


def until(what, look, patience=PATIENCE):
    """Waits until `look` finds something."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what}")
        time.sleep(0.05)


def fetch(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read()


class Programs:
    """Run until they are stopped; their output goes into files of a folder."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.running = []

    def start(self, program, *arguments):
        """Starts a program; it, and the file with its output."""
        output = self.folder / f"{Path(program).name}.{len(self.running)}.out"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [program, *arguments], env=self.environment, stdout=file, stderr=subprocess.STDOUT
            )
        self.running.append(process)
        return process, output

    def stop(self):
        """Ends them, the last one first: it may need those before it."""
        while self.running:
            process = self.running.pop()
            process.terminate()
            process.wait(PATIENCE)

    def said(self, pattern, program, *arguments):
        """Starts a program, and waits for a line of its output; what the pattern found in it."""
        process, output = self.start(program, *arguments)
        line = re.compile(f"^{pattern}\n", re.MULTILINE)

        def found():
            ended = process.poll() is not None
            match = line.search(output.read_text())
            if ended and not match:
                raise AssertionError(f"{program} ended:\n{output.read_text()}")
            return match and match[1]

        return until(f"{program} says {pattern}", found)

    def at_free_port(self, program, arguments):
        """Starts a program whose arguments follow from a port, which it is to listen at; the port."""

        def attempt():
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            process, output = self.start(program, *arguments(port))

            def listens():
                if process.poll() is not None:
                    return "ended"
                with socket.socket() as line:
                    return line.connect_ex(("127.0.0.1", port)) == 0 and "listens"

            if until(f"{output} is up", listens) == "ended":
                # Another program may have taken the port meanwhile.
                print(output.read_text())
                return None
            return port

        return until(f"{program} listens", attempt)

    def practice(self, *arguments):
        """Starts a practice engine; its address."""
        data = str(self.folder / "practice")
        program = os.environ["PRACTICE"]
        return self.said("listening on (.+)", program, "--port", "0", "--data", data, *arguments)
