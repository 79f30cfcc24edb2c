#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The fingerprint of a failure: the same when only what changes from run to run has changed, another when the failure has.
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import ROOT, done, ok, run


def result_of(log):
    return run("--offline", "--format", "json", "-", stdin=log.encode()).json()


def fingerprint(log):
    return result_of(log)["fingerprint"]


def lines(log, change):
    return "".join(change(number, line) for number, line in enumerate(log.splitlines(keepends=True)))


def stamped(log, base):
    return lines(log, lambda n, line: f"[2026-0{base}-1{base}T1{base}:{n // 60 % 60:02}:{n % 60:02}.{n * 37 % 1000:03}Z] {line}")


def other_durations(log):
    number = r"(?<![\w.:/-])(\d+(?:\.\d+)?)"
    log = re.sub(number + r"( ?(?:ms|s|sec|secs|seconds|min)\b)", lambda m: (f"{float(m[1]) * 1.7 + 1:.2f}" if "." in m[1] else str(int(m[1]) * 2 + 1)) + m[2], log)
    return re.sub(r"\b\d\d:\d\d:\d\d\b", "23:47:51", log)


def other_folders(log):
    roots = r"(?<![\w.:/\\-])/(?:home|builds?|var/lib|src|app|ci|workspace|project)/[\w.+@-]+/(?=[\w.])"
    return re.sub(roots, "/srv/agents/linux-4f/builds/42/", log)


def other_temporary_names(log):
    log = re.sub(r"/tmp/[\w.-]+", lambda m: "/tmp/tmp.Zk3mQ8vR2x" + ("" if m[0].count(".") < 2 else ""), log)
    return re.sub(r"\btmp\w{8}\b", "tmpq7_w2ex9", log)


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
    return lines(log, lambda n, line: f"\x1b[{36 if n % 3 else 1}m{line.rstrip(chr(10))}\x1b[0m\n")


def prefixed(log):
    return lines(log, lambda n, line: f"tests_1  | {line}")


def interleaved(log):
    """Another service's harmless words between the lines, each with its prefix."""
    return lines(log, lambda n, line: f"tests_1  | {line}" + (f"db_1     | checkpoint {n} written\n" if n % 17 == 0 else ""))


def longer(log):
    return "".join(f"Receiving objects: {n}, done\n" for n in range(300)) + log


SAME = {
    "timestamps": lambda log: stamped(log, 1),
    "other timestamps": lambda log: stamped(log, 7),
    "durations": other_durations,
    "folders": other_folders,
    "temporary names": other_temporary_names,
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


# What is known to fail, and why.
KNOWN = {"network/npm-econnrefused": "a weak word at the border of a strong one's neighbourhood"}

WHOLE_LINE = ("timestamps", "other timestamps", "prefixes", "interleaving", "colours")

seen = {}
for path in sorted(glob.glob(os.path.join(ROOT, "tests/cases/*/*/log.txt"))):
    case = os.path.dirname(path)
    name = os.path.relpath(case, os.path.join(ROOT, "tests/cases"))
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        log = file.read()
    result = result_of(log)
    first = result["fingerprint"]
    ok(re.fullmatch("[0-9a-f]{16}", first), f"{name}: has a fingerprint", first)
    changed = []
    for what, change in SAME.items():
        other = change(log)
        if what in WHOLE_LINE and ("\r" in log or re.search(r"^\d{4}-\d\d-\d\dT", log, re.M)):
            continue  # a redraw takes the prefix away with the rest of its line; a log has one kind of stamp
        if other != log and fingerprint(other) != first:
            changed.append(what)
    ok(not changed, f"{name}: is the same failure with other {', '.join(SAME)}", f"but not with other {', '.join(changed)}", todo=KNOWN.get(name))
    seen.setdefault(first, []).append(name)
    for key in ("name", "message"):
        for wanted in told(result, key)[:1]:
            if wanted in log:  # one of the two at least leaves the tool's own form
                others = [fingerprint(log.replace(wanted, other)) for other in (wanted + "other", "other" + wanted)]
                ok(others != [first, first], f"{name}: is another failure with another {key}", wanted)

# One failure in two forms of output is one failure.
TWINS = [
    {"ninja/missing-header", "ninja/missing-header-verbose"},
    {"pytest/assertion-large", "pytest/xdist"},
    {"typescript/build-script", "typescript/pretty"},
]
twins = [names for names in seen.values() if len(names) > 1 and set(names) not in TWINS]
ok(not twins, "different cases have different fingerprints", *twins)
done()
