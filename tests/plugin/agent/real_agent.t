#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The plugin in jobs that a real buildkite-agent runs: what is posted, what the log says, and that the job's status stays its own.
#
# Not part of `make check`: `make check-agent` builds the agents (tests/plugin/build-agents) and runs this.
import concurrent.futures
import html
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import job as bench
from agent_api import token
from tap import ROOT, done, equal, ok, skip

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults

PYTEST = bench.case_log("pytest/parametrised-diff")
LARGE = bench.case_log("pytest/assertion-large")  # 1.2 MB
FAIL = "cat log.txt; exit 2"
SLOW = "cat log.txt; touch \"$READY\"; sleep 60; exit 2"
PASSWORD = "".join(chr(ord("a") + i * 7 % 26) for i in range(20))  # made here, so that no file holds it
# A colour in its midst: no redactor of bytes finds it. The command itself, which the log shows too, does not hold it.
SPLIT = """$(printf '%s' "$STORE_CREDENTIAL" | sed "s/^.\\{9\\}/&$(printf '\\033')[1m/")$(printf '\\033')[0m"""
OURS = """$(buildsum check --format json | grep -o '"buildsum/specs/[^"]*"' | tr -d '"')"""  # where the job's annotation stands
ANNOTATE = "buildkite-agent annotate 'by the agent' --context theirs --style warning"
NAMES_SIGNALS, TELLS_CANCELLED, KNOWS_SCOPE, TELLS_TIMED_OUT = (3, 78), (3, 94), (3, 112), (3, 127)  # versions of the agent

WRAPPED = {"BUILDKITE_PLUGINS": '[{"./plugin": null}, {"./plugin/wrap": null}]'}

# programs in place of buildsum
BROKEN = {"a crash": "#!/bin/sh\nkill -SEGV $$\n", "the kernel's end": "#!/bin/sh\nkill -KILL $$\n", "a failure": "#!/bin/sh\nexit 9\n",
          "another machine's program": "\x7fELF\x02\x01\x01", "a deaf program": "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n"}

