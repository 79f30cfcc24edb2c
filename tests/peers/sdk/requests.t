#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every request body, of every provider, in every mode, by the official SDKs' own types."""
import copy
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/peers/sdk"]
import judges
import tap

WIRES = os.path.join(tap.BUILD, "tests/peers/wires")
# Models whose bodies differ from those of the providers' own default models.
MODELS = """openai/gpt-4o-mini openai/gpt-5-nano openai/gpt-5.4-nano openai/gpt-6.1-sol
anthropic/claude-haiku-4-5 anthropic/claude-sonnet-5-5 anthropic/claude-opus-4-1
gemini/gemini-2.5-flash-lite gemini/gemini-3.8-flash groq/llama-3.1-8b-instant groq/qwen/qwen3.8-27b
mistral/magistral-small-latest""".split()


ENV = tap.clean_env(**judges.SURROUNDINGS)


def lines(*words):
    done = subprocess.run([WIRES, *words], capture_output=True, text=True, check=False, env=ENV)
    if done.returncode:
        raise SystemExit("Bail out! " + done.stderr)
    return done.stdout.splitlines()


def verdict(request):
    return ["%s: %s" % (name, flaw) for name, judge in judges.judges_of(request) for flaw in judge(request)]


known = set(json.loads(line)["provider"] for line in lines("bodies"))
requests = [json.loads(line) for line in lines("bodies", *(m for m in MODELS if m.split("/")[0] in known))]
groups = {}
for request in requests:
    groups.setdefault((request["route"], request["mode"]), []).append(request)
for (route, mode), group in groups.items():
    names = [name for name, _ in judges.judges_of(group[0])]
    flaws = [(("stream " if r["stream"] else "") + ("re-ask " if r["reask"] else "") + ("plain " if r["plain"] else ""),
              flaw) for r in group for flaw in verdict(r)]
    tap.ok(names and len(group) >= 4 and not flaws,
           "%s, %s, %d bodies: %s" % (route, mode, len(group), " and ".join(names) or "nobody judges it"), *flaws)

# What the program itself says it would send is what was judged.
for provider in sorted(known):
    done = tap.run("--dry-run", "--route", next(r["route"] for r in requests if r["provider"] == provider), "-",
                   stdin="x.c:1: error: broken\n", env=ENV)
    head, _, body = done.out.partition("\n\n")
    try:
        request = {"provider": provider, "body": json.loads(body)}
    except ValueError:
        tap.ok(False, provider + ": --dry-run prints a body", done.out, done.err)
        continue
    like = next(r for r in requests if r["provider"] == provider and r["url"] in head or r["provider"] == provider)
    request.update(wire=like["wire"], model=like["model"], stream=bool(request["body"].get("stream")) or
                   "tream" in head.rsplit("/", 1)[-1])
    flaws = verdict(request)
    tap.ok(not flaws, provider + ": --dry-run", *flaws)

# A judge that lets mistakes through is none: each must refuse what no API takes.
for wire in sorted({r["wire"] for r in requests}):
    request = next(r for r in requests if r["wire"] == wire)
    for name, judge in judges.judges_of(request):
        wrong = copy.deepcopy(request)
        wrong["body"]["no_such_member"] = 1
        tap.ok(judge(wrong), "%s (%s) refuses an unknown member" % (name, wire))
        wrong = copy.deepcopy(request)
        for member in ("messages", "contents", "input"):
            if member in wrong["body"]:
                wrong["body"][member] = 7
        tap.ok(judge(wrong), "%s (%s) refuses a number for the messages" % (name, wire))
tap.done()
