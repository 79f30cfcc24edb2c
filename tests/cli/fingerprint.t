#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The fingerprint of a failure: the same when only what changes from run to run has changed, another when the failure has.
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import ROOT, done, ok, run


ROOTS = r"(?<![\w.:/\\-])/(?:home|builds?|var/lib|src|app|ci|workspace|project)/[\w.+@-]+/(?=[\w.])"


def result_of(log):
    return run("--offline", "--format", "json", "-", stdin=log.encode()).json()


def fingerprint(log):
    return result_of(log)["fingerprint"]


def lines(log, change):
    return "\n".join(change(number, line) if line else line for number, line in enumerate(log.split("\n")))


def stamped(log, base):
    return lines(log, lambda n, line: f"[2026-0{base}-1{base}T1{base}:{n // 60 % 60:02}:{n % 60:02}.{n * 37 % 1000:03}Z] {line}")


def other_durations(log):
    number = r"(?<![\w.:/-])(\d+(?:\.\d+)?)"
    log = re.sub(number + r"( ?(?:ms|s|sec|secs|seconds|min)\b)", lambda m: (f"{float(m[1]) * 1.7 + 1:.2f}" if "." in m[1] else str(int(m[1]) * 2 + 1)) + m[2], log)
    return re.sub(r"\b\d\d:\d\d:\d\d\b", "23:47:51", log)


def other_folders(log):
    return re.sub(ROOTS, "/srv/agents/linux-4f/builds/42/", log)


def in_temporary_folder(log):
    return re.sub(ROOTS, "/tmp/tmp.Zk3mQ8vR2x/app/", log)


def other_addresses(log):
    log = re.sub(r"\b0x[0-9a-f]{6,}\b", lambda m: "0x" + m[0][2:][::-1], log)
    return re.sub(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "10.3.2.1", log)


def other_processes(log):
    log = re.sub(r"==\d+==", "==70771==", log)
    log = re.sub(r"(\bpid[ =:]+)\d+", r"\g<1>90210", log, flags=re.I)
    return re.sub(r"\[gw\d+\]", "[gw7]", log)


def other_ids(log):
    log = re.sub(r"\b[0-9a-f]{40}\b", "1f" * 20, log)
    return re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "12345678-1234-4321-9876-1234567890ab", log)


def other_lines(log):
    """Somebody added seven lines above: every place in every file moves."""
    log = re.sub(r"(\.[A-Za-z]{1,5}[:(])(\d+)\b(?!\.)", lambda m: m[1] + str(int(m[2]) + 7), log)
    return re.sub(r"(\bline )(\d+)\b", lambda m: m[1] + str(int(m[2]) + 7), log)


def colored(log):
    return lines(log, lambda n, line: f"\x1b[{36 if n % 3 else 1}m{line.rstrip(chr(13))}\x1b[0m" + line[len(line.rstrip(chr(13))) :])


def prefixed(log):
    return lines(log, lambda n, line: f"tests_1  | {line}")


def interleaved(log):
    """Another service's harmless words between the lines, each with its prefix."""
    return lines(log, lambda n, line: (f"db_1     | checkpoint {n} written\n" if n % 17 == 0 else "") + f"tests_1  | {line}")


def longer(log):
    return "".join(f"Receiving objects: {n}, done\n" for n in range(300)) + log


SAME = {
    "timestamps": lambda log: stamped(log, 1),
    "later timestamps": lambda log: stamped(log, 7),
    "durations": other_durations,
    "folders": other_folders,
    "temporary folders": in_temporary_folder,
    "addresses": other_addresses,
    "process ids": other_processes,
    "ids": other_ids,
    "moved lines": other_lines,
    "colours": colored,
    "a longer log": longer,
    "prefixes": prefixed,
    "interleaving": interleaved,
}


def told(result, key):
    """What the summary's failures say, by which one failure is told from another."""
    return [failure[key] for failure in result["summary"]["failures"] if failure[key] and len(failure[key]) > 3]


# Rules come and go, and with them a word at the border of what is heard: nearly all must hold, in each kind of change.
SHARE_MIN = 0.92
WHOLE_LINE = ("timestamps", "later timestamps", "prefixes", "interleaving", "colours")


class Tally:
    def __init__(self):
        self.held, self.missed = 0, []

    def add(self, holds, name):
        self.held += bool(holds)
        self.missed += [] if holds else [name]

    def check(self, claim):
        count = self.held + len(self.missed)
        ok(self.held and self.held >= SHARE_MIN * count, f"{claim} ({self.held} of {count})", *self.missed)


def is_one_failure(names):
    """One failure in two forms of output is one failure: the cases expect the same place or message."""
    expected = []
    for name in names:
        with open(os.path.join(ROOT, "tests/cases", name, "expect"), encoding="utf-8") as file:
            expected.append({line for line in file.read().splitlines() if not line.startswith(("category", "line"))})
    return set.intersection(*expected)


same = {what: Tally() for what in SAME}
another = {"name": Tally(), "message": Tally()}
seen = {}
for path in sorted(glob.glob(os.path.join(ROOT, "tests/cases/*/*/log.txt"))):
    name = os.path.relpath(os.path.dirname(path), os.path.join(ROOT, "tests/cases"))
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        log = file.read()
    result = result_of(log)
    first = result["fingerprint"]
    ok(re.fullmatch("[0-9a-f]{16}", first), f"{name}: has a fingerprint", first)
    seen.setdefault(first, []).append(name)
    for what, change in SAME.items():
        other = change(log)
        if what in WHOLE_LINE and (re.search(r"\r(?!\r*\n)", log) or re.search(r"^\d{4}-\d\d-\d\dT", log, re.M)):
            continue  # a redraw takes the prefix away with the rest of its line; a log has one kind of stamp
        if other != log:
            same[what].add(fingerprint(other) == first, name)
    for key, tally in another.items():
        for wanted in told(result, key)[:1]:
            if wanted in log:  # one of the two at least leaves the tool's own form
                others = [fingerprint(log.replace(wanted, other)) for other in (wanted + "other", "other" + wanted)]
                tally.add(others != [first, first], name)

for what, tally in same.items():
    tally.check(f"the same failure with other {what}" if what != "a longer log" else f"the same failure in {what}")
for key, tally in another.items():
    tally.check(f"another failure with another {key}")
twins = [names for names in seen.values() if len(names) > 1 and not is_one_failure(names)]
ok(not twins, "different cases have different fingerprints", *twins)
done()
