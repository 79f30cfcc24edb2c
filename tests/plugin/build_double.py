# SPDX-License-Identifier: MIT
# A double of a build whose jobs fail: the agent API for all of them, with a latency, unfair on demand, and the jobs themselves.
import concurrent.futures
import html
import json
import os
import random
import re
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_api
from agent_api import Api
from agent_double import hook
from tap import done, ok

HOOK = b"~~~ Running plugin buildsum post-command hook\r\n$ hooks/post-command\r\n"
GOOD = "server m\n* latency=300ms\n"


def log(reason="totl", shard=0):
    """The same failure in two shards differs by what came before, by times and by folders."""
    lines = [b"step %d done in 0.%02ds" % (i, (i * 7 + shard) % 100) for i in range(shard % 5)]
    lines += [b"cc -c calc.c", b"calc.c:12:9: error: '%s' undeclared (first use in this function)" % reason.encode(),
              b"make: *** [Makefile:3: calc.o] Error 1", b"\xf0\x9f\x9a\xa8 Error: The command exited with status 2"]
    return b"".join(line + b"\r\n" for line in lines) + HOOK


def unknown_log(lines, status):
    end = f"\U0001F6A8 Error: The command exited with status {status}"
    return b"".join(line.encode() + b"\r\n" for line in [*lines, end]) + HOOK


class Build(Api):
    """The agent API for many jobs of one build; `trouble` is what becomes of requests about meta-data."""

    def __init__(self, trouble=None, latency=(0, 0)):
        super().__init__("0190aaaa-0000-4000-8000-000000000000", {})
        self.trouble = trouble
        self.latency = latency  # seconds that a request takes, from … to; half of it before it counts
        self.random = random.Random(7)
        self.posts = []
        self.after = None  # told of each request that has been answered
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
        if self.after:
            self.after(request)
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


def shard(build, model, number, reason="totl", attempt=0, passes=False, config=None, label=":hammer: Specs", parallel=True,
          status=2, lines=None, step="specs", **more):
    """One job with its hook: `lines` of a log that no rule understands, or the reason of one that they do."""
    job_id = build.job(number, attempt)
    settings = {"route": ["g/m"], "deadline": "12s", "providers": {
        "g": {"api": "openai", "base_url": f"http://127.0.0.1:{model.ports['m']}/v1", "keys": []}}, **(config or {})}
    said = unknown_log(lines, status) if lines is not None else log(reason, number)
    return hook(build.endpoint, said, BUILDKITE_AGENT_ACCESS_TOKEN=agent_api.token("job"), BUILDKITE_JOB_ID=job_id,
                BUILDKITE_STEP_KEY=step, BUILDKITE_PARALLEL_JOB=str(number) if parallel else None, BUILDKITE_LABEL=label,
                BUILDKITE_RETRY_COUNT=str(attempt), BUILDKITE_COMMAND_EXIT_STATUS="0" if passes else str(status),
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


def run_cases(*cases):
    """All of them, or those that the command line names."""
    for case in cases:
        if case.__name__ in (sys.argv[1:] or [c.__name__ for c in cases]):
            case()
    done()
