#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mock servers that others wrote speak for the providers; one of them also judges how buildsum takes their failures."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange", "tests/peers/real"]
import faults
import gateways
import peers
import tap

peers.alone()
CAUSE = "list.c:42: assertion failed: count == 1"
LOG = "$ make test\n%s\nmake: *** [test] Error 1\n" % CAUSE
SUMMARY = {"headline": "The assertion count == 1 failed in list.c", "summary": "list.c:42 failed its assertion \u2014 twice.",
           "category": "test_failure", "next_step": "", "confidence": "high", "evidence": [{"line": 2, "text": CAUSE}],
           "failures": [{"name": None, "file": "list.c", "line": 42, "message": "assertion failed: count == 1"}]}
TEXT = json.dumps(SUMMARY)


def ask(spare, provider, base_url, model, **lines):
    """What buildsum says with that provider first and one that answers well behind it."""
    settings = {"stream": lines.pop("stream", True), "first_token": lines.pop("first_token", "2s"), "idle": "1s"}
    everything = {"route": ["%s/%s" % (provider, model), "spare/m"], "deadline": "20s", "state": False, "hedge": "off", **settings,
                  "providers": {provider: {"base_url": base_url, "keys": ["MOCK_KEY"], **lines},
                                "spare": {"api": "openai", "base_url": spare, "keys": []}}}
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as f:
        f.write(json.dumps(everything))  # JSON is YAML
        f.flush()
        done = tap.run("--config", f.name, "--format", "json", "-", stdin=LOG, env=tap.clean_env(MOCK_KEY=gateways.KEY))
    result = done.json() if done.out else {"outcome": done.err, "attempts": [], "route": None, "summary": {}}
    result["trail"] = " ".join("%s:%s" % (a["route"].split("/")[0], a["outcome"]) for a in result["attempts"])
    return result


def is_whole(result, provider, counted=True):
    """counted: the mock says how many tokens that were."""
    return result["outcome"] == "llm" and result["route"].startswith(provider + "/") and \
        result["summary"]["headline"] == SUMMARY["headline"] and (not counted or result["attempts"][-1]["output_tokens"] > 0)


# --- llmock: ten providers' formats, scripted failures, and a verdict on the client

PROVIDERS = {"openai": "/v1", "openai-responses": "/v1", "anthropic": "/anthropic", "gemini": "/gemini/v1beta",
             "mistral": "/mistral/v1", "groq": "/groq/openai/v1"}
REPLY = {"type": "reply", "text": TEXT, "times": None}
FAILURES = [  # what is scripted, and how each may end
    ("a 503 once", [{"type": "fail", "status": 503}], "{p}:overloaded {p}:ok", "{p}:overloaded spare:ok",
     "{p}:server_error spare:ok", "{p}:server_error {p}:ok"),
    ("a 500 once", [{"type": "fail", "status": 500}], "{p}:server_error {p}:ok", "{p}:server_error spare:ok"),
    ("a 429 with Retry-After: 1", [{"type": "fail", "status": 429, "retry_after": 1}], "{p}:rate_limited {p}:ok",
     "{p}:rate_limited spare:ok"),
    ("a 429 with Retry-After: 30", [{"type": "fail", "status": 429, "retry_after": 30}], "{p}:rate_limited spare:ok"),
    ("a 401", [{"type": "fail", "status": 401, "times": None}], "{p}:credential spare:ok"),
    ("a 404", [{"type": "fail", "status": 404, "times": None}], "{p}:model_gone spare:ok"),
    ("an outage", [{"type": "fail", "status": 503, "times": None}], "{p}:overloaded spare:ok",
     "{p}:overloaded {p}:overloaded spare:ok", "{p}:server_error spare:ok", "{p}:server_error {p}:server_error spare:ok"),
    ("a stream that disconnects", [{"type": "stream_fault", "kind": "disconnect", "after_chunks": 3}], "{p}:cut {p}:ok"),
    ("a stream that ends early", [{"type": "stream_fault", "kind": "truncate", "after_chunks": 3}], "{p}:cut {p}:ok"),
    ("a stream that stalls", [{"type": "stream_fault", "kind": "stall", "after_chunks": 3, "stall_seconds": 8}],
     "{p}:timeout {p}:ok", "{p}:timeout spare:ok"),
    ("a broken chunk", [{"type": "stream_fault", "kind": "malformed", "after_chunks": 3}],
     "{p}:invalid_json {p}:ok", "{p}:cut {p}:ok", "{p}:error_in_body {p}:ok", "{p}:invalid_summary {p}:ok",
     "{p}:invalid_json spare:ok", "{p}:ok", "{p}:error_in_body spare:ok"),
    ("a late first token", [{"type": "slow_first_token", "seconds": 8}], "{p}:timeout spare:ok", "{p}:timeout {p}:ok"),
]


