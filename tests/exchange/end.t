#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How a run ends when nobody answers, when time is up, when it is told to stop, when it must not ask."""
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import LOG, SLOW, Run, Tap, new_key

tap = Tap()

for script in ("status=500", "reset", "close", "html", "answer=empty", "status=401", "cut=200"):
    with Run("server a\n* %s\nserver b\n* %s" % (script, script)) as run:
        result = run.ask()
        tap.ok(result["answered"] is False and result["has_routes"] and
               result["status"] == "ok" and result["elapsed_ms"] < 4000 and
               not result["leaked"] and all(a["reason"] for a in result["attempts"]),
               "every provider down: " + script, result["text"])
with Run("server a refuse\nserver b refuse") as run:
    result = run.ask()
    tap.ok(result["answered"] is False and result["elapsed_ms"] < 3000 and
           "unreachable" in result["trail"], "nobody listens", result["text"])

for script in ("silence", "first-token", "pings=20ms", "drip=1", "stall=600", "slow-head=1"):
    with Run("server a\n* %s\nserver b\n* %s" % (script, script)) as run:
        result = run.ask(options=["--deadline", 1500, "--first-token", 4000, "--idle", 4000,
                                  "--attempt", 15000])
        tap.ok(result["answered"] is False and 1000 <= result["elapsed_ms"] < 1800,
               "the deadline holds against " + script, result["elapsed_ms"], result["text"])
with Run("server a\n* ok") as run:
    result = run.ask(options=["--deadline", 0])
    tap.ok(result["answered"] is False and not run.requests() and result["elapsed_ms"] < 200,
           "without time nothing is sent", result["text"])

# SIGTERM at many moments.
wrong, times = [], []
for delay_ms in (20, 60, 150, 400, 800):
    with Run("server a\n* first-token pings=30ms\nserver b\n* silence") as run:
        words = run.words(options=["--first-token", 700, "--deadline", 8000])
        asked = subprocess.Popen(words, env=run.env(), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        time.sleep(delay_ms / 1000)
        start = time.monotonic()
        asked.send_signal(signal.SIGTERM)
        out, err = asked.communicate(timeout=10)
        took_ms = (time.monotonic() - start) * 1000
        result = run.result(out, err)
        if asked.returncode == -signal.SIGTERM:
            continue  # before its handler stood
        times.append(took_ms)
        if result["answered"] is not False or result["gave_up"] != "cancelled":
            wrong.append((delay_ms, result["text"]))
tap.ok(not wrong, "SIGTERM ends a run, and it says so", wrong)
# The middle one: a busy machine may hold up any single process.
tap.ok(times and (sorted(times)[len(times) // 2] <= 100 or SLOW), "within 100 ms", times)

# A hedge: the first route is late, the second one answers, the first one is let go.
with Run("server a\n* latency=2s\nserver b\n* ok") as run:
    result = run.ask(options=["--hedge", 200, "--first-token", 2500])
    tap.trail(result, "a:hedge_lost b:ok", "a late route loses to its hedge")
    tap.ok(result["hedged"] and result["attempts"][1]["hedge"] and result["elapsed_ms"] < 1500,
           "and the flag says so", result["text"])

# Secrets.
secret = new_key()
with Run("server a\n* ok\nserver b\n* ok", log=LOG + "token " + secret + "\n") as run:
    result = run.ask(options=["--secret", secret])
    tap.ok(result["answered"] is False and not result["attempts"] and not run.requests() and
           any("nothing was sent" in w for w in result["warnings"]) and
           secret not in result["text"], "a secret in the request: nothing is sent at all",
           result["text"])
with Run("server a\n* ok") as run:
    run.words()
    key = run.keys["KEY_a_1"]
    with Run("server a\n* status=401 message='wrong key %s given'\nserver b\n* status=400 "
             "message='your key is %s'" % (key, key)) as echo:
        echo.words()
        echo.keys = {name: key for name in echo.keys}
        result = echo.ask()
        tap.ok(not result["leaked"] and len(result["attempts"]) == 2,
               "a key that a provider repeats is not shown", result["text"])
with Run("server a\n* status=400 message='\\x1b[31mred\\x07 %s'" % ("x" * 5000)) as run:
    result = run.ask()
    reason = result["attempts"][0]["reason"] if result["attempts"] else "\x1b"
    tap.ok(len(reason) < 400 and reason.isprintable(), "a reason is one short, clean line", reason)
tap.done()
