#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The log of a passing run: what it said, too, loses its place; a real failure never does, whatever that log holds.
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import ROOT, clean_env, done, equal, ok, run, tempdir

CASES = os.path.join(ROOT, "tests/cases")


def read(*names):
    path = os.path.join(CASES, *names)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def squeeze(text):
    return re.sub(r"[ \t\u00a0]+", " ", text)


def lost(case, text):
    """Lines that the case must keep and the text does not hold."""
    wanted = [line for line in read(case, "keep").splitlines() if line]
    return [line for line in wanted if not (re.search(line[3:], text, re.M) if line.startswith("re:") else squeeze(line) in text)]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def rules_of(result):
    return [rule for block in result["blocks"] for rule in block["rules"]]


def check_worst(case, budget):
    """The worst baseline of all: the failed log itself, so that no line of it is new."""
    log = os.path.join(CASES, case, "log.txt")
    alone = lost(case, squeeze(run("trim", "--excerpt-bytes", budget, log).out))
    result = run("trim", "--excerpt-bytes", budget, "--baseline", log, log)
    return result.status != 0 or len(result.raw) > int(budget) or [line for line in lost(case, squeeze(result.out)) if line not in alone]


with tempdir() as folder:
    for path in sorted(glob.glob(os.path.join(CASES, "*/*/log.txt"))):
        case = os.path.relpath(os.path.dirname(path), CASES)
        budget = read(case, "budget").strip() or "32000"
        hidden = check_worst(case, budget)
        ok(not hidden, f"{case}: its own log as a baseline hides nothing that it must keep", hidden)

    # A run that passed and complained all the same; then one that failed among the same complaints.
    complaints = "".join(f"12:00:{n % 60:02} worker[{4000 + n}]: error: cache entry {n} not found in /tmp/run-{n}/cache\n" for n in range(900))
    steps = "".join(f"step {n} of 900 done in {n}ms\n" for n in range(900))
    passed = write(folder, "passed.log", steps + complaints + "0 failed, 12 passed\nall done\n")
    other = complaints.replace("12:00", "23:41").replace("worker[4", "worker[7").replace("/tmp/run-", "/tmp/q8x-")
    failed = write(folder, "failed.log", steps + other + "step 77 lies under water\n" + other + steps + "3 failed, 9 passed\nall done\n")
    alone = run("trim", "--excerpt-bytes", 4000, failed)
    compared = run("trim", "--excerpt-bytes", 4000, "--baseline", passed, failed)
    ok(alone.out.count("cache entry") > 2, "without a baseline a known complaint has its place", alone.out)
    ok("step 77 lies under water" not in alone.out, "and what no rule knows has none")
    ok("step 77 lies under water" in compared.out, "with one, what is new is kept", compared.out)
    ok("3 failed" in compared.out, "a count that was zero is new")
    scores = [rule["score"]["baseline"] for rule in rules_of(run("trim", "--format", "json", "--excerpt-bytes", 4000, "--baseline", passed, failed).json()) if rule["score"]]
    ok(scores and min(scores) < 0, "the JSON says how much weight a known line lost", scores)

    # Every way to set it, and what goes wrong with it.
    by_variable = run("trim", "--excerpt-bytes", 4000, failed, env=clean_env(BUILDSUM_BASELINE=passed))
    equal(by_variable.out, compared.out, "the variable says the same as the option")
    config = write(folder, "config.yml", f"baseline: {passed}\n")
    equal(run("trim", "--excerpt-bytes", 4000, "--config", config, failed).out, compared.out, "and so does the configuration")
    missing = run("trim", "--excerpt-bytes", 4000, "--baseline", os.path.join(folder, "none.log"), failed)
    equal((missing.status, missing.out), (0, alone.out), "a baseline that is not there costs nothing but a warning")
    ok("none.log" in missing.err and missing.err.count("\n") == 1, "which names it", missing.err)
    binary = os.path.join(folder, "binary")
    with open(binary, "wb") as file:
        file.write(bytes(range(256)) * 400)
    result = run("trim", "--excerpt-bytes", 4000, "--baseline", binary, failed)
    ok(result.status == 0 and result.err, "neither does one that is no text", result.err)
    secret = "hunter" + "2" * 12
    leaky = write(folder, "leaky.log", f"deploying with {secret}\n" * 50)
    result = run("trim", "--explain", "-v", "--baseline", leaky, failed, env=clean_env(DEPLOY_PASSWORD=secret))
    ok(result.status == 0 and secret not in result.out + result.err, "a secret in it is never shown")
done()
