#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Providers that misbehave: each fault has its class, and the next route answers."""
import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import APIS, LOG, SLOW, Run, Tap, at_once

tap = Tap()
B = "\nserver b\n* ok\n"
QUICK = ["--first-token", 300, "--idle", 300]

# Script of server a → the trail; b is well.
CASES = [
    ("* status=503", "a:overloaded b:ok"),
    ("1 status=502\n2 ok", "a:server_error a:ok"),
    ("* status=500", "a:server_error a:server_error b:ok"),
    ("* status=529", "a:overloaded b:ok"),
    ("* status=401", "a:credential b:ok"),
    ("* status=402", "a:quota b:ok"),
    ("* status=404", "a:model_gone b:ok"),
    ("* status=400", "a:rejected b:ok"),
    ("* status=400 message='temperature is deprecated for this model'", "a:capability b:ok"),
    ("* status=429 header='Retry-After: 20'", "a:rate_limited b:ok"),
    ("* status=503 length=+50 rst", "a:overloaded b:ok"),
    ("* status=503 length=+50 hold", "a:overloaded b:ok"),
    ("* status=429 header='Retry-After: 20' length=+50 hold", "a:rate_limited b:ok"),
    ("* version='HTTP/0.9'", "a:unreachable a:unreachable b:ok"),
    ("* whole length=-10", "a:cut a:cut b:ok"),
    ("* whole framing=chunked no-terminator", "a:cut a:cut b:ok"),
    ("* endless", "a:bad_gateway_page b:ok"),
    ("* status=204", "a:empty b:ok"),
    ("* html", "a:bad_gateway_page b:ok"),
    ("* html status=502", "a:bad_gateway_page b:ok"),
    ("* error code=server_error", "a:server_error a:server_error b:ok"),
    ("1 error-after=3\n2 ok", "a:server_error a:ok"),
    ("* silence", "a:timeout b:ok"),
    ("* first-token", "a:timeout b:ok"),
    ("* pings=50ms", "a:timeout b:ok"),
    ("* stall=900", "a:timeout b:ok"),
    ("* slow-head=10", "a:timeout b:ok"),
    ("* reset", "a:unreachable a:unreachable b:ok"),
    ("* close", "a:unreachable a:unreachable b:ok"),
    ("1 cut=500\n2 ok", "a:cut a:ok"),
    ("* cut=500 rst", "a:cut a:cut b:ok"),
    ("* bad-chunk", "a:cut a:cut b:ok"),
    ("* raw='SSH-2.0-x'", "a:unreachable a:unreachable b:ok"),
    ("* whole length=+50", "a:cut a:cut b:ok"),
    ("* huge-header", "a:bad_gateway_page b:ok"),
    ("* interim", "a:bad_gateway_page b:ok"),
    ("* redirect=http://127.0.0.1:1/v1/chat/completions", "a:bad_gateway_page b:ok"),
]

# A body of these statuses says more, or less, in some formats.
OTHERWISE = {
    ("gemini", "* error code=server_error"): "a:server_error a:server_error b:ok",
    ("bedrock", "* error code=server_error"): "a:error_in_body a:error_in_body b:ok",
    ("ollama", "* error code=server_error"): "a:error_in_body a:error_in_body b:ok",
    ("ollama", "1 error-after=3\n2 ok"): "a:error_in_body a:ok",
}


def ask(case):
    api, script, _ = case
    with Run("server a\n" + script + B) as run:
        return run.ask(api, options=QUICK)


cases = [(api, script, OTHERWISE.get((api, script), trail)) for api in APIS
         for script, trail in CASES]
for (api, script, trail), result in zip(cases, at_once(ask, cases)):
    what = api + ": " + script.replace("\n", ", ")
    tap.trail(result, trail, what)
    if trail.startswith("a:timeout"):
        took_ms = result["attempts"][0]["elapsed_ms"] if result["attempts"] else 0
        tap.ok(300 <= took_ms < 800 or SLOW, what + " → in its time", took_ms)

