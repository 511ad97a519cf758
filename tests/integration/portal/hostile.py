#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Give the native host what no browser sends, or less than one sends: hostile.py HOST

Each time it must end by itself with the code 0, and say nothing but the portal's error, so often as it is
told here. Prints what was otherwise; the exit code is 1 then.
"""
import json
import struct
import subprocess
import sys

HOST = sys.argv[1]
FIREFOX = ["/nowhere/jpki.json", "portal@jpki-pkcs11"]
CHROMIUM = "chrome-extension://fcljickjnclfgijbniiijknplcmfbpml/"
PORTAL = "https://myna.go.jp"
BLOCK = "MDEwDQYJYIZIAWUDBAIBBQAEILp4Fr+PAc/qQUFA3l2uIiOwA2Gjlhd6nLQQ/2HyABWt"
MIB = 1 << 20
ERROR = {"result": "1", "errcode": "EW044-C300"}
tried = 0
problems = []


def frame(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<I", len(data)) + data


def message(request, **changed):
    """A message of the extension, with some members changed; None leaves one out."""
    whole = {"version": 1, "origin": PORTAL, "request": request, **changed}
    return json.dumps({key: value for key, value in whole.items() if value is not None})


def answers(data):
    """The messages in what the host has written."""
    found = []
    while data:
        length = struct.unpack("<I", data[:4])[0]
        found.append(json.loads(data[4:4 + length]))
        data = data[4 + length:]
    return found


def try_it(name, data, modes, arguments=None, code=0):
    """Send this and end the pipe. modes are those of the errors that it answers; None: of no mode."""
    global tried
    tried += 1
    try:
        done = subprocess.run([HOST, *(FIREFOX if arguments is None else arguments)], input=data, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        said = answers(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, struct.error, BrokenPipeError) as error:
        problems.append(f"{name}: {error}")
        return
    if done.returncode != code:
        problems.append(f"{name}: ended with {done.returncode}: {done.stderr[-2000:].decode(errors='replace')}")
    seen = []
    for one in said:
        page = json.loads(one.get("answer", "{}"))
        seen.append(page.get("mode"))
        # The reason is for the person; a page gets none.
        if not {"version", "answer"} <= set(one) <= {"version", "answer", "reason"} or \
                {key: page.get(key) for key in ERROR} != ERROR or not set(page) <= {"mode", "result", "errcode"}:
            problems.append(f"{name}: said {one}")
    if seen != modes:
        problems.append(f"{name}: answered {seen}, not {modes}")


def starts():
    """Only our extension gets an answer."""
    one = frame(message('{"mode":"03","service_id":"01"}'))
    for name, arguments in {
            "no argument": [], "one that is none": [""], "our id alone": [FIREFOX[1]],
            "another of Firefox": [FIREFOX[0], "other@elsewhere"],
            "ours first": [FIREFOX[1], FIREFOX[0]],
            "ours and another": [*FIREFOX, "other@elsewhere"],
            "a longer one": [FIREFOX[0], FIREFOX[1] + "x"], "a shorter one": [FIREFOX[0], FIREFOX[1][:-1]],
            "in capitals": [FIREFOX[0], FIREFOX[1].upper()],
            "another of Chromium": ["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"],
            "without its slash": [CHROMIUM[:-1]], "with a path": [CHROMIUM + "x"],
            "two of Chromium": [CHROMIUM, "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"],
            "a web page": [PORTAL + "/"]}.items():
        try_it(f"start: {name}", one, [], arguments, 2)
    try_it("start: Firefox", one, ["03"])
    try_it("start: Chromium", one, ["03"], [CHROMIUM])


def ends():
    """The end of the pipe at each place of one frame and of the second of two."""
    one = frame(message('{"mode":"03"}'))
    for before, modes in ((b"", []), (one, ["03"])):
        for at in range(len(one) + 1):
            more = [] if at == 0 else ["03"] if at == len(one) else [None]
            try_it(f"the end after {len(before)}+{at}", before + one[:at], modes + more)
    try_it("five frames", 5 * one, 5 * ["03"])
    try_it("nothing after mode 05 counts", frame(message('{"mode":"05"}')) + one, [])
    try_it("nothing after a broken one counts", struct.pack("<I", MIB + 1) + one, [None])


def lengths():
    try_it("no length", struct.pack("<I", 0), [None])
    for length in (MIB + 1, 2 * MIB, 1 << 24, 1 << 31, (1 << 32) - 1):
        try_it(f"a length of {length}", struct.pack("<I", length), [None])
        try_it(f"a length of {length}, with text", struct.pack("<I", length) + b"{}", [None])
    try_it("a MiB of blanks", frame(b" " * MIB), [None])
    for byte in b'[{"0\0\xff\\':
        try_it(f"a MiB of {byte}", frame(bytes([byte]) * MIB), [None])
    # The four bytes in the other order.
    text = message('{"mode":"03"}').encode()
    try_it("a big endian length", struct.pack(">I", len(text)) + text, [None])


def messages():
    """None of them is one of our extension."""
    good = '{"mode":"01","service_id":"01","digest":"%s"}' % BLOCK
    for name, text in {
            "an array": "[]", "a number": "1", "a word": '"x"', "null": "null", "two": "{}{}",
            "an empty one": "{}", "not UTF-8": b'{"version":1,"origin":"\xff"}', "a NUL": b'{"version":1}\0',
            "half a surrogate": '{"version":1,"origin":"\\ud800"}', "a big number": '{"version":1e999}',
            "a bigger one": '{"version":18446744073709551617}', "a real": message(good, version=1.5),
            "1.0": message(good, version=1.0), "true": message(good, version=True),
            "a text": message(good, version="1"), "no version": message(good, version=None),
            "version 2": message(good, version=2), "no request": message(None),
            "a request that is an object": message({"mode": "03"}),
            "a request that is a number": message(3),
            "a version twice": '{"version":1,' + message(good)[1:],
            "about, but not true": '{"version":1,"about":1}',
            "about of another version": '{"version":2,"about":true}',
            "too deep": '{"version":1,"x":[[[[1]]]]}',
            "a request with a NUL": message("\0"), "a request that is empty": message(""),
            "an origin with a NUL": message(good, origin=PORTAL + "\0.example"),
            "a request that is an array": message("[" + good + "]"),
            "a request too deep": message('{"mode":"03","x":[[[[1]]]]}'),
            "a request of brackets": message("[" * 100000),
            "a mode twice": message('{"mode":"03","mode":"03"}'),
            "a mode of one digit": message('{"mode":"1","service_id":"01"}'),
            "a mode of letters": message('{"mode":"xx","service_id":"01"}'),
            "a mode that is a number": message('{"mode":1,"service_id":"01"}'),
            "a mode of three": message('{"mode":"011","service_id":"01"}')}.items():
        try_it(f"a message: {name}", frame(text), [None])


def requests():
    """Each has a mode, and nothing that the card could do."""
    full = {"mode": "01", "service_id": "01", "digest": BLOCK}
    for name, changed in {
            "no service": {"service_id": None}, "another service": {"service_id": "02"},
            "a service that is a number": {"service_id": 1}, "no digest": {"digest": None},
            "a digest that is a number": {"digest": 1}, "an object": {"digest": {"0": BLOCK}},
            "an array": {"digest": [BLOCK]}, "an empty one": {"digest": ""},
            "base64 without padding": {"digest": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
            "base64 with blanks": {"digest": BLOCK + " "}, "with a line's end": {"digest": BLOCK + "\n"},
            "with a line's end inside": {"digest": BLOCK[:64] + "\n" + BLOCK[64:]},
            "with other letters": {"digest": BLOCK.replace("/", "_")},
            "one byte more": {"digest": BLOCK + "AA=="}, "three more": {"digest": BLOCK + "AAAA"},
            "three fewer": {"digest": BLOCK[:-4]}, "two blocks in one": {"digest": BLOCK * 2},
            "a long one": {"digest": "A" * 200000},
            "another algorithm": {"digest": BLOCK.replace("BAIBBQ", "BAIEBQ")},
            "a sequence that is longer": {"digest": "MDIw" + BLOCK[4:]},
            "a block of signatures": {"digest": "AAH" + "/" * 337},
            "32 bytes": {"digest": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
            "SHA-1": {"digest": "MCEwCQYFKw4DAhoFAAQUAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}.items():
        text = json.dumps({key: value for key, value in {**full, **changed}.items() if value is not None})
        try_it(f"a log-in: {name}", frame(message(text)), ["01"])
    for name, digest in {"none": [], "101": [BLOCK] * 101, "one is none": [BLOCK, None],
                         "the last is short": [BLOCK] * 99 + [BLOCK[:-4]], "arrays": [[BLOCK]],
                         "10000": ["AAAA"] * 10000}.items():
        text = json.dumps({"mode": "02", "service_id": "01", "digest": digest})
        try_it(f"signatures: {name}", frame(message(text)), ["02"])
    for mode in ("00", "03", "06", "10", "15", "99"):
        try_it(f"mode {mode}", frame(message(json.dumps({**full, "mode": mode}))), [mode])


def origins():
    good = '{"mode":"04","service_id":"01"}'
    for origin in (None, "", 1, [PORTAL], "null", "http://myna.go.jp", "https://myna.go.jp/",
                   "https://myna.go.jp:8443", "https://MYNA.go.jp", "https://myna.go.jp.", "https://xmyna.go.jp",
                   "https://myna.go.jp.example", "https://myna.go.jp\n",
                   "https://a@myna.go.jp", "https://go.jp", "https://www.go.jp", "https://\u3042.jp",
                   "https://uketsuke.e-tax.nta.go.jp", "https://" + "a" * 300 + ".jp", "file://", "about:blank"):
        try_it(f"the origin {origin!r}", frame(message(good, origin=origin)), ["04"])
        # Not even when the person is said to have added what is no https origin.
        if not str(origin).startswith("https://") or str(origin)[-1:] in "/\n":
            try_it(f"the origin {origin!r}, added", frame(message(good, origin=origin, added=True)), ["04"])
    for added in (1, "true", [True], False):
        try_it(f"added: {added!r}", frame(message(good, origin="https://example.jp", added=added)), ["04"])


for part in (starts, ends, lengths, messages, requests, origins):
    part()
for problem in problems:
    print(problem)
print(f"{tried} tried, {len(problems)} problems")
sys.exit(1 if problems else 0)
