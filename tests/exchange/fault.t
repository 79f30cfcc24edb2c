#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The fault server misbehaves as its script says: every word of it, seen from a raw socket.
import glob
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from faults import *  # noqa: F403

tap = Tap()
ok = tap.ok


def fault(line, payload=None, timeout=5.0, **how):
    """The reply to one request under one fault, and its line in the log."""
    with Server("1 " + line + "\n", files={"text": "the text beside\n"}) as s:
        reply = ask(s.ports["a"], payload, timeout, **how)
    reply.log = s.log[0] if s.log else None
    return reply


# --- answers

for stream in True, False:
    how = "streamed" if stream else "whole"
    r = fault("ok", body(stream=stream))
    summary = json.loads(openai_text(r))
    ok(r.status == 200 and summary["evidence"][0]["text"] == "error: it broke here" and r.end == "complete",
       "openai, %s: a valid summary that quotes the log" % how, r.raw)
    r = fault("ok", body(stream=stream), path="/v1/messages")
    summary = json.loads(anthropic_text(r))
    ok(r.status == 200 and summary["evidence"][0]["text"] == "error: it broke here" and r.end == "complete",
       "anthropic, %s: the same" % how, r.raw)
    ok(sorted(summary) == sorted(["headline", "summary", "category", "failures", "evidence", "next_step", "confidence"]),
       "%s: exactly the fields of the contract" % how, summary)

r = fault("ok answer='{\"a\":1}'")
ok(openai_text(r) == '{"a":1}', "answer='…' is said as it is", r.raw)
r = fault("category=compile_error")
ok(json.loads(openai_text(r))["category"] == "compile_error", "category=… stands in the answer", r.raw)

checks = {
    "empty": lambda t: t == "",
    "reasoning": lambda t: t == "",
    "length": lambda t: t.startswith("{") and not t.endswith("}"),
    "broken": lambda t: t.startswith("{") and not t.endswith("}"),
    "fenced": lambda t: t.startswith("```json\n{") and t.endswith("}\n```\n"),
    "prose": lambda t: t.startswith("Here is") and "{" in t,
    "bom": lambda t: t.startswith("\ufeff{"),
    "words": lambda t: "{" not in t and len(t) > 10,
    "trailing-comma": lambda t: t.endswith(",}"),
    "missing": lambda t: "summary" not in json.loads(t),
    "extra": lambda t: json.loads(t)["mood"] == "sad",
    "wrong-type": lambda t: json.loads(t)["headline"] == [1, 2],
    "too-long": lambda t: len(json.loads(t)["headline"]) == 4000,
    "bad-enum": lambda t: json.loads(t)["category"] == "gremlins",
    "ungrounded": lambda t: "never in any log" in json.loads(t)["evidence"][0]["text"],
    "bad-file": lambda t: "no/such" in json.loads(t)["failures"][0]["file"],
    "twice": lambda t: t.count('{"headline"') == 2,
}
for kind, check in checks.items():
    for stream in True, False:
        r = fault("answer=" + kind, body(stream=stream))
        text = openai_text(r) or ""
        ok(r.status == 200 and check(text), "answer=%s, %s" % (kind, "streamed" if stream else "whole"), text)
    r = fault("answer=" + kind, body(stream=False), path="/v1/messages")
    ok(check(anthropic_text(r) if kind != "reasoning" else ""), "answer=%s, anthropic" % kind, r.raw)
r = fault("answer=invalid-utf8", body(stream=False))
ok(b"\xff" in r.body, "answer=invalid-utf8 has a stray byte", r.raw)
for kind, openai, anthropic in (("length", "length", "max_tokens"), ("filtered", "content_filter", "refusal"),
                                ("ok", "stop", "end_turn"), ("reasoning", "length", "max_tokens")):
    r = fault("answer=" + kind, body(stream=False))
    ok(json.loads(r.body)["choices"][0]["finish_reason"] == openai, "answer=%s finishes with %s" % (kind, openai), r.raw)
    r = fault("answer=" + kind, body(stream=False), path="/v1/messages")
    ok(json.loads(r.body)["stop_reason"] == anthropic, "answer=%s finishes with %s" % (kind, anthropic), r.raw)
