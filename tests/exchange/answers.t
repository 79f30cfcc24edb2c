#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What models answer, in every wire format, streamed and whole: used, repaired, asked again, left."""
import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import APIS, CAUSE, LOG, Run, Tap, at_once

tap = Tap()
B = "\nserver b\n* ok\n"

# Script of server a → what the trail says, and flags that must be set.
CASES = [
    ("* ok", "a:ok", ()),
    ("* answer=fenced", "a:ok", ("repaired",)),
    ("* answer=prose", "a:ok", ("repaired",)),
    ("* answer=bom", "a:ok", ("repaired",)),
    ("* answer=trailing-comma", "a:ok", ("repaired",)),
    ("1 answer=broken\n2 ok", "a:invalid_json a:ok", ("reasked",)),
    ("1 answer=words\n2 ok", "a:invalid_json a:ok", ("reasked",)),
    ("1 answer=twice\n2 ok", "a:invalid_json a:ok", ("reasked",)),
    ("1 answer=missing\n2 ok", "a:invalid_summary a:ok", ("reasked",)),
    ("1 answer=wrong-type\n2 ok", "a:invalid_summary a:ok", ("reasked",)),
    ("1 answer=ungrounded\n2 ok", "a:invalid_summary a:ok", ("reasked",)),
    ("1 answer=bad-file\n2 ok", "a:invalid_summary a:ok", ("reasked",)),
    ("* answer=ungrounded", "a:invalid_summary a:invalid_summary b:ok", ()),
    ("1 answer=length\n2 ok", "a:truncated a:ok", ()),
    ("* answer=empty", "a:empty b:ok", ()),
    ("* answer=refusal", "a:refused", ()),
    ("* answer=filtered", "a:refused", ()),
]

TOKENS = {"ollama": 3100}  # of input; a hundred of a window of thousands would be a cut prompt


def ask(case):
    api, options, script, _, _ = case
    with Run("server a\n" + script + B) as run:
        return run.ask(api, options=options)


# Ollama knows neither refusals nor filters.
cases = [(api, options, *case) for api in APIS for options in ((), ("--whole",))
         for case in CASES if api != "ollama" or case[1] != "a:refused"]
for (api, options, script, trail, flags), result in zip(cases, at_once(ask, cases)):
    what = "%s, %s: %s" % (api, "whole" if options else "streamed", script.replace("\n", ", "))
    tap.trail(result, trail, what)
    if not trail.endswith(":ok"):
        tap.ok(result["answered"] is False, what + " → no answer", result["text"])
        continue
    good = (result["answered"] and result["headline"] == "The build failed" and
            result["evidence"] == CAUSE and result["evidence_line"] == 7 and
            all(result[flag] for flag in flags) and
            result["attempts"][-1]["input_tokens"] == TOKENS.get(api, 100) and
            result["attempts"][-1]["output_tokens"] == 50)
    tap.ok(good, what + " → the answer", result["text"])

with Run("server a\n1 answer=missing\n2 ok") as run:
    run.ask()
    body = run.body("a", 2)
    tap.ok("/summary" in body and "The build failed" in body,
           "a model is asked again with its answer and its errors", body)
with Run("server a\n* answer=refusal" + B) as run:
    tap.trail(run.ask(options=["--on-refusal", "next"]), "a:refused b:ok",
              "a refusal goes to the next route when that is allowed")

# What a host sends counts, not what it was asked for.
for api in APIS:
    with Run("server a\n* whole" + B) as run:
        tap.trail(run.ask(api), "a:ok", api + ": a whole reply to a request for a stream")
SUMMARY = json.dumps({
    "headline": "The build failed", "summary": "A test failed.", "category": "test_failure",
    "failures": [], "evidence": [{"line": 7, "text": CAUSE}], "next_step": "",
    "confidence": "high"})
CHUNKS = [{"choices": [{"index": 0, "delta": {"content": SUMMARY}, "finish_reason": None}]},
          {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}]
STREAM = "".join("data: %s\n\n" % json.dumps(c) for c in CHUNKS) + "data: [DONE]\n\n"
QUOTED = STREAM.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
for kind in ("text/event-stream", "text/plain"):
    with Run('server a\n* type=%s body="%s"' % (kind, QUOTED) + B) as run:
        tap.trail(run.ask(options=["--whole"]), "a:ok",
                  "a stream as %s in reply to a request for a whole answer" % kind)

# The framing of a stream.
for words in ("eol=crlf", "eol=cr", "split=1", "split=1 eol=crlf", "split=3 framing=close",
              "no-done", "no-done eol=cr", "pings=20ms first-token=200ms"):
    for api in APIS:
        # where the last event is the only word of the end, its lack is a cut
        missed = "no-done" in words and api in ("openai-responses", "ollama")
        with Run("server a\n* " + words + B) as run:
            tap.trail(run.ask(api), "a:cut a:cut b:ok" if missed else "a:ok",
                      "%s: a stream with %s" % (api, words))
with Run("server a\n* no-done no-terminator hold" + B) as run:
    result = run.ask()
    tap.trail(result, "a:ok", "a finished stream that stays open is complete")
    tap.ok(result["elapsed_ms"] < 1000, "and is not waited for", result["text"])

# What is sent.
with Run("server a" + B) as run:
    result = run.ask(options=["--dry-run"])
    text = result["text"]
    tap.ok(text.count("POST http://127.0.0.1:") == 2 and LOG.split("\n")[2] in text and
           not result["leaked"] and not run.requests(),
           "a dry run prints one request a route and sends none", text)
    bodies = [part for part in text.split("\n\n") if part.startswith("{")]
    with Run("server a") as other:
        other.ask()
        sent = json.loads(other.body("a", 1))
        shown = json.loads(bodies[0]) if bodies else {}
    same = all(sent[k] == shown.get(k) for k in sent if k != "messages")
    tap.ok(bool(bodies) and sent.keys() == shown.keys() and same, "as it would be sent", text)
tap.done()
