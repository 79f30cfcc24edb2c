#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a host tells of its runs: a text file, a push gateway, a collector; and that none of it fails a run."""
import json
import os
import secrets
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange"]
from faults import Server
from tap import BUILDSUM, clean_env, done, equal, ok, run, tempdir

LOG = b"a.c:3:5: error: expected ';' before '}' token\nmake: *** [all] Error 1\n"


def sample(text, name):
    for line in text.splitlines():
        if line.startswith(name + " "):
            return float(line.rsplit(" ", 1)[1])
    return None


with tempdir() as folder, Server("server model\n1 status=503 code=x message=y error-type=z\nserver watch\n* body='{}'\n") as server:
    path = lambda name: os.path.join(folder, name)
    base = f"http://127.0.0.1:{server.ports['model']}/v1"
    watch = f"http://127.0.0.1:{server.ports['watch']}"
    key = "sk-" + secrets.token_hex(16)
    env = clean_env(BUILDSUM_STATE="true", METRICS_TEST_KEY=key)
    with open(path("config.yml"), "w") as file:
        file.write(f"route: [acme/model-x]\nproviders: {{ acme: {{ api: openai, base_url: '{base}', keys: [METRICS_TEST_KEY] }} }}\n"
                   f"state_dir: {path('state')}\nmetrics: {{ textfile: {path('out.prom')} }}\n")

    def summarise(*args, **more):
        return run("--config", path("config.yml"), *args, "-", stdin=LOG, env={**env, **more})

    # --- a text file
    equal(summarise().status, 0, "a run with a text file")
    text = open(path("out.prom")).read()
    equal(sample(text, 'buildsum_runs_total{outcome="llm"}'), 1, "one run is counted")
    equal(sample(text, 'buildsum_attempts_total{provider="acme",model="model-x",outcome="server_error"}'), 1, "a failed attempt by its class")
    equal(oct(os.stat(path("out.prom")).st_mode & 0o777), "0o644", "others may read the file")
    summarise()
    text = open(path("out.prom")).read()
    equal(sample(text, 'buildsum_runs_total{outcome="llm"}'), 2, "the next run adds up")
    equal(sample(text, 'buildsum_log_bytes_total{state="read"}'), 2 * len(LOG), "bytes add up")
    ok(key not in text and "METRICS_TEST_KEY" not in text and "expected" not in text and "a.c" not in text,
       "no key, no name of a key, no word of the log")
    heads = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    equal(len(heads), len(set(heads)), "each family stands once")

    # --- many at once
    jobs = [subprocess.Popen([BUILDSUM, "--offline", "--config", path("config.yml"), "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env) for _ in range(20)]
    said = [job.communicate(LOG, timeout=60)[1] for job in jobs]
    text = open(path("out.prom")).read()
    missed = sum(b"metrics" in words for words in said)  # who waited too long for the others says so
    equal(sample(text, 'buildsum_runs_total{outcome="local"}') + missed, 20, "twenty at once: each is counted, or says that it is not")
    ok(all(job.returncode == 0 for job in jobs), "and none fails")

    # --- sent
    sent = summarise("--metrics-pushgateway", watch + "/", "--metrics-otlp", watch)
    equal((sent.status, sent.err), (0, ""), "sent to a gateway and to a collector")
    server.stop()
    paths = [line["path"] for line in server.log if line["server"] == "watch"]
    ok(len(paths) == 2 and paths[0].startswith("/metrics/job/buildsum/instance/"), "one group for each host", paths)
    equal(paths[1:], ["/v1/metrics"], "the collector's own path")
    pushed = open(server.path("bodies/watch-1.body")).read()
    equal(sample(pushed, 'buildsum_runs_total{outcome="llm"}'), 3, "the gateway gets the host's sums")
    heads = open(server.path("bodies/watch-1.head")).read() + open(server.path("bodies/watch-2.head")).read()
    ok("Authorization" not in heads and key not in heads, "no credential goes there")
    body = json.load(open(server.path("bodies/watch-2.body")))
    metrics = {m["name"]: m for m in body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]}
    point = metrics["buildsum_runs_total"]["sum"]["dataPoints"][0]
    equal(point["asDouble"], 1, "the collector gets this run alone")
    ok(int(point["timeUnixNano"]) >= int(point["startTimeUnixNano"]) > 1.7e18, "with its time", point)

    # --- nothing of it fails a run
    for name, args, words in [
        ("a folder that is not there", ("--metrics-textfile", path("none/x.prom")), "none/x.prom"),
        ("a gateway that is not there", ("--metrics-pushgateway", "http://127.0.0.1:9"), "metrics.pushgateway"),
        ("a collector that is not there", ("--metrics-otlp", "http://127.0.0.1:9"), "metrics.otlp"),
    ]:
        got = summarise("--offline", *args)
        ok(got.status == 0 and words in got.err and got.err.count("warning") == 1, f"{name}: one warning", got.err)
    with open(path("state/metrics"), "w") as file:
        file.write("buildsum_runs_total many\n")
    got = summarise("--offline")
    ok(got.status == 0 and "begins anew" in got.err, "a damaged sum begins anew", got.err)
    equal(sample(open(path("out.prom")).read(), 'buildsum_runs_total{outcome="local"}'), 1, "at one")

    # --- who may ask for it
    with open(path(".buildsum.yml"), "w") as file:
        file.write("metrics: { textfile: /tmp/elsewhere.prom }\n")
    got = run("--offline", "-", stdin=LOG, env=clean_env(), cwd=folder)
    ok(got.status == 2 and ".buildsum.yml:1:" in got.err and "metrics.textfile" in got.err, "not a file that came with the checkout", got.err)
done()
