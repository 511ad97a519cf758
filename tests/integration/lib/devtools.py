#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts a Chromium and obeys lines on its standard input, with one line of answer for each:

visit URL      begins a visit in the tab and says "visiting": questions may be open in front of it
loaded [N]     waits for the visit's end, for ten minutes or N seconds; says "ok", what the error was, or
               "nothing comes"
text FILE      writes the text of the page into the file and says "ok"
quit           ends Chromium, which puts its things in order

devtools.py COMMAND...: Chromium's messages are JSON, each ended by a zero byte, on its descriptors 3
and 4, which is what --remote-debugging-pipe makes it use.
"""

import json
import os
import select
import subprocess
import sys

LOADED = ("new Promise(ready => document.readyState == 'complete' ? ready() : "
          "addEventListener('load', ready))")


class DevTools:
    """A Chromium, and the tab that is spoken to. Its end is an OSError."""

    def __init__(self, command, limit=600):
        self.limit = limit
        read, self.write = os.pipe()
        self.read, write = os.pipe()

        def descriptors():
            # First away from the two numbers, which may be in use.
            pair = [os.dup(read), os.dup(write)]
            while min(pair) < 5:
                pair = [os.dup(one) for one in pair]
            os.dup2(pair[0], 3)
            os.dup2(pair[1], 4)

        self.process = subprocess.Popen(command + ["--remote-debugging-pipe"], close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=sys.stderr,
                                        preexec_fn=descriptors)
        os.close(read)
        os.close(write)
        self.rest = b""
        self.id = 0
        self.session = None
        self.attach(next(one["targetId"] for one in self.ask("Target.getTargets")["targetInfos"]
                         if one["type"] == "page"))

    def attach(self, target):
        """Speak to this tab from now on."""
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method, **parameters):
        """To the browser for targets and extensions, else to the tab; the number of the message."""
        self.id += 1
        message = {"id": self.id, "method": method, "params": parameters}
        if method.partition(".")[0] not in ("Browser", "Extensions", "Target"):
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        return self.id

    def result(self, number, limit=None):
        """The answer to that message; a message of ours if nothing comes within the limit."""
        while True:
            while b"\0" not in self.rest:
                if not select.select([self.read], [], [], limit or self.limit)[0]:
                    return {"errorText": "nothing comes", "result": {}}
                more = os.read(self.read, 65536)
                if not more:
                    raise OSError("Chromium has ended")
                self.rest += more
            message, self.rest = self.rest.split(b"\0", 1)
            message = json.loads(message)
            if message.get("id") == number:
                return message.get("result", message)

    def ask(self, method, **parameters):
        return self.result(self.send(method, **parameters))

    def js(self, expression):
        """What the page's expression comes to."""
        return self.ask("Runtime.evaluate", expression=f"({expression})", returnByValue=True,
                        awaitPromise=True)["result"].get("value")

    def quit(self):
        self.process.terminate()
        self.process.wait(self.limit)


def main(*command):
    chromium = DevTools(list(command))
    visit = None
    print("ready", flush=True)
    for line in sys.stdin:
        word, _, argument = line.strip().partition(" ")
        answer = "ok"
        if word == "visit":
            visit = chromium.send("Page.navigate", url=argument)
            answer = "visiting"
        elif word == "loaded":
            answer = chromium.result(visit, int(argument or 600)).get("errorText", "ok")
        if word == "loaded" and answer != "nothing comes":
            chromium.js(LOADED)
        elif word == "text":
            with open(argument, "w", encoding="utf-8") as file:
                file.write(chromium.js("document.documentElement.textContent"))
        elif word == "quit":
            chromium.quit()
            return
        print(answer, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