# name: what bench.run is told; the jobs of an agent run side by side, then each check looks at its own
JOBS = {
    "failed": dict(command=FAIL, log=PYTEST),
    "large": dict(command=FAIL, log=LARGE),
    "no pty": dict(command=FAIL, log=PYTEST, flags=["--no-pty"]),
    "plain timestamps": dict(command=FAIL, log=PYTEST, flags=["--no-ansi-timestamps", "--timestamp-lines"]),
    "no tmpfile": dict(command=FAIL, log=PYTEST, tmpfile=False),
    "wrapped": dict(command=FAIL, log=PYTEST, tmpfile=False, env=WRAPPED, flags=["--no-plugin-validation=false"]),
    "wrapped, passed": dict(command="cat log.txt", log=PYTEST, tmpfile=False, env=WRAPPED),
    "wrapped, crashed": dict(command="kill -SEGV $$", tmpfile=False, env=WRAPPED),
    "wrapped, without the program": dict(command=FAIL, log=PYTEST, tmpfile=False, env=WRAPPED, installed=False),
    "wrapped, cancelled": dict(command=SLOW, log=PYTEST, tmpfile=False, env=WRAPPED, end_state="canceling"),
    "passed": dict(command="cat log.txt", log=PYTEST),
    "passed again": dict(command=f"buildkite-agent annotate stale --context {OURS}", env={"BUILDKITE_RETRY_COUNT": "1"}),
    "passed at once again": dict(command="true", env={"BUILDKITE_RETRY_COUNT": "1"}),
    "cancelled": dict(command=SLOW, log=PYTEST, end_state="canceling"),
    "timed out": dict(command=SLOW, log=PYTEST, end_state="timing_out"),
    "crashed": dict(command="kill -SEGV $$"),
    "killed": dict(command="kill -KILL $$"),
    "cancelled in its hook": dict(command="exit 2", program="#!/bin/sh\ntouch \"$READY\"\nexec sleep 60\n", end_state="canceling"),
    "missing": dict(command=FAIL, log=PYTEST, installed=False),
    "secret": dict(command=f'cat log.txt; echo "E   AssertionError: {SPLIT} was refused"; exit 2', log=PYTEST,
                   env={"STORE_CREDENTIAL": PASSWORD}, flags=["--redacted-vars", "*_TOKEN,*_CREDENTIAL"]),
    "odd secrets": dict(command=FAIL, log=PYTEST, env={"A_TOKEN": bench.JOB, "B_PASSWORD": "reading", "C_SECRET": "buildsum"}),
    "configured": dict(command=FAIL, log=PYTEST, config={"annotation": {"context": "a.b/c d", "style": "info", "priority": 9}}),
    "misconfigured": dict(command=FAIL, log=PYTEST, config={"anotation": {"style": "info"}}),
    "validated": dict(command=FAIL, log=PYTEST, flags=["--no-plugin-validation=false"], config={
        "route": ["openai/gpt-test"], "deadline": "9s", "excerpt_bytes": 9000, "stream": False, "offline": True,
        "redact": {"env": ["*_CREDENTIAL"]}, "annotation": {"priority": 2}}),
    "agent's hook": dict(command=FAIL, log=PYTEST, plugin=False, agent_hook=True),
    "beside the agent": dict(command=f"{ANNOTATE}; {FAIL}", log=PYTEST, headers={"Buildkite-Shard": "blue"}),
    "removed beside the agent": dict(
        command="buildkite-agent annotation remove --context 'a.b/c d' || true", config={"annotation": {"context": "a.b/c d"}},
        env={"BUILDKITE_RETRY_COUNT": "1"}, headers={"Buildkite-Shard": "blue"}),
    "never ran": dict(command=FAIL, log=PYTEST, pre_command="echo 'install: error: no space left on device' >&2; exit 3"),
    "another hook fails": dict(command=FAIL, log=PYTEST, post_command="exit 7"),
    "a later hook fails": dict(command="cat log.txt", log=PYTEST, post_command="echo 'clean-up: error: no space left on device' >&2; exit 7"),
    "no checkout": dict(command=FAIL, plugin=False, agent_hook=True, env={"BUILDKITE_COMMIT": "0" * 40}),
    "no checkout of a passing retry": dict(command="true", plugin=False, agent_hook=True, env={"BUILDKITE_COMMIT": "0" * 40, "BUILDKITE_RETRY_COUNT": "1"}),
    **{f"{name}, {colour}": dict(command=command, log=PYTEST, program=program, agent_env={"BUILDSUM_HOOK_SECONDS": "1"},
                                 env={"BUILDKITE_RETRY_COUNT": "1"})
       for colour, command in (("red", FAIL), ("green", "true")) for name, program in BROKEN.items()},
}


KEY = "-".join(["sk", PASSWORD[::-1], PASSWORD])
MODELS = "server good\n* ok\nserver bad latency=300ms\n* status=500\n"  # what the providers of these jobs do
MODEL_JOBS = {"by a model": "good", "by failing models": "bad"}


def model_job(port):
    """A job whose route is one provider on loopback: its address and key are the machine's, the route is the plugin's."""
    return dict(command=FAIL, log=PYTEST, config={"route": ["openai/gpt-test"], "deadline": "8s"},
                machine=f"providers: {{ openai: {{ base_url: 'http://127.0.0.1:{port}/v1' }} }}\n", agent_env={"OPENAI_API_KEY": KEY})


def body(job):
    return html.unescape(job.posted[0].json()["body"]) if job.posted else ""


def ended(job, status, what):
    """The job ended as its command did, was logged and reported whole."""
    ok(job.finished.get("exit_status") == status, f"{what}: the job ends with its command's own status, {status}", job.shown())
    strange = [r for r in job.api.unknown if not r.path.endswith("/StreamPings")]  # newer agents ask for a stream, then poll
    ok(not strange and not job.leftovers, f"{what}: nothing else is asked for, no file is left", strange, job.leftovers)


