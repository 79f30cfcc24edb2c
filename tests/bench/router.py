#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Measures fallback by the drill: how late an answer is in each kind of outage, how often a dead provider is asked, how soon
# a recovered one is used again, and what a run costs beside a bare request. It reports; it does not judge.
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
BUILDSUM = os.path.join(BUILD, "buildsum")
BARE = os.path.join(BUILD, "bench/bare_curl")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
RUNS = 15
LOG = os.path.join(ROOT, "tests/cases/vite/unresolved-import/log.txt")  # 20 lines: what trimming costs is another measure
os.environ["BUILD"] = BUILD
sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
from faults import Server

CONFIG = """
route: [openai/m, anthropic/m]
providers: { openai: { keys: [BENCH_KEY_A, BENCH_KEY_B] }, anthropic: { keys: [BENCH_KEY_C] } }
"""


def percentile(values, percent):
    values = sorted(values)
    return values[max(0, -(-len(values) * percent // 100) - 1)] if values else None


def drill(folder, runs, scenario):
    config = os.path.join(folder, "config.yml")
    with open(config, "w") as file:
        file.write(CONFIG)
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR")} | {"HOME": "/nonexistent"}
    out = subprocess.run([BUILDSUM, "drill", "--config", config, "--runs", str(runs), "--scenario", scenario, "--format", "json", "-q"],
                         env=env, stdout=subprocess.PIPE, check=False, timeout=600).stdout
    return {s["name"]: s for s in json.loads(out)["scenarios"]}


def row(what, figures, unit="ms"):
    shown = "  ".join(f"{name} {'-' if value is None else format(value, ',')}" for name, value in figures.items())
    print(f"  {what:44} {shown} {unit}")


def split(runs, dead):
    """Elapsed times of runs that asked the dead provider, and of those that no longer did."""
    asked = [r["elapsed_ms"] for r in runs if any(a["route"].startswith(dead) for a in r["attempts"])]
    spared = [r["elapsed_ms"] for r in runs if not any(a["route"].startswith(dead) for a in r["attempts"])]
    return asked, spared


def outages(folder):
    print(f"fallback, a lifeboat of 100 ms, {ROUNDS} outages of {RUNS // 5} runs:")
    first = {}
    spared = {}
    for _ in range(ROUNDS):
        for name, s in drill(folder, RUNS // 5, "healthy,rate-limit-storm,hard-503,cut-stream").items():
            first.setdefault(name, []).append(s["runs"][0]["elapsed_ms"])
            spared.setdefault(name, []).extend(split(s["runs"], "openai/")[1])
    for name in first:
        row(f"{name}, first run", {"p50": percentile(first[name], 50), "p95": percentile(first[name], 95)})
        if spared[name]:
            row(f"{name}, once it is known", {"p50": percentile(spared[name], 50), "p95": percentile(spared[name], 95)})


def slow_outage(folder):
    result = drill(folder, RUNS, "latency-30s,hard-503,recovery")
    asked, spared = split(result["latency-30s"]["runs"], "openai/")
    print(f"\none outage of {RUNS} runs:")
    row("latency-30s, runs that asked it", {"count": len(asked), "longest": max(asked)})
    row("latency-30s, once it is known", {"p50": percentile(spared, 50), "p95": percentile(spared, 95)})
    delays = [b["started_ms"] - a["started_ms"] for r in result["latency-30s"]["runs"]
              for a, b in zip(r["attempts"], r["attempts"][1:]) if b["hedge"]]
    late = [r["elapsed_ms"] - r["attempts"][0]["started_ms"] - d
            for r, d in zip([r for r in result["latency-30s"]["runs"] if any(a["hedge"] for a in r["attempts"])], delays)]
    row("latency-30s, answer after the hedge began", {"longest": max(late) if late else None})
    for name in ("hard-503", "latency-30s"):
        row(f"{name}, attempts at the dead provider", {"count": result[name]["first_provider_attempts"]}, "")
    row("recovery, first provider asked again after", {"": result["recovery"]["back_ms"]})


def cpu(command, env):
    with open(LOG, "rb") as log:
        process = subprocess.Popen(command, stdin=log, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0, command
    return (usage.ru_utime + usage.ru_stime) * 1000


def costs(folder):
    """Whole processes, in turn: buildsum with one request, buildsum without any, and a bare request of the same bytes."""
    with Server("server a\n* ok\n", seconds=300) as server:
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "BENCH_KEY": "bench-key", "BARE_KEY": "bench-key",
               "BUILDSUM_STATE": "false", "BUILDSUM_CONFIG": os.path.join(folder, "one.yml")}
        url = f"http://127.0.0.1:{server.ports['a']}/v1"
        with open(env["BUILDSUM_CONFIG"], "w") as file:
            file.write(f"route: [a/m]\nproviders: {{ a: {{ api: openai, base_url: '{url}', keys: [BENCH_KEY] }} }}\n")
        dry = subprocess.run([BUILDSUM, "--dry-run", LOG], env=env, stdout=subprocess.PIPE, check=True).stdout
        body = os.path.join(folder, "body.json")
        with open(body, "wb") as file:
            file.write(dry.split(b"\n\n", 1)[1].strip())
        commands = {"buildsum": [BUILDSUM, LOG], "offline": [BUILDSUM, "--offline", LOG],
                    "bare request": [BARE, f"{url}/chat/completions", body]}
        times = {name: [] for name in commands}
        for _ in range(ROUNDS * 2):
            for name, command in commands.items():
                times[name].append(cpu(command, env))
    middle = {name: round(statistics.median(values), 2) for name, values in times.items()}
    print(f"\nCPU of a whole process, the median of {ROUNDS * 2}, in turn:")
    row("", middle, "ms")
    row("buildsum over a bare request", {"": round(middle["buildsum"] - middle["bare request"], 2)})


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="buildsum-bench-") as folder:
        outages(folder)
        slow_outage(folder)
        costs(folder)


main()
