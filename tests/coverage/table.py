# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write docs/coverage.md from the counts of gcovr."""
import json
import os
import sys

HEAD = """# What the tests reach

`./quickstart coverage` (in a build directory: `make coverage`) writes and prints this page. It builds the
shipped sources with gcc's counters, runs all tests (unit, failure injection, conformance, integration and the
replay of the fuzzers' seeds) and counts with gcovr. A killed program leaves no counts, so some lines that the
tests do reach are missing here.
"""


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def row(name, counts):
    lines, lines_all, branches, branches_all = counts
    return (f"| {name} | {lines} of {lines_all} | {percent(lines, lines_all):.1f} % "
            f"| {branches} of {branches_all} | {percent(branches, branches_all):.1f} % |")


def add(total, counts):
    return tuple(a + b for a, b in zip(total, counts))


def main():
    summary, reasons, page, floor, floor_low = sys.argv[1:6]
    with open(summary, encoding="utf-8") as file:
        files = json.load(file)["files"]
    directories = {}
    total = (0, 0, 0, 0)
    by_file = []
    for entry in sorted(files, key=lambda each: each["filename"]):
        counts = (entry["line_covered"], entry["line_total"],
                  entry["branch_covered"], entry["branch_total"])
        directory = os.path.dirname(entry["filename"])
        directories[directory] = add(directories.get(directory, (0, 0, 0, 0)), counts)
        total = add(total, counts)
        by_file.append(row(f"`{entry['filename']}`", counts))
    header = ["| | lines | | branches | |", "|---|---|---|---|---|"]
    by_directory = [row(f"`{name}`", directories[name]) for name in sorted(directories)]
    by_directory.append(row("**all**", total))
    with open(reasons, encoding="utf-8") as file:
        why = file.read()
    text = "\n".join([HEAD, *header, *by_directory, "", "## Each file", "", *header, *by_file, "",
                      why])
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)
    print("\n".join([*header, *by_file, *by_directory]))

    failed = percent(total[0], total[1]) < float(floor)
    for name in ("src/base", "src/card"):
        failed |= percent(*directories[name][:2]) < float(floor_low)
    if failed:
        print(f"too little: {floor} % of all lines are promised, {floor_low} % in src/base "
              "and src/card", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
