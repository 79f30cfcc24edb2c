#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Beside a real buildkite-agent: what buildsum sends for meta-data, secrets and logs is what the agent's own commands send.
import html
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import job as bench
from agent_api import token
from tap import ROOT, done, equal, ok, skip

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults

PYTEST = bench.case_log("pytest/parametrised-diff")
SECRET = "".join(chr(ord("a") + i * 11 % 26) for i in range(24)) + "7"  # made here, so that no file holds it
KNOWS_SECRETS, KNOWS_BATCHES = (3, 78), (3, 130)
PRE_EXIT = r"mkdir -p .buildkite/hooks; printf '#!/bin/bash\necho told: $(rev \"$HOME/told\")\n' > .buildkite/hooks/pre-exit; chmod +x .buildkite/hooks/pre-exit"
BESIDE = ("buildkite-agent meta-data set theirs 1; buildkite-agent meta-data get theirs; buildkite-agent meta-data keys; "
          "buildkite-agent meta-data get none || true; buildkite-agent meta-data set-batch a=1 b=2 || true; "
          "buildkite-agent secret get LLM_KEY >/dev/null || true; ")
# The agent's own: its user agent, compression it can undo, its time limits. Set by the HTTP library: the length.
APART = {"user-agent", "accept-encoding", "content-length", "buildkite-timeout-milliseconds", "accept"}


def jobs(port):
    config = {"route": ["g/m"], "deadline": "9s"}
    machine = f"providers: {{ g: {{ api: openai, base_url: 'http://127.0.0.1:{port}/v1', keys: ['secret:LLM_KEY'] }} }}\n"
    return {
        "beside": dict(command=BESIDE + "cat log.txt; exit 2", log=PYTEST, config=config, machine=machine, secrets={"LLM_KEY": SECRET},
                       headers={"Buildkite-Shard": "blue"}),
        "told": dict(command=f"{PRE_EXIT}; printf '%s\\n' {SECRET[::-1]} > \"$HOME/told\"; cat log.txt; exit 2", log=PYTEST, config=config,
                     machine=machine, secrets={"LLM_KEY": SECRET}),
        "by REST": dict(command="cat log.txt; exit 2", log=PYTEST, tmpfile=False, machine="log: { token: LOG_READER, url: 'REST_API' }\n",
                        agent_env={"LOG_READER": token("rest")}),
        "short of time": dict(command="cat log.txt; exit 2", log=PYTEST, config={"deadline": "50s"}, env={"BUILDKITE_TIMEOUT": "1"}),
    }


def body(job):
    return html.unescape(job.posted[0].json()["body"]) if job.posted else ""


def shape(request):
    """What does not depend on the values: a text by its type, a list by its first item."""
    def of(value):
        if isinstance(value, dict):
            return {k: of(v) for k, v in value.items()}
        return [of(value[0])] if isinstance(value, list) and value else type(value).__name__
    return of(request.json()) if request.body.strip() else None


def headers(request):
    found = {k.lower(): v for k, v in request.headers.items() if k.lower() not in APART}
    if not request.body.strip():
        found.pop("content-type", None)
    return found


def same(theirs, ours, what):
    if not ok(theirs and ours, f"{what}: both have asked", theirs, ours):
        return
    theirs, ours = theirs[0], ours[0]
    equal((ours.method, ours.path, sorted(ours.query)), (theirs.method, theirs.path, sorted(theirs.query)), f"{what}: method and path are the agent's")
    equal(headers(ours), headers(theirs), f"{what}: so are the headers")
    equal(shape(ours), shape(theirs), f"{what}: so is the body, but for the values")


def both(job, method, ending, has=None):
    """The agent's requests of that kind, then ours, told apart by who says to be asking."""
    found = [r for r in job.api.sent(method, ending) if has is None or has in r.body]
    agents = [r for r in found if r.headers.get("User-Agent", "").startswith("buildkite-agent")]
    return agents, [r for r in found if r not in agents]


def check_beside(job, version):
    ok(len(job.posted) == 1, "the agent's commands and ours side by side: the job is annotated", job.shown())
    same(*both(job, "POST", "/data/set"), "meta-data set")
    same(*both(job, "POST", "/data/get"), "meta-data get")
    same(*both(job, "POST", "/data/keys"), "meta-data keys")
    if version >= KNOWS_BATCHES:
        same(*both(job, "POST", "/data/set-batch"), "meta-data set-batch")
    else:
        skip("meta-data set-batch", "an agent this old has no such command")
    if version < KNOWS_SECRETS:
        return skip("secret get", "an agent this old has no such command")
    same(*both(job, "GET", "/secrets"), "secret get")
    return ok("g/m answered" in body(job), "the secret was a key", body(job)[-500:], job.ours)


def check_told(job, version):
    if version < KNOWS_SECRETS:
        return skip("a fetched secret is redacted", "an agent this old has no secrets")
    ok("g/m answered" in body(job), "a secret is used as a key", job.ours)
    return ok("told: [REDACTED]" in job.log and SECRET not in job.log, "what later hooks print of it the agent redacts", job.log[-800:])


def check_rest(job):
    ok(len(job.posted) == 1 and "tests/test_render.py:29" in body(job), "the uploaded log is read by the REST API", job.shown())
    ok("reading the log" not in body(job) and "post-command hook" not in body(job), "without what the hook itself printed")
    ok(token("rest") not in job.log and token("rest") not in body(job), "and the token is nowhere")


with faults.Server("server m\n* ok\n", seconds=300) as model:
    found = bench.agents()
    for name, agent in found:
        version = bench.version(agent)
        print(f"# agent {name}: {version[0]}.{version[1]}", flush=True)
        done_jobs = {job: bench.run(agent, **what) for job, what in jobs(model.ports["m"]).items()}
        check_beside(done_jobs["beside"], version)
        check_told(done_jobs["told"], version)
        check_rest(done_jobs["by REST"])
        ok(done_jobs["short of time"].finished.get("exit_status") == "2" and len(done_jobs["short of time"].posted) == 1,
           "a job with a time-out is annotated in time", done_jobs["short of time"].shown())
        for job, what in done_jobs.items():
            ok((SECRET not in what.log or version < KNOWS_SECRETS) and SECRET not in body(what), f"{job}: the secret is nowhere")
            ok(not what.leftovers, f"{job}: nothing is left", what.leftovers)
if not found:
    skip("requests beside a real agent", f"no agent in {bench.TOOLS}/agents (tests/plugin/build-agents)")
done()
