#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real model behind a llama.cpp server of yours summarises real logs, held to the schema while it writes."""
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = ["tests"]
import tap

URL = os.environ.get("LLAMA_BASE_URL")
LOGS = ("typescript/pretty", "vite/unresolved-import", "unittest/failure-and-error")
if not URL:
    print("1..0 # SKIP name a llama.cpp server in LLAMA_BASE_URL (http://127.0.0.1:8080/v1): no package holds one that runs on "
          "every processor")
    sys.exit(0)

answered = 0
for log in LOGS:
    settings = {"route": ["llamacpp"], "deadline": "10m", "attempt": "5m", "first_token": "4m", "idle": "2m", "hedge": "off",
                "state": False, "excerpt_bytes": 3000, "providers": {"llamacpp": {"base_url": URL}}}
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as f:
        f.write(json.dumps(settings))  # JSON is YAML
        f.flush()
        done = tap.run("--config", f.name, "--format", "json", os.path.join(tap.ROOT, "tests/cases", log, "log.txt"),
                       env=tap.clean_env(LLAMA_API_KEY=os.environ.get("LLAMA_API_KEY")), timeout=660)
    result = done.json() if done.out else {"attempts": [], "outcome": done.err}
    outcomes = [a["outcome"] for a in result["attempts"]]
    print("# %s: %s, %s" % (log, result["outcome"], " ".join(outcomes)), flush=True)
    # A small model may quote what is not in the log; what it writes fits the schema all the same.
    tap.ok(outcomes and set(outcomes) <= {"ok", "invalid_summary", "truncated"}, log + ": every answer is JSON of the schema",
           json.dumps(result))
    answered += result["outcome"] == "llm"
tap.ok(answered > 0, "of %d logs %d were summarised by the model, evidence verbatim" % (len(LOGS), answered))
tap.done()
