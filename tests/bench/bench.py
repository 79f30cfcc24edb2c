#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Times buildsum beside wc, grep and ripgrep on large logs of real lines, on 5 MB and on one line; what counts are the ratios of one run.
#
# BENCH_LOG names a log of your own to be taken instead of the first one.
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDSUM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "buildsum")
MEGABYTES = int(os.environ.get("BENCH_MB", "500"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
WORDS = r"error|fail|fatal|panic|exception|traceback|undefined|killed|timed out"
LONGEST = 24  # of the golden logs: those of verbose runs
GOLDEN = os.path.join(ROOT, "tests/cases/*/*/log.txt")


def lines_of(name):
    with open(name, "rb") as log:
        return [line + b"\n" for line in log.read().split(b"\n")[:-1]]


def golden_lines():
    return [line for name in sorted(glob.glob(GOLDEN)) for line in lines_of(name)]


def stamped(lines, start):
    """The lines as the raw log of a CI job has them, each with its time."""
    for number, line in enumerate(lines, start):
        seconds = number // 40
        yield b"2026-08-%02dT%02d:%02d:%02d.%07dZ %s" % (
            1 + seconds // 86400 % 28, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60, number * 250007 % 10**7, line,
        )


def make_log(path, megabytes, with_times):
    """The golden logs one after the other, again and again: hundreds of failed jobs, no line twice when each has its time."""
    lines, size, number = golden_lines(), 0, 0
    with open(path, "wb") as file:
        while size < megabytes * 1000 * 1000:
            size += file.write(b"".join(stamped(lines, number) if with_times else lines))
            number += len(lines)


def make_job(path, megabytes):
    """What verbose builds and test runs print while all is well, each line with its time, and a failure at the end."""
    logs = sorted(glob.glob(GOLDEN), key=os.path.getsize)[-LONGEST:]
    failed = os.path.join(ROOT, "tests/cases/go/test-verbose-large/log.txt")
    lines = [line for name in logs for line in lines_of(name) if not re.search(WORDS.encode(), line, re.I)]
    size, number = 0, 0
    with open(path, "wb") as file:
        while size < megabytes * 1000 * 1000:
            size += file.write(b"".join(stamped(lines, number)))
            number += len(lines)
        file.write(b"".join(stamped(lines_of(failed), number)))


def patterns():
    """The patterns of our own rules, but for noise, as far as ripgrep's own engine takes them: it knows no lookaround."""
    found = []
    for name in sorted(glob.glob(os.path.join(ROOT, "core/rules/packs/*.yml"))):
        for rule in re.split(r"\n  - id: ", open(name, encoding="utf-8").read())[1:]:
            match = re.search(r"\n    match: '((?:[^']|'')*)'", rule)
            if not match or "\n    role: noise" in rule:
                continue
            pattern = re.sub(r"\(\?<(?![=!])\w+>", "(?:", match.group(1).replace("''", "'"))
            if "\n    caseless: true" in rule:
                pattern = f"(?i:{pattern})"
            if subprocess.run(["rg", "-c", "-e", pattern, os.devnull], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode < 2:
                found.append(pattern)
    return found


def measure(command, path, runs=RUNS):
    """The least processor time and wall time of the runs, and the largest resident set of the command."""
    cpu, wall, peak = [], [], 0
    for _ in range(runs):
        with open(path, "rb") as log, tempfile.TemporaryFile() as sink:  # grep stops early on /dev/null
            started = time.monotonic()
            process = subprocess.Popen(command, stdin=log, stdout=sink, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            wall.append(time.monotonic() - started)
        cpu.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
    return min(cpu), min(wall), peak


def table(title, path, commands, runs=RUNS):
    size = os.path.getsize(path)
    print(f"\n{size / 1e6:.0f} MB: {title}; the least of {runs} runs each\n")
    print(f"{'command':24} {'cpu s':>8} {'MB/s':>8} {'of trim':>8} {'wall s':>8} {'peak MiB':>9}")
    times = {name: measure(command, path, runs) for name, command in commands.items() if shutil.which(command[0])}
    trim = times["buildsum trim"][0]
    for name, (cpu, wall, peak) in times.items():
        print(f"{name:24} {cpu:8.3f} {size / 1e6 / max(cpu, 1e-3):8.0f} {cpu / trim:8.2f} {wall:8.3f} {peak / 1024:9.1f}")
    for name, command in commands.items():
        if not shutil.which(command[0]):
            print(f"{name:24} skipped: {command[0]} is not installed")


def in_another_process(*arguments):
    """Makes a log without making this process large: what it forks begins with its resident set."""
    subprocess.run([sys.executable, os.path.abspath(__file__), *map(str, arguments)], check=True)


def same_patterns(folder, log):
    """ripgrep with the patterns of our rules: minutes for what takes us milliseconds, so on 1 MB, and once."""
    if not shutil.which("rg"):
        print("\nripgrep with our patterns: skipped, rg is not installed")
        return
    file, short = os.path.join(folder, "patterns"), os.path.join(folder, "short")
    found = patterns()
    with open(file, "w", encoding="utf-8") as out:
        out.write("\n".join(found) + "\n")
    with open(log, "rb") as source, open(short, "wb") as out:
        out.write(source.read(1000 * 1000))
    title = f"the same patterns: {len(found)} of our rules given to ripgrep, all of them to trim"
    table(title, short, {"ripgrep -c -f (ours)": ["rg", "-c", "-j1", "-f", file, "-"], "buildsum trim": [BUILDSUM, "trim", "-"]}, 1)


def main():
    commands = {
        "wc -l": ["wc", "-l"],
        "grep -ciE (words)": ["grep", "-ciE", WORDS],
        "ripgrep -ci (words)": ["rg", "-ci", "-j1", WORDS, "-"],
        "buildsum trim": [BUILDSUM, "trim", "-"],
        "buildsum redact": [BUILDSUM, "redact", "-"],
    }
    with tempfile.TemporaryDirectory(prefix="buildsum-bench-") as folder:
        log, path = os.environ.get("BENCH_LOG"), os.path.join(folder, "log")
        if log:
            table(log, log, commands)
        else:
            in_another_process("job", path, MEGABYTES)
            table("one job, verbose and well up to its end, every line with its time", path, commands)
            in_another_process("failures", path, MEGABYTES // 2, 1)
            table("the logs of failed jobs of many tools, every line with its time", path, commands)
        in_another_process("failures", path, MEGABYTES // 2, 0)
        table("the same without times and with their colours: nothing but failures", path, commands)
        same_patterns(folder, path)
        small, one = os.path.join(folder, "small"), os.path.join(folder, "one")
        with open(path, "rb") as source, open(small, "wb") as file:
            file.write(source.read(5 * 1000 * 1000))
        with open(one, "wb") as file:
            file.write(b"a.c:3:5: error: expected ';' before '}' token\n")
        for title, name in (("5 MB", small), ("one line, start-up", one)):
            cpu, wall, peak = measure([BUILDSUM, "trim", "-"], name, 10)
            print(f"\nbuildsum trim on {title}: {cpu * 1000:.1f} ms of processor, {wall * 1000:.1f} ms in all, {peak / 1024:.1f} MiB")


if sys.argv[1:2] == ["failures"]:
    make_log(sys.argv[2], int(sys.argv[3]), sys.argv[4] == "1")
elif sys.argv[1:2] == ["job"]:
    make_job(sys.argv[2], int(sys.argv[3]))
else:
    main()
