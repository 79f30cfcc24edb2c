#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Rules of the user's that take long, each for itself or all together, are left out; the log is read to its end.
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import done, ok, run, tempdir

RULES = 30
LINES = 8000


def line(number):
    """Each one new: lines that differ in digits alone are looked at once."""
    name = "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))
    return b"x" * 300 + b"!" + name.encode() + b"q\n"


LOG = b"".join(map(line, range(LINES))) + b"src/a.c:1:2: error: boom\n"


def pack(folder, name, patterns):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("pack: slow\nrules:\n")
        for number, pattern in enumerate(patterns):
            file.write(f"  - id: slow-{number}\n    match: '{pattern}'\n    matches: ['xx!']\n    ignores: ['q']\n")
    return path


def main():
    with tempdir() as folder:
        # None of them takes two seconds by itself before all of them have taken three.
        slow = pack(folder, "slow.yml", [f"[xw]*[xw]*[xw]*[^a-z](?:Z{{{n + 1}}}|)$" for n in range(RULES)])
        result = run("trim", "--rules", slow, "-", stdin=LOG, timeout=300)
        ok(result.status == 0, "a log is read in spite of slow rules", result.err)
        ok("error: boom" in result.out and "read only in part" not in result.err, "to its end", result.out[-300:])
        ok(f"({slow}:" in result.err and "takes too long on this log; it is left out" in result.err, "the slow ones are named", result.err)


main()
done()
