#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two attempts at once, as the servers see them; and SIGTERM in every phase of a run of the program itself."""
import os
import signal
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, CAUSE, LOG, SLOW, WRAP, Run, Tap

tap = Tap()
PROGRAM = os.path.abspath(os.path.join(BUILD, "buildsum"))
HEDGE = ("--hedge", 150, "--first-token", 5000, "--idle", 5000)
EARLY_MS = 3000 if SLOW else 700  # "at once", on a busy machine


def both(run, *options, api="openai"):
    """What came of it, and what the servers saw: {server: its first request}."""
    result = run.ask(api=api, options=HEDGE + options)
    return result, {r["server"]: r for r in reversed(run.requests())}


# --- the primary is late: its hedge answers, and it is let go

for api in ("openai", "anthropic"):
    for late, name in (("latency=4s", "before its head"), ("first-token=4s", "before its first token"),
                       ("pings=20ms", "among its pings")):
        with Run("server a\n* %s\nserver b\n* first-token=100ms" % late) as run:
            result, seen = both(run, api=api)
            tap.trail(result, "a:hedge_lost b:ok", "a hedge wins over a primary %s (%s)" % (name, api))
            tap.ok(seen["a"]["t_ms"] < seen["b"]["t_ms"] < seen["a"]["end_ms"], "they ran beside each other (%s)" % api, seen)
            tap.ok(seen["a"]["how"] in ("client closed", "reset") and abs(seen["a"]["end_ms"] - seen["b"]["end_ms"]) < EARLY_MS and
                   seen["b"]["how"] == "complete", "the loser's connection ends with the winner's answer (%s)" % api, seen)
            tap.ok(result["hedged"] and [a["hedge"] for a in result["attempts"]] == [False, True], "and the trail says who was the hedge (%s)" % api)

# --- the first validated answer wins, not the first one

for answer, ended in (("broken", "invalid_json"), ("missing", "invalid_summary"), ("ungrounded", "invalid_summary"),
                      ("empty", "empty"), ("refusal", "refused"), ("length", "truncated")):
    with Run("server a\n* first-token=900ms\nserver b\n* answer=%s" % answer) as run:
        result, seen = both(run)
        tap.trail(result, "a:ok b:%s" % ended, "an answer that comes first and is %s does not win" % answer)
        tap.ok(seen["a"]["how"] == "complete", "the primary is left to finish", seen)
for script, trail in (("status=500", "a:ok b:server_error"), ("status=429", "a:ok b:rate_limited"), ("reset", "a:ok b:unreachable"),
                      ("cut=500", "a:ok b:cut"), ("status=401", "a:ok b:credential"), ("html", "a:ok b:bad_gateway_page")):
    with Run("server a\n* first-token=900ms\nserver b\n* " + script) as run:
        tap.trail(both(run)[0], trail, "a hedge that fails (%s) leaves the primary alone" % script)
with Run("server a\n* latency=600ms status=500\nserver b\n* first-token=1200ms") as run:
    tap.trail(both(run)[0], "a:server_error b:ok", "a primary that fails leaves the hedge alone")
with Run("server a\n* first-token=600ms answer=broken\nserver b\n* first-token=600ms answer=broken\nserver c\n* ok") as run:
    result = run.ask(options=HEDGE)
    tap.ok(result["route"] == "c/model" or result["trail"].count("invalid_json") >= 3, "both fail: the search goes on", result["trail"])

# --- both stream when one wins: the other stops in mid-stream, at once

with Run("server a\n* first-token=300ms split=20 gap=60ms\nserver b\n* ok") as run:
    result, seen = both(run)
    tap.ok(result["trail"] == "a:hedge_lost b:ok" and seen["a"]["how"] in ("client closed", "reset", "complete"),
           "a primary in mid-stream is stopped", result["trail"], seen)
    with Run("server a\n* ok") as whole:
        whole.ask()
        full = whole.requests()[0]["sent_bytes"]
    tap.ok(seen["a"]["sent_bytes"] < full, "before it has said it all", seen["a"]["sent_bytes"], full)
with Run("server a\n* first-token=250ms\nserver b\n* first-token=4s") as run:
    result, seen = both(run)
    tap.trail(result, "a:ok b:hedge_lost", "the primary wins over its hedge")
    tap.ok(seen["b"]["how"] in ("client closed", "reset") and seen["b"]["end_ms"] - seen["a"]["end_ms"] < EARLY_MS,
           "whose connection ends at once, too", seen)
with Run("server a\n* latency=3s\nserver b\n* ok\nserver c\n* ok") as run:
    run.ask(options=HEDGE)
    tap.ok({r["server"] for r in run.requests()} == {"a", "b"}, "one hedge, not two")
with Run("server a\n* latency=700ms\nserver b\n* ok") as run:
    result = run.ask(options=HEDGE + ("--attempts", 1))
    tap.trail(result, "a:ok", "a hedge is charged to the attempts")

# --- SIGTERM


