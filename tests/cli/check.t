#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`buildsum check`: what is configured, remembered and wrong, in words and as JSON; nobody is asked."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, LOG, Run, Tap, new_key

tap = Tap()
PROGRAM = os.path.abspath(os.path.join(BUILD, "buildsum"))


def run(*arguments, files=None, **variables):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (files or {}).items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        environment = {"HOME": folder, "XDG_CONFIG_HOME": folder, **variables}
        return subprocess.run([PROGRAM, "check", *arguments], cwd=folder, env=environment, text=True,
                              capture_output=True, timeout=60, check=False)


def check(*arguments, **how):
    """The JSON object, with the exit status and all that was printed."""
    done = run(*arguments, "--format", "json", **how)
    found = json.loads(done.stdout)
    found["status"], found["text"] = done.returncode, done.stdout + done.stderr
    return found


# --- configurations

r = run()
tap.ok(r.returncode == 0 and r.stderr == "" and "the local summary" in r.stdout and
       "no model is configured" in r.stdout, "works without any configuration, and says what that means", r.stdout)
r = check(OPENAI_API_KEY=new_key(), ANTHROPIC_API_KEY=new_key())
tap.ok(r["status"] == 0 and r["works"] and not r["problems"] and not r["warnings"] and
       [x["route"].split("/")[0] for x in r["routes"]] == ["openai", "anthropic"], "two keys: nothing is wrong", r["text"])
route = r["routes"][0]
tap.ok(route["usable"] and route["url"] == "https://api.openai.com/v1/chat/completions" and
       route["schema_modes"][0] == "strict" and route["first_token_ms"] == 4000 and
       route["keys"] == [{"name": "OPENAI_API_KEY", "from": None, "usable": True, "cooling_until": None, "left_out_until": None,
                          "left_out_as": None, "words": "ready"}], "a route: where, how, with which key, how long", route)
secret = new_key()
r = check(OPENAI_API_KEY=secret, OPENAI_BASE_URL="https://gw.example/v1", ANTHROPIC_AUTH_TOKEN=secret)
tap.ok([x["url"] for x in r["routes"]] == ["https://gw.example/v1/chat/completions", "https://api.anthropic.com/v1/messages"] and
       r["routes"][1]["keys"][0]["name"] == "ANTHROPIC_AUTH_TOKEN" and r["routes"][1]["usable"] and secret not in r["text"],
       "the addresses and the token that the makers' own SDKs read", r["text"])
r = check(OPENAI_API_KEY=secret, OPENAI_BASE_URL="gw.example/v1")
tap.ok(r["routes"] == [] and any("OPENAI_API_KEY is set, but not used: OPENAI_BASE_URL: expected an address" in w
                                 for w in r["warnings"]), "such an address that is none: nothing goes elsewhere", r["text"])
PROXY = "http://me:" + secret + "@proxy.example:3128"
for form in ("text", "json"):
    r = run("--format", form, files={".buildsum.yml": "route: [openai/a]\n"}, OPENAI_API_KEY=secret, HTTPS_PROXY=PROXY)
    tap.ok(secret not in r.stdout + r.stderr and "OPENAI_API_KEY" in r.stdout and "proxy.example:3128" in r.stdout,
           "names keys and proxy, never a value (" + form + ")", r.stdout)

# An entry like a built-in provider, with members of its own in the body.
LIKE = ("route: [second/dep]\nproviders:\n  second:\n    like: azure\n    base_url: https://b.example/openai/v1\n"
        "    keys: [KEY_B]\n    body: {service_tier: flex, store: null}\n")
how = {"files": {"buildsum.yml": LIKE}, "KEY_B": new_key(), "BUILDSUM_CONFIG": "buildsum.yml"}
route = check(**how)["routes"][0]
tap.ok(route["usable"] and route["url"] == "https://b.example/openai/v1/chat/completions" and
       "prompt_cache_key" in route["parameters"] and "store" not in route["parameters"] and
       route["own_members"] == ['service_tier: "flex"', "store: null"], "a second one of a built-in provider, and what it is sent", route)
