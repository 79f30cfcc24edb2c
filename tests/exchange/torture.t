#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Memory runs out at the n-th allocation of a run of the chain: it still ends by itself, in time.
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, SLOW, Run, Tap

SHIM = os.path.abspath(os.path.join(BUILD, "tests/torture/inject.so"))
STEP = int(os.environ.get("TORTURE_STEP", "61"))  # 1: every allocation

if SLOW or not os.path.exists(SHIM):
    print("1..0 # SKIP allocations belong to somebody else, or there is no shim")
    sys.exit(0)
tap = Tap()
ALWAYS = ("from then on", {"INJECT_FROM": "1"})
for api, what, more in (("openai", "once", {}), ("openai", *ALWAYS), ("bedrock", "once", {}),
                        ("gemini", "once", {}), ("ollama", *ALWAYS)):
    with Run("server a\n1 cut=300\n2+ ok\nserver b\n* ok") as run:
        words, word = run.words(api), run.path("injected")
        wrong, answers, n = [], 0, 1
        while True:
            env = dict(run.env(), LD_PRELOAD=SHIM, INJECT="memory", INJECT_AT=str(n),
                       INJECT_LOG=word, **more)
            done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=30,
                                  check=False)
            text = done.stdout + done.stderr
            try:
                answers += json.loads(done.stdout)["answered"]
            except ValueError:
                pass
            if done.returncode not in (0, 1) or any(key in text for key in run.keys.values()):
                wrong.append((n, done.returncode, text))
            if not os.path.exists(word):
                break
            os.unlink(word)
            n += STEP if api == "openai" else 3 * STEP
        tap.ok(not wrong, "%s, allocation n fails, %s: no crash, no key" % (api, what), wrong)
        tap.ok(n > 1000 and answers > 0, "of %d" % n, answers)
tap.done()
