#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is remembered, by the program itself: one probe of a route that was down, killed runs, disks that are full or read-only."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, SLOW, WRAP, Run, Tap

tap = Tap()
PROGRAM = os.path.abspath(os.path.join(BUILD, "buildsum"))
DOWN = "server a\n* status=500\nserver b\n* ok"
# The numbers of a route's line (core/llm/health_text.c).
OPEN_UNTIL, OPENINGS, LEASE_UNTIL, LEASE_RUN = 23, 24, 25, 26


class Program(Run):
    """The fault server, a configuration whose route it is, and a folder to remember in."""

    def __init__(self, script, settings=""):
        super().__init__(script)
        self.place = self.path("state")
        lines = ["route: [%s]" % ", ".join(s + "/m" for s in self.ports), "hedge: off", "providers:"]
        for server, port in self.ports.items():
            lines.append("  %s: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: []}" % (server, port))
        with open(self.path("c.yml"), "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n" + settings)

    def start(self, before=()):
        env = {**self.env(), "BUILDSUM_CONFIG": self.path("c.yml"), "BUILDSUM_STATE_DIR": self.place, "BUILDSUM_STATE": "true"}
        return subprocess.Popen([*before, *WRAP, PROGRAM, "--format", "json", self.path("build.log")], env=env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self, process):
        out, err = process.communicate(timeout=60)
        result = self.result(out, err)
        result["status"] = process.returncode
        return result

    def run(self, before=()):
        return self.end(self.start(before))

    # --- the file

    def lines(self):
        with open(os.path.join(self.place, "health"), encoding="utf-8") as f:
            return [line.split(" ") for line in f.read().splitlines()[:-1]]

    def write(self, lines):
        text = "".join(" ".join(line) + "\n" for line in lines)
        checksum = 0xcbf29ce484222325
        for c in text.encode():
            checksum = (checksum ^ c) * 0x100000001b3 % 2**64
        with open(os.path.join(self.place, "health"), "w", encoding="utf-8") as f:
            f.write(text + "sum %x\n" % checksum)

    def outages(self):
        """The lines of routes that are not closed."""
        return [line for line in self.lines() if line[0] == "route" and line[OPEN_UNTIL] != "0"]

    def let_time_pass(self, *fields):
        """As if these points of time, of whatever is down, had come."""
        lines = self.lines()
        now = str(int(time.time() * 1000) - 1000)
        for line in lines:
            for field in fields:
                if line[0] == "route" and line[field] != "0":
                    line[field] = now
        self.write(lines)

    def asked(self, server):
        return sum(1 for r in self.requests() if r["server"] == server)


def number_of(run):
    return len([n for n in os.listdir(run.path("bodies")) if n.startswith("a-") and n.endswith(".body")])


def wait_for_requests(run, count):
    until = time.monotonic() + 20
    while number_of(run) < count and time.monotonic() < until:
        os.sched_yield()


# --- a route that was down is tried by one run at a time

with Program("server a\n1-2 status=500\n* first-token=6s\nserver b\n* ok", "first_token: 20s\nattempt: 25s\n") as run:
    first = run.run()
    tap.trail(first, "a:server_error a:server_error b:ok", "an outage is found out once")
    tap.ok(len(run.outages()) == 1, "and remembered", run.lines())
    run.let_time_pass(OPEN_UNTIL)
    probe = run.start()
    wait_for_requests(run, 3)  # the probe is on its way
    others = [run.start() for _ in range(8 if SLOW else 20)]
    trails = [run.end(p)["trail"] for p in others]
    tap.ok(set(trails) == {"b:ok"}, "while one run tries it, the others leave it alone", trails)
    result = run.end(probe)
    tap.ok(result["trail"] == "a:ok" and not run.outages(), "its answer ends the outage for everybody", result["text"], run.lines())
with Program(DOWN) as run:
    run.run()
    count = 8 if SLOW else 20
    run.let_time_pass(OPEN_UNTIL)
    runs = [run.start() for _ in range(count)]
    trails = [run.end(p)["trail"] for p in runs]
    tap.ok(all(t.endswith("b:ok") for t in trails) and
           sum("a:" in t for t in trails) == 1, "of %d runs at once, one tries it" % count, trails)
    outage = run.outages()
    tap.ok(len(outage) == 1 and int(outage[0][OPENINGS]) >= 2 and outage[0][LEASE_RUN] == "0",
           "it failed: closed for longer, and nothing is lent", outage)

# --- a run that is killed while it tries

with Program("server a\n1-2 status=500\n3 silence\n* ok\nserver b\n* ok") as run:
    run.run()
    run.let_time_pass(OPEN_UNTIL)
    probe = run.start()
    wait_for_requests(run, 3)
    probe.kill()
    probe.communicate()
    result = run.run()
    lease_ms = int(run.outages()[0][LEASE_UNTIL]) - time.time() * 1000
    tap.ok(result["trail"] == "b:ok" and 0 < lease_ms <= 30000, "a probe's killed run: others wait for its lease, which ends",
           result["trail"], lease_ms)
    run.let_time_pass(OPEN_UNTIL, LEASE_UNTIL)
    result = run.run()
    tap.ok(result["trail"] == "a:ok" and not run.outages(), "then one of them tries", result["text"])