r = fault("answer=@text")
ok(openai_text(r) == "the text beside\n", "an answer from a file", r.raw)
r = fault("status=400 body=@text")
ok(r.body == b"the text beside\n", "a body from a file", r.raw)
r = fault("answer=refusal", body(stream=False))
message = json.loads(r.body)["choices"][0]["message"]
ok(message["content"] is None and "cannot help" in message["refusal"], "a refusal stands in its own field", message)
r = fault("answer=refusal")
ok(b'"refusal":"' in r.body and b'"content":"I' not in r.body, "and in a stream too", r.raw)

# --- a forced tool

choice = {"openai": {"type": "function", "function": {"name": "give"}}, "anthropic": {"type": "tool", "name": "give"}}
for stream in True, False:
    how = "streamed" if stream else "whole"
    payload = json.loads(body(stream=stream))
    r = fault("ok", json.dumps(dict(payload, tool_choice=choice["openai"])))
    if stream:
        calls = [c["delta"]["tool_calls"][0] for line in r.body.decode().split("\n") if line.startswith("data: {")
                 for c in json.loads(line[6:])["choices"] if c["delta"].get("tool_calls")]
        name, text = calls[0]["function"]["name"], "".join(c["function"]["arguments"] for c in calls)
    else:
        call = json.loads(r.body)["choices"][0]["message"]["tool_calls"][0]["function"]
        name, text = call["name"], call["arguments"]
    ok(name == "give" and json.loads(text)["headline"] and b'"finish_reason":"tool_calls"' in r.body,
       "openai, %s: the answer is the tool's arguments" % how, r.raw)
    r = fault("ok", json.dumps(dict(payload, tool_choice=choice["anthropic"])), path="/v1/messages")
    if stream:
        text = "".join(json.loads(line[6:])["delta"].get("partial_json", "") for line in r.body.decode().split("\n")
                       if line.startswith("data: ") and "content_block_delta" in line)
        name = "give" if b'"name":"give"' in r.body else None
    else:
        name, text = json.loads(r.body)["content"][0]["name"], json.dumps(json.loads(r.body)["content"][0]["input"])
    ok(name == "give" and json.loads(text)["headline"] and b'"stop_reason":"tool_use"' in r.body,
       "anthropic, %s: the answer is the tool's input" % how, r.raw)
    r = fault("as-text", json.dumps(dict(payload, tool_choice=choice["openai"])))
    ok(json.loads(openai_text(r))["headline"], "as-text, %s: text all the same" % how, r.raw)

# --- statuses and heads

for status in 400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529:
    r = fault("status=%d" % status)
    error = json.loads(r.body)["error"]
    ok(r.status == status and error["message"] and "code" in error and r.end == "complete",
       "status=%d carries OpenAI's error object" % status, r.raw)
    r = fault("status=%d" % status, path="/v1/messages")
    error = json.loads(r.body)
    ok(r.status == status and error["type"] == "error" and error["error"]["type"],
       "status=%d carries Anthropic's error object" % status, r.raw)
r = fault("status=429 header='Retry-After: 7' header=\"X-Tab: a\\tb\" message='slow down' code=slow_down error-type=t")
ok("Retry-After: 7" in r.head and "X-Tab: a\tb" in r.head, "headers are added", r.head)
ok(json.loads(r.body)["error"] == {"type": "t", "message": "slow down", "param": None, "code": "slow_down"},
   "message, code and type of the error can be said", r.raw)
r = fault("status=400 body='{\"error\":\"x\"}' type=text/plain")
ok(r.body == b'{"error":"x"}' and "Content-Type: text/plain" in r.head, "the whole body can be said", r.raw)
with Server("1 body=@missing\n") as s:
    refused = s.process.stderr.read()
