#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Jobs of a build that fail alike: one question to a model, one annotation, whoever races, dies or cannot reach the meta-data.
import concurrent.futures
import html
import json
import os
import random
import re
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_api
from agent_api import Api
from agent_double import hook
from tap import ROOT, done, equal, ok, tempdir

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults

HOOK = b"~~~ Running plugin buildsum post-command hook\r\n$ hooks/post-command\r\n"
GOOD = "server m\n* latency=300ms\n"


def log(reason="totl", shard=0):
    """The same failure in two shards differs by what came before, by times and by folders."""
    lines = [b"step %d done in 0.%02ds" % (i, (i * 7 + shard) % 100) for i in range(shard % 5)]
    lines += [b"cc -c calc.c", b"calc.c:12:9: error: '%s' undeclared (first use in this function)" % reason.encode(),
              b"make: *** [Makefile:3: calc.o] Error 1", b"\xf0\x9f\x9a\xa8 Error: The command exited with status 2"]
    return b"".join(line + b"\r\n" for line in lines) + HOOK


class Build(Api):
    """The agent API for many jobs of one build; `trouble` is what becomes of requests about meta-data."""

    def __init__(self, trouble=None, latency=(0, 0)):
        super().__init__("0190aaaa-0000-4000-8000-000000000000", {})
        self.trouble = trouble
        self.latency = latency  # seconds that a request takes, from … to; half of it before it counts
        self.random = random.Random(7)
        self.posts = []
        self.held_job, self.holding, self.release = None, threading.Event(), threading.Event()  # whose annotation comes late

    def _answer(self, request):
        if self.trouble and "/data/" in request.path:
            self.trouble(request)
        if request.path.endswith(f"/{self.held_job}/annotations"):
            self.holding.set()
            self.release.wait(20)
        halves = self._halves(request)
        threading.Event().wait(next(halves))
        answer = super()._answer(request)
        threading.Event().wait(next(halves))
        if request.method == "POST" and request.path.endswith("/annotations"):
            self.posts.append(request.json())
        return answer

    def _halves(self, request):
        """Unfair: every fifth job is always the slowest, and way there and way back are not alike."""
        job = re.match(r"/v3/jobs/[^/]+-(\d{12})/", request.path)
        slow = job and int(job[1]) % 5 == 4
        whole = self.latency[1] if slow else self.random.uniform(*self.latency)
        share = self.random.uniform(0.2, 0.8)
        yield whole * share
        yield whole * (1 - share)

    def job(self, number, attempt=0):
        job_id = f"0190aaaa-{attempt:04d}-4000-8000-{number:012d}"
        self.job_ids.add(job_id)
        return job_id


def fail_with(status):
    def trouble(_request):
        raise agent_api.Refused(status, "no")
    return trouble


def be_slow(_request):
    until = time.monotonic() + 3
    while time.monotonic() < until:
        threading.Event().wait(until - time.monotonic())


def shard(build, model, number, reason="totl", attempt=0, passes=False, config=None, label=":hammer: Specs", parallel=True, **more):
    job_id = build.job(number, attempt)
    settings = {"route": ["g/m"], "deadline": "12s", "providers": {
        "g": {"api": "openai", "base_url": f"http://127.0.0.1:{model.ports['m']}/v1", "keys": []}}, **(config or {})}
    return hook(build.endpoint, log(reason, number), BUILDKITE_AGENT_ACCESS_TOKEN=agent_api.token("job"), BUILDKITE_JOB_ID=job_id,
                BUILDKITE_STEP_KEY="specs", BUILDKITE_PARALLEL_JOB=str(number) if parallel else None, BUILDKITE_LABEL=label,
                BUILDKITE_RETRY_COUNT=str(attempt), BUILDKITE_COMMAND_EXIT_STATUS="0" if passes else "2",
                BUILDKITE_PLUGIN_CONFIGURATION=json.dumps(settings), **more)


def at_once(jobs):
    with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
        return [f.result() for f in [pool.submit(job) for job in jobs]]


