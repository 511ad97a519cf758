#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A native host for the tests of the extension: notes what it is sent, and answers as the test says.

It is started by a browser, in the directory that the environment names in JPKI_STUB. There it writes one
line into the file "log" for its start, each message and its end, and reads the file "answer": the text of
the answer, "hold" to wait until the browser goes away, or "die".
"""

import json
import os
import struct
import sys

DIRECTORY = os.environ["JPKI_STUB"]
ABOUT = {"version": 1, "about": {"host": "0", "dialogue": True, "readers": [
    {"name": "Virtual Reader 00 00", "card": "card", "pins": [{"name": "auth", "tries": 3}]}]}}


def note(what):
    with open(f"{DIRECTORY}/log", "a", encoding="utf-8") as file:
        file.write(what + "\n")


def receive():
    length = sys.stdin.buffer.read(4)
    if len(length) < 4:
        return None
    return json.loads(sys.stdin.buffer.read(struct.unpack("<I", length)[0]))


def send(message):
    text = json.dumps(message).encode()
    sys.stdout.buffer.write(struct.pack("<I", len(text)) + text)
    sys.stdout.buffer.flush()


def main():
    note("start " + " ".join(sys.argv[1:]))
    while (message := receive()) is not None:
        note("message " + json.dumps(message, sort_keys=True))
        with open(f"{DIRECTORY}/answer", encoding="utf-8") as file:
            answer = file.read()
        if answer == "die":
            break
        if message.get("about"):
            send(ABOUT)
        elif answer != "hold":
            refused = '"result":"1"' in answer
            send({"version": 1, "answer": answer, **({"reason": "why not"} if refused else {})})
    note("end")


main()
