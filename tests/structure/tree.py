# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree as the rules see it: the files of src/ and include/, and the arrows among them.

An arrow goes from a file to one that it needs: one that it includes, or one that defines a symbol
which its object uses. A .c with its .h is one part, named by their common stem: src/token/pin.
"""
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property

COMMENT_OR_STRING = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)


def blank(text):
    """The same number of characters and lines with nothing on them."""
    return re.sub(r'[^\n]', ' ', text)


class File:
    """A source or a header, by its path from the root of the tree."""

    def __init__(self, root, path):
        self.path = path
        self.part = os.path.splitext(path)[0]
        self.full = os.path.join(root, path)
        with open(self.full, encoding='utf-8') as stream:
            self.text = stream.read()

    @cached_property
    def code(self):
        """The text without comments and strings."""
        return COMMENT_OR_STRING.sub(lambda m: blank(m[0]), self.text)

    @cached_property
    def bare(self):
        """The text without directives, either."""
        return DIRECTIVE.sub(lambda m: blank(m[0]), self.code)

    @cached_property
    def includes(self):
        """(name, line) of each include."""
        uncommented = COMMENT_OR_STRING.sub(
            lambda m: blank(m[0]) if m[0].startswith('/') else m[0], self.text)
        return [(m[1], self.line(m.start(1))) for m in INCLUDE.finditer(uncommented)]

    def line(self, position):
        return self.text.count('\n', 0, position) + 1

    def where(self, word):
        """PATH:LINE of the first use of a word; without a line if a macro makes the word."""
        found = re.search(r'\b%s\b' % re.escape(word), self.code)
        return f'{self.path}:{self.line(found.start())}' if found else self.path


class Use:
    """A symbol of one file in another. The words that say so take long to find, and few are wanted."""

    def __init__(self, user, symbol, owner):
        self.user, self.symbol, self.owner = user, symbol, owner

    def __str__(self):
        return f'{self.user.where(self.symbol)} uses {self.symbol} of {self.owner.path}'


@dataclass(frozen=True)
class Arrow:
    """One part needs another; why, as a text, names file, line and include or symbol."""
    source: str
    target: str
    why: object


class Tree:
    """What is read of the sources below root and of the objects that make put below build."""

    def __init__(self, root, build):
        self.root = root
        self.build = build
        self.files = {path: File(root, path) for path in find(root, ('src', 'include'), '.c', '.h')}
        self.problems = []  # objects that are missing
        self._arrows = None

    @property
    def arrows(self):
        """All arrows between two parts."""
        if self._arrows is None:
            both = self._include_arrows() + self._symbol_arrows()
            self._arrows = [arrow for arrow in both if arrow.source != arrow.target]
        return self._arrows

    def _include_arrows(self):
        arrows = []
        for file in self.files.values():
            for name, line in file.includes:
                target = self._included(file, name)
                if target:
                    arrows.append(Arrow(file.part, target.part,
                                        f'{file.path}:{line} includes "{name}"'))
        return arrows

    def _included(self, file, name):
        """The file of ours that an include means, or None."""
        for folder in (os.path.dirname(file.path), 'src', 'include'):
            path = os.path.normpath(os.path.join(folder, name))
            if path in self.files:
                return self.files[path]
        return None

    def _symbol_arrows(self):
        objects = self._objects()
        defined, used = {}, {}
        for name, symbol, kind in symbols(self.build, list(objects)):
            owner = objects[name]
            if kind in 'Uwv':
                used.setdefault((owner, symbol))
            elif kind.isupper():
                defined.setdefault(symbol, {})[owner] = None
        return [Arrow(self.files[user].part, self.files[owner].part,
                      Use(self.files[user], symbol, self.files[owner]))
                for user, symbol in used for owner in defined.get(symbol, ())]

    def _objects(self):
        """Object -> source. make names the object of src/a/b.c src/a/[.libs/][PREFIX-]b.o.

        An object without a source, or older than it, is left from an earlier build and tells nothing.
        """
        objects = {}
        for path in find(self.build, ('src',), '.o'):
            folder, name = os.path.split(path.replace('/.libs/', '/'))
            source = f'{folder}/{name[:-len(".o")].split("-")[-1]}.c'
            if source in self.files and self._is_current(path, source):
                objects[path] = source
        for path in sorted(set(self.files) - set(objects.values())):
            if path.endswith('.c'):
                self.problems.append(f'{path} has no object, or an old one: run make first')
        return objects

    def _is_current(self, path, source):
        made = os.stat(os.path.join(self.build, path)).st_mtime_ns
        return made >= os.stat(self.files[source].full).st_mtime_ns


def find(root, folders, *endings):
    """Paths from root of the files with such an ending in these folders, in order."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(os.path.join(root, folder)):
            found += [os.path.relpath(os.path.join(place, name), root)
                      for name in names if name.endswith(endings)]
    return sorted(found)


def symbols(build, objects):
    """(object, symbol, kind) of each global symbol, as nm has it; none for no objects."""
    if not objects:
        return
    listed = subprocess.run(['nm', '-A', '-g', '-P', *objects], cwd=build, check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    for line in listed.splitlines():
        name, symbol, kind = line.split()[:3]
        yield name.rstrip(':'), symbol, kind