def listed(annotation):
    """The jobs that an annotation links to."""
    return sorted(set(re.findall(r'href="https://buildkite.com/acme/app/builds/7#([^"]+)"', annotation["body"])))


def body(annotation):
    return html.unescape(annotation["body"])


def contexts(build):
    """Where annotations stand, without the last part: the cell of a matrix, that only the machine reads."""
    return sorted(context.rpartition("/")[0] for _scope, context in build.annotations)


def in_time(ended, what, seconds=16):
    late = [e.seconds for e in ended if e.seconds > seconds]
    ok(all(e.status == 0 for e in ended) and not late, f"{what}: every hook ends with 0 and in time", late)


def forty_shards():
    build = Build()
    with faults.Server(GOOD, seconds=120) as model:
        ended = at_once([lambda i=i: shard(build, model, i, config={"deadline": "40s"}) for i in range(40)])
    in_time(ended, "forty shards", 45)
    equal(len(model.log), 1, "forty shards that fail alike: a model is asked once")
    if equal(len(build.annotations), 1, "forty shards: one annotation stands"):
        ((scope, context), annotation), = build.annotations.items()
        ok(scope == "build" and context.startswith("buildsum/specs/"), "it stands at the context of one of them", context)
        equal(len(listed(annotation)), 40, "it lists them all")
        text = body(annotation)
        ok("40 jobs failed like this" in text and ":hammer: Specs #7" in text, "by name and number", text[:1500])
        ok("g/m answered in" in text, "it says who answered", text[-600:])
        equal(annotation["style"], "error", "it is an error")
    ok(len(build.posts) <= 120, "none posts more than three times", len(build.posts))
    print(f"# forty shards: {len(build.posts)} posts, {len(build.requests)} requests, slowest {max(e.seconds for e in ended):.1f} s")
    build.close()


def two_reasons():
    build = Build()
    with faults.Server(GOOD, seconds=60) as model:
        ended = at_once([lambda i=i: shard(build, model, i, ("totl", "coutn")[i % 2], config={"deadline": "25s"}) for i in range(8)])
    in_time(ended, "two reasons", 30)
    equal(len(model.log), 2, "two reasons: a model is asked about each")
    equal(sorted(len(listed(a)) for a in build.annotations.values()), [4, 4], "two reasons: two annotations, each lists its own jobs")
    build.close()


def a_slow_poster():
    build = Build()
    with faults.Server(GOOD, seconds=60) as model, concurrent.futures.ThreadPoolExecutor(1) as pool:
        shard(build, model, 0)
        build.held_job = build.job(1)
        slow = pool.submit(shard, build, model, 1)
        ok(build.holding.wait(15), "a slow poster: its annotation is on its way")
        shard(build, model, 2)
        build.release.set()
        slow.result()
    equal([len(listed(a)) for a in build.annotations.values()], [3], "a slow poster does not lose whom it did not know of")
    build.close()


def a_lonely_job():
    build = Build()
    with faults.Server(GOOD, seconds=60) as model:
        ended = shard(build, model, 3)
    equal(contexts(build), ["buildsum/specs/3"], "a job that fails alone: its annotation stands at its own context")
    text = body(next(iter(build.annotations.values())))
    ok("failed like this" not in text and "job log" in text, "a job that fails alone: no list, a link to its log", text)
    ok(ended.seconds < 8 and len(model.log) == 1, "a job that fails alone: it does not wait", ended.seconds)
    build.close()


def the_owner_dies():
    build = Build()
    with faults.Server("server m\n1 silence\n* ok\n", seconds=60) as model:
        claimed, victims = threading.Event(), []
        build.trouble = lambda r: claimed.set() if r.path.endswith("/data/set") and b"/owner" in r.body else None
        config = {"deadline": "16s", "first_token": "14s", "attempt": "15s", "hedge": "off"}
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            owner = pool.submit(shard, build, model, 0, config=config, begun=victims.append)
            ok(claimed.wait(10), "the owner has claimed")
            others = [pool.submit(shard, build, model, i, config=config) for i in range(1, 5)]
            until = time.monotonic() + 10  # until it has sent its question
            while not os.path.exists(model.path("bodies/m-1.head")) and time.monotonic() < until:
                threading.Event().wait(0.05)
            os.killpg(victims[0].pid, signal.SIGKILL)
            owner.result()
            ended = [f.result() for f in others]
    in_time(ended, "the owner dies", 20)
    ok(2 <= len(model.log) <= 3, "the owner dies: another one asks, not all", len(model.log))
    standing = list(build.annotations.values())
    ok(len(standing) == 1 and len(listed(standing[0])) == 5, "the owner dies: one annotation lists them all, the dead one too",
       [listed(a) for a in standing], [e.output for e in ended])
    build.close()