ok('cannot read "body=@missing"' in refused, "a fixture that is not there is told at the start", refused)
r = fault("html")
ok(r.status == 200 and "text/html" in r.head and b"<html>" in r.body, "html: a page with 200", r.raw)
r = fault("html status=502")
ok(r.status == 502 and b"<html>" in r.body, "html with 502", r.raw)
r = fault("redirect=http://127.0.0.1:1/x")
ok(r.status == 307 and "Location: http://127.0.0.1:1/x" in r.head, "redirect", r.raw)
r = fault("error")
ok(r.status == 200 and "error" in json.loads(r.body), "error: an error object in a 200", r.raw)
r = fault("version=HTTP/3.0")
ok(r.raw.startswith(b"HTTP/3.0 200 "), "another version", r.raw)
r = fault(r"raw='220 smtp ready\r\n'", until=lambda _: False)
ok(r.raw == b"220 smtp ready\\r\\n" and r.end == "closed", "raw='…' is taken to the letter", r.raw)
r = fault('raw="\\x16\\x03\\r\\n"', until=lambda _: False)
ok(r.raw == b"\x16\x03\r\n", 'raw="…" has escapes', r.raw)
r = fault("huge-header=200000")
ok(len(r.head) > 200000 and r.end == "complete", "a huge header", len(r.raw))
r = fault("interim=3")
ok(r.raw.count(b"100 Continue") == 3 and b"HTTP/1.1 200" in r.raw, "interim=3", r.raw[:200])
r = fault("interim", timeout=0.3, until=lambda _: False)
ok(r.raw.count(b"100 Continue") > 200 and b"200" not in r.raw and r.end == "silent", "interim never ends", len(r.raw))
r = fault("slow-head=100", timeout=0.5)
ok(3 < len(r.raw) < 80 and r.end == "silent", "a slow head: 100 bytes a second", len(r.raw))

# --- time

r = fault("latency=300ms")
ok(0.29 < r.first < 4, "latency", r.first)
r = fault("silence", timeout=0.4)
ok(r.raw == b"" and r.end == "silent" and r.log["how"] == "client closed", "silence", (r.raw, r.log))
r = fault("silence=200ms")
ok(0.19 < r.first < 4 and r.end == "complete", "silence for a time", r.first)
r = fault("first-token=300ms")
ok(r.elapsed - r.first > 0.2 and r.end == "complete", "the head at once, the first token late", r.times)
r = fault("first-token", timeout=0.4)
ok(r.status == 200 and r.rest == b"" and r.end == "silent", "a head and then silence", r.raw)
r = fault("pings=50ms", timeout=0.5)
ok(2 < r.rest.count(b": ping") < 15 and r.end == "silent", "pings for ever", r.raw)
r = fault("pings=50ms", timeout=0.4, path="/v1/messages")
ok(b"event: ping" in r.rest and r.end == "silent", "pings of anthropic", r.raw)
r = fault("pings=50ms first-token=200ms")
ok(r.elapsed > 0.19 and r.rest.count(b": ping") >= 4 and r.end == "complete", "pings and then an answer", r.raw)
r = fault("drip=100", timeout=0.5)
ok(3 < len(r.rest) < 90 and r.end == "silent", "a drip of 100 bytes a second", len(r.rest))
r = fault("gap=20ms", body("short\nerror: x"), timeout=3)
ok(r.elapsed > 0.3 and r.end == "complete" and len(r.times) > 10, "a gap between events", r.elapsed)
r = fault("stall=500", timeout=0.4)
ok(len(r.rest) == 500 and r.end == "silent", "a stall after 500 bytes", len(r.rest))
r = fault("stall=500,200ms")
ok(r.elapsed > 0.19 and r.end == "complete" and json.loads(openai_text(r)), "a stall that ends", r.raw)
with Server("server a latency=200ms\n* ok\n") as s:
    r = ask(s.ports["a"])
ok(0.19 < r.first < 4, "the latency of a server", r.first)

# --- connections

