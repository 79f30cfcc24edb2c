#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Jobs of a build that fail alike: one question to a model, one annotation, also without meta-data, across retries and builds.
import concurrent.futures
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_api
from build_double import GOOD, Build, at_once, be_slow, body, contexts, fail_with, in_time, listed, run_cases, shard
from tap import ROOT, equal, ok, tempdir

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults


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
        ok("40 jobs failed like this" in text and "Specs #7" in text and ":hammer:" not in text, "by name and number", text[:1500])
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
    ok("failed like this" not in text and "log of Specs #3" in text, "a job that fails alone: no list, a link to its log", text)
    ok(ended.seconds < 8 and len(model.log) == 1, "a job that fails alone: it does not wait", ended.seconds)
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


def a_retry_that_passes_while_meta_data_does_not_work():
    for name, trouble in (("broken (503)", fail_with(503)), ("slow", be_slow)):
        build = Build()
        with faults.Server(GOOD, seconds=120) as model:
            for i in range(3):
                shard(build, model, i)
            build.trouble = trouble
            ended = shard(build, model, 0, attempt=1, passes=True)
            equal([len(listed(a)) for a in build.annotations.values()], [3], f"meta-data {name}: a retry that passes leaves what others may need")
            ok("is left for jobs that may need it" in ended.output and ended.seconds < 5, "says so, and does not take long", ended.output, ended.seconds)
            counted = []

            def work_again(_request):
                counted.append(1)
                if len(counted) < 3:
                    raise agent_api.Refused(503, "no")
            build.trouble = work_again
            shard(build, model, 0, attempt=2, passes=True)
            equal([len(listed(a)) for a in build.annotations.values()], [2], "meta-data that works again: it leaves the list")
        build.close()
    build = Build(fail_with(404))
    with faults.Server(GOOD, seconds=60) as model:
        shard(build, model, 0)
        shard(build, model, 0, attempt=1, passes=True)
    equal(build.annotations, {}, "meta-data off: a retry that passes takes its own annotation away")
    build.close()
    build = Build(latency=(2, 2))
    with faults.Server(GOOD, seconds=60) as model:
        shard(build, model, 0, config={"deadline": "30s"})
        ended = shard(build, model, 0, attempt=1, passes=True, config={"deadline": "30s"})
    equal(build.annotations, {}, "meta-data 2 s away: so it does")
    ok(ended.seconds < 11, "and ends in time", ended.seconds)
    build.close()


TAIL = ["loading the plan", "plan: all stages", "qqq: stage seven", "qqq: the frobnicator is not seated", "qqq: stopped after 0.31s"]


def logs_that_no_rule_understands():
    with faults.Server(GOOD, seconds=120) as model:
        def run(name, *jobs, lists):
            build = Build()
            ended = at_once([lambda i=i, job=job: shard(build, model, i, config={"deadline": "20s"}, **job) for i, job in enumerate(jobs)])
            in_time(ended, name, 21)
            equal(sorted(len(listed(a)) for a in build.annotations.values()), lists, name)
            texts = [body(a) for a in build.annotations.values()]
            build.close()
            return texts if len(texts) == len(lists) else [""] * len(lists)
        text, = run("an unknown tool's last words, the same: one failure",
                    *[{"lines": [f"part {i}", *TAIL[:-1], f"qqq: stopped after 0.{i}1s"], "status": 3} for i in range(4)], lists=[4])
        ok("What each of them said last" in text and "Specs #2: qqq: stopped after 0.21s" in text, "the list shows what each one said", text)
        text, = run("jobs of a step that were killed: one failure, whatever they were doing",
                    *[{"lines": ["loading", f"case {w} begins"], "status": 137} for w in ("alpha", "beta", "gamma", "delta")], lists=[4])
        ok("<details open>" in text and "Specs #1: case beta begins" in text and "Specs #3: case delta begins" in text,
           "and what each one said differs", text)
        run("other last words are another failure", {"lines": TAIL, "status": 3}, {"lines": [*TAIL[:-2], "qqq: the frobnicator is upside down", TAIL[-1]], "status": 3},
            lists=[1, 1])
        run("so is another status", {"lines": TAIL, "status": 3}, {"lines": TAIL, "status": 4}, lists=[1, 1])
        run("so is another step", {"lines": TAIL, "status": 3}, {"lines": TAIL, "status": 3, "step": "other"}, lists=[1, 1])
        run("of jobs that were killed, too", {"lines": TAIL, "status": 137}, {"lines": TAIL, "status": 137, "step": "other"}, lists=[1, 1])
        run("a log that says nothing is like no other", {"lines": [], "status": 3}, {"lines": [], "status": 3}, lists=[1, 1])
        run("what rules understand is one failure in all steps, as before", {}, {"step": "other"}, lists=[2])


