#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Built-in providers and entries of the user's, asked by the program: each with its own path, headers, body."""
import hashlib
import hmac
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, LOG, WRAP, Run, Tap, new_key

tap = Tap()


def head(run, server, number=1):
    with open(run.path("bodies/%s-%d.head" % (server, number)), encoding="utf-8") as f:
        lines = f.read().splitlines()
    return lines[0], {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}


def summarise(run, route, entries, env=()):
    """One run of the program, its JSON, and what it said besides."""
    config = run.path("config.yml")
    with open(config, "w", encoding="utf-8") as f:
        f.write(json.dumps({"route": route, "providers": entries}))
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(
        [*WRAP, os.path.join(BUILD, "buildsum"), "--config", config, "--format", "json", "--state-dir", "",
         run.path("build.log")], env={**clean, **dict(env)}, capture_output=True, text=True,
        timeout=60, check=False)
    try:
        return json.loads(done.stdout), done.stdout + done.stderr
    except ValueError:
        return {"route": None, "attempts": []}, done.stdout + done.stderr


# Provider → its model, the variable of its key, the header that the key must come in, the path.
ROWS = [
    ("openai", "gpt-6-luna", "OPENAI_API_KEY", "authorization", "/v1/chat/completions"),
    ("openai-responses", "gpt-6-luna", "OPENAI_API_KEY", "authorization", "/v1/responses"),
    ("anthropic", "claude-haiku-5-5", "ANTHROPIC_API_KEY", "x-api-key", "/v1/messages"),
    ("gemini", "gemini-3.5-flash-lite", "GEMINI_API_KEY", "x-goog-api-key",
     "/v1/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse"),
    ("mistral", "mistral-small-latest", "MISTRAL_API_KEY", "authorization", "/v1/chat/completions"),
    ("groq", "openai/gpt-oss-20b", "GROQ_API_KEY", "authorization", "/v1/chat/completions"),
    ("openrouter", "openai/gpt-6-luna", "OPENROUTER_API_KEY", "authorization", "/v1/chat/completions"),
    ("azure", "my-luna", "AZURE_OPENAI_API_KEY", "api-key", "/v1/chat/completions"),
    ("ollama", "llama3.2", None, None, "/v1/api/chat"),
    ("llamacpp", "default", None, None, "/v1/chat/completions"),
    ("vllm", "m", None, None, "/v1/chat/completions"),
    ("litellm", "openai/m", "LITELLM_API_KEY", "authorization", "/v1/chat/completions"),
    ("bifrost", "openai/m", "BIFROST_VIRTUAL_KEY", "x-bf-vk", "/v1/chat/completions"),
    ("portkey", "@a/m", "PORTKEY_API_KEY", "x-portkey-api-key", "/v1/chat/completions"),
]
for name, model, variable, header, path in ROWS:
    key = new_key()
    with Run("server a\n* ok") as run:
        base = "http://127.0.0.1:%d/v1" % run.ports["a"]
        result, text = summarise(run, ["%s/%s" % (name, model)], {name: {"base_url": base}},
                                 {variable: key} if variable else {})
        run.requests()
        line, headers = head(run, "a") if run.log else ("", {})
    tap.ok(result["route"] == "%s/%s" % (name, model) and key not in text,
           name + " answers", text)
    tap.ok(line == "POST %s HTTP/1.1" % path, name + " → its path", line)
    credentials = sorted(h for h in headers if "key" in headers[h] or h == "authorization")
    tap.ok(credentials == ([header] if header else []), name + " → its key, in its header",
           headers)

# Bedrock: a bearer key, or a signature, which is made again here from what arrived.
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
PATH = "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse-stream"


def hmac256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(headers, names, body, secret, date, region):
    sha = hashlib.sha256(body.encode()).hexdigest()
    canonical = "\n".join(["POST", PATH.replace("%", "%25"), "", *(
        "%s:%s" % (n, headers[n]) for n in names), "", ";".join(names), sha])
    scope = "%s/%s/bedrock/aws4_request" % (date[:8], region)
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in (date[:8], region, "bedrock", "aws4_request"):
        key = hmac256(key, part)
    return hmac256(key, text).hex()