r = fault("reset")
ok(r.end == "reset" and r.raw == b"" and r.log["how"] == "reset", "a reset before the head", (r.end, r.raw))
r = fault("close")
ok(r.end == "closed" and r.raw == b"", "an end before the head", (r.end, r.raw))
r = fault("cut rst")
ok(r.end == "reset" and r.rest == b"" , "a reset after the head", (r.end, r.raw))
r = fault("cut=300")
ok(r.end == "closed" and len(r.rest) == 300, "an end after 300 bytes", (r.end, len(r.rest)))
r = fault("cut=300 rst")
ok(r.end == "reset" and len(r.rest) <= 300, "a reset after 300 bytes", (r.end, len(r.rest)))
r = fault("length=+40", body(stream=False), until=lambda _: False)
ok(r.end == "closed" and "Content-Length: %d" % (len(r.rest) + 40) in r.head, "a Content-Length too long", r.raw)
r = fault("length=-40", body(stream=False), until=lambda _: False)
ok(r.end == "closed" and "Content-Length: %d" % (len(r.rest) - 40) in r.head, "a Content-Length too short", r.raw)
r = fault("length=+40 hold", body(stream=False), timeout=0.4)
ok(r.end == "silent", "and one that is waited for", r.end)
r = fault("bad-chunk")
ok(b"no size at all" in r.rest and r.chunks is None and r.end == "closed", "a bad chunk size", r.raw)
r = fault("no-terminator")
ok(not r.raw.endswith(b"0\r\n\r\n") and r.end == "closed" and b"[DONE]" in r.raw, "no last chunk", r.raw[-50:])
r = fault("no-terminator hold", timeout=0.4)
ok(r.end == "silent" and b"[DONE]" in r.raw, "no last chunk and silence", r.end)
r = fault("framing=close", until=lambda _: False)
ok("Connection: close" in r.head and r.end == "closed" and b"[DONE]" in r.rest, "neither length nor chunks", r.head)
r = fault("framing=chunked", body(stream=False))
ok("chunked" in r.head and json.loads(r.body), "a whole body in chunks", r.raw)
r = fault("framing=length")
ok("Content-Length" in r.head and b"[DONE]" in r.rest, "a stream with a length", r.raw)
r = fault("endless", timeout=0.5)
ok(len(r.raw) > 200000 and r.end == "silent" and b"[DONE]" not in r.raw, "a stream without end", len(r.raw))
r = fault("endless", body(stream=False), timeout=0.5)
ok(len(r.raw) > 200000 and r.end == "silent", "a body without end", len(r.raw))
r = fault("early status=413")
ok(r.status == 413 and r.log["body_bytes"] == 0, "an early reply does not wait for the body", r.log)

with Server("1 stale\n2 answer=words\n") as s:
    with connect(s.ports["a"]) as c:
        c.sendall(request(body()))
        first = receive(c)
        c.sendall(request(body()))
        second = receive(c)
    third = ask(s.ports["a"])
ok(first.end == "complete" and second.end == "reset" and second.raw == b"", "a stale connection dies at its second use",
   (first.end, second.end, second.raw))
ok("words" in s.log[2]["fault"] and s.log[1]["how"] == "stale" and s.log[1]["n"] == 0,
   "and that use is not counted", s.log)
with Server("1 refuse=300ms\n") as s:
    ask(s.ports["a"])
    try:
        ask(s.ports["a"])
        refused = False
    except ConnectionRefusedError:
        refused = True
    time.sleep(0.5)
    r = ask(s.ports["a"])
ok(refused and r.status == 200, "connections are refused for a time", refused)
with Server("server a refuse\nserver b\n* ok\n") as s:
    try:
        ask(s.ports["a"])
        refused = False
    except ConnectionRefusedError:
        refused = True
    r = ask(s.ports["b"])
ok(refused and r.status == 200, "a server that refuses from the start", refused)
with Server("* ok\n") as s:
    with connect(s.ports["a"]) as c:
        replies = []
        for _ in range(3):
            c.sendall(request(body()))
            replies.append(receive(c))
ok([r.end for r in replies] == ["complete"] * 3 and len({e["connection"] for e in s.log}) == 1,
   "three requests on one connection", s.log)

# --- streams

for eol, end in ("lf", b"\n\n"), ("crlf", b"\r\n\r\n"), ("cr", b"\r\r"):
    r = fault("eol=" + eol)
    ok(r.body.count(end) > 5 and json.loads(openai_text(r)), "lines that end with " + eol, r.body[:200])
for n in 1, 7, 64:
    r = fault("split=%d" % n, timeout=3)
    ok(all(len(c) <= n for c in r.chunks) and json.loads(openai_text(r)), "split=%d" % n, r.end)
