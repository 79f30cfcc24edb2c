#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The hook in a job, against a double of the agent API: what it posts, when it stays silent, and that it ends with 0.
import os
import re
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agent_double import JOB, Agent, hook, token
from tap import done, equal, ok, tempdir

LOG = b"".join(
    b"\x1b_bk;t=17000000000%02d\x07%s\r\r\n" % (i, line)
    for i, line in enumerate([
        b"~~~ Running commands", b"\x1b[90m$\x1b[0m make test", b"cc -c calc.c",
        b"calc.c:12:9: error: 'totl' undeclared (first use in this function)",
        b"make: *** [Makefile:3: calc.o] Error 1", b"^^^ +++",
        b"\x1b[31m\xf0\x9f\x9a\xa8 Error: The command exited with status 2\x1b[0m",
    ])
)
HOOK = (b"\x1b_bk;t=1700000000020\x07~~~ Running plugin buildsum post-command hook\r\n"
        b"\x1b_bk;t=1700000000020\x07\x1b[90m$\x1b[0m plugin/hooks/post-command\r\n\x1b_bk;t=1700000000021\x07")


def failed_job_is_annotated():
    agent = Agent()
    ended = hook(agent.endpoint, LOG + HOOK, BUILDKITE_STEP_KEY="specs", BUILDKITE_PARALLEL_JOB="3")
    agent.close()
    equal(ended.status, 0, "a failed job: the hook ends with 0")
    if not equal(len(agent.requests), 1, "a failed job: one request"):
        return
    request, annotation = agent.requests[0], agent.annotation()
    equal((request["method"], request["path"]), ("POST", f"/v3/jobs/{JOB}/annotations"), "it is posted where the agent posts")
    equal(request["headers"].get("Authorization"), f"Token {token()}", "the job's token authorises it")
    equal(request["headers"].get("Content-Type"), "application/json", "it is JSON")
    equal(sorted(annotation), ["body", "context", "priority", "scope", "style"], "its members are the API's")
    equal(annotation["context"].rpartition("/")[0], "buildsum/specs/3", "its context is the step's and the parallel index's")
    equal((annotation["scope"], annotation["priority"], annotation["style"]), ("build", 5, "warning"), "scope, priority, style")
    ok("calc.c:12" in annotation["body"].replace("&#58;", ":"), "the body names the place", annotation["body"])
    ok("totl" in annotation["body"], "the body names the error")
    ok(f'href="https://buildkite.com/acme/app/builds/7#{JOB}"' in annotation["body"], "the one link goes to the job")
    ok(token() not in ended.output and token() not in annotation["body"], "the token is nowhere")
    ok("reading the log" not in annotation["body"] and "post-command" not in annotation["body"],
       "neither our own marker nor the agent's announcement of us is part of the log")
    ok("exited with status 2" in annotation["body"], "what stands before them is", annotation["body"])
    agent = Agent()
    hook(agent.endpoint, LOG + HOOK + b"error: another hook failed\r\n")
    ok("another hook failed" in agent.annotation()["body"] and "post-command" in agent.annotation()["body"],
       "the output of another hook is")
    hook(agent.endpoint, LOG + b"error: cut off in its mids")
    ok("cut off in its mids" in agent.annotation()["body"] and "reading the log" not in agent.annotation()["body"],
       "so is a last line that was never finished", agent.annotation()["body"])
    agent.close()


def states_that_stay_silent():
    agent = Agent()
    for name, env in {
        "a passed job": {"BUILDKITE_COMMAND_EXIT_STATUS": "0"},
        "a cancelled job": {"BUILDKITE_JOB_CANCELLED": "true"},
        "a job whose command never ran": {"BUILDKITE_COMMAND_EXIT_STATUS": None},
    }.items():
        ended = hook(agent.endpoint, LOG, **env)
        equal((ended.status, ended.output, len(agent.requests)), (0, "", 0), f"{name}: nothing is said or sent")
    agent.close()