for token in (None, new_key() + "+/=="):
    secret, key_id = new_key(), new_key().upper()
    with Run("server a\n* ok") as run:
        env = {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret,
               "AWS_REGION": "eu-central-1",
               "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:%d" % run.ports["a"]}
        if token:
            env["AWS_SESSION_TOKEN"] = token
        result, text = summarise(run, ["bedrock/" + MODEL], {}, env)
        run.requests()
        line, headers = head(run, "a")
        body = run.body("a", 1)
    names = ["host", "x-amz-content-sha256", "x-amz-date"] + (["x-amz-security-token"] if token else [])
    sent = headers.get("authorization", "").partition("Signature=")[2]
    made = signature(headers, names, body, secret, headers.get("x-amz-date", ""), "eu-central-1")
    tap.ok(result["route"] == "bedrock/" + MODEL and line == "POST %s HTTP/1.1" % PATH,
           "bedrock answers a signed request", text, line)
    tap.ok(sent == made and secret not in text and (not token or token not in text),
           "signed as AWS would check it", headers, made)
    tap.ok(token is None or headers.get("x-amz-security-token") == token, "with its session token")
with Run("server a\n* ok") as run:
    key = new_key()
    result, text = summarise(run, ["bedrock/" + MODEL], {}, {
        "AWS_BEARER_TOKEN_BEDROCK": key, "AWS_ACCESS_KEY_ID": new_key(),
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:%d" % run.ports["a"]})
    run.requests()
    _, headers = head(run, "a")
    tap.ok(headers.get("authorization", "").startswith("Bearer <key") and
           "x-amz-date" not in headers, "a bearer key goes before a signature", headers)
with Run("server a\n* ok") as run:
    result, text = summarise(run, ["bedrock/" + MODEL], {}, {
        "AWS_ACCESS_KEY_ID": new_key(),
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:%d" % run.ports["a"]})
    tap.ok(not run.requests() and "AWS_SECRET_ACCESS_KEY is not set" in text,
           "half a key for signing sends nothing", text)

# Buildkite's own endpoint: by the job's token, which goes nowhere else.
with Run("server a\n* ok\nserver b\n* ok") as run:
    token = new_key()
    job = {"BUILDKITE_AGENT_ENDPOINT": "http://127.0.0.1:%d/v3" % run.ports["a"],
           "BUILDKITE_AGENT_ACCESS_TOKEN": token}
    elsewhere = "http://127.0.0.1:%d" % run.ports["b"]
    result, text = summarise(run, ["buildkite"], {}, job)
    tap.ok(result["route"] == "buildkite/claude-haiku-5-5" and token not in text,
           "buildkite answers inside a job", text)
    thieves = [{"buildkite": {"base_url": elsewhere}}, {"buildkite": {"keys": ["X"]}},
               {"own": {"api": "anthropic", "base_url": elsewhere,
                        "keys": ["BUILDKITE_AGENT_ACCESS_TOKEN"]}},
               {"openai": {"base_url": elsewhere, "keys": ["BUILDKITE_AGENT_ACCESS_TOKEN"]}}]
    for entries in thieves:
        result, text = summarise(run, [list(entries)[0] + "/m"], entries, job)
        tap.ok(not result["attempts"] and token not in text and "only" in text,
               "the job's token is not given to %s" % json.dumps(entries).replace(elsewhere, "…"),
               text)
    seen = run.requests()
    line, headers = head(run, "a")
    tap.ok(line == "POST /v3/ai/anthropic/v1/messages HTTP/1.1" and
           headers.get("x-api-key", "").startswith("<key") and "authorization" not in headers,
           "at its path, in its header", line, headers)
    tap.ok([r["server"] for r in seen] == ["a"], "and nobody else was asked", seen)

# A route that stands there twice is asked once.
with Run("server a\n* status=401\nserver b\n* ok") as run:
    entries = {n: {"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports[n], "keys": [], "model": "m"}
               for n in ("a", "b")}
    result, text = summarise(run, ["a", "a/m", "b"], entries)
    tap.ok([r["server"] for r in run.requests()] == ["a", "b"] and result["route"] == "b/m" and
           any("a/m stands in the route twice: the second one is left out" in w for w in result["warnings"]),
           "a route twice is one, and a warning", text)

# An entry's own headers go along; the key's header may be another.
with Run("server a\n* ok") as run:
    entry = {"api": "anthropic", "base_url": "http://127.0.0.1:%d" % run.ports["a"],
             "keys": ["OWN"], "key_header": "X-Own", "model": "m",
             "headers": ["x-portkey-provider: openai", "anthropic-version: 2026-10-21"]}
    key = new_key()
    result, text = summarise(run, ["own"], {"own": entry}, {"OWN": key})
    run.requests()
    _, headers = head(run, "a")
    tap.ok(result["route"] == "own/m" and headers.get("x-portkey-provider") == "openai" and
           headers.get("anthropic-version") == "2026-10-21" and headers.get("x-own") == key
           and "x-api-key" not in headers, "an entry's own headers", text, headers)

# A prompt that the host cut without a word is no question that was answered.
CUT = json.dumps({"model": "m", "message": {"role": "assistant", "content": "{}"}, "done": True,
                  "done_reason": "stop", "prompt_eval_count": 4096, "eval_count": 9})
with Run("server a\n1 body='%s'\n2 ok\nserver b\n* ok" % CUT, log=LOG * 60) as run:
    result, text = summarise(run, ["ollama/m"], {
        "ollama": {"base_url": "http://127.0.0.1:%d" % run.ports["a"]}})
    outcomes = [a["outcome"] for a in result["attempts"]]
    sizes = [r["body_bytes"] for r in run.requests()]
    tap.ok(outcomes == ["context_too_long", "ok"] and sizes[1] < sizes[0],
           "a prompt that was cut silently is sent again, shorter", text, sizes)

# What it cost, by the provider's own count and the list price; the provider's name for the request.
with Run("server a\n1 status=503\n2 header='x-request-id: req-7'") as run:
    result, text = summarise(run, ["openai/gpt-6-luna"], {
        "openai": {"base_url": "http://127.0.0.1:%d/v1" % run.ports["a"]}},
        {"OPENAI_API_KEY": new_key()})
    last = (result["attempts"] or [{}])[-1]
    tap.ok(last.get("cost_usd") == 0.000035 == result["cost_usd"] and
           [a["cost_usd"] for a in result["attempts"]] == [0, 0.000035] and
           last.get("request_id") == "req-7", "100 tokens in and 50 out cost $0.000035", text)
with Run("server a\n* header='x-generation-id: gen-7'") as run:
    result, text = summarise(run, ["openrouter/m"], {
        "openrouter": {"base_url": "http://127.0.0.1:%d/v1" % run.ports["a"]}},
        {"OPENROUTER_API_KEY": new_key()})
    tap.ok(result["attempts"][-1].get("request_id") == "gen-7", "OpenRouter's name of a request", text)
# Where the makers' own SDKs would go, and how.
for name, mine, path in (("openai", {"OPENAI_API_KEY": new_key(), "OPENAI_BASE_URL": "/gw/v1"}, "/gw/v1/chat/completions"),
                         ("anthropic", {"ANTHROPIC_AUTH_TOKEN": new_key(), "ANTHROPIC_BASE_URL": "/gw"}, "/gw/v1/messages")):
    with Run("server a\n* ok") as run:
        where, key = list(mine)[1], list(mine.values())[0]
        mine[where] = "http://127.0.0.1:%d%s" % (run.ports["a"], mine[where])
        result, text = summarise(run, [name + "/m"], {}, mine)
        run.requests()
        line, headers = head(run, "a") if run.log else ("", {})
        tap.ok(result["route"] == name + "/m" and line == "POST %s HTTP/1.1" % path and key not in text and
               headers.get("authorization", "").startswith("Bearer <key ") and
               "x-api-key" not in headers, where, line, headers, text)
REFUSED = json.dumps({"type": "error", "request_id": "req_8", "error": {
    "type": "authentication_error", "message": "invalid x-api-key"}})
with Run("server a\n* status=401 body='%s'" % REFUSED) as run:
    result, text = summarise(run, ["anthropic/m"], {
        "anthropic": {"base_url": "http://127.0.0.1:%d" % run.ports["a"]}},
        {"ANTHROPIC_API_KEY": new_key()})
    tap.ok([a.get("request_id") for a in result["attempts"]] == ["req_8"],
           "the name of a request that failed, out of the error's body", text)
with Run("server a\n* ok") as run:
    where = {"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports["a"], "keys": []}
    result, text = summarise(run, ["own/m"], {"own": where})
    tap.ok(result["route"] == "own/m" and result["cost_usd"] is None, "no price is no number", text)
    priced = dict(where, price_input="1", price_output="2")
    result, text = summarise(run, ["own/m"], {"own": priced})
    tap.ok(result["cost_usd"] == 0.0002, "an entry says its own price", text)
with Run("server a\n* header='x-litellm-response-cost: 0.0123'") as run:
    result, text = summarise(run, ["own/m"], {"own": {
        "api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports["a"], "keys": []}})
    tap.ok(result["cost_usd"] == 0.0123, "a gateway says what it cost", text)

# A ceiling: what could exceed it is not sent.
with Run("server a\n* answer=empty\nserver b\n* ok") as run:
    dear, cheap = ({"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports[n],
                    "keys": [], "price_input": p, "price_output": p}
                   for n, p in (("a", "0.4"), ("b", "free")))
    unknown = {"api": "openai", "base_url": cheap["base_url"], "keys": []}
    routes = ["dear/m", "unknown/m", "cheap/m"]
    entries = {"dear": dear, "unknown": unknown, "cheap": cheap}
    result, text = summarise(run, routes, entries, {"BUILDSUM_COST_USD_MAX": "0.001"})
    tap.ok([a["route"] for a in result["attempts"]] == ["cheap/m"] and
           "dear/m is left out: a request may cost up to $0.00" in text and
           "unknown/m is left out" in text, "a ceiling leaves out what is dear or unknown", text)
    result, text = summarise(run, routes[:1], entries, {"BUILDSUM_COST_USD_MAX": "0.02"})
    tap.ok([a["outcome"] for a in result["attempts"]] == ["empty"], "and lets through what fits",
           text)

# Without its limit an answer may be as long as the window: paid for if that fits, else left out, with the reason.
NO_LIMIT = "unsupported parameter: max_tokens"
for window, ceiling, outcomes, why in (
        (None, "0.1", ["capability", "capability"], "set providers.own.window"),
        (100000, "0.1", ["capability", "capability"], "may cost up to $0.1"),
        (100000, "0.9", ["capability", "capability", "ok"], None)):
    with Run('server a\n1-2 status=400 message="%s"\n* ok' % NO_LIMIT) as run:
        own = {"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports["a"], "keys": [],
               "price_input": "1", "price_output": "1"}
        result, text = summarise(run, ["own/m"], {"own": dict(own, window=window) if window else own},
                                 {"BUILDSUM_COST_USD_MAX": ceiling})
        tap.ok([a["outcome"] for a in result["attempts"]] == outcomes and
               (why in text and "it takes no limit of output tokens" in text if why else
                "is left out" not in text), "a limit that is refused under a ceiling of $" + ceiling, text)

# Another one of a built-in provider, with members of its own in the body.
with Run("server a\n* ok") as run:
    key = new_key()
    result, text = summarise(run, ["second/dep"], {"second": {
        "like": "azure", "base_url": "http://127.0.0.1:%d/v1" % run.ports["a"], "keys": ["KEY_B"],
        "body": {"store": None, "metadata": {"team": "ci"}, "service_tier": "flex"}}}, {"KEY_B": key})
    run.requests()
    body = json.loads(run.body("a", 1))
    _, headers = head(run, "a")
    tap.ok(result["route"] == "second/dep" and headers.get("api-key", "").startswith("<key") and "authorization" not in headers,
           "a provider like a built-in one has its header", text, headers)
    tap.ok(body["metadata"] == {"team": "ci"} and body["service_tier"] == "flex" and "store" not in body and
           body["prompt_cache_key"] and "max_completion_tokens" in body, "and its parameters, and its own members", body)
# What the user added is not left out when the host refuses it: the next route answers.
with Run('server a\n* status=400 code=unknown_parameter message="Unknown parameter: \'service_tier\'."\nserver b\n* ok') as run:
    entries = {n: {"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports[n], "keys": []} for n in "ab"}
    entries["a"]["body"] = {"service_tier": "flex"}
    result, text = summarise(run, ["a/m", "b/m"], entries)
    tap.ok([a["outcome"] for a in result["attempts"]] == ["rejected", "ok"] and
           "a/m refuses what providers.a.body adds (HTTP 400: Unknown parameter: 'service_tier'.)" in text,
           "a member that a host does not know, and says so", text)

# Two replicas of a gateway are two routes: one dies in the middle of an answer.
with Run("server a\n* cut=700 rst refuse\nserver b\n* ok") as run:
    entries = {n: {"api": "openai", "base_url": "http://127.0.0.1:%d/v1" % run.ports[n],
                   "keys": []} for n in "ab"}
    result, text = summarise(run, ["a/m", "b/m"], entries)
    outcomes = [a["outcome"] for a in result["attempts"]]
    tap.ok(result["route"] == "b/m" and outcomes[0] == "cut", "a replica that dies loses nothing",
           text)
tap.done()