def annotated(job, what, style="warning", context=r"buildsum/specs/[0-9a-f]{8}"):
    """One annotation, about the failing line of the log."""
    if not ok(len(job.posted) == 1, f"{what}: one annotation is posted", job.posted, job.shown()):
        return
    sent = job.posted[0].json()
    ok(re.fullmatch(context, sent["context"]), f"{what}: its context", sent["context"])
    equal((sent["style"], sent["scope"]), (style, "build"), f"{what}: its style and scope")
    ok(len(job.ours) == 1 and "annotated" in job.ours[0], f"{what}: one line in the log says so", job.ours)
    ok("reading the log" not in body(job) and "post-command hook" not in body(job), f"{what}: the hook's own output is not in it")


def silent(job, what):
    ok(not job.posted and not job.removed and not job.ours, f"{what}: nothing is posted or said", job.posted, job.ours, job.shown())


def check_failures(jobs):
    job = jobs["failed"]
    ended(job, "2", "a failed job")
    annotated(job, "a failed job")
    ok("tests/test_render.py:29" in body(job) and "two-roles" in body(job), "it names the place and the test", body(job))
    ok("AssertionError: assert {'id': 2" in body(job), "it quotes the message")
    ok(f"https://buildkite.com/acme/app/builds/7#{bench.JOB}" in body(job), "it links to the job")
    ok("_bk;t=" not in body(job) and "\x1b" not in body(job) and "\r" not in body(job), "it holds no escape of the agent's")
    for name in ("large", "no pty", "plain timestamps", "validated", "agent's hook"):
        ended(jobs[name], "2", name)
        annotated(jobs[name], name)
    for name in ("no pty", "plain timestamps", "agent's hook"):
        ok("tests/test_render.py:29" in body(jobs[name]), f"{name}: it names the place", body(jobs[name]))


def check_silence(jobs):
    ended(jobs["passed"], "0", "a passed job")
    silent(jobs["passed"], "a passed job")
    job = jobs["no tmpfile"]
    ended(job, "2", "without --enable-job-log-tmpfile")
    ok(not job.posted and len(job.ours) == 1 and "--enable-job-log-tmpfile" in job.ours[0],
       "without --enable-job-log-tmpfile: one line says what to switch on", job.posted, job.ours)
    job = jobs["missing"]
    ended(job, "2", "without the program")
    ok(not job.posted and len(job.ours) == 1 and "not found" in job.ours[0], "without the program: one line says so", job.ours)
    job = jobs["misconfigured"]
    ended(job, "2", "a wrong property")
    ok(len(job.ours) >= 1 and "anotation" in job.ours[0], "a wrong property: the line names it", job.ours)


def check_wrapped(jobs):
    """plugin/wrap beside the plugin, where the agent keeps no copy of the log."""
    ended(jobs["wrapped"], "2", "a wrapped job")
    annotated(jobs["wrapped"], "a wrapped job")
    ok("tests/test_render.py:29" in body(jobs["wrapped"]), "a wrapped job: its annotation names the place", body(jobs["wrapped"]))
    ended(jobs["wrapped, passed"], "0", "a wrapped job that passed")
    silent(jobs["wrapped, passed"], "a wrapped job that passed")
    ended(jobs["wrapped, crashed"], "139", "a wrapped command that crashed")
    job = jobs["wrapped, without the program"]
    ended(job, "2", "a wrapped job without the program")
    ok(not job.posted and len(job.ours) == 2 and "no copy of the output" in job.ours[0], "two lines say so", job.ours)
    job = jobs["wrapped, cancelled"]
    ok(job.finished.get("signal_reason") == "cancel" and not job.leftovers, "a wrapped job that is cancelled leaves nothing", job.shown(), job.leftovers)