r = fault("no-done")
ok(b"[DONE]" not in r.raw and b'"finish_reason":"stop"' in r.raw and r.end == "complete", "no [DONE]", r.raw[-100:])
r = fault("no-done", path="/v1/messages")
ok(b"message_stop" not in r.raw and b"end_turn" in r.raw, "no message_stop", r.raw[-100:])
r = fault("error-after=2 message=boom")
ok(r.body.count(b'"content":"') == 3 and b'"message":"boom"' in r.body and b"[DONE]" not in r.body, "an error amid the stream", r.body)
r = fault("error-after=0", path="/v1/messages")
ok(b"event: error" in r.body and b"text_delta" not in r.body, "an error event of anthropic", r.body)
r = fault("whole")
ok("application/json" in r.head and json.loads(openai_text(r)), "whole, although a stream was asked for", r.raw)
r = fault("answer=length")
ok(b'"finish_reason":"length"' in r.body, "the finish reason of a stream", r.body[-200:])

# --- which request gets what, and the log

with Server("server a\n2-3 status=500\n5+ status=503\n1 has=response_format status=400\n\n# comment\nserver b\n"
            "* key=2 status=401 # the second key\n") as s:
    got = [ask(s.ports["a"]).status for _ in range(6)]
    keys = [ask(s.ports["b"], key=k).status for k in ("one", "two", "one", "two")]
    other = ask(s.ports["a"], path="/b/v1/chat/completions", key="two").status
ok(got == [200, 500, 500, 200, 503, 503], "2-3, 5+ and has=", got)
ok(keys == [200, 401, 200, 401], "key=2 is the second key seen", keys)
ok(other == 401, "a path that begins with a server's name goes there", other)
entry = s.log[7]
ok(entry["key"] == tag("two") and entry["server"] == "b" and entry["n"] == 2 and entry["path"] == "/v1/chat/completions"
   and entry["how"] == "complete" and entry["fault"].startswith("* key=2") and entry["sent_bytes"] > 0, "the log", entry)
heads = "".join(open(f).read() for f in sorted(glob.glob(s.path("bodies/b-*.head"))))
ok("two" not in heads and tag("two") in heads, "a recorded head names no key", heads)
ok(open(s.path("bodies/a-1.body")).read() == body(), "a recorded body is the body")
r = fault("silence", timeout=0.3)
ok(250 <= r.log["end_ms"] - r.log["t_ms"] <= 3000, "the log tells when the client left", r.log)

# --- the program

for line, want in (("1 oops", 'script:1: cannot read "oops"'), ("x ok", "script:1: which requests?"),
                   ("1 drip=fast", 'cannot read "drip=fast"'), ("1 latency=5", 'cannot read "latency=5"')):
    with Server(line + "\n") as s:
        err = s.process.stderr.read()
        s.process.wait(5)
    ok(want in err and s.process.returncode == 2, "a script with %r is refused" % line, err)
start = time.monotonic()
with Server("* ok\n", seconds=1) as s:
    s.process.wait(5)
ok(0.9 < time.monotonic() - start < 5 and s.process.returncode == 0, "it stops by itself")
words = subprocess.run([FAULT, "--words"], stdout=subprocess.PIPE, text=True).stdout
readme = open("tests/exchange/README.md").read()
ok(words.strip() in readme, "README.md has the table of words as --words prints it")
with Server("* silence\n") as s:
    many = [connect(s.ports["a"]) for _ in range(140)]
    for c in many[:3]:
        c.sendall(request(body()))
    alive = s.process.poll() is None
    for c in many:
        c.close()
    r = ask(s.ports["a"], timeout=0.3)
ok(alive and r.end == "silent", "more connections than it takes are closed, not feared", r.end)
with Server("* ok\n") as s:
    for junk in b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n", b"GET / HTTP/2.0\r\n\r\n", b"x" * 100000, \
            b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n":
        with connect(s.ports["a"]) as c:
            try:
                c.sendall(junk)
                receive(c, 0.5)
            except OSError:
                pass
    r = ask(s.ports["a"], "not json", timeout=1)
ok(r.status == 200, "junk does not end it", r.raw)

tap.done()