# A stream is a stream by its first bytes where the host says nothing useful of its type, however few come at a time.
TYPES = ["text/plain", "text/plain; charset=utf-8", "application/octet-stream", ""]
for api in ("openai", "anthropic"):
    for words in ("split=1", "split=3", "split=7", "split=2 framing=close", "whole split=1"):
        cases = [(api, "* %s type='%s'" % (words, kind), "a:ok") for kind in TYPES]
        trails = [result["trail"] for result in at_once(ask, cases)]
        tap.ok(trails == ["a:ok"] * len(TYPES), "%s: of no useful type, %s" % (api, words), trails)

# A stream or a body cut anywhere is never an answer, unless all of it had come.
def ask_cut(case):
    api, options, at = case
    with Run("server a\n1 cut=%d\n2 ok" % at + B) as run:
        return run.ask(api, options=options)


for api in APIS:
    for options in ((), ("--whole",)):
        with Run("server a\n* ok") as run:
            run.ask(api, options=options)
            total = run.requests()[0]["sent_bytes"]
        step = 97 if api == "openai" else 297
        cases = [(api, options, at) for at in [*range(0, 40, step // 97), *range(40, total, step)]]
        wrong = [(case, result["trail"]) for case, result in zip(cases, at_once(ask_cut, cases))
                 if result["trail"] not in ("a:cut a:ok", "a:ok", "a:empty b:ok")
                 or result["leaked"]]
        tap.ok(not wrong, "%s: cut anywhere, %s" % (api, options or "streamed"), wrong)

# Keys.
with Run("server a\n* key=1 status=429 header='Retry-After: 20'\n* ok" + B) as run:
    result = run.ask(keys=2)
    tap.trail(result, "a:rate_limited a:ok", "a 429 goes to the sibling key")
    tap.ok([a["key"] for a in result["attempts"]] == ["KEY_a_1", "KEY_a_2"],
           "and the trail names both keys", result["text"])
with Run("server a\n1 status=429 header='Retry-After: 1'\n2 ok") as run:
    result = run.ask()
    tap.trail(result, "a:rate_limited a:ok", "the only key waits as long as it was told to")
    tap.ok(1000 <= result["elapsed_ms"] < 1700, "neither less nor much more", result["elapsed_ms"])
with Run("server a" + B) as run:
    words = run.words()
    run.keys["KEY_a_1"] = ""
    result = run.ask()
    tap.trail(result, "b:ok", "a route whose key is not set is left out")
    tap.ok(any("KEY_a_1 is not set" in w for w in result["warnings"]), "with a warning",
           result["warnings"])
with Run("server a") as run:
    run.words()
    run.keys["KEY_a_1"] += "\n"
    tap.trail(run.ask(), "a:ok", "the newline at the end of a key is no part of it")
for junk in ("\r\nX-Evil: 1", "\x7f", " x", "\u00e4"):
    with Run("server a") as run:
        run.words()
        run.keys["KEY_a_1"] += junk + "y"
        result = run.ask()
        tap.ok(result["answered"] is False and not result["attempts"] and
               not result["has_routes"] and not run.requests() and not result["leaked"],
               "a key with %r in it is not sent" % junk, result["text"])
with Run("server a") as run:
    result = run.ask(keys=0)
    tap.trail(result, "a:ok", "a provider may need no key")
    tap.ok(run.requests()[0]["key"] is None, "and then gets none", run.requests())

# Each request is made anew for what the last reply said.
with Run("server a\n1 status=413\n2+ ok" + B, log=LOG * 40) as run:
    tap.trail(run.ask(), "a:context_too_long a:ok", "a log that is too long is shortened")
    sizes = [r["body_bytes"] for r in run.requests()]
    tap.ok(sizes[0] - sizes[1] > 0.35 * len(LOG * 40), "to about 60 %", sizes)
with Run("server a\n1 status=400 code=unsupported_parameter message='response_format of type "
         "json_schema is not supported with this model'\n2+ ok" + B) as run:
    tap.trail(run.ask(), "a:capability a:ok", "a schema that is refused")
    tap.ok("json_schema" in run.body("a", 1) and "json_schema" not in run.body("a", 2),
           "is not sent again", run.body("a", 2))

# Of the parameters only the one that is named.
UNNAMED = {"max_tokens", "stream_options"}
for message, gone, new in (
        ("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
         "'max_completion_tokens' instead.", {"max_tokens"}, {"max_completion_tokens"}),
        ("Unrecognized request argument supplied: stream_options", {"stream_options"}, set()),
        ("this model does not support 'stream'", {"stream", "stream_options"}, set()),
        ("a parameter is not supported", UNNAMED, set())):
    with Run('server a\n1 status=400 code=unsupported_parameter message="%s"\n2+ ok' % message +
             B) as run:
        tap.trail(run.ask(), "a:capability a:ok", "refused: " + message)
        one, two = [set(json.loads(run.body("a", n))) for n in (1, 2)]
        tap.ok(one - two == gone and two - one == new, "only that is left out", (one, two))

with Run("server a\n* status=400 message='Unknown parameter: stream_options'" + B) as run:
    tap.trail(run.ask(), "a:capability a:capability b:ok", "refused once more although it was left out: the next route")

# How long an answer may be is read from the refusal, and remembered for the rest of the run.
TOO_LONG = ("max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens for "
            "model-3-20240307")
for api in APIS:
    with Run('server a\n1 status=400 message="%s"\n2+ ok' % TOO_LONG + B) as run:
        tap.trail(run.ask(api), "a:capability a:ok", api + ": too long an answer was asked for")
        one, two = run.body("a", 1), run.body("a", 2)
        tap.ok(":4000" in one and one.replace(":4000", ":2048") == two,
               "and the same again with what is allowed", (one, two))

# Whatever a host refuses, and however often: the same bytes are never sent to it again.
REFUSALS = [TOO_LONG, "max_tokens is too large", "max_tokens: 4000 > 4000",
            "Unsupported parameter: 'max_tokens'", "Unsupported parameter: 'store'",
            "Unsupported parameter: 'reasoning_effort'", "unsupported parameter", "thinking",
            "response_format is not supported", "Bad request", "prompt is too long",
            "maximum context length is 4096 tokens and your request has 1500 input tokens: max_tokens"]


def ask_refused(case):
    api, options, message = case
    with Run('server a\n* status=400 message="%s"' % message) as run:
        result = run.ask(api, options=options)
        return [run.body("a", n + 1) for n in range(len(result["attempts"]))], result["trail"]


cases = [(api, options, message) for api in APIS for options in ((), ("--whole",))
         for message in REFUSALS]
wrong = [(case, trail) for case, (bodies, trail) in zip(cases, at_once(ask_refused, cases))
         if len(set(bodies)) < len(bodies) or not bodies]
tap.ok(not wrong, "the same bytes are never sent again after a 400", wrong)

# Redirects carry nothing elsewhere.
with Run("server c\n* ok") as other:
    where = "http://127.0.0.1:%d/v1/chat/completions" % other.ports["c"]
    for status in (301, 302, 303, 307, 308):
        with Run("server a\n* status=%d redirect=%s" % (status, where) + B) as run:
            tap.trail(run.ask(), "a:bad_gateway_page b:ok", "a redirect with %d" % status)
    tap.ok(not other.requests(), "the second server saw nothing", other.requests())

# A kept connection that died in the meantime costs nothing.
with Run("server a\n1 status=500 stale\n2 ok") as run:
    tap.trail(run.ask(), "a:server_error a:ok", "a kept connection dies")
    tap.ok([r["n"] for r in run.requests()] == [1, 0, 2], "and the request is sent once more",
           run.requests())

# A slow drip: fewer than eight characters a second are no answer.
DROPS = "".join('data: {"choices":[{"delta":{"content":"%s"}}]}\\n\\n' % c for c in "x" * 100)
with Run("server a\n* drip=200 type=text/event-stream body=\"%s\"" % DROPS.replace('"', '\\"') +
         B) as run:
    result = run.ask(options=["--deadline", 16000, "--attempt", 9000, "--idle", 4000])
    first = result["attempts"][0] if result["attempts"] else {}
    tap.trail(result, "a:timeout b:ok", "a drip is too slow")
    tap.ok("dripped" in (first.get("reason") or "") and 5000 < first["elapsed_ms"] < 6500,
           "and is given up before the attempt's end", result["text"])
tap.done()
