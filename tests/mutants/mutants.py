#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Break one line of the sources at a time, and see whether the tests near it notice.

    tests/mutants/mutants.py [--jobs N] [--check] [NAME...]

Each NAME is a list beside this file ("token"), or a part of a source's path ("src/token/pin.c");
without any, every mutant is tried. --check only finds out whether the lists fit the sources.

A list has one paragraph for each mutant: the promise that it breaks, the file (and the function,
if the line stands in it more than once), the line before and after, and the tests near it:

    A value that the card has refused is not sent twice.
    src/token/pin.c in jpki_pin_store_may_send
    - if (jpki_pin_store_was_refused(store))
    + if (false)
    tests/unit/test_pin tests/unit/test_token_login

The tests run in copies of the tree in build/mutants, one for each job. The score of all mutants is
written to docs/mutants.md; the exit code is 1 if it is below what is promised there.
"""
import argparse
import collections
import filecmp
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PLACE = os.path.join(ROOT, "build", "mutants")
KEYS = os.path.join(PLACE, "keys")
PAGE = os.path.join(ROOT, "docs", "mutants.md")
FLOOR = 95
FEWEST = 150
# No test near a mutant takes as long as this on a loaded machine. One that takes so many times as long
# as without a mutant, and longer than some seconds, hangs.
LIMIT_S = 900
PATIENCE = 10
PATIENCE_S = 30

Mutant = collections.namedtuple("Mutant", "where promise file function before after tests")

HEAD = f"""# Which faults the tests notice

`./quickstart mutants` writes this page. It breaks one line of the sources at a time, builds, and runs the tests
near that line: the lists in `tests/mutants/` name for each line the promise that is broken and the tests that
must fail. At least {FLOOR} % must be noticed.
"""


def fail(text):
    sys.exit(f"mutants: {text}")


def parse_paragraph(where, lines):
    """Return the mutant that a paragraph describes."""
    before = [line[2:].strip() for line in lines if line.startswith("- ")]
    after = [line[2:].strip() for line in lines if line.startswith("+ ")]
    removed = "+" in lines
    plain = [line for line in lines if not line.startswith(("- ", "+ ")) and line != "+"]
    place = re.fullmatch(r"(src/\S+)(?: in (\w+))?", plain[1]) if len(plain) > 2 else None
    if place is None or len(before) != 1 or len(after) + removed != 1:
        fail(f"{where}: not a promise, a file, a line before and after, and tests")
    tests = " ".join(plain[2:]).split()
    for test in tests:
        source = os.path.join(ROOT, test)
        if not os.path.exists(source) and not os.path.exists(source + ".c"):
            fail(f"{where}: there is no test {test}")
    return Mutant(where, plain[0], place[1], place[2], before[0], "".join(after), tuple(tests))


def read_list(path):
    """Return the mutants of one list."""
    mutants, lines, first = [], [], 0
    name = os.path.relpath(path, ROOT)
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n") + [""], 1):
            if line.startswith("#"):
                continue
            if line.strip():
                first = first if lines else number
                lines.append(line.rstrip())
            elif lines:
                mutants.append(parse_paragraph(f"{name}:{first}", lines))
                lines = []
    return mutants


def function_span(lines, name):
    """Return the first and last index of a function's body: it ends at the first brace in column 0."""
    opening = re.compile(rf"^[^\s#/*].*\b{name}\(")
    for start, line in enumerate(lines):
        if not opening.match(line):
            continue
        for end in range(start, len(lines)):
            if lines[end].endswith(";") and not lines[end].startswith("\t") and "{" not in lines[end]:
                break  # a declaration
            if lines[end].startswith("}"):
                return start, end
    return None