r = run(**how)
tap.ok("prompt_cache_key" in r.stdout and "yours: service_tier, store" in r.stdout, "in words, too", r.stdout)

WRONG = [
    ("an unknown provider", "route: [opnai/x, anthropic/y]\n", {"ANTHROPIC_API_KEY": "kkkkkkkkkk"}, (), "did you mean openai?"),
    ("no key at all", "route: [openai/x]\n", {}, (), "OPENAI_API_KEY is not set"),
    ("a key with a blank in it", "route: [openai/x]\n", {"OPENAI_API_KEY": "a b"}, (), "characters that no key has"),
    ("a model that is required and not there", "require_llm: true\n", {}, (), "set a provider's key"),
    ("a deadline without time for a model", "deadline: 1s\n", {"OPENAI_API_KEY": "kkkkkkkkkk"}, (), ".buildsum.yml:1:1: deadline is 1s"),
    ("a proxy that is none", "", {"OPENAI_API_KEY": "kkkkkkkkkk", "https_proxy": "::::"}, (), "https_proxy is no proxy's address"),
    ("a file without certificates", "", {"SSL_CERT_FILE": "/dev/null"}, (), "certificates"),
    ("a pack that is not there", "rules: [nowhere.yml]\n", {}, (), "nowhere.yml"),
    ("a pack with a bad pattern", "rules: [bad.yml]\n", {}, (), "bad.yml:3:5: rule mine-one"),
    ("a pattern of a secret that does not compile", "redact: {patterns: ['(']}\n", {}, (), "redact"),
    ("a folder of prompts with a bad one", "prompts: .\n", {}, (), "user.md:1:"),
]
BAD_PACK = "pack: mine\nrules:\n  - id: mine-one\n    matches: [a]\n    match: '(a'\n"
for name, config, variables, arguments, said in WRONG:
    files = {".buildsum.yml": config, "bad.yml": BAD_PACK, "user.md": "{{nothing}}\n"}
    r = check(*arguments, files=files, **variables)
    tap.ok(r["status"] == 2 and not r["works"] and any(said in p for p in r["problems"]), "a problem: " + name, r["text"])
r = run(files={".buildsum.yml": "route: [opnai/x, antropic/y]\ndeadline: 1s\n"})
tap.ok(r.returncode == 2 and r.stdout.count("  problem:") == 2 and r.stdout.endswith("2 problems.\n") and r.stderr == "",
       "every problem has its line", r.stdout)
r = run(files={".buildsum.yml": "idel: 4s\n"})
tap.ok(r.returncode == 2 and r.stderr.count("\n") == 1 and ".buildsum.yml:1:1" in r.stderr and "idle" in r.stderr,
       "a file that cannot be read is one line, too", r.stderr)
r = run(files={"evil.yml": "rules: [\"a\\e[31m\\nproblem: b\"]\n"}, BUILDSUM_CONFIG="evil.yml")
tap.ok("\033" not in r.stdout + r.stderr and "\nproblem" not in r.stdout, "nothing in it is active on a terminal", r.stdout)

WARNINGS = [
    ("one route without another to fall back to", "route: [openai/x]\n", {}, "fall back"),
    ("a route without a key beside one with", "route: [openai/x, anthropic/y]\n", {}, "anthropic/y is left out"),
    ("a route twice", "route: [openai/x, openai/x]\n", {}, "twice"),
    ("a route twice, by its short name", "route: [openai, anthropic/y, openai/gpt-6-luna]\n", {"ANTHROPIC_API_KEY": "kkkkkkkkkk"},
     "openai/gpt-6-luna stands in the route twice: the second one is left out"),
    ("a single route twice", "route: [openai, openai]\n", {}, "fall back"),
    ("fewer attempts than routes", "route: [openai/x, openai/y]\nattempts: 1\n", {}, "attempts is 1"),
    ("certificates that are not there", "", {"SSL_CERT_FILE": "/nowhere.pem"}, "/nowhere.pem"),
    ("a folder that cannot be made", "", {"BUILDSUM_STATE_DIR": "/proc/nowhere"}, "/proc/nowhere"),
]
for name, config, variables, said in WARNINGS:
    r = check(files={".buildsum.yml": config}, OPENAI_API_KEY=new_key(), **variables)
    tap.ok(r["status"] == 0 and r["works"] and any(said in w for w in r["warnings"]), "a warning: " + name, r["text"])

