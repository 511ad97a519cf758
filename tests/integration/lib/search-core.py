# SPDX-License-Identifier: LGPL-2.1-or-later
"""
search-core.py FILE...: counts in each file how often each of the secrets is there, one of which is
on each line of standard input, in any of the forms below: a text without blanks, or bytes, as "hex:"
and their digits. A line of output is the file's last part and the counts. A form that is a part of
another place already counted is not counted twice.
"""
import os
import sys

# What stands between two bytes that were written in hexadecimal.
SEPARATORS = ("", " ", ":", "-", ", ", " 0x", ", 0x", "\\x")


def written(data):
    """Bytes as a program may write them in hexadecimal."""
    digits = [f"{byte:02x}" for byte in data]
    for separator in SEPARATORS:
        yield separator.join(digits).encode()
        yield separator.join(digits).upper().replace("X", "x").encode()


def forms(secret):
    """A secret in all the ways in which it may have been left behind."""
    if secret.startswith("hex:"):
        data = bytes.fromhex(secret[4:])
        yield data
        yield from written(data)
        return
    for text in {secret, secret.lower(), secret.upper()}:
        plain = text.encode()
        yield plain
        yield plain[::-1]
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield text.encode("utf-32-le")
        yield from written(plain)


def places(data, secret):
    """Where it is, by the first byte."""
    found = set()
    # Many forms of digits alone are the same.
    for form in set(forms(secret)):
        at = data.find(form)
        while at >= 0:
            found.add(at)
            at = data.find(form, at + 1)
    return found


def main():
    """Nothing of what is searched for is in an argument: the list of processes shows those."""
    secrets = sys.stdin.read().split()
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            data = file.read()
        counts = [str(len(places(data, secret))) for secret in secrets]
        print(os.path.basename(name), *counts)
        if "SHOW" in os.environ:
            for secret in secrets:
                for at in sorted(places(data, secret)):
                    print("#", at, data[max(0, at - 32) : at + 48])


main()
