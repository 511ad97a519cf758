#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command, and writes how much memory its largest process had, in KiB, to a file.

    measure.py FILE COMMAND...

FILE.seconds gets the time that it took, and the CPU time.
"""
import resource
import subprocess
import sys
import time

begun = time.monotonic()
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], 'w', encoding='ascii') as out:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_maxrss, file=out)
with open(sys.argv[1] + '.seconds', 'w', encoding='ascii') as out:
    print(f'{time.monotonic() - begun:.2f} s, {used.ru_utime + used.ru_stime:.2f} s of CPU time', file=out)
sys.exit(code)
