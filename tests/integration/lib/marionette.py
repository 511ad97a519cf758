#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Speaks to a Firefox that was started with --marionette.

marionette.py PORT chrome FILE [ARGUMENT...]   runs a script in the browser's own window, with the
                                               arguments, and prints what it returns
marionette.py PORT text                        prints the text of the page in the tab
marionette.py PORT quit                        ends Firefox as its menu does

Messages are JSON behind their length: [0, id, command, parameters] and [1, id, error, result].
"""

import json
import socket
import sys


class Marionette:
    """A session. What Firefox refuses is a RuntimeError, its end an OSError."""

    def __init__(self, port, limit=600):
        self.file = socket.create_connection(("127.0.0.1", port), limit).makefile("rwb")
        self.id = 0
        self.receive()
        self.send("WebDriver:NewSession", {"capabilities": {}})

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.file.read(1)
            if not byte:
                raise OSError("Firefox has closed the connection")
            length += byte
        return json.loads(self.file.read(int(length[:-1])))

    def send(self, command, parameters):
        self.id += 1
        message = json.dumps([0, self.id, command, parameters]).encode()
        self.file.write(b"%d:%b" % (len(message), message))
        self.file.flush()
        error, result = self.receive()[2:]
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def script(self, context, text, arguments=()):
        self.send("Marionette:SetContext", {"value": context})
        return self.send("WebDriver:ExecuteScript", {"script": text, "args": list(arguments)})["value"]

    def js(self, expression):
        """What the page's expression comes to."""
        return self.script("content", f"return {expression}")


def main(port, what, *arguments):
    firefox = Marionette(int(port))
    if what == "chrome":
        with open(arguments[0], encoding="utf-8") as file:
            result = firefox.script("chrome", file.read(), arguments[1:])
        print(result if isinstance(result, str) else json.dumps(result, ensure_ascii=False))
    elif what == "text":
        print(firefox.js("document.documentElement.textContent"))
    elif what == "quit":
        firefox.send("Marionette:Quit", {"flags": ["eAttemptQuit"]})
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (RuntimeError, OSError) as error:
        raise SystemExit(f"marionette.py: {error}") from error
