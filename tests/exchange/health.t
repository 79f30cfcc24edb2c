#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is remembered between runs: a second run does not pay again for what the first one found out."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import SLOW, Run, Tap, new_key

tap = Tap()
folder = tempfile.mkdtemp(prefix="buildsum-health-")
runs = 0


def fresh():
    """A folder that no run has used."""
    global runs
    runs += 1
    return os.path.join(folder, str(runs), "state")


def state(place, *more):
    return ["--state-dir", place, *more]


# --- a rest that is longer than anybody waits

for reset, warned in (("20s", True), ("90s", True), ("1s", False)):
    with Run("server a\n* ok header='x-ratelimit-remaining-requests: 0' header='x-ratelimit-reset-requests: %s'" % reset) as run:
        place = fresh()
        first, second = [run.ask(options=state(place)) for _ in range(2)]
        told = [w for w in second["warnings"] if "KEY_a_1 rests until 20" in w and "a/model" in w and "rate limit" in w]
        tap.ok(first["route"] and not first["warnings"] and len(told) == warned and bool(second["trail"]) != warned,
               "a key that rests for %s: %s" % (reset, "no attempt, and why" if warned else "it is waited for"), second["text"])

# --- one outage

with Run("server a\n* status=500\nserver b\n* ok") as run:
    place = fresh()
    results = [run.ask(options=state(place)) for _ in range(5)]
    tap.trail(results[0], "a:server_error a:server_error b:ok", "the first run pays")
    tap.ok(all(r["trail"] == "b:ok" or r["elapsed_ms"] > 3000 for r in results[1:]),
           "the next ones do not", *[r["trail"] for r in results])
    tap.ok("left out" in "".join(results[1]["warnings"]) and not results[0]["warnings"],
           "and say so", results[1]["text"])
    with open(os.path.join(place, "health"), encoding="utf-8") as f:
        text = f.read()
    tap.ok(not any(key in text for key in run.keys.values()) and "KEY_" not in text and
           "127.0.0.1" not in text and len(text) < 4000, "no key, name or place is in the file", text)
    tap.ok(os.stat(os.path.join(place, "health")).st_mode & 0o777 == 0o600 and
           os.stat(place).st_mode & 0o777 == 0o700, "the file is its user's alone")
with Run("server a\n* status=500\nserver b\n* ok") as run:
    place = fresh()
    start = time.monotonic()
    for _ in range(15):
        run.ask(options=state(place))
    asked = sum(1 for r in run.requests() if r["server"] == "a")
    tap.ok(asked <= 6, "a dead primary is asked at most six times in fifteen runs", asked,
           "%.1f s" % (time.monotonic() - start))
with Run("server a\n* status=500\nserver b\n* ok") as run:
    results = [run.ask() for _ in range(2)]
    tap.ok(all(r["trail"].startswith("a:") for r in results), "without a folder nothing is remembered")
    results = [run.ask(options=state("")) for _ in range(2)]
    tap.ok(all(r["trail"].startswith("a:") for r in results), "nor with an empty one")

# --- keys, models, modes

for script, keys, second in (
        ("1 status=401\n* ok", 2, "KEY_a_2"),
        ("1 status=402\n* ok", 2, "KEY_a_2"),
        ("1 status=429 header='Retry-After: 60'\n* ok", 2, "KEY_a_2")):
    with Run("server a\n" + script + "\nserver b\n* ok") as run:
        place = fresh()
        run.ask(keys=keys, options=state(place))
        result = run.ask(keys=keys, options=state(place))
        tap.ok([a["key"] for a in result["attempts"]] == [second],
               "a key that rests is passed over: " + script.split("\n")[0], result["text"])
for status, said, later in (("401", "does not accept KEY_a_1", "KEY_a_1 of a is left out for 15 min"),
                            ("402", "the credit of KEY_a_1 is used up", "KEY_a_1 of a is left out for 60 min"),
                            ("404 code=model_not_found", "does not know that model", "a/model is left out for")):
    with Run("server a\n1 status=" + status + "\n* ok\nserver b\n* ok") as run:
        place = fresh()
        first, second = [run.ask(keys=2, options=state(place)) for _ in range(2)]
        tap.ok(first["answered"] and len(first["warnings"]) == 1 and said in first["warnings"][0] and
               len(second["warnings"]) == 1 and later in second["warnings"][0] and not second["leaked"],
               "what somebody has to mend is told, also by the next run: " + status, first["warnings"], second["warnings"])
