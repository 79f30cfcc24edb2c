#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Where the hook finds the log: the agent's copy, the REST API, the copy of the plugin's wrapper; and that it never makes one up.
import html
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agent_double import JOB, Agent, Rest, hook, rest_token
from tap import clean_env, done, equal, ok, run, tempdir

ERROR = b"calc.c:12:9: error: 'totl' undeclared (first use in this function)"
LOG = b"".join(
    b"\x1b_bk;t=17000000000%02d\x07%s\r\r\n" % (i, line)
    for i, line in enumerate([b"~~~ Running commands", b"\x1b[90m$\x1b[0m make test", b"cc -c calc.c", ERROR,
                              b"make: *** [Makefile:3: calc.o] Error 1", b"^^^ +++",
                              b"\x1b[31m\xf0\x9f\x9a\xa8 Error: The command exited with status 2\x1b[0m"])
)
HOOK = b"\x1b_bk;t=1700000000020\x07~~~ Running plugin buildsum post-command hook\r\n\x1b_bk;t=1700000000020\x07$ hooks/post-command\r\n"
EARLY = b"".join(b"\x1b_bk;t=1700000000001\x07step %d of the build is done\r\n" % i for i in range(300000))  # 15 MB


def body(agent):
    return html.unescape(agent.annotation()["body"])


def rest(log, agent=None, **more):
    """The hook with a REST API that hears what it says."""
    options = {k: more.pop(k) for k in ("lag", "statuses", "whole", "moved") if k in more}
    api, own = Rest(log, **options), agent or Agent()
    env = {"BUILDSUM_LOG_TOKEN": "LOG_READER", "LOG_READER": rest_token(), "BUILDSUM_LOG_URL": api.url,
           "BUILDKITE_ORGANIZATION_SLUG": "acme", "BUILDKITE_STEP_KEY": "specs", "tmpfile": False, **more}
    ended = hook(own.endpoint, heard=api.hear, **env)
    api.close()
    own.close()
    return ended, own, api


def the_rest_api_is_read():
    ended, agent, api = rest(LOG + HOOK, lag=1.5)
    equal(ended.status, 0, "REST: the hook ends with 0")
    if not ok(len(agent.requests) == 1, "REST: one annotation is posted", ended.output):
        return
    ok("calc.c:12" in body(agent) and "totl" in body(agent), "REST: it names the place and the error", body(agent))
    ok("reading the log" not in body(agent) and "post-command" not in body(agent), "REST: our own lines are not part of it")
    equal({r["path"] for r in api.requests}, {"/v2/organizations/acme/jobs/0190aaaa-bbbb-cccc-dddd-eeeeffff0001/log"},
          "REST: the short address of the job's log is asked")
    ranges = [r["headers"]["Range"] for r in api.requests]
    ok(3 <= len(ranges) <= 7 and set(ranges[:-1]) == {"bytes=-16384"}, "REST: small looks until the marker is there", ranges)
    equal(ranges[-1], "bytes=-4194304", "REST: then the tail is fetched")
    ok(rest_token() not in ended.output and rest_token() not in body(agent), "REST: the token is nowhere")


def a_long_log_is_cut():
    ended, agent, _api = rest(EARLY + LOG + HOOK)
    ok(len(agent.requests) == 1 and "totl" in body(agent), "a log of 15 MB: its end is summarised", ended.output)
    ok("only the last 4096 KiB" in ended.output, "a log of 15 MB: one line says that the rest was not read", ended.output)
    ok(";t=17000" not in body(agent), "a log of 15 MB: the line that was cut is left out")


def rest_trouble():
    for name, more, said in (
        ("a refused token", {"statuses": [401]}, "HTTP 401"),
        ("a token of another scope", {"statuses": [403]}, "HTTP 403"),
        ("a marker that never arrives", {"lag": 999, "BUILDSUM_DEADLINE": "3s"}, "has not arrived"),
        ("a server that is down", {"statuses": [503] * 50, "BUILDSUM_DEADLINE": "3s"}, "HTTP 503"),
        ("a server that ignores the range", {"whole": True, "log": EARLY}, "REST API"),
        ("a redirect", {"statuses": [302]}, "HTTP 302"),
        ("a redirect to where it is redirected again", {"moved": "SELF/organizations/x"}, "HTTP 404"),
        ("a redirect to plain http elsewhere", {"moved": "http://store.example/x"}, "not without encryption"),
        ("a redirect to a file", {"moved": "file:///etc/passwd"}, "no annotation"),
        ("no organisation", {"BUILDKITE_ORGANIZATION_SLUG": None}, "BUILDKITE_ORGANIZATION_SLUG"),
        ("an organisation that climbs", {"BUILDKITE_ORGANIZATION_SLUG": "../x"}, "BUILDKITE_ORGANIZATION_SLUG"),
        ("a token that is not set", {"LOG_READER": None}, "LOG_READER is not set"),
    ):
        ended, agent, api = rest(more.pop("log", LOG + HOOK), **more)
        equal((ended.status, len(agent.requests)), (0, 0), f"{name}: ends with 0, nothing is annotated")
        ok(said in ended.output and "--enable-job-log-tmpfile" in ended.output and ended.output.count("no annotation") == 1,
           f"{name}: one line says so and what to do", ended.output)
        ok(rest_token() not in ended.output and ended.seconds < 12, f"{name}: in time, without the token", ended.seconds)
    ended, agent, api = rest(LOG + HOOK, statuses=[429, 500])
    ok(len(agent.requests) == 1, "passing trouble passes", ended.output)
    ended, agent, api = rest(LOG + HOOK, moved="SELF/stored?signature=x")
    ok(len(agent.requests) == 1 and "totl" in body(agent), "a redirect to where the log lies is followed, without the token", ended.output,
       [r["path"] for r in api.requests])
    ended, agent, _api = rest(b"", statuses=[416])
    ok("nothing to summarise" in ended.output and not agent.requests, "a log that is still empty: nothing to summarise", ended.output)