def meta_data_that_does_not_work():
    for name, trouble, seconds in (("off (404)", fail_with(404), 14), ("forbidden", fail_with(403), 14), ("broken (500)", fail_with(500), 16),
                                   ("slow", be_slow, 18)):
        build = Build(trouble)
        with faults.Server(GOOD, seconds=60) as model:
            ended = at_once([lambda i=i: shard(build, model, i) for i in range(3)])
        in_time(ended, f"meta-data {name}", seconds)
        equal(contexts(build), [f"buildsum/specs/{i}" for i in range(3)],
              f"meta-data {name}: every job has an annotation of its own")
        equal(len(model.log), 3, f"meta-data {name}: every job asks")
        build.close()
    counted = []

    def stops_working(request):
        counted.append(request)
        if len(counted) > 5:
            raise agent_api.Refused(503, "no")
    build = Build(stops_working)
    with faults.Server(GOOD, seconds=60) as model:
        ended = at_once([lambda i=i: shard(build, model, i) for i in range(3)])
    in_time(ended, "meta-data that stops working")
    ok(len(build.annotations) >= 1 and all("totl" in body(a) for a in build.annotations.values()),
       "meta-data that stops working: the failure is annotated", [e.output for e in ended])
    build.close()


def retries():
    build = Build()
    with faults.Server(GOOD, seconds=120) as model:
        for i in range(3):
            shard(build, model, i)
        equal([len(listed(a)) for a in build.annotations.values()], [3], "three shards, one after the other: one list")
        home = next(iter(build.annotations))[1]
        shard(build, model, 1, attempt=1)
        annotation, = build.annotations.values()
        equal(listed(annotation), sorted([build.job(0), build.job(1, 1), build.job(2)]), "a retry that fails alike takes its own place")
        ok("for another job of this build" in body(annotation), "and the annotation says whose summary it is", body(annotation)[-400:])
        shard(build, model, 0, attempt=1, reason="coutn")  # the first, at whose context the annotation stands
        two = sorted(c for _s, c in build.annotations)
        ok(len(two) == 2 and two[0] == home and two[1].startswith(home + "/"), "a retry that fails otherwise does not replace what others need", two)
        equal(sorted(len(listed(a)) for a in build.annotations.values()), [1, 2], "a retry that fails otherwise leaves the list")
        shard(build, model, 2, attempt=1, passes=True)
        old = build.annotations.get(("build", home))
        ok(old and build.job(2) not in listed(old) and "failed like this" not in body(old), "a retry that passes leaves the list", old and listed(old))
        shard(build, model, 1, attempt=2, passes=True)
        equal([c for _s, c in build.annotations], two[1:], "the last one to pass takes the annotation away")
        ended = shard(build, model, 0, attempt=2, passes=True)
        equal((build.annotations, ended.output), ({}, ""), "nothing is left when all have passed, and nothing is said")
    equal(len(model.log), 2, "two failures in seven attempts: a model is asked twice")
    build.close()


MATRIX = {  # what tells the jobs of a step apart: variables of the job, and what the server sent of its environment
    "label": lambda i: ({"label": f"on {i}"}, None),
    "command": lambda i: ({"BUILDKITE_COMMAND": f"make os={i}"}, None),
    "plugins": lambda i: ({"BUILDKITE_PLUGINS": json.dumps([{"docker#v5": {"image": f"os-{i}"}}])}, None),
    "queue": lambda i: ({"BUILDKITE_AGENT_META_DATA_QUEUE": f"os-{i}"}, None),
    "environment": lambda i: ({}, [f'TARGET="os-{i}"', 'CI="true"']),
}