def mutate(mutant, text):
    """Return the text with the mutant's line changed."""
    lines = text.split("\n")
    first, last = 0, len(lines) - 1
    if mutant.function:
        span = function_span(lines, mutant.function)
        if span is None:
            fail(f"{mutant.where}: {mutant.file} has no function {mutant.function}")
        first, last = span
    found = [at for at in range(first, last + 1) if lines[at].strip() == mutant.before]
    if len(found) != 1:
        fail(f"{mutant.where}: the line is {len(found)} times in {mutant.file}: {mutant.before}")
    at = found[0]
    indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = indent + mutant.after
    return "\n".join(lines)


def source_of(root, mutant):
    with open(os.path.join(root, mutant.file), encoding="utf-8") as file:
        return file.read()


class Tree:
    """A copy of the sources with a build directory, in which one mutant at a time is tried."""

    def __init__(self, number):
        self.place = os.path.join(PLACE, str(number))
        self.source = os.path.join(self.place, "source")
        self.build = os.path.join(self.place, "build")
        self.kept_keys = os.path.join(self.place, "kept-keys.so")
        self.problem = "it was not prepared"
        self.limits = {}

    def run(self, *command, limit=None, env=None):
        """Run a command in the build directory; return whether it worked."""
        with open(os.path.join(self.place, "log"), "ab") as log:
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            with subprocess.Popen(command, cwd=self.build, stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=log, start_new_session=True,
                                  env={**os.environ, **(env or {})}) as process:
                try:
                    return process.wait(limit) == 0
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, 15)
                    return False

    def name_kept_keys(self):
        """Give the kept keys another name: by its own the tests know that valgrind runs them."""
        if not os.path.islink(self.kept_keys):
            os.symlink(os.path.join(self.build, "tests/unit/.libs/under-valgrind.so"),
                       self.kept_keys)

    def copy_sources(self):
        """Make the copy like the tree; what is the same keeps its time, for make."""
        os.makedirs(self.build, exist_ok=True)
        names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True,
                               capture_output=True).stdout.decode().split("\0")
        for name in filter(None, names):
            original, copy = os.path.join(ROOT, name), os.path.join(self.source, name)
            if os.path.exists(copy) and filecmp.cmp(original, copy, shallow=False):
                continue
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copy(original, copy)

    def prepare(self, tests):
        """Copy and build the tree, and make sure that the tests pass as it is."""
        self.copy_sources()
        self.name_kept_keys()
        # Warnings do not matter here: "if (false)" makes some.
        if not (self.run("sh", "-c", "test -e ../source/configure || (cd ../source && ./bootstrap)") and
                self.run("../source/configure", "-q", "CFLAGS=-O1 -g0 -w -Wno-error -include stdbool.h") and
                self.run("make", "-s", "all") and self.run("make", "-s", "check", "TESTS=")):
            self.problem = "it does not build"
        elif not all(map(self.passes_as_it_is, tests)):
            self.problem = "a test fails without a mutant"
        else:
            self.problem = None

    def passes_as_it_is(self, test):
        """Run one test without a mutant, and note how long it may take with one."""
        begun = time.monotonic()
        passed = self.passes(test)
        self.limits[test] = min(LIMIT_S, PATIENCE_S + PATIENCE * (time.monotonic() - begun))
        return passed

    def passes(self, test):
        """Run one test, which is built."""
        limit = self.limits.get(test, LIMIT_S)
        if test.endswith(".test"):
            return self.run("make", "-s", "check-TESTS", f"TESTS={test}", limit=limit)
        # To make the cards' keys anew takes most of the time of such a test.
        return self.run(os.path.join(self.build, test), limit=limit, env={
            "KEPT_KEYS": KEYS,
            "LD_PRELOAD": self.kept_keys})

    def test(self, mutant):
        """Return what became of the mutant: "noticed", "unnoticed" or "does not build"."""
        path = os.path.join(self.source, mutant.file)
        text = source_of(self.source, mutant)
        with open(path, "w", encoding="utf-8") as file:
            file.write(mutate(mutant, text))
        try:
            # A test of the shipped programs needs them; the others are built by themselves.
            shipped = any(test.endswith(".test") for test in mutant.tests)
            targets = ["all"] if shipped else []
            targets += [test for test in mutant.tests if not test.endswith(".test")]
            if not self.run("make", "-s", *targets):
                return "does not build"
            return "unnoticed" if all(map(self.passes, mutant.tests)) else "noticed"
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


