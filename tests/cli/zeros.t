#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The one count or status that is not zero among hundreds that are: it is kept, and zeros are never a failure.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import done, ok, run

PAIRS = (
    ("0 of 12 tests failed", "3 of 12 tests failed"),
    ("Process completed with exit code 0.", "Process completed with exit code 1."),
    ('The command "make tides" exited with 0.', 'The command "make tides" exited with 2.'),
    ("Error: The command exited with status 0", "Error: The command exited with status 2"),
    ("0/12 failed", "2/12 failed"),
    ("Failed: 0", "Failed: 7"),
    ("FAILED (failures=0)", "FAILED (failures=2)"),
    ("# fail 0", "# fail 3"),
    ("fail 0", "fail 3"),
    ("Error count: 0", "Error count: 1"),
    ("rc=0", "rc=2"),
    ("returned 0", "returned 1"),
    ("return code 0", "return code 1"),
    ("GET /tide 200", "GET /tide 500"),
    ('::1 - - [x] "GET /tide HTTP/1.1" 200 12', '::1 - - [x] "GET /tide HTTP/1.1" 503 12'),
)
NONE = ("--- FAIL: 0", "failed: 0/12", "ERROR: Job failed: exit code 0", "ELIFECYCLE Command failed with exit code 0.",
        "fatal: not a git repository (ignored)", "rm: cannot remove tide: No such file (ignored)")


def word(number):
    """No two alike, and all of letters."""
    number, text = number * 7919 + 13, ""
    while number > 0:
        text += "bcdfghklmnprstvw"[number % 16] + "aeiou"[number // 16 % 5]
        number //= 80
    return text


# Nothing of it can be left out for its likeness.
ROWS = [f"{word(i)} is at {word(5 * i + 2)}\n" for i in range(600)]
PAD = "".join(f"{word(i)} carries {word(3 * i + 1)}\n" for i in range(4000))


def trimmed(log, *options):
    return run("trim", "-q", *options, "-", stdin=log).out


for zero, other in PAIRS:
    zeros = [row + zero + "\n" for row in ROWS]
    out = trimmed("".join(zeros[:300]) + other + "\n" + "".join(zeros[300:]) + PAD)
    ok(other in out.splitlines(), f"kept among many of \"{zero}\": {other}")
for line in (*(zero for zero, _ in PAIRS), *NONE):
    out = trimmed(line + "\nrow\n", "--explain")
    ok("No rule saw a failure." in out and ": wrapper" not in out, f"no failure: {line}", out)
done()