def pytest_log(i, message):
    return ["=" * 35 + " FAILURES " + "=" * 35, f"{'_' * 32} test_query_{i} {'_' * 32}", "", f"    def test_query_{i}():", ">       db.connect()", "",
            f"tests/test_mod{i}.py:{10 + i}: ", f"E   {message}", "", "=" * 27 + " short test summary info " + "=" * 28,
            f"FAILED tests/test_mod{i}.py::test_query_{i} - {message}", f"{'=' * 25} 1 failed, {29 + i} passed in {i}.21s {'=' * 25}"]


def go_log(i, message):
    return [f"--- FAIL: TestStore{i} (0.0{i}s)", f"    store_test.go:{20 + i}: {message}", "FAIL", f"FAIL\texample.com/app/pkg{i}\t0.1{i}s", "FAIL"]


def rspec_log(i, *message):
    return ["Failures:", "", f"  1) Thing{i} works", "     Failure/Error: connect", *[f"       {line}" for line in message],
            f"     # ./spec/thing{i}_spec.rb:{i + 3}:in `block (2 levels) in <top (required)>'", "", f"Finished in {i}.3 seconds (files took 1.{i} seconds to load)",
            f"{20 + i} examples, 1 failure", "", "Failed examples:", "", f"rspec ./spec/thing{i}_spec.rb:{i + 2} # Thing{i} works"]


REFUSED = 'psycopg2.OperationalError: connection to server at "db" (10.0.0.5), port 5432 failed: Connection refused'


def reasons_that_tests_share():
    for name, test, lines, others in (
            ("pytest", "test_query_2", lambda i: pytest_log(i, REFUSED), lambda i: pytest_log(i, f"assert {i} == 2")),
            ("go", "TestStore2", lambda i: go_log(i, "dial tcp 10.0.0.5:5432: connect: connection refused"), lambda i: go_log(i, "got 1, want 2")),
            ("rspec", "Thing2 works", lambda i: rspec_log(i, "PG::ConnectionBad:", "  could not connect to server: Connection refused"),
             lambda i: rspec_log(i, "expected: 1", "     got: 2"))):
        build = Build()
        with faults.Server(GOOD, seconds=60) as model:
            ended = at_once([lambda i=i: shard(build, model, i, config={"deadline": "25s"}, lines=lines(i), status=1) for i in range(4)])
        in_time(ended, f"{name}: a server that is down", 30)
        equal((len(model.log), [len(listed(a)) for a in build.annotations.values()]), (1, [4]), f"{name}: tests that fail for it are one failure")
        text = body(next(iter(build.annotations.values()), {"body": ""}))
        ok(f"Specs #2: {test}" in text, f"{name}: the list says which test each job failed in", text)
        build.close()
        build = Build()
        with faults.Server(GOOD, seconds=60) as model:
            at_once([lambda i=i: shard(build, model, i, config={"deadline": "25s"}, lines=others(i), status=1) for i in range(2)])
        equal([len(listed(a)) for a in build.annotations.values()], [1, 1], f"{name}: assertions of different tests stay apart")
        build.close()


def what_is_counted():
    with tempdir() as folder, faults.Server(GOOD, seconds=120) as model:
        path = os.path.join(folder, "out.prom")
        config = {"state_dir": os.path.join(folder, "state"), "metrics": {"textfile": path}}
        for number in (0, 1):  # two builds: the second finds on the host what the first one made
            build = Build()
            for i in range(2 - number):
                shard(build, model, i, config=config, BUILDSUM_STATE="true")
            build.close()
        with open(path, encoding="utf-8") as file:
            counts = dict(line.rsplit(" ", 1) for line in file.read().splitlines() if not line.startswith("#"))
    found = {name: counts.get(f"buildsum_{name}") for name in (
        'runs_total{outcome="llm"}', 'runs_total{outcome="reused"}', 'reuses_total{from="build"}', 'reuses_total{from="host"}')}
    equal(list(found.values()), ["1", "2", "1", "1"], "runs that take a summary over are counted as such")
    equal(len(model.log), 1, "and ask nobody")


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


run_cases(a_lonely_job, a_slow_poster, two_reasons, forty_shards, meta_data_that_does_not_work, retries, annotations_of_jobs,
          a_retry_that_passes_while_meta_data_does_not_work, logs_that_no_rule_understands, reasons_that_tests_share, what_is_counted,
          hostile_meta_data, kept_on_the_host)
