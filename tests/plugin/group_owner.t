#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Jobs of a build that fail alike: whoever asks for all may die in any phase, be slow, or come too late.
import concurrent.futures
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from build_double import Build, at_once, body, in_time, listed, run_cases, shard
from tap import ROOT, equal, ok

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults


PHASES = {  # the owner ends when it has done this; how often a model may be asked then
    "joined": (lambda r: b"/job/" in r.body and r.path.endswith("/set"), 1),
    "claimed": (lambda r: b"/owner" in r.body and "/set" in r.path, 1),
    "asked": (None, 2),
    "beaten": (lambda r: r.path.endswith("/data/set") and b"/beat" in r.body, 2),
    "published": (lambda r: b"/kept" in r.body and "/set" in r.path, 1),
    "posted": (lambda r: r.path.endswith("/annotations"), 1),
}


class Victim:
    """The first job of a build, killed in a phase of its hook."""

    def __init__(self, build, model, phase):
        self.is_phase = PHASES[phase][0]
        self.build, self.model, self.process, self.reached = build, model, None, threading.Event()
        build.after = self.after

    def after(self, request):
        if self.is_phase and self.is_phase(request) and f"/{self.build.job(0)}/" in request.path:
            self.kill()

    def begun(self, process):
        self.process = process

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.reached.set()

    def await_phase(self):
        until = time.monotonic() + 10
        while not self.is_phase and not os.path.exists(self.model.path("bodies/m-1.head")) and time.monotonic() < until:
            threading.Event().wait(0.05)
        if not self.is_phase:
            self.kill()
        return self.reached.wait(10)


def lose_owner(phase, others=39, seconds=30):
    """A build whose first job dies in a phase: what became of the others, 300 ms away from the meta-data."""
    build = Build(latency=(0.3, 0.3))
    slow = "1 silence\n" if phase in ("asked", "beaten") else ""
    with faults.Server(f"server m\n{slow}* latency=300ms\n", seconds=90) as model:
        victim = Victim(build, model, phase)
        config = {"deadline": f"{seconds}s", "first_token": "20s", "attempt": "20s", "hedge": "off"}
        with concurrent.futures.ThreadPoolExecutor(others + 1) as pool:
            owner = pool.submit(shard, build, model, 0, config=config, begun=victim.begun)
            reached = victim.await_phase()
            rest = [pool.submit(shard, build, model, i, config=config) for i in range(1, others + 1)]
            owner.result()
            ended = [f.result() for f in rest]
    build.close()
    return build, reached, ended, len(model.log)


def the_owner_dies():
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for phase, lost in [(phase, pool.submit(lose_owner, phase)) for phase in PHASES]:
            build, reached, ended, asked = lost.result()
            what = f"forty jobs whose owner dies when it has {phase}"
            ok(reached, what)
            in_time(ended, what, 31)
            ok(asked <= PHASES[phase][1], f"{what}: one other asks, if any", asked)
            lists = [len(listed(a)) for a in build.annotations.values()]
            equal(lists, [40], f"{what}: one annotation lists them all, the dead one too")
            print(f"# {what}: {asked} questions, {len(build.posts)} posts, {len(build.requests)} requests, "
                  f"last after {max(e.seconds for e in ended):.1f} s")


def forty(what, latency, asked_max):
    """Forty jobs begin together; every fifth of them is always the farthest."""
    build = Build(latency=latency)
    with faults.Server("server m\n* latency=300ms\n", seconds=90) as model:
        ended = at_once([lambda i=i: shard(build, model, i, config={"deadline": "30s"}) for i in range(40)])
    asked = len(model.log)
    in_time(ended, what, 31)
    ok(asked <= asked_max, f"{what}: a model is asked once, {asked_max} times at the worst", asked)
    lost = [e.output for e in ended if "annotated this build" not in e.output]
    equal(lost, [], f"{what}: none is without an annotation")
    print(f"# {what}: {asked} questions, {len(build.posts)} posts, {len(build.requests)} requests, "
          f"last after {max(e.seconds for e in ended):.1f} s")
    build.close()
    return [len(listed(a)) for a in build.annotations.values()]


def forty_at_a_distance():
    equal(forty("forty at a distance", (0.15, 0.4), 2), [40], "forty at a distance: one annotation lists them all")


def forty_far_away():
    """Also the annotations' own requests take so long."""
    lists = forty("forty far away (0.8 to 2.2 s)", (0.8, 2.2), 3)
    ok(max(lists) == 40 and len(lists) <= 3, "forty far away: one annotation lists them all", lists)


def the_owner_is_slow():
    build = Build(latency=(0.15, 0.4))
    with faults.Server("server m\n* latency=15s\n", seconds=120) as model:
        config = {"deadline": "30s", "first_token": "25s", "attempt": "25s", "hedge": "off"}
        ended = at_once([lambda i=i: shard(build, model, i, config=config) for i in range(5)])
    asked = len(model.log)
    in_time(ended, "a slow owner", 30)
    equal((asked, [len(listed(a)) for a in build.annotations.values()]), (1, [5]), "an owner that is slow but lives is not taken over")
    beats = [r for r in build.requests if r.path.endswith("/data/set") and b"/beat" in r.body]
    ok(5 <= len(beats) <= 12, "its heart beats, not too often", len(beats))
    build.close()


def there_is_no_time_to_wait():
    build = Build()
    with faults.Server("server m\n* latency=9s\n", seconds=120) as model, concurrent.futures.ThreadPoolExecutor(4) as pool:
        limits = {"first_token": "25s", "attempt": "25s", "hedge": "off"}
        claimed = threading.Event()
        build.after = lambda r: claimed.set() if b"/owner" in r.body and "/set" in r.path else None
        owner = pool.submit(shard, build, model, 0, config={"deadline": "25s", **limits})
        ok(claimed.wait(10), "no time to wait: somebody asks")
        ended = [f.result() for f in [pool.submit(shard, build, model, i, config={"deadline": "6s", **limits}) for i in range(1, 4)]]
        in_time(ended, "no time to wait", 7)
        equal([len(listed(a)) for a in build.annotations.values()], [4], "no time to wait: a summary by rules stands where the other will")
        text = body(next(iter(build.annotations.values()), {"body": ""}))
        ok("no answer yet to another job of this build" in text, "and says why", text[-400:])
        owner.result()
    equal((len(model.log), [len(listed(a)) for a in build.annotations.values()]), (1, [4]), "the model's takes its place")
    ok("g/m answered in" in body(next(iter(build.annotations.values()))), "and says who answered")
    build.close()


run_cases(the_owner_dies, forty_at_a_distance, forty_far_away, the_owner_is_slow, there_is_no_time_to_wait)
