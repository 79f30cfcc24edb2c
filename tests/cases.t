#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The golden cases: each log's excerpt keeps what it must and drops what it must, and the local summary names the failure.
import glob
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import ROOT, done, ok, run


def read(case, name, default=""):
    path = os.path.join(case, name)
    if not os.path.exists(path):
        return default
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def lines_of(text):
    return [line for line in text.splitlines() if line]


def squeeze(text):
    return re.sub(r"[ \t\u00a0]+", " ", text)


def holds(text, wanted):
    if wanted.startswith("re:"):
        return re.search(wanted[3:], text, re.M)
    return squeeze(wanted) in text


def known(case, point):
    """Why a point of a case is known to fail: the lines `keeps|drops|names: reason` of its file `todo`."""
    for line in lines_of(read(case, "todo")):
        what, reason = line.split(": ", 1)
        if what == point:
            return reason
    return None


def check_excerpt(case, name, log):
    budget = int(read(case, "budget", "32000"))
    result = run("trim", "--excerpt-bytes", budget, log)
    text = squeeze(result.out)
    missing = [wanted for wanted in lines_of(read(case, "keep")) if not holds(text, wanted)]
    ok(result.status == 0 and not missing, f"{name}: keeps what matters", *missing, result.err, todo=known(case, "keeps"))
    kept = [noise for noise in lines_of(read(case, "drop")) if holds(text, noise)]
    ok(not kept, f"{name}: drops the noise", *kept, todo=known(case, "drops"))
    ok(len(result.raw) <= budget, f"{name}: stays within {budget} bytes", len(result.raw))


def check_summary(case, name, log):
    expected = dict(line.split("=", 1) for line in lines_of(read(case, "expect")))
    if not expected:
        return
    result = run("--offline", "--format", "json", log)
    if not ok(result.status == 0, f"{name}: is summarised without a model", result.err):
        return
    summary = result.json()["summary"]
    failures = summary["failures"]
    told = " ".join([summary["headline"], summary["summary"], *(str(f["message"]) for f in failures), *(e["text"] for e in summary["evidence"])])
    wrong = []
    if "category" in expected and summary["category"] != expected["category"]:
        wrong.append(f"category: got {summary['category']}, expected {expected['category']}")
    places = [(f["file"], str(f["line"])) for f in failures]
    if "name" in expected and expected["name"] not in [f["name"] for f in failures] and expected["name"] not in told:
        wrong.append(f"name: got {[f['name'] for f in failures]}, expected {expected['name']!r}")
    if "file" in expected and not any(is_same_place(place, expected) for place in places):
        wrong.append(f"place: got {places}, expected {expected['file']}:{expected.get('line')}")
    if "message" in expected and squeeze(expected["message"]) not in squeeze(told):
        wrong.append(f"message: {expected['message']!r} is not in {told!r}")
    ok(not wrong, f"{name}: names the failure", *wrong, todo=known(case, "names"))


def is_same_place(place, expected):
    """One of the two files may be given from further up the tree."""
    file, line = place
    same = file and (file.endswith(expected["file"]) or expected["file"].endswith(file))
    return same and expected.get("line", line) == line


for log in sorted(glob.glob(os.path.join(ROOT, "tests/cases/*/*/log.txt"))):
    case = os.path.dirname(log)
    name = os.path.relpath(case, os.path.join(ROOT, "tests/cases"))
    check_excerpt(case, name, log)
    check_summary(case, name, log)
done()
