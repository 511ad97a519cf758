# SPDX-License-Identifier: LGPL-2.1-or-later
"""Looks for words in the memory of a process: own-pages.py PROCESS WORD...

Prints "ordinary" or "secret" for each place where a word is found: "secret" is memory that is left
out of core files (dd) and is zeroed in children (wf), as base/secret.h makes it; and last how many
bytes were looked at.
"""
import re
import sys

process, words = sys.argv[1], [word.encode() for word in sys.argv[2:]]
regions, looked_at = [], 0
with open(f"/proc/{process}/smaps", encoding="utf-8") as smaps:
    for line in smaps:
        head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)", line)
        if head:
            regions.append([int(head[1], 16), int(head[2], 16), head[3], head[4], ()])
        elif line.startswith("VmFlags:"):
            regions[-1][4] = line.split()[1:]
with open(f"/proc/{process}/mem", "rb") as memory:
    for start, end, rights, name, flags in regions:
        if not rights.startswith("rw"):
            continue
        memory.seek(start)
        content = memory.read(end - start)
        looked_at += len(content)
        kind = "secret" if "dd" in flags and "wf" in flags else f"ordinary {name}"
        for word in words:
            for _ in re.finditer(re.escape(word), content):
                print(kind)
print(looked_at, "bytes")
