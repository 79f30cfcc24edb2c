#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Times buildsum beside wc, grep and ripgrep on one large log of real lines, and one start on a tiny log; ratios of one run count.
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDSUM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "buildsum")
MEGABYTES = int(os.environ.get("BENCH_MB", "300"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
WORDS = r"error|fail|fatal|panic|exception|traceback|undefined|killed|timed out"


def make_log(path):
    """The golden logs one after the other, again and again."""
    logs = [open(name, "rb").read() for name in sorted(glob.glob(os.path.join(ROOT, "tests/cases/*/*/log.txt")))]
    size = 0
    with open(path, "wb") as file:
        while size < MEGABYTES * 1000 * 1000:
            for log in logs:
                size += file.write(log)
    return size


def measure(command, path):
    """The shortest wall time of RUNS runs, and the largest resident set of the command."""
    best, peak = None, 0
    for _ in range(RUNS):
        with open(path, "rb") as log, tempfile.TemporaryFile() as sink:  # grep stops early on /dev/null
            started = time.monotonic()
            process = subprocess.Popen(command, stdin=log, stdout=sink, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            elapsed = time.monotonic() - started
        best = elapsed if best is None else min(best, elapsed)
        peak = max(peak, usage.ru_maxrss)
    return best, peak


def main():
    with tempfile.TemporaryDirectory(prefix="buildsum-bench-") as folder:
        big, small = os.path.join(folder, "big.log"), os.path.join(folder, "small.log")
        size = make_log(big)
        with open(small, "wb") as file:
            file.write(b"a.c:3:5: error: expected ';' before '}' token\n")
        commands = {
            "wc -l": ["wc", "-l"],
            "grep -ciE (words)": ["grep", "-ciE", WORDS],
            "ripgrep -ci (words)": ["rg", "-ci", WORDS, "-"],
            "buildsum trim": [BUILDSUM, "trim", "-"],
            "buildsum redact": [BUILDSUM, "redact", "-"],
            "buildsum --offline": [BUILDSUM, "--offline", "-"],
        }
        print(f"{size / 1e6:.0f} MB of real log lines on standard input, the shortest of {RUNS} runs each\n")
        print(f"{'command':24} {'seconds':>8} {'MB/s':>8} {'of trim':>8} {'peak MiB':>9}")
        times = {name: measure(command, big) for name, command in commands.items() if shutil.which(command[0])}
        trim = times["buildsum trim"][0]
        for name, (seconds, peak) in times.items():
            print(f"{name:24} {seconds:8.2f} {size / 1e6 / seconds:8.0f} {seconds / trim:8.2f} {peak / 1024:9.1f}")
        for name, command in commands.items():
            if not shutil.which(command[0]):
                print(f"{name:24} skipped: {command[0]} is not installed")
        seconds, peak = measure([BUILDSUM, "trim", "-"], small)
        print(f"\nstart-up: buildsum trim on one line {seconds * 1000:.1f} ms, {peak / 1024:.1f} MiB")


main()