def cell(build, model, number, differs, folder, reason="totl", attempt=0, **more):
    """A job of a matrix: one step, one key, no parallel index."""
    env, sent = MATRIX[differs](number)
    if sent is not None:
        env["BUILDKITE_ENV_FILE"] = os.path.join(folder, f"env-{number}-{attempt}")
        lines = [*sent, 'BUILDKITE_STEP_KEY="specs"', f'BUILDKITE_JOB_ID="{build.job(number, attempt)}"', f'BUILDKITE_RETRY_COUNT="{attempt}"']
        with open(env["BUILDKITE_ENV_FILE"], "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in random.Random(attempt).sample(lines, len(lines))))  # the agent's order is none
    return shard(build, model, number, reason, attempt=attempt, parallel=False, **{**env, **more})


def a_matrix():
    with tempdir() as folder, faults.Server(GOOD, seconds=120) as model:
        for differs in MATRIX:
            build = Build(fail_with(404))
            at_once([lambda i=i: cell(build, model, i, differs, folder, ("totl", "coutn", "third")[i]) for i in range(3)])
            ours = {next(w for w in ("totl", "coutn", "third") if w in body(a)): c for (_s, c), a in build.annotations.items()}
            equal(len(ours), 3, f"a matrix of {differs}, no meta-data: jobs that share a key do not overwrite each other")
            ok(all(len(c) <= 100 and c.startswith("buildsum/specs/") for c in ours.values()), "their contexts are short and say the step", ours)
            cell(build, model, 1, differs, folder, attempt=1, passes=True)
            equal(sorted(c for _s, c in build.annotations), sorted(c for w, c in ours.items() if w != "coutn"),
                  f"a matrix of {differs}: a retry that passes takes its own annotation away and no other")
            cell(build, model, 2, differs, folder, "fourth", attempt=1)
            ok(len(build.annotations) == 2 and "fourth" in body(build.annotations[("build", ours["third"])]),
               f"a matrix of {differs}: a retry that fails replaces its own", list(build.annotations))
            build.close()
        build = Build(latency=(0.15, 0.4))
        at_once([lambda i=i: cell(build, model, i, "label", folder, ("totl", "coutn", "third", "totl", "fourth")[i], config={"deadline": "25s"})
                 for i in range(5)])
        equal(sorted(len(listed(a)) for a in build.annotations.values()), [1, 1, 1, 2], "a matrix, slow meta-data: each reason has its annotation")
        build.close()
        build = Build()
        for i in range(3):
            cell(build, model, i, "command", folder, config={"annotation": {"group": False}})
        cell(build, model, 0, "command", folder, attempt=1, passes=True, config={"annotation": {"group": False}})
        equal(len(build.annotations), 2, "a matrix, annotation.group off: a retry that passes leaves the others' annotations")
        build.close()


def annotations_of_jobs():
    build = Build()
    with faults.Server(GOOD, seconds=60) as model:
        for i in range(2):
            shard(build, model, i, config={"annotation": {"scope": "job"}})
        equal((contexts(build), {s for s, _c in build.annotations}), (["buildsum/specs/0", "buildsum/specs/1"], {"job"}), "scope job: each job has its own")
    equal(len(model.log), 1, "scope job: one question nevertheless")
    build.close()
    build = Build()
    with faults.Server(GOOD, seconds=60) as model:
        for i in range(2):
            shard(build, model, i, config={"annotation": {"group": False}})
    equal((len(build.annotations), len(model.log), len([r for r in build.requests if "/data/" in r.path])), (2, 2, 0),
          "annotation.group off: each for itself, no meta-data")
    build.close()


def hostile_meta_data():
    build = Build()
    with faults.Server(GOOD, seconds=60) as model:
        shard(build, model, 0)
        key = next(k for k in build.data if k.endswith("/kept"))
        failure = key.split("/")[2]
        kept = json.loads(build.data[key])
        kept["summary"]["headline"] = "<img src=x> ![a](http://evil.example/) \x1b[31m"
        kept["told"] = "<b>me</b>"
        build.data[key] = json.dumps(kept)
        for bad in ("a/b", "0190#x\"><script>", "%2e"):
            build.data[f"buildsum/1/{failure}/job/{'0' * 16}/000/{bad}"] = "1"
        build.data[f"buildsum/1/{failure}/job/{'1' * 16}/000/0190-f/%3Cscript%3E%00%zz"] = "1"
        build.data["buildsum/1/../kept"] = build.data[f"buildsum/1/{failure}/at/x/y"] = "1"
        shard(build, model, 1)
        text = next(iter(build.annotations.values()))["body"]
        ok("<script" not in text and "<img" not in text and "<b>" not in text and "![a](" not in text and "\x1b" not in text,
           "what stands in the meta-data becomes text", text[:1500])
        for broken in ("", "{}", "[1]", "x" * 200000, json.dumps({**kept, "summary": {}}), json.dumps({**kept, "context": "x" * 500})):
            build.data[key] = broken or " "
            ended = shard(build, model, 2, config={"deadline": "5s"})
            ok(ended.status == 0 and "totl" in body(list(build.annotations.values())[-1]), "a kept summary that is none is not shown",
               broken[:40], ended.output)
    build.close()


def kept_on_the_host():
    with tempdir() as folder, faults.Server(GOOD, seconds=120) as model:
        def run(number, reason="totl", attempt=1, **config):
            build = Build(fail_with(404))
            ended = shard(build, model, number, reason, attempt=attempt, config={"state_dir": os.path.join(folder, "state"), **config},
                          BUILDSUM_STATE="true")
            build.close()
            text = body(next(iter(build.annotations.values()), {"body": ""}))
            return "for the same failure" in text, text, ended

        def change(what):
            with open(os.path.join(folder, "state/kept"), encoding="utf-8") as file:
                text = file.read()
            with open(os.path.join(folder, "state/kept"), "w", encoding="utf-8") as file:
                file.write(what(text))

        reused, _text, _ended = run(0)
        ok(not reused, "the first time a model is asked")
        reused, text, _ended = run(0, attempt=2)
        ok(reused and "g/m answered in" in text and " ago, for the same failure" in text, "a retry that fails alike reuses its summary and says so", text[-500:])
        ok(not run(0, "coutn")[0], "another failure does not")
        ok(not run(0, reuse=False)[0], "reuse off: a model is asked")
        ok(not run(0, offline=True)[0], "offline: the summary is local")
        mode = os.stat(os.path.join(folder, "state/kept")).st_mode & 0o777
        equal(mode, 0o600, "the file is this user's alone")
        change(lambda text: re.sub(r"^(\S+) (\d+)", lambda m: f"{m[1]} {int(m[2]) - 25 * 3600 * 1000}", text, flags=re.M))
        ok(not run(0)[0], "after a day it does not")
        ok(run(0)[0], "and then it does again")
        for name, what in (("damaged", lambda text: text[: len(text) // 2]), ("no text", lambda text: "\0" * 500), ("too large", lambda text: "x" * 2000000)):
            change(what)
            reused, text, ended = run(0)
            ok(not reused and "totl" in text and ended.status == 0, f"a file that is {name} is begun anew", ended.output)
        ok(run(0)[0], "and serves again")
        change(lambda text: "".join(text.replace(text[:16], f"{i:016x}", 1) for i in range(100)))
        run(0, "third")
        with open(os.path.join(folder, "state/kept"), encoding="utf-8") as file:
            equal(len(file.read().splitlines()), 64, "the oldest of too many go")


ALL = [a_lonely_job, a_slow_poster, two_reasons, forty_shards, the_owner_dies, meta_data_that_does_not_work, retries, a_matrix, annotations_of_jobs, hostile_meta_data, kept_on_the_host]
for case in ALL:  # or those that are named
    if case.__name__ in (sys.argv[1:] or [c.__name__ for c in ALL]):
        case()
done()