with Program("server a\n1-2 status=500\n3 silence\n* ok\nserver b\n* ok") as run:
    run.run()
    run.let_time_pass(OPEN_UNTIL)
    probe = run.start()
    wait_for_requests(run, 3)
    probe.send_signal(signal.SIGTERM)
    result = run.end(probe)
    tap.ok("a:cancelled" in result["trail"] and run.outages()[0][LEASE_RUN] == "0", "a probe that is told to stop gives it back",
           result["text"], run.outages())
    tap.trail(run.run(), "a:ok", "and the next run tries at once")
with Program("server a\n* status=500 latency=10ms\nserver b\n* split=40 gap=1ms") as run:
    kills = 40 if SLOW else 150
    for i in range(kills):
        victim = run.start()
        try:
            victim.wait(timeout=0.0006 * i)
        except subprocess.TimeoutExpired:
            pass
        victim.kill()
        victim.communicate()
    result = run.run()
    left = sorted(os.listdir(run.place))
    tap.ok(result["outcome"] == "llm" and
           not [w for w in result["warnings"] if "remembered" in w] and set(left) <= {"health", "health.lock", "health.new"},
           "after %d killed runs the file is whole" % kills, result["text"], left)

# --- disks


def warned_once(result, *words):
    """An answer, and one warning about what is remembered."""
    said = [w for w in result["warnings"] if "what was remembered" in w]
    return result["status"] == 0 and result["outcome"] == "llm" and len(said) == 1 and any(w in said[0] for w in words)


with Program(DOWN) as run:
    result = run.run(before=["prlimit", "--fsize=0"])
    tap.ok(warned_once(result, "File too large") and os.listdir(run.place) == ["health.lock"],
           "a file that may not grow: one warning, and nothing half-written", result["text"], os.listdir(run.place))
    tap.ok(run.run()["outcome"] == "llm" and os.path.getsize(os.path.join(run.place, "health")) > 100, "and then it is begun")

OWN_MOUNTS = ["unshare", "-m", "sh", "-c"]
CAN_MOUNT = shutil.which("unshare") and subprocess.call(
    OWN_MOUNTS + ["mount -t tmpfs -o size=8k tmpfs /mnt"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def mounted(command, run):
    return OWN_MOUNTS + ["d='%s'; %s; exec \"$@\"" % (run.place, command), "sh"]


if not CAN_MOUNT:
    print("ok - a full disk and a read-only one # SKIP this user may not mount a file system")
    tap.count += 1
else:
    with Program(DOWN) as run:
        os.mkdir(run.place, 0o700)
        full = "mount -t tmpfs -o size=4k,mode=700 tmpfs $d; dd if=/dev/zero of=$d/fill bs=4k count=1 2>/dev/null"
        result = run.run(before=mounted(full, run))
        tap.ok(warned_once(result, "No space left"), "a full disk", result["text"])
    with Program(DOWN) as run:
        run.run()
        before = run.lines()
        result = run.run(before=mounted("mount --bind -o ro $d $d; mount -o remount,bind,ro $d", run))
        tap.ok(warned_once(result, "Read-only") and result["trail"] == "b:ok" and run.lines() == before,
               "a read-only disk: what is there is still known", result["text"])
        run.let_time_pass(OPEN_UNTIL)
        result = run.run(before=mounted("mount --bind -o ro $d $d; mount -o remount,bind,ro $d", run))
        tap.ok(warned_once(result, "Read-only") and result["trail"] == "a:server_error b:ok",
               "and a route that was down is tried again, though no lease can be written", result["text"])

# --- whose it is

if os.geteuid() == 0:
    for name in ("", "health", "health.lock"):
        with Program(DOWN) as run:
            run.run()
            os.chown(os.path.join(run.place, name), 12345, 12345)
            result = run.run()
            tap.ok(warned_once(result, "another user"), "a stranger's " + (name or "folder"), result["text"])
else:
    print("ok - what belongs to a stranger # SKIP only root can give files away")
    tap.count += 1
with Program(DOWN) as run:
    run.run()
    future = run.lines()
    shift = 400 * 24 * 3600 * 1000  # as a clock that ran ahead left it
    for line in future:
        line[:] = [str(int(n) + shift) if n.isdigit() and len(n) == 13 else n for n in line]
    run.write(future)
    start = time.monotonic()
    result = run.run()
    tap.ok(result["outcome"] == "llm" and result["trail"].startswith("a:") and not result["warnings"] and
           time.monotonic() - start < 5, "from the future: what the times said is forgotten", result["text"])
    run.write([["buildsum-health", "4"]] + [future[1]] + [future[2]] * 100)
    result = run.run()
    tap.ok(warned_once(result, "damaged"), "more routes than fit", result["text"])
    with open(os.path.join(run.place, "health"), "wb") as f:
        f.write(b"buildsum-health 4\n" + b"route 1\n" * 4000000)
    result = run.run()
    tap.ok(result["outcome"] == "llm" and len(result["warnings"]) >= 1, "a file of 32 MB", result["text"])
tap.done()