with Run("server a\n1 status=401\n* ok\nserver b\n* ok") as run:
    place = fresh()
    run.ask(options=state(place))
    run.keys["KEY_a_1"] = new_key()
    tap.trail(run.ask(options=state(place)), "a:ok", "a new key in the same variable is tried")
with Run("server a\n* status=404 code=model_not_found\nserver b\n* ok") as run:
    place = fresh()
    first, second = [run.ask(options=state(place)) for _ in range(2)]
    tap.trail(second, "b:ok", "a model that is gone is not asked for again")

# --- many at once


def many(run, place, count):
    words = run.words(options=state(place, "--deadline", 20000, "--first-token", 15000,
                                    "--idle", 15000, "--attempt", 18000, "--connect", 15000))
    return [subprocess.Popen(words, env=run.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True) for _ in range(count)]


count = 30 if SLOW else 200
with Run("server a\n* ok\nserver b\n* ok") as run:
    place = fresh()
    asked = many(run, place, count)
    results = [run.result(*p.communicate(timeout=60)) for p in asked]
    tap.ok(all(r["answered"] for r in results), "%d runs at once all get their answer" % count,
           *[r["text"] for r in results if not r["answered"]][:3])
    tap.ok(not any(r["warnings"] for r in results), "and none has to warn",
           *[r["warnings"] for r in results if r["warnings"]][:3])
    tap.ok(sorted(os.listdir(place)) == ["health", "health.lock"], "nothing is left behind",
           os.listdir(place))
with Run("server a\n* first-token pings=20ms\nserver b\n* status=500") as run:
    place = fresh()
    for i in range(20):
        asked = subprocess.Popen(run.words(options=state(place)), env=run.env(),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            asked.wait(timeout=0.003 * i)  # the moment of the kill
        except subprocess.TimeoutExpired:
            asked.kill()
            asked.wait()
with Run("server a\n* ok") as run:
    result = run.ask(options=state(place))
    tap.ok(result["answered"] and not result["warnings"], "a run after killed ones is as any other",
           result["text"])

# --- a file that is of no use: one warning, and all else as ever


def break_file(place, how):
    os.makedirs(place, mode=0o700, exist_ok=True)
    path = os.path.join(place, "health")
    if os.path.lexists(path):
        os.unlink(path)
    how(path, place)


def write(content):
    def how(path, _):
        with open(path, "wb") as f:
            f.write(content)
    return how


HOSTILE = {
    "random bytes": write(os.urandom(3000)),
    "zeros": write(bytes(100)),
    "a later version": write(b"buildsum-health 99\nhost\n"),
    "a link": lambda path, place: os.symlink("/etc/passwd", path),
    "a FIFO": lambda path, place: os.mkfifo(path),
    "a folder": lambda path, place: os.mkdir(path),
    "a shared folder": lambda path, place: os.chmod(place, 0o777),
}
for name, how in HOSTILE.items():
    with Run("server a\n* ok") as run:
        place = fresh()
        break_file(place, how)
        result = run.ask(options=state(place))
        tap.ok(result["answered"] and len(result["warnings"]) == 1 and result["elapsed_ms"] < 1500,
               "instead of the file: " + name, result["text"])
with Run("server a\n* ok") as run:
    result = run.ask(options=state("/proc/nowhere/state"))
    tap.ok(result["answered"] and len(result["warnings"]) == 1, "a folder that cannot be made",
           result["text"])
    place = fresh()
    run.ask(options=state(place))
    held = subprocess.Popen(["flock", os.path.join(place, "health.lock"), "sleep", "20"])
    while subprocess.call(["flock", "-n", os.path.join(place, "health.lock"), "true"]) == 0:
        pass  # until it holds the lock
    result = run.ask(options=state(place))
    held.kill()
    tap.ok(result["answered"] and not result["warnings"] and result["elapsed_ms"] < 1000,
           "a lock that somebody keeps costs a tenth of a second", result["elapsed_ms"])

shutil.rmtree(folder, ignore_errors=True)
tap.done()