# --- costs, windows, keys that make no route

r = check("--config", "own.yml", "--route", "openai/gpt-6-luna,openai/unheard-of,ollama/m,own/x", OPENAI_API_KEY=new_key(), files={
    "own.yml": "providers:\n  own: {api: openai, base_url: 'https://own.example', keys: [], "
    "price_input: 1, price_output: 2, price_cached: 0.5, window: 32768}\n"})
a, b, c, d = r["routes"]
tap.ok(a["price_usd_per_million"] == {"input": 0.1, "cached": 0.01, "output": 0.5, "own": False} and a["window_known"] and
       0.0032 + 0.002 < a["request_usd_max"] < 0.01 and 2 * a["request_usd_max"] < a["run_usd_max"] < 0.04,
       "what a model costs, and a run at the most", a)
tap.ok(b["price_usd_per_million"] is None and b["request_usd_max"] is None and not b["window_known"],
       "a model nothing is known of", b)
tap.ok(c["price_usd_per_million"] == {"input": 0, "cached": 0, "output": 0, "own": False} and c["run_usd_max"] == 0,
       "one of our own costs nothing", c)
tap.ok(d["price_usd_per_million"] == {"input": 1, "cached": 0.5, "output": 2, "own": True} and d["window_bytes"],
       "the user's word for it", d)
text = run("--route", "openai/gpt-6-luna,openai/unheard-of,ollama/m", OPENAI_API_KEY=new_key()).stdout
tap.ok("price       $0.10 for a million tokens in, $0.01 of them cached, $0.50 out" in text and
       "costs       at most $0.00" in text and "price       not known: cost_usd is null; set providers.openai" in text and
       "window      not known: the whole excerpt is taken to fit" in text and "window      1043500 tokens" in text and
       "price       free" in text and "cost_usd_max none" in text, "the same as text", text)
r = check("--cost-usd-max", "0.006", OPENAI_API_KEY=new_key(), ANTHROPIC_API_KEY=new_key(), files={
    ".buildsum.yml": "route: [openai/gpt-6-luna, anthropic/claude-haiku-4-5, openai/unheard-of]\n"})
words = " ".join(r["warnings"])
tap.ok("openai/gpt-6-luna is left out of runs with more than " in words and "anthropic/claude-haiku-4-5 is left out: a request may "
       "cost up to $0.0" in words and "openai/unheard-of is left out: there is a ceiling on costs (cost_usd_max)" in words and
       [x["usable"] for x in r["routes"]] == [True, False, False] and r["routes"][0]["run_usd_max"] == 0.006 and
       r["cost_usd_max"] == 0.006 and r["status"] == 0, "a ceiling: who is left out of what", r["text"])
r = run("--cost-usd-max", "0.001", OPENAI_API_KEY=new_key())
tap.ok(r.returncode == 2 and "problem:    openai/gpt-6-luna is left out: a request may cost up to" in r.stdout and
       "Nothing is wrong" not in r.stdout and "1. openai/gpt-6-luna: left out, it may cost too much" in r.stdout,
       "a ceiling that nobody is left under is a problem", r.stdout)
secret = new_key()
r = check(OPENAI_API_KEY=new_key(), AZURE_OPENAI_API_KEY=secret, PORTKEY_API_KEY=secret, AWS_ACCESS_KEY_ID=secret,
          AWS_BEARER_TOKEN_BEDROCK=secret)
tap.ok([(x["key"], x["incomplete"]) for x in r["not_used"]] == [("AZURE_OPENAI_API_KEY", True), (
    "AWS_BEARER_TOKEN_BEDROCK", True), ("AWS_ACCESS_KEY_ID", False), ("PORTKEY_API_KEY", False)] and
       any("AZURE_OPENAI_API_KEY is set, but not used" in w and "none of AZURE_OPENAI_ENDPOINT, AZURE_RESOURCE_NAME is set" in w and "model is missing" in w
           for w in r["warnings"]) and not any("PORTKEY" in w for w in r["warnings"]) and secret not in r["text"],
       "keys that are set and make no route, and why", r["text"])
