# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stand between the reader and a card: see between.sh.

    between.py PORT_OF_THE_CARD PORT_OF_THE_READER INSTRUCTION ACTION...
"""
import socket
import subprocess
import sys

near, far, wanted, action = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3], 16), sys.argv[4:]
server = socket.create_server(("127.0.0.1", near))
print("ready", flush=True)
card = server.accept()[0]
reader = socket.create_connection(("127.0.0.1", far))


def frame(peer):
    head = peer.recv(2, socket.MSG_WAITALL)
    if len(head) < 2:
        sys.exit()
    return head + peer.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)


while True:
    command = frame(reader)
    hit = len(command) > 7 and command[3] == wanted
    if hit and action != ["lose"]:
        subprocess.run(action)
    card.sendall(command)
    # Switching on and off, and a reset, have no answer.
    if len(command) == 3 and command[2] != 4:
        continue
    answer = frame(card)
    if hit and action == ["lose"]:
        sys.exit()
    reader.sendall(answer)
