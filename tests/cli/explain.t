#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Why an excerpt holds what it holds: `trim --explain` and `trim --format json` say of the excerpt what plain `trim` prints.
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import ROOT, done, equal, ok, run

CASES = os.path.join(ROOT, "tests/cases")
PARTS = ["weight", "rarity", "repetition", "place", "sameness", "baseline"]
KEPT_FOR = {"whole", "end", "failure", "block", "command", "last_words", "header", "around", "odd", "new", "rest"}


def rebuilt(result):
    """The excerpt that the blocks are said to be."""
    text, following, last = "", 1, result["excerpt"]["input_lines"]
    for block in [*result["blocks"], {"from": last + 1, "to": last, "lines": []}]:
        gap = ""
        if block["from"] == following + 1:
            gap = f"[line {following} left out]"
        elif block["from"] > following:
            gap = f"[lines {following}-{block['from'] - 1} left out]"
        marker = block.get("marker", gap) or ""
        if marker != gap and not (gap and marker.startswith(gap[:-1] + ": the ")):
            return f"{marker} where {gap} were left out"
        text += marker + "\n" if marker else ""
        text += "".join(line + "\n" for line in block["lines"])
        following = block["to"] + 1
    return text


def wrong_with(result):
    """What a reader of the JSON may rely on."""
    reasons = [(block, rule) for block in result["blocks"] for rule in block["rules"]]
    ranks = [rule["rank"] for _, rule in reasons if rule["rank"]] + [rule["rank"] for rule in result["left_out"]["rules"]]
    for block in result["blocks"]:
        if not block["kept_for"] or not set(block["kept_for"]) <= KEPT_FOR or len(block["lines"]) != block["to"] - block["from"] + 1:
            return f"block {block['from']}: {block['kept_for']}"
        if sum(rule["lines"] for rule in block["rules"]) > block["lines_named"]:
            return f"block {block['from']}: more lines than were named"
    for block, rule in reasons:
        if not block["from"] <= rule["line"] <= block["to"]:
            return f"{rule['rule']} at line {rule['line']} is not in its block"
        if "…" not in block["lines"][rule["line"] - block["from"]] and not block["lines"][rule["line"] - block["from"]].startswith(rule["text"]):
            return f"{rule['rule']} at line {rule['line']} shows another line"
        if (rule["role"] in ("cause", "summary")) != (rule["score"] is not None):
            return f"{rule['rule']}: a {rule['role']} with score {rule['score']}"
    for rule in [rule for _, rule in reasons if rule["score"]] + result["left_out"]["rules"]:
        if sum(rule["score"][part] for part in PARTS) != rule["score"]["total"]:
            return f"{rule['rule']}: {rule['score']} does not add up"
    if len(set(ranks)) != len(ranks):
        return "two lines of one rank"
    kept = sum(len(block["lines"]) for block in result["blocks"])
    if result["excerpt"]["input_lines"] - kept != result["left_out"]["lines"] or result["excerpt"]["lines"] != kept:
        return "lines are missing from the account"
    return None


def check(name, log, budget):
    plain = run("trim", "--excerpt-bytes", budget, log)
    answer = run("trim", "--excerpt-bytes", budget, "--format", "json", log)
    told = run("trim", "--excerpt-bytes", budget, "--explain", "--color", "never", log)
    result = answer.json()
    ok(
        rebuilt(result) == plain.out and result["excerpt"]["bytes"] == len(plain.raw) and result["budget_bytes"] == budget,
        f"{name}: the JSON accounts for every line of the excerpt of {budget} bytes", rebuilt(result)[:400], plain.out[:400],
    )
    wrong = wrong_with(result)
    ok(not wrong, f"{name}: and gives sound reasons", wrong)
    shown = {int(number) for number in re.findall(r"^  lines? (\d+)", told.out, re.M)}
    ok(shown == {block["from"] for block in result["blocks"]} and "\x1b" not in told.out, f"{name}: --explain shows the same blocks", told.out[:600])


for path in sorted(glob.glob(os.path.join(CASES, "*/*/log.txt"))):
    case = os.path.relpath(os.path.dirname(path), CASES)
    for budget in (2000, 32000):
        check(case, path, budget)

log = os.path.join(CASES, "go/test-verbose-large/log.txt")
first = min((rule for block in run("trim", "--format", "json", log).json()["blocks"] for rule in block["rules"]), key=lambda rule: rule["rank"] or 9999)
equal((first["rule"], first["line"]), ("go-test-failed", 6456), "the failing test stands first")
tight = run("trim", "--format", "json", "--excerpt-bytes", 1000, "-", stdin="".join(f"src/f{n}.c:{n}:1: error: bad thing {n}\n" for n in range(1, 400))).json()
ok(any(rule["why"] == "no room" for rule in tight["left_out"]["rules"]), "what found no room is said", tight["left_out"])
silent = run("trim", "--explain", "-", stdin="".join(f"all is well {n}\n" for n in range(5000)))
ok("No rule saw a failure: this is what stands out, and the end of the log." in silent.out, "a silent log is said to be one", silent.out[:300])
hostile = run("trim", "--explain", "-", stdin="\x1b]0;x\x07error: \x1b[31m\u202eevil\n" * 3 + "--- error: group\n")
ok(not re.search("[\x1b\u202e\x07]", hostile.out) and not re.search("^(---|\\+\\+\\+)", hostile.out, re.M), "nothing in it becomes active", hostile.out)
ok("\x1b[" in run("trim", "--explain", "--color", "always", log).out, "colour when asked for")
done()
