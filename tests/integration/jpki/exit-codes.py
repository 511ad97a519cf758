# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the exit codes in the help of commands with those in a manual page.

exit-codes.py PAGE CATALOGUE COMMAND=HELP...: PAGE is mdoc, CATALOGUE a .mo file with the texts of
the page's language, or "" for English, HELP a file with the English help of COMMAND. Prints what
stands in one of the two only; a sentence of the page without commands is for all that have it.
"""
import gettext
import re
import sys


def squeeze(text):
    """Without blanks, and the first letter small: a page has sentences."""
    text = re.sub(r"\s", "", text)
    return text[:1].lower() + text[1:]


def of_page(file):
    """Yield code, commands ("cert show" is one) and text of each sentence under EXIT STATUS."""
    with open(file, encoding="utf-8") as page:
        part = page.read().split(".Sh EXIT STATUS\n")[1].split("\n.El")[0]
    for item in part.split("\n.It ")[1:]:
        code, *lines = item.split("\n")
        commands, text = [], ""
        for line in lines:
            if line.startswith(".Cm "):
                commands = re.split(r"\s+[,、]\s+", line[4:].removesuffix(" :"))
            else:
                text += re.sub(r"^\.Fl -", " --", line).replace(" .", ".") + " "
            if re.search(r"[.。] ?$", text):
                yield int(code), commands, squeeze(text)[:-1]
                commands, text = [], ""


def of_help(file, translate):
    """Yield code, whether it is for "show" alone, and text of each entry of a help."""
    with open(file, encoding="utf-8") as help_text:
        part = help_text.read().split("\nExit codes:\n")[1]
    for code, text in re.findall(r"^ {1,2}(\d+)  (.*(?:\n {5}.*)*)", part, re.M):
        words = " ".join(text.split())
        yield int(code), words.startswith("show: "), squeeze(translate(words.removeprefix("show: ")))


page_file, catalogue, *helps = sys.argv[1:]
if catalogue:
    with open(catalogue, "rb") as texts:
        translation = gettext.GNUTranslations(texts).gettext
else:
    translation = str
page_entries = list(of_page(page_file))
used, seen = set(), 0
for command, help_file in (argument.split("=", 1) for argument in helps):
    for code, show_only, text in of_help(help_file, translation):
        name = f"{command} show" if show_only else command
        seen += 1
        found = [entry for entry in page_entries
                 if entry[0] == code and entry[2] == text
                 and (not entry[1] or name in entry[1])]
        if not found:
            print(f"only in the help of {name}: {code} {text}")
        used.update((code, tuple(entry[1]), text, name) for entry in found)
for code, commands, text in page_entries:
    names = {name for c, cs, t, name in used if (c, cs, t) == (code, tuple(commands), text)}
    if not names or set(commands) - names:
        print(f"only in the page: {code} {commands} {text}")
if seen < 40:
    print(f"too few entries: {seen}")