# how the command ended: what the agent tells its hooks, the last line of the log, and what the annotation says
INTERRUPTED = b"\x1b_bk;t=1700000000019\x07\x1b[31m\xf0\x9f\x9a\xa8 Error: The command was interrupted by a signal: signal: %s\x1b[0m\r\r\n"
STARTED = b"~~~ Running commands\r\r\n$ ./serve\r\r\nlistening\r\r\n"
ENDINGS = (
    ("timed out", {"BUILDKITE_JOB_TIMED_OUT": "true", "BUILDKITE_JOB_CANCELLED": "true", "BUILDKITE_TIMEOUT": "30"}, "-1", b"killed", "The job ran out of its 30 minutes"),
    ("timed out, told by its shell", {"BUILDKITE_JOB_TIMED_OUT": "true", "BUILDKITE_JOB_CANCELLED": "true"}, "137", b"", "The job ran out of time"),
    ("killed", {}, "-1", b"killed", "The command was ended by signal 9"),
    ("crashed", {}, "-1", b"segmentation fault (core dumped)", "The command was ended by signal 11"),
    ("ended by a signal that nobody names", {}, "-1", b"", "The command was ended by a signal"),
    ("crashed, told by its shell", {}, "139", b"", "The command was ended by signal 11"),
    ("ran out of time by timeout(1)", {}, "124", b"", "The command exited with status 124"),
    ("terminated", {}, "143", b"", "The command was ended by signal 15"),
)


def endings():
    for name, env, status, word, headline in ENDINGS:
        agent = Agent()
        ended = hook(agent.endpoint, STARTED + (INTERRUPTED % word if word else b""), BUILDKITE_COMMAND_EXIT_STATUS=status, **env)
        agent.close()
        body = agent.annotation()["body"] if agent.requests else ended.output
        ok(headline in body, f"a command that {name}: the annotation says so", body[:900])
        ok("timed out" not in name or "memory" not in body, f"a command that {name}: no lack of memory is seen", body[:900])


def later_hooks():
    """The command passed, and a hook after it failed: at the job's end that is told, of no other job that passed."""
    failed = LOG.replace(b"The command exited with status 2", b"The global post-command hook exited with status 7")
    for name, log, env, posts in (
        ("a later hook failed", failed, {"BUILDKITE_LAST_HOOK_EXIT_STATUS": "7"}, 1),
        ("a later hook of a retry failed", failed, {"BUILDKITE_LAST_HOOK_EXIT_STATUS": "7", "BUILDKITE_RETRY_COUNT": "1"}, 1),
        ("a hook failed, but the agent does not say so", b"ok\r\n", {"BUILDKITE_LAST_HOOK_EXIT_STATUS": "7"}, 0),
        ("no hook failed", failed, {"BUILDKITE_LAST_HOOK_EXIT_STATUS": "0"}, 0),
        ("nothing is known of hooks", failed, {}, 0),
    ):
        agent = Agent()
        ended = hook(agent.endpoint, log, name="pre-exit", BUILDKITE_COMMAND_EXIT_STATUS="0", **env)
        agent.close()
        equal((ended.status, len([r for r in agent.requests if r["method"] == "POST"])), (0, posts), f"{name}: {posts} annotations")
        ok(not posts or "calc.c:12" in agent.annotation()["body"].replace("&#58;", ":"), f"{name}: the annotation quotes the log", ended.output)


def passing_retry_clears_its_annotation():
    agent = Agent()
    ended = hook(agent.endpoint, LOG, BUILDKITE_COMMAND_EXIT_STATUS="0", BUILDKITE_RETRY_COUNT="1", BUILDKITE_STEP_KEY="a_b")
    equal(ended.status, 0, "a passing retry: the hook ends with 0")
    path = f"/v3/jobs/{JOB}/annotations/buildsum%2Fa_b%2F"
    ok([r["method"] for r in agent.requests] == ["DELETE"] and re.fullmatch(re.escape(path) + r"[0-9a-f]{8}\?scope=build", agent.requests[0]["path"]),
       "its stale annotation goes", agent.requests)
    agent.close()
    agent = Agent([404])
    ended = hook(agent.endpoint, LOG, BUILDKITE_COMMAND_EXIT_STATUS="0", BUILDKITE_RETRY_COUNT="1")
    equal((ended.status, ended.output, len(agent.requests)), (0, "", 1), "an annotation that is not there is no trouble")
    agent.close()


def api_trouble():
    for statuses, count, said in (([500, 429, 200], 3, "annotated"), ([401], 1, "HTTP 401"), ([413], 1, "HTTP 413"), ([500], 5, "HTTP 500")):
        agent = Agent(statuses)
        ended = hook(agent.endpoint, LOG)
        equal((ended.status, len(agent.requests)), (0, count), f"agent API {statuses}: {count} requests, ends with 0")
        ok(said in ended.output, f"agent API {statuses}: one line says so", ended.output)
        ok(ended.seconds < 11, f"agent API {statuses}: the job is not held up", ended.seconds)
        agent.close()
    ended = hook("http://127.0.0.1:9", LOG, BUILDSUM_DEADLINE="3s")
    ok(ended.status == 0 and "no annotation" in ended.output, "agent API gone: ends with 0 and says so", ended.output)
    ok(ended.seconds < 8, "agent API gone: within the deadline", ended.seconds)


