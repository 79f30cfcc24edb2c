#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What happens below HTTP, by the real toxiproxy between the chain and the fault server.

Not part of `make check`: `make check-toxiproxy` builds toxiproxy from its Go module and runs this."""
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toxi import PROGRAM, Toxiproxy, ToxicRun

sys.path.insert(0, "tests/exchange")
from asking import CAUSE, Tap

if not os.access(PROGRAM, os.X_OK):
    print("1..0 # SKIP toxiproxy is not built: make check-toxiproxy builds it, with Go")
    raise SystemExit(0)

tap = Tap()
proxy = Toxiproxy()
FAST = ("--connect", 1000, "--first-token", 900, "--idle", 700, "--attempt", 2500, "--deadline", 9000)
HEALTHY = "server a\n* ok\nserver b\n* ok"
SLOW_STREAM = "server a\n* split=60 gap=40ms\nserver b\n* ok"
APIS = ("openai", "anthropic", "gemini")

# The toxics of the first route, and what must come of it. Times are a range in milliseconds.
CASES = [
    ("nothing in between", HEALTHY, [], "a:ok", (0, 900)),
    ("latency that is bearable", HEALTHY, [("a", "latency", dict(latency=250, jitter=50))], "a:ok", (200, 2400)),
    ("30 s of latency", HEALTHY, [("a", "latency", dict(latency=30000))], "a:timeout b:ok", (850, 2400)),
    ("30 s of latency upstream", HEALTHY, [("a", "latency", dict(stream="upstream", latency=30000))], "a:timeout b:ok", (850, 2400)),
    ("hardly any bandwidth", HEALTHY, [("a", "bandwidth", dict(rate=0))], "a:timeout b:ok", (850, 2400)),
    ("too little bandwidth for the request", HEALTHY, [("a", "bandwidth", dict(stream="upstream", rate=1))], "a:timeout b:ok", (850, 2900)),
    ("bandwidth enough", HEALTHY, [("a", "bandwidth", dict(rate=40))], "a:ok", (0, 2400)),
    ("a close that comes late", "server a\n* framing=close\nserver b\n* ok", [("a", "slow_close", dict(delay=20000))], "a:ok", (0, 900)),
    ("a whole reply whose close comes late", "server a\n* whole framing=close\nserver b\n* ok",
     [("a", "slow_close", dict(delay=20000))], "a:timeout b:ok", (600, 3500)),
    ("nothing comes, for ever", HEALTHY, [("a", "timeout", dict(timeout=0))], "a:timeout b:ok", (850, 2400)),
    ("nothing comes, then the end", HEALTHY, [("a", "timeout", dict(timeout=150))], "a:unreachable a:unreachable b:ok", (250, 2400)),
    ("the request goes nowhere", HEALTHY, [("a", "timeout", dict(stream="upstream", timeout=0))], "a:timeout b:ok", (850, 2400)),
    ("a reset at once", HEALTHY, [("a", "reset_peer", dict(timeout=0))], "a:unreachable a:unreachable b:ok", (0, 1500)),
    ("a reset later", HEALTHY, [("a", "reset_peer", dict(timeout=200))], "a:unreachable a:unreachable b:ok", (300, 2400)),
    ("a byte at a time", HEALTHY, [("a", "slicer", dict(average_size=1, size_variation=0, delay=20))], "a:ok", (0, 2400)),
    ("a byte at a time both ways, late", HEALTHY, [
        ("a", "slicer", dict(average_size=3, size_variation=2, delay=20)),
        ("a", "slicer", dict(stream="upstream", average_size=7, size_variation=3, delay=20)),
        ("a", "latency", dict(latency=100))], "a:ok", (100, 2400)),
    ("the request cut", HEALTHY, [("a", "limit_data", dict(stream="upstream", bytes=500))], "a:unreachable a:unreachable b:ok", (0, 2400)),
    ("the head cut", HEALTHY, [("a", "limit_data", dict(bytes=30))], None, (0, 2400)),
    ("the body cut", HEALTHY, [("a", "limit_data", dict(bytes=700))], "a:cut a:cut b:ok", (0, 2400)),
    ("a slow way to both", HEALTHY, [("a", "latency", dict(latency=150)), ("b", "latency", dict(latency=150))], "a:ok", (100, 2400)),
]


def play(api, case):
    name, script, toxics, expected, (low, high) = case
    with ToxicRun(proxy, script) as run:
        for server, kind, attributes in toxics:
            attributes = dict(attributes)
            run.add(server, kind, attributes.pop("stream", "downstream"), **attributes)
        started = time.monotonic()
        result = run.ask(api=api, options=FAST)
        result["took_ms"] = (time.monotonic() - started) * 1000
        good = result["answered"] and not result["leaked"] and (expected is None or result["trail"] == expected)
        good = good and CAUSE in result["text"]
        return good, low <= result["elapsed_ms"] < high, "%s (%s)" % (name, api), result


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    jobs = [pool.submit(play, api, case) for case in CASES for api in APIS]
    for job in jobs:
        good, timely, name, result = job.result()
        tap.ok(good and timely, name, result["trail"], result["elapsed_ms"], result["text"])

# --- cut after every so many bytes: what is accepted is whole, whatever else comes of it


def cut_after(api, count):
    with ToxicRun(proxy, HEALTHY) as run:
        run.add("a", "limit_data", bytes=count)
        return count, run.ask(api=api, options=FAST)


for api in APIS:
    with ToxicRun(proxy, HEALTHY) as run:
        run.ask(api=api, options=FAST)
        whole = [r for r in run.requests() if r["server"] == "a"][0]["sent_bytes"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        steps = list(range(1, whole + 60, max(1, whole // 40))) + list(range(whole - 12, whole + 3))
        results = list(pool.map(lambda n: cut_after(api, n), steps))
    wrong = [(n, r["trail"]) for n, r in results if not r["answered"] or r["leaked"] or CAUSE not in r["text"] or
             r["trail"] not in ("a:ok", "a:cut a:cut b:ok", "a:unreachable a:unreachable b:ok")]
    early = [n for n, r in results if r["trail"] == "a:ok" and n < whole // 2]
    tap.ok(not wrong and not early, "cut after 1 to %d bytes: an answer, and never half of one (%s)" % (whole, api), wrong, early)
    tap.ok({r["trail"].split()[0] for _, r in results} == {"a:ok", "a:cut", "a:unreachable"},
           "of all three kinds (%s)" % api, [(n, r["trail"]) for n, r in results])

# --- down


def asking(run, *options):
    return subprocess.Popen(run.words(options=FAST + options), env=run.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_body(run, name):
    """Until the fault server holds the request, so that the reply has begun."""
    until = time.monotonic() + 10
    while not os.path.exists(run.path("bodies/" + name)) and time.monotonic() < until:
        os.sched_yield()


with ToxicRun(proxy, HEALTHY) as run:
    run.enable("a", False)
    tap.trail(run.ask(options=FAST), "a:unreachable a:unreachable b:ok", "down from the start")
    run.enable("b", False)
    result = run.ask(options=FAST)
    tap.ok(result["answered"] is False and result["elapsed_ms"] < 1500 and "b:unreachable" in result["trail"],
           "all down: told at once", result["text"])
    run.enable("a", True)
    tap.trail(run.ask(options=FAST), "a:ok", "and up again")
with ToxicRun(proxy, SLOW_STREAM) as run:
    asked = asking(run)
    wait_for_body(run, "a-1.body")
    run.enable("a", False)
    result = run.result(*asked.communicate(timeout=30))
    tap.ok(result["answered"] and result["trail"].endswith("b:ok") and
           result["trail"].split()[0] in ("a:cut", "a:unreachable"), "down in mid-stream", result["trail"], result["text"])

with ToxicRun(proxy, SLOW_STREAM) as run:
    asked = asking(run)
    wait_for_body(run, "a-1.body")
    run.add("a", "reset_peer", timeout=0)
    result = run.result(*asked.communicate(timeout=30))
    tap.ok(result["answered"] and result["trail"].endswith("b:ok") and
           result["trail"].split()[0] in ("a:cut", "a:unreachable"), "a reset in mid-stream", result["trail"], result["text"])

# --- several at once: hedges and what is remembered

with ToxicRun(proxy, HEALTHY) as run:
    run.add("a", "latency", latency=5000)
    result = run.ask(options=FAST + ("--hedge", 200))
    tap.trail(result, "a:hedge_lost b:ok", "a late route loses to its hedge")
    tap.ok(result["hedged"] and 200 <= result["elapsed_ms"] < 900, "as soon as the hedge has answered", result["elapsed_ms"])
with ToxicRun(proxy, HEALTHY) as run:
    run.add("a", "latency", latency=400)
    run.add("b", "latency", latency=5000)
    tap.trail(run.ask(options=FAST + ("--hedge", 100)), "a:ok b:hedge_lost", "the primary may still win")
place = tempfile.mkdtemp(prefix="toxiproxy-")
with ToxicRun(proxy, HEALTHY) as run:
    run.add("a", "timeout", timeout=0)
    results = [run.ask(options=FAST + ("--state-dir", place)) for _ in range(3)]
    tap.ok([r["trail"] for r in results] == ["a:timeout b:ok", "a:timeout b:ok", "b:ok"] and results[2]["elapsed_ms"] < 700,
           "a black hole costs two runs", [(r["trail"], r["elapsed_ms"]) for r in results])
shutil.rmtree(place, ignore_errors=True)
proxy.stop()
tap.done()
