#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks the rules of the source tree, and says of each that is broken what breaks it.

    structure.py [--source DIRECTORY] [--build DIRECTORY] [--compiler FILE] [RULE...]

The rules, all of them unless some are named:
  circles       1  no circle among files, nor among the folders of src/app and src/tool
  downwards     2  no arrow upwards
  neighbours    3  subcommands do not use each other, nor do programs
  names         4  winscard.h, openssl/ and CK_ names only where they belong
  sizes         5  no file over 600 lines, no function over 60
  headers       5  each header compiles alone
  comments      6  each file opens with what it is for
  architecture  6  docs/ARCHITECTURE.md names every file of src/

The build directory (by default the current one) has the objects. The file has the compiler with
its flags; make writes it in tests/structure/compiler of the build directory.
Ends with 0 (all rules hold), 1 (some do not) or 2 (it can't be told).
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True  # the sources stay as they are; so before our own modules
import arrows
import files
from tree import Tree

RULES = {
    'circles': arrows.no_circles,
    'downwards': arrows.downwards_only,
    'neighbours': arrows.no_neighbours,
    'names': files.names_in_their_place,
    'sizes': files.sizes,
    'headers': None,  # needs the compiler
    'comments': files.opening_comments,
    'architecture': files.architecture,
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, usage=argparse.SUPPRESS,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument('--source', default=os.path.join(here, '..', '..'))
    parser.add_argument('--build', default='.')
    parser.add_argument('--compiler')
    parser.add_argument('rules', nargs='*')
    chosen = parser.parse_args()
    unknown = [rule for rule in chosen.rules if rule not in RULES]
    if unknown:
        parser.error(f'there is no rule {unknown[0]}; --help lists them')
    return chosen


def findings(tree, rule, compiler):
    if rule == 'headers':
        with open(compiler, encoding='utf-8') as stream:
            return files.headers_alone(tree, stream.read())
    return RULES[rule](tree)


def main():
    chosen = arguments()
    compiler = chosen.compiler or os.path.join(chosen.build, 'tests/structure/compiler')
    tree = Tree(os.path.abspath(chosen.source), os.path.abspath(chosen.build))
    broken = 0
    for rule in chosen.rules or RULES:
        for finding in findings(tree, rule, compiler):
            print(f'{rule}: {finding}')
            broken += 1
    for problem in tree.problems:
        print(problem)
    return 2 if tree.problems else 1 if broken else 0


if __name__ == '__main__':
    sys.exit(main())