def check_phases(jobs):
    """What fails before or beside the command is told of at the job's end."""
    job = jobs["never ran"]
    ended(job, "3", "a job whose pre-command hook failed")
    annotated(job, "a job whose pre-command hook failed")
    ok("no space left on device" in body(job), "its annotation quotes what failed", body(job))
    job = jobs["another hook fails"]
    ended(job, "7", "a job with another failing hook")
    ok(len(job.posted) == 1 and "tests/test_render.py:29" in body(job), "a job with another failing hook is annotated once", job.shown())
    job = jobs["a later hook fails"]
    ended(job, "7", "a job whose command passed and a later hook failed")
    ok(len(job.posted) == 1 and "no space left on device" in body(job) and len(job.ours) == 1, "it is annotated with what that hook said", job.shown())
    job = jobs["no checkout"]
    ok(job.finished.get("exit_status") not in (None, "0") and not job.leftovers, "a job without a checkout fails by itself", job.shown())
    ok(len(job.posted) == 1, "a job without a checkout is annotated", job.shown())
    job = jobs["no checkout of a passing retry"]
    ok(not job.removed, "a retry without a checkout takes no annotation away", job.removed)


def check_broken(jobs):
    for name in BROKEN:
        for colour, status in (("red", "2"), ("green", "0")):
            job = jobs[f"{name}, {colour}"]
            ended(job, status, f"{name}, {colour}")
            if colour == "red":
                ok(["no annotation: " in line for line in job.ours].count(True) == 1, f"{name}, {colour}: one line says that there is no annotation", job.ours)
            else:
                ok(not job.ours, f"{name}, {colour}: nothing is said", job.ours)


def check_retries(jobs):
    job = jobs["passed again"]
    ended(job, "0", "a passing retry")
    ok(len(job.posted) == len(job.removed) == 1 and not job.api.annotations, "a passing retry: the stale annotation goes", job.removed, job.shown())
    equal(job.ours, [], "a passing retry: nothing is said")
    job = jobs["passed at once again"]
    ended(job, "0", "a passing retry without one")
    equal(job.ours, [], "a passing retry without one: nothing is said")


def check_ends(jobs, version):
    for name, number in (("crashed", 11), ("killed", 9)):
        words = f"ended by signal {number} " if version >= NAMES_SIGNALS else "interrupted by a signal"
        ok(f"The command was {words}" in body(jobs[name]), f"a {name} command: the annotation says so", body(jobs[name]), jobs[name].ours)
    job = jobs["cancelled"]
    ok(job.finished.get("signal_reason") == "cancel", "a cancelled job is cancelled", job.shown())
    if version >= TELLS_CANCELLED:
        silent(job, "a cancelled job")
    else:
        skip("a cancelled job: nothing is posted or said", "an agent this old does not tell its hooks")
    job = jobs["cancelled in its hook"]
    ok(job.finished.get("signal_reason") == "cancel", "a job cancelled in its hook is cancelled", job.shown())
    equal([name for name in job.leftovers if name.startswith("process")], [], "a job cancelled in its hook leaves no process")
    if version < TELLS_TIMED_OUT:
        return skip("a timed-out job is annotated", "an agent this old does not tell its hooks")
    job = jobs["timed out"]
    annotated(job, "a timed-out job")
    ok("The job ran out of time; the log also shows: " in body(job), "a timed-out job: that is why it ended", body(job)[:400])
    ok(job.finished.get("signal_reason") == "cancel" and job.seconds < 30, "a timed-out job: in time", job.finished, job.seconds)


def check_trust(jobs):
    job = jobs["secret"]
    ended(job, "2", "a secret in the log")
    ok(len(job.posted) == 1 and "was refused" in body(job), "a secret in the log: its line is quoted", body(job))
    ok(PASSWORD in re.sub(r"\x1b\[[0-9;]*m", "", job.log), "the agent's own redaction misses one with a colour in it")
    for request in job.posted:
        ok(PASSWORD.encode() not in request.body and PASSWORD[:9].encode() not in request.body, "it is never posted", body(job))
    job = jobs["odd secrets"]
    ended(job, "2", "secrets that are plain words")
    ok(len(job.posted) == 1 and "[REDACTED]" in job.log, "secrets that are plain words: the job's log is found nevertheless", job.shown())
    for name, each in jobs.items():
        bodies = b"".join(r.body for r in each.posted)
        if token("job").encode() in bodies or token("job") in each.log:
            ok(False, f"{name}: the job's token is nowhere")
    job = jobs["configured"]
    ended(job, "2", "a configured plugin")
    annotated(job, "a configured plugin", style="info", context="a.b/c d")
    equal(job.posted and job.posted[0].json()["priority"], 9, "a configured plugin: its priority")


