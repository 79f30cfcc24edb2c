#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every reply type of the official SDKs, filled at random: the wire formats read out of it what the SDK does."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange", "tests/peers/sdk"]
import faults
import samples
import tap

WIRES = os.path.join(tap.BUILD, "tests/peers/wires")
ROUNDS = int(os.environ.get("SDK_ROUNDS", "8"))


def read(wire, how, body):
    done = subprocess.run([WIRES, "read", wire, how], input=body.encode(), capture_output=True, check=False, timeout=60)
    if done.returncode:
        return {"failed": done.stderr.decode()}
    return json.loads(done.stdout)


NAMES = subprocess.run([WIRES, "names"], capture_output=True, text=True, check=True).stdout.split()
for wire in NAMES:
    tap.ok(samples.SAMPLES.get(wire), wire + ": has samples of an official SDK")
    for whose, make, ways in samples.SAMPLES.get(wire, []):
        for way in ways:
            wrong, how = [], ""
            for seed in range(ROUNDS):
                r = samples.Random("%s %s %s %d" % (wire, make.__name__, way, seed))
                how, body, expected = make(r, way, samples.TEXTS[seed % len(samples.TEXTS)])
                got = read(wire, how, body)
                differing = {k: (got.get(k), v) for k, v in expected.items() if got.get(k) != v}
                if differing or got.get("error") or got.get("skipped"):
                    wrong += ["seed %d: got and expected: %.600s" % (seed, differing or got), "from: %.700s" % body]
            tap.ok(not wrong, "%s, %s of the %s SDK, %s" % (wire, how, whose, way), *wrong[:6])

# The same replies as answers to the whole program.
CAUSE = "list.c:42: assertion failed: count == 1"
SUMMARY = {"headline": "The assertion count == 1 failed in list.c", "summary": "list.c:42 failed its assertion.",
           "category": "test_failure", "next_step": "", "confidence": "high", "evidence": [{"line": 2, "text": CAUSE}],
           "failures": [{"name": None, "file": "list.c", "line": 42, "message": "assertion failed: count == 1"}]}
TYPES = {("ollama", "stream"): "application/x-ndjson", "whole": "application/json", "stream": "text/event-stream"}


def ask(wire, how, body):
    """What buildsum says when its one provider replies with these bytes."""
    script = "server a\n* body=@reply type=%s\n" % TYPES.get((wire, how), TYPES[how])
    with faults.Server(script, files={"reply": body}) as server:
        with open(server.path("config.yml"), "w", encoding="utf-8") as f:
            f.write("route: [a/m]\nproviders:\n  a:\n    api: %s\n    keys: []\n    base_url: http://127.0.0.1:%d/v1\n"
                    % (wire, server.ports["a"]))
        done = tap.run("--config", server.path("config.yml"), "--format", "json",
                       *(() if how == "stream" else ("--no-stream",)), stdin="$ make test\n%s\n" % CAUSE)
        return done.json() if done.out else {"failed": done.err}


for wire, makers in samples.SAMPLES.items():
    for whose, make, ways in makers if wire in NAMES else ():
        wrong, how = [], ""
        for way in (w for w in ways if w in ("stop", "tool_calls")):
            # A tool's arguments are parsed JSON in some formats: the samples wrap the text then.
            if way == "tool_calls" and make.__name__.split("_")[0] in ("anthropic", "bedrock"):
                continue
            how, body, expected = make(samples.Random(make.__name__), way, json.dumps(SUMMARY))
            got = ask(wire, how, body)
            attempt = (got.get("attempts") or [{}])[-1]
            if got.get("outcome") != "llm" or got["summary"]["headline"] != SUMMARY["headline"] or \
                    attempt["input_tokens"] != expected["input"] or attempt["output_tokens"] != expected["output"]:
                wrong += ["%s: %.900s" % (way, got), "from: %.500s" % body]
        tap.ok(not wrong, "%s, %s of the %s SDK, through the program" % (wire, how, whose), *wrong)
tap.done()