r = check(OPENAI_API_KEY=new_key(), AWS_BEARER_TOKEN_BEDROCK=secret, AWS_REGION="us-gov-west-1")
tap.ok(any("AWS_BEARER_TOKEN_BEDROCK is set, but not used" in w and "the model is missing: bedrock/MODEL" in w and
           "is not there in us-gov-west-1" in w for w in r["warnings"]) and len(r["routes"]) == 1,
       "a cloud without the usual model of bedrock", r["text"])
text = run(OPENAI_API_KEY=new_key(), AZURE_OPENAI_API_KEY=secret).stdout
tap.ok("  not used    AZURE_OPENAI_API_KEY (azure): " in text, "the same as text", text)
r = check("--route", "openai/x", OPENAI_API_KEY=new_key(), AZURE_OPENAI_API_KEY=secret)
tap.ok(r["not_used"] == [], "a route that the user wrote leaves out what it leaves out", r["text"])

# --- in a job

with tempfile.NamedTemporaryFile() as log:
    JOB = {"BUILDKITE_JOB_ID": "0189-abc", "BUILDKITE_AGENT_ACCESS_TOKEN": secret, "BUILDKITE_STEP_KEY": "unit",
           "BUILDKITE_JOB_LOG_TMPFILE": log.name}
    r = check(**JOB)
    tap.ok(r["buildkite"]["job"] == "0189-abc" and r["buildkite"]["context"].startswith("buildsum/unit/") and
           r["buildkite"]["log_there"] and secret not in r["text"], "in a job: what it is, and where the log is", r["text"])
r = check(**{**JOB, "BUILDKITE_JOB_LOG_TMPFILE": ""})
tap.ok(r["status"] == 0 and any("--enable-job-log-tmpfile" in w for w in r["warnings"]), "an agent that keeps no log", r["text"])
r = check(**{**JOB, "BUILDKITE_AGENT_ACCESS_TOKEN": ""})
tap.ok("BUILDKITE_AGENT_ACCESS_TOKEN" in r["buildkite"]["trouble"], "a job that can post nothing", r["text"])

# --- what is remembered


def remembered(script, runs, keys=1):
    """What `check` says of route a after so many real runs, as JSON and as text."""
    with Run(script) as fault, tempfile.TemporaryDirectory() as folder:
        names = {s: ["KEY_%s_%d" % (s, i) for i in range(keys)] for s in fault.ports}
        environment = {n: new_key() for s in names for n in names[s]}
        lines = ["route: [%s]" % ", ".join(s + "/m" for s in names), "hedge: off", "providers:"]
        for s, port in fault.ports.items():
            lines.append("  %s: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: [%s]}" % (s, port, ", ".join(names[s])))
        config, state, log = [os.path.join(folder, n) for n in ("c.yml", "state", "log")]
        for path, text in ((config, "\n".join(lines) + "\n"), (log, LOG)):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        environment.update(BUILDSUM_CONFIG=config, BUILDSUM_STATE_DIR=state, HOME=folder)
        for _ in range(runs):
            subprocess.run([PROGRAM, log], env=environment, capture_output=True, timeout=60, check=True)
        found = check(**environment)
        found["plain"] = run(**environment).stdout
        found["leaked"] = [n for n in environment if n.startswith("KEY") and environment[n] in found["text"] + found["plain"]]
        tap.ok(not found["leaked"], "no key in it", found["leaked"])
        return found, found["routes"][0]


found, a = remembered("server a\n* status=500\nserver b\n* ok", 1)
tap.ok(a["health"]["breaker"] == "open" and a["health"]["last_failure"] == "server_error" and a["health"]["open_until"] and
       "open until " in found["plain"] and "server_error" in found["plain"], "a breaker that is open, until when and why", found["plain"])
found, a = remembered("server a\n* status=401\nserver b\n* ok", 1, keys=2)
tap.ok([k["left_out_as"] for k in a["keys"]] == ["credential"] * 2 and "does not accept it" in found["plain"],
       "keys that are not accepted", found["plain"])
