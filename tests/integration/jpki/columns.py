# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what of a terminal's text is wider than the terminal, or breaks badly.

columns.py WIDTH [--fills] < SCREEN: the screen is what a terminal was sent. With --fills it is an
error, too, if no line takes more than half the width.
"""
import re
import sys
import unicodedata

# JIS X 4051: these do not begin a line, and those do not end one.
NOT_FIRST = "、。，．・：；？！）」』】〕〉》ー々〜…ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
NOT_LAST = "（「『【〔〈《"


def columns(text):
    """How many columns a terminal takes for it."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text)


width = int(sys.argv[1])
widest = 0
screen = re.sub("\033\\[[0-9;]*[A-Za-z]", "", sys.stdin.read())
for line in re.split("[\r\n]+", screen):
    widest = max(widest, columns(line))
    text = line.strip(" ")
    if columns(line) > width:
        print(f"{columns(line)} columns: {line}")
    if text and text[0] in NOT_FIRST:
        print(f"begins badly: {line}")
    if text and text[-1] in NOT_LAST:
        print(f"ends badly: {line}")
if not screen.strip():
    print("nothing was shown")
if "--fills" in sys.argv and widest * 2 <= width:
    print(f"no line has more than {widest} columns")
