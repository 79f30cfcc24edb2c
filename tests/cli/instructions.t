#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# How many instructions it takes to start, to read what is new and what is known, counted by callgrind: no busy machine changes that.
#
# The ceilings are half as much again as was counted when they were set: whoever makes something faster lowers them.
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import BUILDSUM, clean_env, done, ok, skip

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
LOG = open(os.path.join(ROOT, "tests/cases/pytest/xdist/log.txt"), "rb").read()
COPIES = 4
START, NEW, KNOWN = 5_100_000, 3700, 1850


def instructions(text):
    with tempfile.NamedTemporaryFile() as log:
        log.write(text)
        log.flush()
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", BUILDSUM, "trim", log.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=clean_env(), timeout=240,
        )
    found = re.search(rb"Collected : (\d+)", run.stderr)
    return int(found.group(1)) if run.returncode == 0 and found else None


def main():
    start = instructions(b"src/a.c:3:5: error: expected ';'\n")
    once = instructions(LOG)
    more = instructions(LOG * COPIES)
    lines = LOG.count(b"\n")
    if None in (start, once, more):
        for name in ("start", "new", "known"):
            skip(name, "callgrind does not run here")
        return
    ok(start <= START, f"it starts in {start / 1e6:.1f} million instructions ({START / 1e6:.0f})")
    new, known = (once - start) / lines, (more - once) / (COPIES - 1) / lines
    ok(new <= NEW, f"a line of a new kind takes {new:.0f} instructions ({NEW})")
    ok(known <= KNOWN, f"a line of a known kind takes {known:.0f} instructions ({KNOWN})")


if not shutil.which("valgrind"):
    skip("instructions", "valgrind is not installed")
elif b"__asan_init" in open(BUILDSUM, "rb").read():
    skip("instructions", "sanitisers are built in")
else:
    main()
done()
