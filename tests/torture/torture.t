#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The n-th allocation, then the n-th file operation fails, for every n: no crash, no half output, one clear line.
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import BUILD, BUILDSUM, clean_env, done, ok, skip, tempdir

SHIM = os.path.join(BUILD, "tests/torture/inject.so")
LOG = b"cc -c a.c\na.c:3:5: error: expected ';' before '}' token\nmake: *** [Makefile:2: a.o] Error 1\n"
CALLS_MAX = 100000
EACH = 60     # so many first calls one by one, then at growing distances: the same code asks again and again
GROWTH = 1.04


def torture(what, args, from_on, allowed, whole):
    """Runs the command again and again, each time with the next call failing, until no call is left to fail."""
    bad, n = [], 1
    with tempdir() as folder:
        log, word = os.path.join(folder, "log"), os.path.join(folder, "word")
        with open(log, "wb") as file:
            file.write(LOG)
        while n < CALLS_MAX:
            if os.path.exists(word):
                os.unlink(word)
            env = clean_env(LD_PRELOAD=SHIM, INJECT=what, INJECT_AT=str(n), INJECT_LOG=word, **({"INJECT_FROM": "1"} if from_on else {}))
            ended = subprocess.run([BUILDSUM, *args, log], env=env, capture_output=True, timeout=60, cwd=folder)
            out, err = ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace")
            if not os.path.exists(word):
                return n - 1, bad
            if ended.returncode not in allowed:
                bad.append(f"call {n}: status {ended.returncode}: {err}")
            elif ended.returncode != 0 and what == "memory" and len([line for line in err.splitlines() if "warning: " not in line]) != 1:
                bad.append(f"call {n}: not one line: {err!r}")
            elif ended.returncode == 0 and not whole(out):
                bad.append(f"call {n}: status 0 with half an output: {out[:80]!r}")
            if len(bad) > 5:
                break
            n = n + 1 if n < EACH else int(n * GROWTH)
    return n, bad


if "asan" in BUILD or not os.path.exists(SHIM):
    skip("failing calls", "the shim and the sanitiser both replace malloc")
else:
    runs = {
        "a summary": (["--offline", "--format", "json"], lambda out: out.endswith("}\n")),
        "an excerpt": (["trim"], lambda out: "expected ';'" in out),
        "a redacted log": (["redact"], lambda out: "Error 1" in out),
    }
    for name, (args, whole) in runs.items():
        for what, from_on in (("memory", False), ("memory", True), ("io", False), ("io", True)):
            calls, bad = torture(what, args, from_on, {0, 1, 2, 3}, whole)
            ok(calls >= 3 and not bad, f"{name}: each {what} call{' and all after it' if from_on else ''} may fail", f"{calls} calls", *bad)
done()