# The agent's own: its user agent, compression it can undo, its time limits. Set by the HTTP library: the length.
APART = {"user-agent", "accept-encoding", "content-length", "buildkite-timeout-milliseconds", "accept"}


def check_models(jobs):
    job = jobs["by a model"]
    ended(job, "2", "by a model")
    annotated(job, "by a model", style="error")
    ok("openai/gpt-test" in body(job), "by a model: the footer names it", body(job)[-600:])
    job = jobs["by failing models"]
    ended(job, "2", "by failing models")
    annotated(job, "by failing models")
    ok("tests/test_render.py:29" in body(job), "by failing models: the local summary names the place", body(job))
    for job in (jobs["by a model"], jobs["by failing models"]):
        ok(KEY.encode() not in job.raw_log and KEY not in body(job), "the key is nowhere")


def same_request(theirs, ours, what):
    equal((ours.method, ours.path), (theirs.method, theirs.path), f"{what}: method and path are the agent's")
    got, expected = ({k.lower(): v for k, v in r.headers.items() if k.lower() not in APART} for r in (ours, theirs))
    equal(got, expected, f"{what}: so are the headers")


def check_requests(jobs, version):
    posted = {r.json()["context"].rpartition("/")[0] or r.json()["context"]: r for r in jobs["beside the agent"].posted}
    if ok(sorted(posted) == ["buildsum/specs", "theirs"], "the agent and the plugin annotate side by side", jobs["beside the agent"].shown()):
        theirs, ours = posted["theirs"], posted["buildsum/specs"]
        same_request(theirs, ours, "an annotation")
        equal(ours.headers.get("Authorization"), f"Token {token('job')}", "an annotation: the job's token authorises it")
        types = {k: type(v) for k, v in ours.json().items()}
        ok(all(types.get(k) is type(v) for k, v in theirs.json().items()), "an annotation: every member of the agent's is there", types)
        known = {"body", "context", "style", "append", "priority", "scope"}
        ok(set(types) <= known, "an annotation: no member is unknown to the agent", types)
    removed = jobs["removed beside the agent"].removed
    if version < KNOWS_SCOPE:
        return skip("a removal is the agent's", "an agent this old does not escape contexts and knows no scope")
    if ok(len(removed) == 2, "the agent and the plugin remove side by side", removed, jobs["removed beside the agent"].shown()):
        same_request(*removed, "a removal")
        equal(removed[1].query, removed[0].query, "a removal: so is the query")


def check(name, agent):
    version = bench.version(agent)
    with faults.Server(MODELS, seconds=180) as models, concurrent.futures.ThreadPoolExecutor(4) as pool:
        running = {job: pool.submit(bench.run, agent, **what) for job, what in JOBS.items()
                   if job != "timed out" or version >= TELLS_TIMED_OUT}
        running |= {job: pool.submit(bench.run, agent, **model_job(models.ports[server])) for job, server in MODEL_JOBS.items()}
        jobs = {job: future.result() for job, future in running.items()}
    print(f"# agent {name}: {version[0]}.{version[1]}", flush=True)
    check_failures(jobs)
    check_silence(jobs)
    check_wrapped(jobs)
    check_phases(jobs)
    check_broken(jobs)
    check_retries(jobs)
    check_ends(jobs, version)
    check_trust(jobs)
    check_models(jobs)
    check_requests(jobs, version)


found = bench.agents()
for generation in (3, 4):
    if not [1 for _, path in found if bench.version(path)[0] == generation]:
        skip(f"jobs of agent v{generation}", f"no agent in {bench.TOOLS}/agents (tests/plugin/build-agents)")
for each in found:
    check(*each)
done()