found, a = remembered("server a\n1 status=429 code=insufficient_quota\n* ok", 1, keys=2)
tap.ok(a["keys"][0]["left_out_as"] == "quota" and a["keys"][1]["words"] == "ready" and "credit is used up" in found["plain"],
       "a key without credit beside one that is ready", found["plain"])
found, a = remembered("server a\n1 status=429 header='Retry-After: 600'\n* ok", 1, keys=2)
tap.ok(a["keys"][0]["cooling_until"] and not a["keys"][0]["left_out_until"] and "cooling until" in found["plain"],
       "a key that cools", found["plain"])
found, a = remembered("server a\n1 status=400 message='response_format is not supported'\n* ok\nserver b\n* ok", 1)
tap.ok(a["health"]["refused_schema_modes"] == ["strict"] and "schema mode strict is not used until" in found["plain"],
       "a schema mode that the host refused", found["plain"])
found, a = remembered("server a\n1 status=400 message='Unknown parameter: stream_options'\n* ok\nserver b\n* ok", 1)
tap.ok(a["health"]["refused_parameters"] == ["stream_options"] and "stream_options left out until" in found["plain"],
       "a parameter that the host refused, by its name", found["plain"])
found, a = remembered("server a\n1 status=400 message='max_tokens: 4000 > 2048, the maximum'\n* ok\nserver b\n* ok", 1)
tap.ok(a["health"]["output_tokens_max"] == 2048 and not a["health"]["parameters_left_out"] and
       "2048 output tokens at the most until" in found["plain"], "a host that allows only short answers", found["plain"])
found, a = remembered("server a\n* status=404 code=model_not_found\nserver b\n* ok", 1)
tap.ok(a["health"]["left_out_until"] and "does not know the model" in found["plain"], "a model that is gone", found["plain"])
found, a = remembered("server a\n* status=400 message='response_format is not supported'\nserver b\n* ok", 1)
tap.ok(a["health"]["left_out_until"] and a["health"]["last_failure"] == "capability" and
       "the host refused the request in every schema mode" in found["plain"] and
       "schema mode strict, tool, json_object, prompt is not used" in found["plain"],
       "a route that refused every schema mode is left out", found["plain"])
found, a = remembered("server a\n* first-token=30ms\nserver b\n* ok", 8)
tap.ok(a["health"]["breaker"] == "closed" and 30 <= a["health"]["first_token_p95_ms"] < 3000 and
       "95 of 100 first tokens" in found["plain"] and found["remembered"]["retries_left"] == 5,
       "how late first tokens are", found["plain"])

# --- live

LIVE = """server good
* ok first-token=30ms
server locked
* status=401
server old
1 status=400 code=unsupported_parameter message='response_format of type json_schema is not supported'
* ok
server picky
1 status=400 code=unsupported_parameter message='max_tokens is not supported, use another one'
* ok
server fenced
* answer=fenced
server gone
* status=404 code=model_not_found
server slow
* silence
server words
* answer=words
server spare
* key=1 status=401
* ok
"""


def live(names, *arguments, keys=1):
    """The JSON of `check --live` over those servers of LIVE, the same as text, and keys that can be seen."""
    with Run(LIVE) as server:
        config = "route: [%s]\nfirst_token: 400ms\ndeadline: 8s\nstate: false\nproviders:\n" % (
            ", ".join(n + "/m" for n in names))
        variables = {}
        for name in names:
            variables.update({"KEY_%s_%d" % (name, i): new_key() for i in range(1, keys + 1)})
            config += "  %s: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: [%s]}\n" % (
                name, server.ports[name], ", ".join("KEY_%s_%d" % (name, i) for i in range(1, keys + 1)))
        how = {"files": {"live.yml": config}, "BUILDSUM_CONFIG": "live.yml", **variables}
        found = check("--live", *arguments, **how)
        found["plain"] = run("--live", *arguments, **how).stdout
        found["leaked"] = [n for n, v in variables.items() if v in found["text"] + found["plain"]]
        return found, {r["route"].split("/")[0]: r["live"] for r in found["routes"]}


