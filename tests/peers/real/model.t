#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real model behind a real llama.cpp server summarises real logs, held to the schema while it writes."""
import json
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/peers/real"]
import gateways
import peers
import tap

MINE = os.environ.get("LLAMA_BASE_URL")  # a server of yours instead, with a better model
OPEN_S = 60  # one log; a small model needs a tenth of it
TRIES = 4  # the random number in each prompt leads a small model astray now and then
# What the smallest model can still quote, told by two examples (the folder prompts/).
PLAIN = "git/repository-not-found"
LOGS = ("typescript/pretty", "vite/unresolved-import", "unittest/failure-and-error")  # for a better model


def log_path(log):
    return os.path.join(tap.ROOT, "tests/cases", log, "log.txt")


def ask(url, key, path, **lines):
    seconds = 600 if MINE else OPEN_S
    settings = {"route": ["llamacpp"], "deadline": "%ds" % seconds, "attempt": "%ds" % (seconds - 5), "idle": "60s",
                "first_token": "%ds" % (seconds - 10), "hedge": "off", "state": False, "excerpt_bytes": 3000,
                "attempts": 2 if MINE else 1,
                "providers": {"llamacpp": {"base_url": url}}, **lines}
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as f:
        f.write(json.dumps(settings))  # JSON is YAML
        f.flush()
        done = tap.run("--config", f.name, "--format", "json", path, env=tap.clean_env(LLAMA_API_KEY=key), timeout=seconds + 60)
    result = done.json() if done.out else {"attempts": [], "outcome": done.err, "summary": {}}
    result["ways"] = [a["outcome"] for a in result["attempts"]]
    print("# %s: %s, %s" % (os.path.basename(os.path.dirname(path)), result["outcome"], " ".join(
        "%s %d ms %d>%d tokens" % (a["outcome"], a["elapsed_ms"], a["input_tokens"], a["output_tokens"])
        for a in result["attempts"])), flush=True)
    return result


def is_verbatim(result, path):
    """By the log itself, not by the program's own word."""
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    quotes = result["summary"].get("evidence") or []
    return bool(quotes) and all(e["text"] in lines[e["line"] - 1] for e in quotes)


def summarises(url, key):
    """The model's own words, once as a stream and once whole."""
    path, prompts = log_path(PLAIN), os.path.join(tap.ROOT, "tests/peers/real/prompts")
    for stream in (True, False):
        name = "%s, %s: a summary by the model, evidence verbatim" % (PLAIN, "streamed" if stream else "whole")
        for _ in range(TRIES):
            result = ask(url, key, path, stream=stream, prompts=prompts)
            if result["outcome"] == "llm":
                break
        if result["ways"][-1:] == ["timeout"]:
            tap.skip(name, "this machine was too slow for it")
            continue
        last = (result["attempts"] or [{}])[-1]
        tap.ok(result["outcome"] == "llm" and is_verbatim(result, path) and last["input_tokens"] > 500 and
               last["output_tokens"] > 30, name, json.dumps(result))


def keeps_the_schema(url, key):
    """A small model quotes what is not in the log; what it writes fits the schema all the same."""
    answered = 0
    for log in LOGS:
        result = ask(url, key, log_path(log))
        tap.ok(result["ways"] and set(result["ways"]) <= {"ok", "invalid_summary", "truncated"},
               log + ": every answer is JSON of the schema", json.dumps(result))
        answered += result["outcome"] == "llm"
    tap.ok(answered > 0, "of %d logs %d were summarised by the model, evidence verbatim" % (len(LOGS), answered))


def refuses(url, key):
    """The server's own errors."""
    result = ask(url, "wrong", log_path(PLAIN))
    tap.ok(result["ways"][:1] == ["credential"], "a wrong key is a credential's failure", json.dumps(result))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "long/log.txt")
        os.mkdir(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join("list.c:%d: error: the name x%d was never declared in this scope\n" % (i, i) for i in range(900)))
        begun = time.monotonic()
        result = ask(url, key, path, excerpt_bytes=48000, attempts=1)
    tap.ok(result["ways"] == ["context_too_long"] and time.monotonic() - begun < OPEN_S, "a log beyond its window is named so, "
           "at once", json.dumps(result))


if MINE:
    keeps_the_schema(MINE, os.environ.get("LLAMA_API_KEY"))
else:
    port = peers.free_port()
    try:
        running = peers.Peer([sys.executable, "tests/peers/real/llama_server.py", str(port), gateways.KEY], port, ready="/health",
                             env={"OMP_WAIT_POLICY": "passive"})
    except RuntimeError as why:  # the packaged program needs AVX2, which not every processor has
        print("1..0 # SKIP the packaged llama.cpp does not run here: %s" % " ".join(str(why).split())[-200:])
        sys.exit(0)
    with running:
        base = "http://127.0.0.1:%d/v1" % port
        refuses(base, gateways.KEY)
        summarises(base, gateways.KEY)
tap.done()
