#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Logs of any size and shape stay within the memory that the README names. BOUNDS_SCALE makes them larger (`make bounds`).
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import BUILDSUM, clean_env, done, ok

MEBIBYTES = 64
SCALE = int(os.environ.get("BOUNDS_SCALE", "1"))
BLOCK = 1024 * 1024
END = b"\nsrc/a.c:3:5: error: expected ';' before '}' token\nmake: *** [Makefile:2: a.o] Error 1\n"


def repeated(block, bytes_wanted):
    for _ in range(bytes_wanted // len(block)):
        yield block


def numbered(template, lines):
    """Lines that differ in letters, so that no two are of one kind."""
    letters = bytes.maketrans(b"0123456789", b"abcdefghij")
    for start in range(0, lines, 4096):
        yield b"".join(template % (b"%d" % n).translate(letters) for n in range(start, start + 4096))


# Where sanitisers watch, memory is theirs: then only the end is looked at.
def is_bounded():
    with open(BUILDSUM, "rb") as program:
        return b"__asan_init" not in program.read()


SHAPES = {
    "one line without an end": (256 * BLOCK, lambda size: repeated(b"x" * BLOCK, size)),
    "one line of words": (64 * BLOCK, lambda size: repeated(b"error: a word, " * 65536, size)),
    "empty lines": (20_000_000, lambda size: repeated(b"\n" * BLOCK, size)),
    "a redraw that never ends": (64 * BLOCK, lambda size: repeated(b"12 % done\r" * 65536, size)),
    "escape sequences": (32 * BLOCK, lambda size: repeated(b"\x1b[1;31mred\x1b[0m \x1b]8;;" * 32768, size)),
    "lines that are all the same failure": (32 * BLOCK, lambda size: repeated(b"src/a.c:3:5: error: expected ';'\n" * 32768, size)),
    "failures of which no two are alike": (8 * BLOCK, lambda size: numbered(b"src/%b.c:3:5: error: expected ';' there\n", size // 40)),
    "plain lines of which no two are alike": (32 * BLOCK, lambda size: numbered(b"unpacking the package lib%b into its place\n", size // 45)),
    "beginnings of keys": (16 * BLOCK, lambda size: repeated(b"-----BEGIN RSA PRIVATE " + b"KEY-----\nMIIEowIBAAKCAQEAx\n" * 16384, size)),
}


def trim(blocks):
    """What came out, and how much memory it took."""
    process = subprocess.Popen([BUILDSUM, "trim", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_env())
    for block in blocks:
        process.stdin.write(block)
    process.stdin.write(END)
    process.stdin.close()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return output, status, usage.ru_maxrss / 1024


for name, (size, make) in SHAPES.items():
    started = time.monotonic()
    output, status, peak = trim(make(size * SCALE))
    ok(status == 0 and b"expected ';'" in output[-400:], f"{name}: the failure at the end is found")
    ok(len(output) <= 32000, f"{name}: the excerpt fits")
    ok(peak <= MEBIBYTES or not is_bounded(), f"{name}: {MEBIBYTES} MiB are enough")
    print(f"# {size * SCALE / 1e6:.0f} MB, {peak:.1f} MiB, {time.monotonic() - started:.1f} s")
done()