class Deaf:
    """Listens on loopback and does one thing with whoever comes: nothing at all, or only accepting."""

    def __init__(self, accepts):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.held, self.came = [], threading.Event()
        if accepts:
            threading.Thread(target=self.accept, daemon=True).start()
        else:  # the queue is full: whoever comes now waits for an answer to its SYN
            for _ in range(3):
                s = socket.socket()
                s.setblocking(False)
                s.connect_ex(("127.0.0.1", self.port))
                self.held.append(s)
            self.came.set()

    def accept(self):
        try:
            while True:
                self.held.append(self.listener.accept()[0])
                self.came.set()
        except OSError:
            pass

    def close(self):
        for s in [self.listener, *self.held]:
            s.close()


def start(run, urls, options=(), log=None):
    lines = ["route: [%s]" % ", ".join("s%d/m" % i for i in range(len(urls))), "providers:"]
    for i, url in enumerate(urls):
        lines.append("  s%d: {api: openai, base_url: '%s', keys: []}" % (i, url))
    with open(run.path("c.yml"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    env = {**run.env(), "BUILDSUM_CONFIG": run.path("c.yml"), "BUILDSUM_STATE": "false"}
    if log:
        with open(run.path("build.log"), "w", encoding="utf-8") as f:
            f.write(log)
    words = [*WRAP, PROGRAM, "--format", "json", "--connect", "9s", "--first-token", "9s", "--attempt", "12s", *options]
    return words, env


def url_of(run, server):
    return "http://127.0.0.1:%d/v1" % run.ports[server]


def begun(run, count=1):
    """Until so many requests have been read whole."""
    until = time.monotonic() + 20
    while len([n for n in os.listdir(run.path("bodies")) if n.endswith(".body")]) < count and time.monotonic() < until:
        os.sched_yield()


def has_socket(process):
    """Until it has opened one."""
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            for fd in os.listdir("/proc/%d/fd" % process.pid):
                if os.readlink("/proc/%d/fd/%s" % (process.pid, fd)).startswith("socket:"):
                    return
        except PermissionError:
            return  # not ours to look into: a moment of its own
        except OSError:
            pass  # that one has been closed meanwhile
        os.sched_yield()


def catches(process):
    """Until its handler of SIGTERM stands."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with open("/proc/%d/status" % process.pid, encoding="utf-8") as f:
            caught = [int(line.split()[1], 16) for line in f if line.startswith("SigCgt:")]
        if caught and caught[0] & 1 << (signal.SIGTERM - 1):
            return
        os.sched_yield()


def end_by(number, process, name, summary=True):
    """The signal ends it within a second, with a whole local summary where the log had been read."""
    catches(process)
    started = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    took_ms = (time.monotonic() - started) * 1000
    whole = (not summary and out == "") or ('"outcome":"local"' in out and out.endswith("}\n") and CAUSE in out)
    tap.ok(whole and process.returncode in (0, 1) and (took_ms < 1000 or SLOW),
           "%s %s: a whole summary, at once" % (signal.Signals(number).name, name), process.returncode, "%d ms" % took_ms, out, err)


PHASES = [
    ("before the head", "* silence", 1),
    ("before the first token", "* first-token", 1),
    ("among pings", "* pings=20ms", 1),
    ("in mid-stream", "* split=30 gap=300ms", 1),
    ("while the stream stands still", "* stall=600", 1),
    ("while a key cools", "1 status=429 header='Retry-After: 2'\n* ok", 1),
    ("while the head drips", "* slow-head=5", 1),
]
for name, script, count in PHASES:
    with Run("server a\n" + script) as run:
        words, env = start(run, [url_of(run, "a")])
        process = subprocess.Popen(words + [run.path("build.log")], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        begun(run, count)
        end_by(signal.SIGTERM, process, name)
for number in (signal.SIGINT, signal.SIGHUP):
    with Run("server a\n* silence") as run:
        words, env = start(run, [url_of(run, "a")])
        process = subprocess.Popen(words + [run.path("build.log")], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        begun(run)
        end_by(number, process, "before the head")
with Run("server a\n* silence\nserver b\n* silence") as run:
    words, env = start(run, [url_of(run, "a"), url_of(run, "b")], ["--hedge", "50ms"])
    process = subprocess.Popen(words + [run.path("build.log")], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    begun(run, 2)
    end_by(signal.SIGTERM, process, "with a hedge under way")
    tap.ok({r["how"] for r in run.requests()} <= {"client closed", "reset"}, "and both connections end", run.log)
for accepts, scheme, name in ((False, "http", "while it connects"), (True, "https", "in the TLS handshake"), (True, "http", "while nobody reads its request")):
    with Run("server a\n* ok") as run:
        deaf = Deaf(accepts)
        large = LOG + "".join("note %d: %s\n" % (i, "x" * 90) for i in range(40000)) + LOG if scheme == "http" and accepts else None
        words, env = start(run, ["%s://127.0.0.1:%d/v1" % (scheme, deaf.port)],
                           ["--excerpt-bytes", "4000000"] if large else [], large)
        process = subprocess.Popen(words + [run.path("build.log")], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deaf.came.wait(20)
        has_socket(process)
        end_by(signal.SIGTERM, process, name)
        deaf.close()
with Run("server a\n* ok") as run:
    words, env = start(run, [url_of(run, "a")])
    process = subprocess.Popen(words + ["-"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdin.write(LOG)
    process.stdin.flush()
    stdin = process.stdin
    process.stdin = None
    end_by(signal.SIGTERM, process, "while it reads the log from a pipe", summary=False)
    stdin.close()
tap.done()