def log_sources():
    agent = Agent()
    ended = hook(agent.endpoint, LOG, tmpfile=False)
    ok("--enable-job-log-tmpfile" in ended.output and ended.status == 0, "no log file: one line says how to get one", ended.output)
    ended = hook(agent.endpoint, LOG, BUILDKITE_JOB_LOG_TMPFILE="/nonexistent/log")
    ok("/nonexistent/log" in ended.output and ended.status == 0, "a log file that is missing is named", ended.output)
    ended = hook(agent.endpoint, LOG, echo=False)
    ok("does not hold the output of this job" in ended.output, "another job's log is not summarised", ended.output)
    ended = hook(agent.endpoint, b"")
    ok("nothing to summarise" in ended.output, "an empty log: nothing to summarise", ended.output)
    equal(len(agent.requests), 0, "none of these is annotated")
    agent.close()


def wrapper_survives():
    with tempdir() as folder:
        def program(name, text):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o755)
            return path

        for name, path in {
            "a program that crashes": program("crash", "#!/bin/sh\nkill -SEGV $$\n"),
            "a program that hangs": program("hang", "#!/bin/sh\nexec sleep 60\n"),
            "a program that ignores the end": program("deaf", "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n"),
            "a program of another machine": program("alien", "\x7fELF\x02\x01\x01"),
            "a missing program": os.path.join(folder, "missing"),
        }.items():
            for shell in (("sh",), ("bash", "-euo", "pipefail")):
                ended = hook("http://127.0.0.1:9", LOG, shell=shell, BUILDSUM_BIN=path, BUILDSUM_HOOK_SECONDS="1",
                             PATH="/usr/bin:/bin")
                ok(ended.status == 0 and "buildsum: " in ended.output and ended.seconds < 10,
                   f"{name} under {' '.join(shell)}: ends with 0 and says so", ended.status, ended.output)
        ended = hook("http://127.0.0.1:9", LOG, signal_after=lambda process: os.killpg(process.pid, signal.SIGTERM),
                     BUILDSUM_BIN=program("linger", "#!/bin/sh\necho reading the log\nexec sleep 30\n"))
        ok(ended.seconds < 10, "what ends the job's process group ends the program too", ended.seconds, ended.output)


def odd_environments():
    agent = Agent()
    ended = hook(agent.endpoint, LOG, HOME=None, XDG_CONFIG_HOME=None, XDG_STATE_HOME=None, LC_ALL=None)
    equal((ended.status, len(agent.requests)), (0, 1), "without HOME and locale it works")
    ended = hook(agent.endpoint, LOG, BUILDKITE_PLUGIN_CONFIGURATION='{"annotation":{"context":"mine","style":"info"}}')
    equal((agent.annotation()["context"], agent.annotation()["style"]), ("mine", "info"), "plugin properties are settings")
    hook(agent.endpoint, LOG, BUILDKITE_REQUEST_HEADER_BUILDKITE_SHARD_NAME="blue", BUILDKITE_REQUEST_HEADER_COOKIE="a=b",
         BUILDKITE_REQUEST_HEADER_BUILDKITE_BAD="a\r\nCookie: a=b")
    headers = agent.requests[-1]["headers"]
    equal((headers.get("Buildkite-Shard-Name"), headers.get("Buildkite-Bad"), headers.get("Cookie")), ("blue", None, None),
          "the headers the server asked for are sent, no others")
    count = len(agent.requests)
    ended = hook(agent.endpoint, LOG, BUILDKITE_PLUGIN_CONFIGURATION='{"anotation":{}}')
    ok(ended.status == 0 and "annotation" in ended.output, "a wrong plugin property is named, and ends with 0", ended.output)
    ended = hook("ftp://agent.example/v3", LOG)
    ok(ended.status == 0 and "expected an address" in ended.output, "an agent endpoint that is none is named", ended.output)
    equal(len(agent.requests), count, "and nothing was posted")
    # off this machine there is only what a proxy on it tells
    ended = hook("http://agent.example/v3", LOG, http_proxy=agent.endpoint.removesuffix("/v3"))
    equal([(r["path"], r["headers"].get("Authorization")) for r in agent.requests[count:]],
          [(f"http://agent.example/v3/jobs/{JOB}/annotations", f"Token {token()}")], "a plain endpoint is used as the agent uses it")
    agent.close()


failed_job_is_annotated()
states_that_stay_silent()
endings()
later_hooks()
passing_retry_clears_its_annotation()
api_trouble()
log_sources()
wrapper_survives()
odd_environments()
done()
