# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stand between the reader and a card: see between.sh.

    between.py PORT_OF_THE_CARD PORT_OF_THE_READER INSTRUCTION ACTION...
"""
import socket
import subprocess
import sys

near, far, action = int(sys.argv[1]), int(sys.argv[2]), sys.argv[4:]
wanted, _, later = sys.argv[3].partition("+")
wanted, _, count = wanted.partition("*")
seen = None  # how many commands came after the first with the instruction
left = int(count or 1)  # how many with the instruction are still to come
server = socket.create_server(("127.0.0.1", near))
print("ready", flush=True)
card = server.accept()[0]
reader = socket.create_connection(("127.0.0.1", far))


def frame(peer):
    head = peer.recv(2, socket.MSG_WAITALL)
    if len(head) < 2:
        sys.exit()
    return head + peer.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)


def is_hit(command):
    """Return whether it is one with the instruction, from the wanted one on, or the one that comes
    so much later."""
    global seen, left
    if len(command) <= 3:
        return False
    is_one = len(command) > 7 and command[3] == int(wanted, 16)
    if is_one and left > 1:
        left -= 1
        return False
    if seen is not None:
        seen += 1
    elif is_one:
        seen = 0
    return is_one if later == "" else seen == int(later)


while True:
    command = frame(reader)
    hit = is_hit(command)
    if hit and action[0] not in ("lose", "exchange"):
        subprocess.run(action)
    card.sendall(command)
    # Switching on and off, and a reset, have no answer.
    if len(command) == 3 and command[2] != 4:
        continue
    answer = frame(card)
    if hit and action == ["lose"]:
        sys.exit()
    if hit and action[0] == "exchange":
        subprocess.run(["pkill", "-STOP", "-x", action[1]])
    reader.sendall(answer)
    if hit and action[0] == "exchange":
        reader.close()
        subprocess.run(action[2:])
        subprocess.run(["pkill", "-CONT", "-x", action[1]])
        sys.exit()