def sources_have_an_order():
    ended, agent, api = rest(LOG.replace(b"totl", b"remote") + HOOK, BUILDKITE_JOB_LOG_TMPFILE="/nonexistent/log")
    ok(len(agent.requests) == 1 and "remote" in body(agent), "a missing file: the REST API is read", ended.output)
    ok(len(api.requests) >= 2, "and it was asked")


def the_wrappers_copy_is_read():
    with tempdir() as folder:
        path = os.path.join(folder, "copy")

        def write(text):
            with open(path, "wb") as file:
                file.write(text)

        agent = Agent()
        write(b"cc -c calc.c\n" + ERROR + b"\nmake: *** [Makefile:3: calc.o] Error 1\n")
        ended = hook(agent.endpoint, tmpfile=False, BUILDSUM_LOG_COPY=path)
        ok(len(agent.requests) == 1 and "totl" in body(agent), "the wrapper's copy is summarised", ended.output)
        ok(not os.path.exists(path), "it is removed")
        ok("is no setting" not in ended.output, "its variable is a known one", ended.output)
        write(b"error: stale\n")
        ended = hook(agent.endpoint, LOG + HOOK, BUILDSUM_LOG_COPY=path)
        ok("totl" in body(agent) and "stale" not in body(agent), "the agent's copy comes first")
        ok(not os.path.exists(path), "the wrapper's is removed all the same")
        write(b"error: of the target\n")
        os.symlink(path, path + ".link")
        hook(agent.endpoint, LOG + HOOK, BUILDSUM_LOG_COPY=path + ".link")
        ok(os.path.lexists(path + ".link") and os.path.exists(path), "what is no file stays")
        again = os.path.join(folder, f"buildsum-{JOB}.log")
        result = run("run", "--offline", "--", "sh", "-c", f"printf '%s\\n' \"{ERROR.decode()}\"; exit 2",
                     env=clean_env(BUILDSUM_LOG_COPY=folder + "/", BUILDKITE_JOB_ID=JOB))
        ok(result.status == 2 and os.path.exists(again), "`buildsum run` keeps a copy for the hook", result.err)
        hook(agent.endpoint, tmpfile=False, BUILDSUM_LOG_COPY=folder + "/")
        ok("totl" in body(agent) and not os.path.exists(again), "and the hook finds it")
        count = len(agent.requests)
        ended = hook(agent.endpoint, tmpfile=False, BUILDSUM_LOG_COPY="/nonexistent/copy")
        ok("/nonexistent/copy" in ended.output and len(agent.requests) == count, "a copy that is missing is named", ended.output)
        agent.close()


def a_command_that_never_ran():
    agent = Agent()
    prepared = LOG.split(b"~~~ Running")[0] + b"~~~ Preparing\r\nfatal: could not read from remote repository\r\n"
    failed = b"\x1b[31m\xf0\x9f\x9a\xa8 Error: The repository pre-command hook exited with status 3\x1b[0m\r\n^^^ +++\r\n"
    ended = hook(agent.endpoint, prepared + failed + HOOK, shell=("sh", "-c", '"$BUILDSUM_BIN" buildkite'),
                 BUILDKITE_COMMAND_EXIT_STATUS=None)
    ok(len(agent.requests) == 1 and "pre-command" in body(agent), "a job that failed before its command is summarised", ended.output)
    ended = hook(agent.endpoint, prepared + HOOK, shell=("sh", "-c", '"$BUILDSUM_BIN" buildkite'), BUILDKITE_COMMAND_EXIT_STATUS=None)
    equal((ended.status, len(agent.requests)), (0, 1), "one that only was not to run it here is not")
    agent.close()


def time_that_is_left():
    with tempdir() as folder:
        began = os.path.join(folder, "job-env")
        with open(began, "w", encoding="utf-8"):
            pass
        now = os.stat(began).st_mtime
        os.utime(began, (now - 59, now - 59))
        agent = Agent([503])
        ended = hook(agent.endpoint, LOG + HOOK, BUILDKITE_TIMEOUT="1", BUILDKITE_ENV_FILE=began)
        ok(ended.seconds < 6 and ended.status == 0, "a minute's time-out with a second left: in time", ended.seconds, ended.output)
        ended = hook(agent.endpoint, LOG + HOOK, BUILDKITE_JOB_TIMED_OUT="true", BUILDKITE_JOB_CANCELLED="true",
                     BUILDKITE_SIGNAL_GRACE_PERIOD_SECONDS="6")
        ok(ended.seconds < 6 and ended.status == 0, "a timed-out job: within the agent's grace", ended.seconds, ended.output)
        agent.close()


the_rest_api_is_read()
a_long_log_is_cut()
rest_trouble()
sources_have_an_order()
the_wrappers_copy_is_read()
a_command_that_never_ran()
time_that_is_left()
done()
