#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Jobs of a matrix share their step's key: none takes another's annotation for its own.
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from build_double import GOOD, Build, at_once, body, fail_with, listed, run_cases, shard
from tap import ROOT, equal, ok, tempdir

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults


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


def a_retry_whose_environment_differs():
    with tempdir() as folder, faults.Server(GOOD, seconds=120) as model:
        def file(name, lines):
            if lines is None:
                return None
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write("".join(line + "\n" for line in [*lines, 'BUILDKITE_LABEL=":hammer: Specs"', 'BUILDKITE_COMMAND="make test"']))
            return path
        sent = ['TARGET="linux"', 'TRACEPARENT="00-1-1"', 'OTEL_TRACES="1"', 'CI="true"', 'API_TOKEN="a"']
        again = ['TARGET="linux"', 'TRACEPARENT="00-2-2"', 'PATH="/bin"', 'API_TOKEN="b"', 'BUILD_TIME="9"']
        for name, first, second, group in (("trace and token", sent, again, True), ("trace and token, annotation.group off", sent, again, False),
                                           ("the agent's file, missing later", sent, None, True)):
            build = Build()
            config = {"annotation": {"group": group}}
            shard(build, model, 0, config=config, BUILDKITE_ENV_FILE=file("first", first))
            equal(len(build.annotations), 1, f"{name}: one annotation")
            ended = shard(build, model, 0, attempt=1, passes=True, config=config, BUILDKITE_ENV_FILE=file("second", second))
            equal((build.annotations, ended.output), ({}, ""), f"{name}: differing, a retry that passes takes it away")
            build.close()
        build = Build()
        for i, reason in enumerate(("totl", "coutn")):
            shard(build, model, i, reason, parallel=False, BUILDKITE_ENV_FILE=file(f"m{i}", [f'TARGET="{i}"']))
        shard(build, model, 0, attempt=1, passes=True, parallel=False)
        equal(len(build.annotations), 2, "a matrix of the environment, the agent's file missing: a retry that passes takes no other's annotation")
        build.close()


run_cases(a_matrix, a_retry_whose_environment_differs)
