#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How much of what matters stays, and at what size: buildsum beside the usual ways to cut a failed log, over tests/cases.

A log counts as kept when every line that its case must keep (the file `keep`) is in what is left. The golden logs are of
real tools on small broken projects; most are short, so the long ones stand on rows of their own. COMPARE_CASES names
another folder of that form.
"""
import glob
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASES = os.environ.get("COMPARE_CASES", os.path.join(ROOT, "tests/cases"))
BUILDSUM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "buildsum")
LONG_BYTES = 32000  # what fits the default budget goes through whole

ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]_PX^][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_=>78]")
WORDS = re.compile(r"error|fail|exception", re.I)
ASKED = re.compile(r"error|failed|exception|fatal|traceback|panic|segfault", re.I)
ALARM = re.compile(r"error|fail|fatal|panic|exception|traceback|undefined:|cannot use|exit(ed with)? status [1-9]|🚨", re.I)
STAMP = re.compile(r"^\[?\d{4}-\d\d-\d\dT[\d:.]+Z?\]? ?")


def plain(text):
    """Text as a terminal leaves it, for the comparison of what was kept."""
    return re.sub(r"[ \t\u00a0]+", " ", re.sub(r"\r+\n?", "\n", ESCAPES.sub("", text)))


# --- the ways


def trimmed(budget):
    def cut(text):
        command = [BUILDSUM, "trim", "--excerpt-bytes", str(budget), "-"]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60).stdout.decode()

    return cut


def tail(count):
    return lambda text: "\n".join(text.rstrip("\n").split("\n")[-count:]) + "\n"


def around(pattern, before, after):
    """grep -B before -A after."""

    def cut(text):
        lines = text.split("\n")
        keep = set()
        for number, line in enumerate(lines):
            if pattern.search(line):
                keep.update(range(number - before, number + after + 1))
        return "\n".join(line for number, line in enumerate(lines) if number in keep)

    return cut


def grep_and_tail(text):
    """600 lines of a published plugin: the last 300 of grep -A10 -B5, and the last 300 of the log."""
    return tail(300)(around(ASKED, 5, 10)(text)) + tail(300)(text)


def windowed(budget):
    """A published trimmer of Buildkite logs by its description: clean, collapse repeats, a window of 15 lines around alarming
    words, then the lines of least value go until the ceiling is met. Our own words for it, not its code."""

    def cut(text):
        lines = []
        for line in re.sub(r"_bk;t=\d+\x07?", "", ESCAPES.sub("", text)).split("\n"):
            line = STAMP.sub("", line.rstrip("\r").split("\r")[-1])
            shape = re.sub(r"\d+", "0", line)
            if not lines or lines[-1][1] != shape:
                lines.append((line, shape))
        alarms = [number for number, (line, _) in enumerate(lines) if ALARM.search(line)]
        nearest = {}
        for alarm in alarms:
            for number in range(max(0, alarm - 15), min(len(lines), alarm + 16)):
                nearest[number] = min(nearest.get(number, 99), abs(number - alarm))
        value = {}
        for number, (line, _) in enumerate(lines):
            is_group = re.match(r"(---|\+\+\+|~~~|\^\^\^)", line)
            if number in nearest or is_group or not alarms:
                value[number] = (100 if ALARM.search(line) else 0) + (80 if is_group else 0) + (40 if line.startswith("$ ") else 0)
                value[number] += 40 * (15 - nearest.get(number, 15)) / 15 + 20 * number / len(lines)
        kept, spent = set(), 0
        for number in sorted(value, key=value.get, reverse=True):
            spent += len(lines[number][0].encode()) + 1
            if budget and spent > budget:
                break
            kept.add(number)
        return "\n".join(lines[number][0] for number in sorted(kept)) + "\n"

    return cut


WAYS = [
    ("buildsum trim, 16,000 bytes", trimmed(16000)),
    ("buildsum trim, 32,000 bytes (default)", trimmed(32000)),
    ("buildsum trim, 64,000 bytes", trimmed(64000)),
    ("tail -n 200", tail(200)),
    ("tail -n 1000", tail(1000)),
    ("grep -C 3 error|fail|exception", around(WORDS, 3, 3)),
    ("grep -B5 -A10 | tail -300, and tail -300", grep_and_tail),
    ("windows round words, no ceiling", windowed(0)),
    ("windows round words, 16,000 bytes", windowed(16000)),
    ("windows round words, 32,000 bytes", windowed(32000)),
    ("windows round words, 64,000 bytes", windowed(64000)),
]


def is_kept(text, wanted):
    return re.search(wanted[3:], text, re.M) if wanted.startswith("re:") else re.sub(r"[ \t\u00a0]+", " ", wanted) in text


def read(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def score(cut, cases):
    """(logs kept whole, share of lines kept, bytes of each result)"""
    whole, kept, lines, sizes = 0, 0, 0, []
    for text, wanted in cases:
        result = cut(text)
        held = sum(1 for line in wanted if is_kept(plain(result), line))
        whole += held == len(wanted)
        kept, lines = kept + held, lines + len(wanted)
        sizes.append(len(result.encode()))
    return whole, kept / lines, sizes


def table(title, cases):
    print(f"\n{title}: {len(cases)} logs, {statistics.median(len(text.encode()) for text, _ in cases):,.0f} bytes in the median\n")
    print(f"| {'way':42} | logs kept whole | lines kept | median bytes | largest |")
    print(f"|{'-' * 44}|---:|---:|---:|---:|")
    for name, cut in WAYS:
        whole, lines, sizes = score(cut, cases)
        share = f"{whole} ({100 * whole / len(cases):.1f} %)"
        print(f"| {name.replace('|', chr(92) + '|'):42} | {share} | {100 * lines:.1f} % | {statistics.median(sizes):,.0f} | {max(sizes):,} |", flush=True)


def main():
    cases = []
    for path in sorted(glob.glob(os.path.join(CASES, "*/*/log.txt"))):
        wanted = [line for line in read(os.path.join(os.path.dirname(path), "keep")).splitlines() if line]
        cases.append((read(path), wanted))
    if not cases:
        sys.exit(f"no cases in {CASES}")
    table("All golden logs", cases)
    table(f"Those over {LONG_BYTES:,} bytes", [case for case in cases if len(case[0].encode()) > LONG_BYTES])


main()
