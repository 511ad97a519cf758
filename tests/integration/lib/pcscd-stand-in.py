# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stands in for pcscd at a socket, with one fault that the real one has only by chance.

pcscd-stand-in.py SOCKET FAULT
  closes    lets in, and closes at once, as polkit's refusal does
  full      the same, with as many connections open as pcscd lets in
  silent    lets in, and never answers
  queued    lets nobody in any more
  version   says to a client that its protocol is another one
  memory    has no memory for a context
  broken    has a fault of its own when a context is wanted
  leak      is no service, but a program that uses up all connections of the one there
Says "ready" and stays until it is killed.
"""
import ctypes
import socket
import struct
import sys
import threading
import time

CMD_ESTABLISH_CONTEXT = 0x01
CMD_VERSION = 0x11
# What is answered to each: SCARD_E_SERVICE_STOPPED, SCARD_E_NO_MEMORY, SCARD_F_INTERNAL_ERROR.
ANSWERS = {
    "version": {CMD_VERSION: 0x8010001E},
    "memory": {CMD_ESTABLISH_CONTEXT: 0x80100006},
    "broken": {CMD_ESTABLISH_CONTEXT: 0x80100001},
}
# PCSCLITE_MAX_APPLICATIONS_CONTEXTS
CLIENTS_MAX = 200


def ready():
    print("ready", flush=True)
    while True:
        time.sleep(3600)


def leak():
    """Take contexts until there are no more, and give none back."""
    pcsc = ctypes.CDLL("libpcsclite.so.1")
    context = ctypes.c_long()
    for _ in range(2 * CLIENTS_MAX):
        if pcsc.SCardEstablishContext(ctypes.c_ulong(2), None, None, ctypes.byref(context)) != 0:
            ready()


def take(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def answer(connection, codes):
    """Both messages are of three numbers, of which the last is the code."""
    try:
        while True:
            size, command = struct.unpack("=II", take(connection, 8))
            first, second, _ = struct.unpack("=III", take(connection, size)[:12])
            connection.sendall(struct.pack("=III", first, second, codes.get(command, 0)))
    except (EOFError, OSError, struct.error):
        connection.close()


def serve(listener, fault, kept):
    while True:
        connection, _ = listener.accept()
        if fault in ANSWERS:
            threading.Thread(target=answer, args=(connection, ANSWERS[fault]), daemon=True).start()
        elif fault == "silent" or len(kept) < (CLIENTS_MAX if fault == "full" else 0):
            kept.append(connection)
        else:
            connection.close()


def main(path, fault):
    if fault == "leak":
        leak()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(0 if fault == "queued" else 300)
    clients, kept = [], []
    if fault == "queued":
        while True:
            client = socket.socket(socket.AF_UNIX)
            client.setblocking(False)
            try:
                client.connect(path)
            except BlockingIOError:
                ready()
            clients.append(client)
    threading.Thread(target=serve, args=(listener, fault, kept), daemon=True).start()
    while fault == "full" and len(kept) < CLIENTS_MAX:
        clients.append(socket.socket(socket.AF_UNIX))
        clients[-1].connect(path)
        while len(kept) < len(clients):
            time.sleep(0.01)
    ready()


main(*sys.argv[1:])