found, said = live(["good", "locked", "old", "fenced", "gone", "slow", "words"])
tap.ok(found["status"] == 1 and not found["leaked"], "one route that does not answer: exits with 1", found["text"])
tap.ok({n: v["works"] for n, v in said.items()} == {"good": True, "locked": False, "old": True, "fenced": True,
                                                   "gone": False, "slow": False, "words": False},
       "each route stands for itself: none answers for another", said)
tap.ok({n: v["outcome"] for n, v in said.items() if not v["works"]} == {
    "locked": "credential", "gone": "model_gone", "slow": "timeout", "words": "invalid_json"}, "why it does not", said)
tap.ok(said["good"]["schema_mode"] == "strict" and said["old"]["schema_mode"] == "tool" and
       "schema mode strict" in said["good"]["words"] and "in schema mode tool only" in said["old"]["words"] and
       "refused schema mode strict" in said["old"]["words"] and "mended" in said["fenced"]["words"],
       "which schema mode works", said)
tap.ok("does not accept the key, KEY_locked_1 (HTTP 401" in said["locked"]["words"] and
       "does not know the model" in said["gone"]["words"] and "too slow" in said["slow"]["words"] and
       "no JSON" in said["words"]["words"], "what came, in words", said)
tap.ok(said["good"]["run"]["attempts"][0]["elapsed_ms"] >= 30 and said["good"]["input_tokens"] == 100 and
       "100 tokens in and 50 out" in said["good"]["words"], "its time and its tokens", said["good"])
tap.ok("  live        works: schema mode strict" in found["plain"] and
       "Asked live: 3 of 7 routes answered." in found["plain"], "the same as text", found["plain"])
with Run("server a\n* ok") as server:
    config = "route: [openai]\nstate: false\nproviders: {openai: {base_url: 'http://127.0.0.1:%d/v1'}}\n" % server.ports["a"]
    r = check("--live", "--config", "live.yml", files={"live.yml": config}, OPENAI_API_KEY=new_key())
    server.requests()
    body = server.body("a", 1)
    sent = json.loads(body)
    schema = sent["response_format"]["json_schema"]
    print("# %d bytes are sent, %d of them the schema" % (len(body), len(json.dumps(schema))))
    tap.ok(r["routes"][0]["live"]["works"] and len(body) < 3500 and schema["strict"] and schema["schema"]["required"],
           "a small request, with the whole schema", body)
found, said = live(["picky", "old"])
tap.ok(said["picky"]["works"] and said["picky"]["words"].startswith("works: schema mode strict kept as it came") and
       "at first it refused a parameter, which was left out then (HTTP 400: max_tokens" in said["picky"]["words"] and
       "schema mode strict or" not in found["text"] and "it refused schema mode strict (HTTP 400" in said["old"]["words"],
       "what was refused, a parameter or a mode, is told apart", [v["words"] for v in said.values()])
found, said = live(["good", "spare"], keys=2)
tap.ok(found["status"] == 0 and said["spare"]["works"] and "at first it does not accept the key, KEY_spare_1" in
       said["spare"]["words"], "all routes answer: exits with 0, and a key that is refused is told", found["text"])
found, said = live(["good"], "--deadline", "1s")
tap.ok(found["status"] == 2, "a problem beside it: exits with 2", found["text"])
r = check("--live")
tap.ok(r["status"] == 0 and r["routes"] == [], "without any route nobody is asked", r["text"])
r = check("--live", files={".buildsum.yml": "route: [opnai/x, anthropic/y]\n"}, ANTHROPIC_API_KEY=new_key(),
          HTTPS_PROXY="http://127.0.0.1:1")
tap.ok(r["status"] == 2 and r["routes"][0]["trouble"] and not r["routes"][1]["live"]["works"] and
       r["routes"][1]["live"]["outcome"] == "unreachable", "a route that cannot be does not keep the others from it", r["text"])
r = check(files={".buildsum.yml": "route: [anthropic/y]\n"}, ANTHROPIC_API_KEY=new_key())
tap.ok(r["routes"][0]["live"] is None, "without --live nobody is asked", r["text"])
tap.done()
