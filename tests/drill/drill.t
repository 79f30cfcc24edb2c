#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`buildsum drill`, as its users run it: nothing real is asked, the table tells what happened, nothing is left behind."""
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange"]
from faults import Server
from tap import BUILDSUM, clean_env, done, equal, ok, run, tempdir

CONFIG = """
route: [first/model-a, spare/model-b, spare/model-c]
deadline: 12s
providers:
  first: {{ api: openai, base_url: "http://127.0.0.1:{port}/v1", keys: [DRILL_KEY_A, DRILL_KEY_B] }}
  spare: {{ api: anthropic, base_url: "http://127.0.0.1:{port}/anthropic", keys: [DRILL_KEY_C] }}
"""


def scenario(result, name):
    return next(s for s in result["scenarios"] if s["name"] == name)


def outcomes(run):
    return [(a["route"], a["outcome"]) for a in run["attempts"]]


with tempdir() as folder, Server("server real\n* ok\n", seconds=120) as real:
    keys = {name: f"sk-drill-{secrets.token_hex(12)}" for name in ("DRILL_KEY_A", "DRILL_KEY_B", "DRILL_KEY_C")}
    config = os.path.join(folder, "config.yml")
    with open(config, "w") as file:
        file.write(CONFIG.format(port=real.ports["real"]))
    env = clean_env(BUILDSUM_STATE="true", TMPDIR=folder, **keys)
    env["XDG_STATE_HOME"] = os.path.join(folder, "state")

    def drill(*args, **how):
        return run("drill", "--config", config, *args, env=env, timeout=100, **how)

    # --- the table, as JSON
    page = os.path.join(folder, "drill.html")
    got = drill("--runs", 3, "--format", "json", "--html", page, "--scenario",
                "healthy,rate-limit-storm,dead-key,hard-503,cut-stream,broken-lifeboat,all-down,refused,all-refused")
    equal(got.status, 0, "a route with a lifeboat passes") or print("#", got.err)
    result = got.json()
    ok(result["passed"] and result["lost"] == 0 and result["late"] == 0, "and says so")
    equal(result["route"], ["first/model-a", "spare/model-b", "spare/model-c"], "the route is the user's")
    equal([s["name"] for s in result["scenarios"]][:3], ["healthy", "rate-limit-storm", "dead-key"], "in the order asked for")
    ok(all(len(s["runs"]) == 3 for s in result["scenarios"]), "each as often as asked for")

    healthy = scenario(result, "healthy")
    equal([outcomes(r) for r in healthy["runs"]], [[("first/model-a", "ok")]] * 3, "healthy: the first provider answers")
    equal(healthy["without_fallback"]["outcome"], "model", "also without fallback")
    storm = scenario(result, "rate-limit-storm")
    equal([k["key"] for k in storm["runs"][0]["attempts"]], ["DRILL_KEY_A", "DRILL_KEY_B", "DRILL_KEY_C"],
          "429 storm: the first run tries each key once, then the lifeboat")
    equal([outcomes(r) for r in storm["runs"][1:]], [[("spare/model-b", "ok")]] * 2, "the next ones know")
    dead = scenario(result, "dead-key")
    equal([r["route"] for r in dead["runs"]], ["first/model-a"] * 3, "one dead key: the second key serves")
    ok(len(dead["without_fallback"]["attempts"]) == 1 and dead["without_fallback"]["outcome"] == "local",
       "without fallback there is one key and one try", dead["without_fallback"])
    hard = scenario(result, "hard-503")
    ok(hard["first_provider_attempts"] <= 6 and hard["verdict"] == "ok", "503: the breaker spares the dead", hard)
    stubborn = scenario(result, "all-refused")
    ok(stubborn["verdict"] == "ok" and all(r["route"].startswith("spare/") for r in stubborn["runs"]),
       "a first provider that refuses everything leaves the lifeboat its attempt", stubborn["runs"])
    equal(scenario(result, "broken-lifeboat")["verdict"], "local", "lifeboats that break the schema: the rules write it")
    equal(scenario(result, "all-down")["verdict"], "local", "everything down: the rules write it")
    equal(scenario(result, "refused")["runs"][0]["attempts"][0]["outcome"], "unreachable",
          "a port where nobody listens refuses")
    ok(result["lost_without_fallback"] >= 6, "without fallback most are lost", result["lost_without_fallback"])
    ok(all(r["elapsed_ms"] >= 90 for r in healthy["runs"]), "a healthy provider takes its 100 ms", healthy["runs"])

    # --- nothing real is touched
    with open(page) as file:
        html = file.read()
    everything = got.out + got.err + html
    ok(not any(key in everything for key in keys.values()), "no key is printed")
    ok("drill-DRILL_KEY" not in everything, "nor a made-up one")
    ok(not os.path.exists(env["XDG_STATE_HOME"]), "what is really remembered is left alone")
    equal(sorted(os.listdir(folder)), ["config.yml", "drill.html"], "nothing is left behind")

    # --- the page
    ok(html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>"), "the page is whole")
    ok(not re.search(r"(src|href)=.?(https?:|//)|<script|@import|url\(", html), "and needs nothing from elsewhere")
    for s in result["scenarios"]:
        drawn = html.split(f'id="s{result["scenarios"].index(s)}"')[1].split("</details>")[0]
        bars = sum(len(r["attempts"]) for r in s["runs"])
        ok(drawn.count("<rect") >= bars, f"{s['name']}: every attempt is drawn", bars, drawn.count("<rect"))

    # --- for people
    text = drill("--runs", 1, "--scenario", "healthy,hard-503")
    ok("scenario" in text.out and "hard-503" in text.out and "without fallback" in text.out, "a table for people", text.out)
    ok("\033" not in text.out, "without colour in a pipe")
    ok(text.err == "", "and nothing on standard error", text.err)
    markdown = drill("--runs", 1, "--scenario", "healthy", "--format", "markdown")
    ok("| healthy | ok | first/model-a |" in markdown.out, "a table in Markdown", markdown.out)
    names = run("drill", "--list", env=env).out.split("\n")
    ok(len(names) > 20 and names[0].startswith("healthy"), "--list names the scenarios")

    # --- what fails
    worse = drill("--runs", 1, "--scenario", "healthy", "--first-token", "30ms", "--format", "json")
    equal((worse.status, scenario(worse.json(), "healthy")["verdict"]), (1, "worse"), "a route that answers less than its first model alone fails")
    need = drill("--runs", 1, "--scenario", "all-down", "--require-llm", "--format", "json")
    equal((need.status, scenario(need.json(), "all-down")["verdict"]), (1, "no model"), "with --require-llm the rules are not enough")
    unset = run("drill", "--config", config, "--runs", 1, "--scenario", "healthy", env={**env, "DRILL_KEY_C": ""})
    ok("DRILL_KEY_C is not set here" in unset.err and unset.status == 0, "a key that is not set is told", unset.err)
    late = drill("--runs", 1, "--scenario", "all-silent", "--html", os.path.join(folder, "none/x.html"))
    ok(late.status == 1 and "none/x.html" in late.err and late.out == "", "a page that cannot be written is told before the game", late.err)
    away = run("drill", "--config", config, "--runs", 1, "--scenario", "healthy", env={**env, "TMPDIR": "/nonexistent"})
    equal(away.status, 0, "without a TMPDIR that exists it plays in /tmp")
    for command in ("drill", "check"):
        off = run(command, "--live", "--offline", "--config", config, env=env)
        ok(off.status == 2 and "offline" in off.err, f"{command} --live and --offline do not go together", off.err, off.out[:200])
    ok(run("drill", "--live", "--runs", 2, "--config", config, env=env).status == 2, "nor do --live and --runs")

    # --- a scenario of one's own, a log of one's own
    log = os.path.join(folder, "own.log")
    with open(log, "w") as file:
        file.write("make all\nerror: the flux capacitor is missing\nmake: *** [all] Error 1\n")
    own = drill("--runs", 1, "--format", "json", "--scenario", "mine=1 status=500 latency=300ms", log).json()
    mine = scenario(own, "mine")
    equal(outcomes(mine["runs"][0]), [("first/model-a", "server_error"), ("first/model-a", "ok")], "a line of script is a scenario")
    ok(mine["runs"][0]["attempts"][0]["elapsed_ms"] >= 290, "with its times", mine["runs"][0])

    # --- the real routes, each alone
    script = """
server good latency=50ms
* ok
server old
1 status=400 message='response_format is not supported'
server chatty
* answer=fenced
server locked
* status=401
"""
    with Server(script) as live:
        with open(os.path.join(folder, "live.yml"), "w") as file:
            file.write("route: [good/m, old/m, chatty/m, locked/m]\nproviders:\n")
            for name, port in live.ports.items():
                file.write(f"  {name}: {{ api: openai, base_url: 'http://127.0.0.1:{port}/v1', keys: [DRILL_KEY_A] }}\n")
        asked = run("drill", "--live", "--config", file.name, env=env)
        text = asked.out
        rows = run("drill", "--live", "--config", file.name, "--format", "json", env=env).json()["routes"]
    words = dict(re.findall(r"^(\w+)/m +(\S.*?)  ", text, re.M))
    equal(words, {"good": "keeps the schema", "old": "keeps the schema, after a try", "chatty": "had to be mended",
                  "locked": "does not answer"}, "--live says what each lifeboat is worth")
    ok("credential: HTTP 401" in text and asked.status == 1, "why one does not answer, and not zero", text, asked.status)
    equal([len(r["run"]["attempts"]) for r in rows], [1, 1, 1, 1], "each is asked once, alone")
    ok(len([line for line in live.log if line["server"] == "locked"]) == 2, "no route answers for another", live.log)
    os.unlink(os.path.join(folder, "live.yml"))

    # --- wrong words
    for args, words in [
        (("--scenario", "hard-530"), "did you mean hard-503?"),
        (("--scenario", "x=* nonsense=1"), "nonsense=1"),
        (("--runs", "0"), "--runs: a whole number from 1 to 100"),
        (("--latency", "soon"), "--latency: a duration"),
        (("--scenario", "healthy", "/nonexistent.log"), "/nonexistent.log"),
        (("--scenario", "healthy", "/dev/null"), "the log holds nothing"),
    ]:
        wrong = drill(*args)
        ok(wrong.status in (1, 2, 3) and words in wrong.err and wrong.out == "" and wrong.err.count("\n") == 1,
           f"{' '.join(args)}: one clear line", wrong.err)

    # --- without any configuration the built-in route stands in
    plain = run("drill", "--runs", 1, "--format", "json", "--scenario", "hard-503", env=clean_env(TMPDIR=folder)).json()
    ok(plain["borrowed_route"] and len(plain["route"]) == 2 and plain["passed"], "no route, no key: the built-in providers stand in")

    # --- it can be interrupted
    before = set(os.listdir(folder))
    process = subprocess.Popen([BUILDSUM, "drill", "--config", config, "--scenario", "all-silent", "--format", "json"],
                               env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    limit = time.monotonic() + 30
    while set(os.listdir(folder)) == before and time.monotonic() < limit:
        os.sched_yield()
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    out, err = process.communicate(timeout=30)
    ok(process.returncode != 0 and out == b"" and b"interrupted" in err, "SIGTERM ends it with a word", process.returncode, err)
    ok(time.monotonic() - started < 5, "and at once", time.monotonic() - started)
    alive = subprocess.run(["pgrep", "-s", str(process.pid)], stdout=subprocess.PIPE, check=False).stdout
    ok(alive == b"", "no process is left", alive)
    equal(set(os.listdir(folder)), before, "no folder is left")

ok(real.log == [], "the real providers were never asked", real.log)

# --- routes by every way of asking: signed, by the job's own token, in lines, in frames
with tempdir() as folder:
    config = os.path.join(folder, "config.yml")
    with open(config, "w") as file:
        file.write("route: [buildkite, bedrock, gemini, ollama/m, openai-responses]\n")
    env = clean_env(TMPDIR=folder, BUILDKITE_AGENT_ENDPOINT="https://agent.example/v3", AWS_REGION="us-east-1",
                    AWS_ACCESS_KEY_ID=secrets.token_hex(8), AWS_SESSION_TOKEN=secrets.token_hex(12))
    env["XDG_STATE_HOME"] = os.path.join(folder, "state")
    for name in ("buildkite", "bedrock", "gemini", "ollama/m", "openai-responses"):
        got = run("drill", "--config", config, "--route", name, "--runs", 1, "--format", "json", "--scenario",
                  "healthy", env=env, timeout=60)
        healthy = scenario(got.json(), "healthy")
        ok(healthy["runs"][0]["attempts"][-1]["outcome"] == "ok", f"{name} answers in a drill", got.out + got.err)

done()
