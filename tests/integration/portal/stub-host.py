#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A native host for the tests of the extension: notes what it is sent, and answers as the test says.

It is started by a browser, in the directory that the environment names in JPKI_STUB. There it writes one
line into the file "log" for its start, each message and its end: "end" if it was told to, else "cut". It reads the
file "answer": the text of the answer, "hold" to wait until it is told to end, "wait" to wait until there is another
answer as well, "stay" to go on when it was told to end, "busy" to say that another question is open, or "die".
"""

import json
import os
import select
import struct
import sys

DIRECTORY = os.environ["JPKI_STUB"]
END = {"version": 1, "request": '{"mode":"05"}'}
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


def answer_now():
    with open(f"{DIRECTORY}/answer", encoding="utf-8") as file:
        return file.read()


def main():
    note("start " + " ".join(sys.argv[1:]))
    while (message := receive()) is not None:
        if message == END and answer_now() != "stay":
            break
        note("message " + json.dumps(message, sort_keys=True))
        while (answer := answer_now()) == "wait" and not select.select([sys.stdin], [], [], 0.1)[0]:
            pass
        if answer == "die":
            break
        if message.get("about"):
            send(ABOUT)
        elif answer == "busy":
            send({"version": 1, "answer": '{"mode":"01","result":"1","errcode":"EW044-C300"}', "reason": "why not",
                  "busy": True})
        elif answer not in ("hold", "wait", "stay"):
            refused = '"result":"1"' in answer
            send({"version": 1, "answer": answer, **({"reason": "why not"} if refused else {})})
    note("end" if message else "cut")


main()