def tell(port, path, body=None):
    request = urllib.request.Request("http://127.0.0.1:%d/_llmock/%s" % (port, path), method="GET" if body is None else "POST",
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.loads(reply.read() or "null")


def script(port, behaviours):
    tell(port, "reset", {})
    tell(port, "scenario", {"behaviors": behaviours})


def by_llmock(spare):
    place = os.environ.get("PEER_LLMOCK")
    if not place:
        return tap.skip("llmock", "its package could not be had")
    port = peers.free_port()
    with peers.Peer([place + "/bin/llmock", "serve", "--port", str(port), "--log-level", "error"], port, ready="/health"):
        for provider, path in PROVIDERS.items():
            base, shown = "http://127.0.0.1:%d%s" % (port, path), []
            for stream in (True, False):
                script(port, [REPLY])
                result = ask(spare, provider, base, "m", stream=stream)
                # Unlike the two themselves, it counts in a stream only when stream_options asks for that.
                counted = not stream or provider not in ("mistral", "groq")
                tap.ok(is_whole(result, provider, counted), "llmock as %s answers, %s" % (provider, "streamed" if stream else "whole"), result)
            if provider not in ("gemini",):
                script(port, [{"type": "reply", "tool_calls": [{"name": "ci_summary", "arguments": SUMMARY}], "times": None}])
                result = ask(spare, provider, base, "m", schema="tool")
                tap.ok(is_whole(result, provider, provider not in ("mistral", "groq")), "llmock as %s answers by a tool" % provider, result)
            for name, behaviours, *trails in FAILURES:
                script(port, [REPLY] + behaviours)
                result = ask(spare, provider, base, "m")
                wanted = [t.format(p=provider) for t in trails]
                verdict = tell(port, "verdict")
                shown += [(name, f.get("rule") or f.get("code")) for f in verdict.get("findings", [])]
                wrong = [f for f in verdict.get("findings", []) if f.get("severity") == "error"]
                tap.ok(result["outcome"] == "llm" and result["trail"] in wanted, "llmock as %s: %s: %s" % (
                    provider, name, result["trail"]), wanted, json.dumps(result))
                tap.ok(not wrong, "llmock as %s: %s: its verdict on the client" % (provider, name), json.dumps(verdict))
            print("# llmock as %s warned of: %s" % (provider, shown or "nothing"), flush=True)


# --- aimock: one port for every format

AIMOCK = {"openai": "/v1", "openai-responses": "/v1", "anthropic": "", "gemini": "/v1beta", "ollama": "",
          "openrouter": "/api/v1", "bedrock": "", "mistral": "/v1", "azure": "/openai/v1"}


def fixtures():
    def failing(status, **error):
        return {"error": {"message": "made up", **error}, "status": status}
    rows = [{"match": {"model": "down"}, "response": failing(503, type="server_error")},
            {"match": {"model": "limited"}, "response": failing(429, type="rate_limit_error", code="rate_limit_exceeded")},
            {"match": {"model": "locked"}, "response": failing(401, type="authentication_error")},
            {"match": {"model": "short"}, "response": {"content": TEXT}, "truncateAfterChunks": 3},
            {"match": {"model": "by-tool"}, "response": {"toolCalls": [{"name": "ci_summary", "arguments": SUMMARY}]}},
            {"match": {}, "response": {"content": TEXT}}]
    return json.dumps({"fixtures": rows})


def by_aimock(spare):
    place, node = os.environ.get("PEER_AIMOCK"), shutil.which("node")
    if not place or not node:
        return tap.skip("aimock", "its package could not be had, or there is no node")
    port = peers.free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        f.write(fixtures())
        f.flush()
        words = [node, os.path.join(place, "node_modules/@copilotkit/aimock/dist/cli.js"), "--port", str(port), "--fixtures", f.name,
                 "--log-level", "silent"]
        with peers.Peer(words, port):
            for provider, path in AIMOCK.items():
                base = "http://127.0.0.1:%d%s" % (port, path)
                for stream in (True, False):
                    result = ask(spare, provider, base, "any", stream=stream)
                    tap.ok(is_whole(result, provider, False), "aimock as %s answers, %s" % (provider, "streamed" if stream else "whole"), result)
                if provider not in ("gemini", "ollama"):
                    result = ask(spare, provider, base, "by-tool", schema="tool")
                    tap.ok(is_whole(result, provider, False), "aimock as %s answers by a tool" % provider, result)
                for model, outcomes in (("down", ("overloaded", "server_error")), ("limited", ("rate_limited",)),
                                        ("locked", ("credential",)), ("short", ("cut", "unreachable"))):
                    result = ask(spare, provider, base, model)
                    tap.ok(result["outcome"] == "llm" and result["route"] == "spare/m" and
                           all(a["outcome"] in outcomes for a in result["attempts"][:-1]),
                           "aimock as %s, %s: %s" % (provider, model, result["trail"]), json.dumps(result))


with faults.Server("server spare\n* ok\n", seconds=600) as behind:
    url = "http://127.0.0.1:%d/v1" % behind.ports["spare"]
    by_llmock(url)
    by_aimock(url)
tap.done()