def work(tree, waiting, results):
    """Try mutants until none is left."""
    while True:
        try:
            mutant = waiting.get_nowait()
        except queue.Empty:
            return
        result = tree.test(mutant)
        results[mutant] = result
        mark = "ok" if result == "noticed" else "not ok"
        print(f"{mark} - {mutant.where}: {mutant.promise}"
              f"{'' if result == 'noticed' else ' # ' + result}", flush=True)


def make_keys():
    """Make the keys that all cards of the unit tests get (tests/unit/under-valgrind.c)."""
    os.makedirs(KEYS, exist_ok=True)
    for number in range(4):
        subprocess.run(["openssl", "genrsa", "-out", os.path.join(KEYS, str(number)), "2048"],
                       check=True, capture_output=True)


def run_together(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def try_all(mutants, jobs):
    """Return what became of each mutant."""
    waiting, results = queue.Queue(), {}
    for mutant in mutants:
        waiting.put(mutant)
    trees = [Tree(number) for number in range(jobs)]
    make_keys()
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    # The tests of the first copy speak for all.
    preparing = [threading.Thread(target=tree.prepare, args=(tests if tree is trees[0] else [],))
                 for tree in trees]
    run_together(preparing)
    for tree in trees:
        if tree.problem:
            fail(f"{tree.problem}: see {tree.place}/log")
        tree.limits = trees[0].limits
    run_together([threading.Thread(target=work, args=(tree, waiting, results)) for tree in trees])
    return results


def write_page(mutants, results):
    """Write the score of each directory, and what goes unnoticed."""
    counts = collections.Counter()
    for mutant in mutants:
        directory = os.path.dirname(mutant.file)
        counts[directory, "all"] += 1
        counts[directory, results[mutant]] += 1
    lines = [HEAD, "| sources | mutants | noticed |", "|---|---|---|"]
    total = noticed = 0
    for directory in sorted({os.path.dirname(mutant.file) for mutant in mutants}):
        total += counts[directory, "all"]
        noticed += counts[directory, "noticed"]
        lines.append(f"| `{directory}` | {counts[directory, 'all']} | {counts[directory, 'noticed']} |")
    lines.append(f"| **all** | **{total}** | **{noticed}: {100 * noticed / total:.1f} %** |")
    lines += ["", "## What no test notices", ""]
    unnoticed = [mutant for mutant in mutants if results[mutant] != "noticed"]
    lines += [f"- `{mutant.file}`: {mutant.promise} (`{mutant.before}`)" for mutant in unnoticed]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write("\n".join(lines + ([] if unnoticed else ["Nothing of the lists."])) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    lists = sorted(name for name in os.listdir(HERE) if name.endswith(".txt"))
    everything = [mutant for name in lists for mutant in read_list(os.path.join(HERE, name))]
    for mutant in everything:
        mutate(mutant, source_of(ROOT, mutant))
    if options.check:
        if len(everything) < FEWEST:
            fail(f"{len(everything)} mutants are fewer than {FEWEST}")
        print(f"{len(everything)} mutants fit the sources")
        return 0
    mutants = [mutant for mutant in everything
               if not options.names or any(name in mutant.file or
                                           mutant.where.startswith(f"tests/mutants/{name}.txt:")
                                           for name in options.names)]
    if not mutants:
        fail("there is no such mutant")
    results = try_all(mutants, max(1, min(options.jobs, len(mutants))))
    noticed = sum(result == "noticed" for result in results.values())
    if not options.names:
        write_page(mutants, results)
    print(f"\n{noticed} of {len(mutants)} noticed: {100 * noticed / len(mutants):.1f} %")
    return 0 if 100 * noticed >= FLOOR * len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
