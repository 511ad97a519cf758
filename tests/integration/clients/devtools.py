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


class Chromium:
    def __init__(self, command):
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
        self.session = {}
        tabs = self.result(self.send("Target.getTargets"))["targetInfos"]
        tab = next(one["targetId"] for one in tabs if one["type"] == "page")
        self.session = {"sessionId": self.result(self.send(
            "Target.attachToTarget", targetId=tab, flatten=True))["sessionId"]}

    def send(self, method, **parameters):
        self.id += 1
        message = {"id": self.id, "method": method, "params": parameters, **self.session}
        os.write(self.write, json.dumps(message).encode() + b"\0")
        return self.id

    def result(self, number, limit=600):
        while True:
            while b"\0" not in self.rest:
                if not select.select([self.read], [], [], limit)[0]:
                    return {"errorText": "nothing comes", "result": {}}
                more = os.read(self.read, 65536)
                if not more:
                    raise SystemExit("Chromium has ended")
                self.rest += more
            message, self.rest = self.rest.split(b"\0", 1)
            message = json.loads(message)
            if message.get("id") == number:
                return message.get("result", message)

    def evaluate(self, expression):
        return self.result(self.send("Runtime.evaluate", expression=expression,
                                     awaitPromise=True))["result"].get("value")


def main(command):
    chromium = Chromium(command)
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
            chromium.evaluate("new Promise(ready => document.readyState == 'complete' ? ready() : "
                              "addEventListener('load', ready))")
        elif word == "text":
            with open(argument, "w", encoding="utf-8") as file:
                file.write(chromium.evaluate("document.documentElement.textContent"))
        elif word == "quit":
            chromium.process.terminate()
            chromium.process.wait(600)
            return
        print(answer, flush=True)


main(sys.argv[1:])
