#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Speaks with the native host as the extension does.

    ask-host.py HOST ARGUMENT... -- REQUEST...

Each request is a page's text; it is sent from https://myna.go.jp, or from the origin in ORIGIN, after
the one before is answered; with ADDED it is a site that the person has added. "about" is the question
of the extension itself. "raw:HEX" is sent as it is. Prints each answer of the page in a line, or what
is told to the extension, and at last "ended CODE". The reasons of errors, which are for the person, are
added to the file "reason". With UNTIL, the end comes when that file has something; with HOLD, when that
file is there.
"""
import json
import os
import struct
import subprocess
import sys
import time

at = sys.argv.index('--')
host = subprocess.Popen(sys.argv[1:at], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def answer():
    """The page's answer, or None at the end of the pipe."""
    head = host.stdout.read(4)
    if len(head) < 4:
        return None
    whole = json.loads(host.stdout.read(struct.unpack('<I', head)[0]))
    assert whole['version'] == 1, whole
    if 'answer' not in whole:
        return json.dumps(whole)
    # Another host's question is told from a refusal of the person's, and always with its reason.
    with open('busy', 'w', encoding='utf-8') as file:
        file.write(json.dumps(whole.get('busy')))
    if 'reason' in whole:
        with open('reason', 'a', encoding='utf-8') as file:
            file.write(whole['reason'] + '\n')
        # The page gets the code, and nothing of why.
        assert json.loads(whole['answer']).keys() <= {'mode', 'result', 'errcode'}, whole
    return whole['answer']


def send(request):
    """Send a page's request in a frame."""
    message = {'version': 1, 'origin': os.environ.get('ORIGIN', 'https://myna.go.jp'), 'request': request}
    if 'ADDED' in os.environ:
        message['added'] = True
    if request == 'about':
        message = {'version': 1, 'about': True}
    text = json.dumps(message).encode()
    host.stdin.write(struct.pack('<I', len(text)) + text)


def await_question():
    """Wait until the question is open."""
    for _ in range(1200):
        if os.path.getsize(os.environ['UNTIL']) > 0:
            return
        time.sleep(0.05)


try:
    for request in sys.argv[at + 1:]:
        if request.startswith('raw:'):
            host.stdin.write(bytes.fromhex(request[4:]))
        else:
            send(request)
        host.stdin.flush()
        if 'UNTIL' in os.environ:
            await_question()
            break
        said = answer()
        if said is None:
            break
        print(said, flush=True)
    while 'HOLD' in os.environ and not os.path.exists(os.environ['HOLD']):
        time.sleep(0.05)
    host.stdin.close()
except BrokenPipeError:
    pass
print('ended', host.wait(timeout=120))
