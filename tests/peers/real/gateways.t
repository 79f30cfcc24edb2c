#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real gateways between buildsum and a provider that misbehaves: whatever they make of it, a summary comes."""
import concurrent.futures
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange", "tests/peers/real"]
import faults
import gateways
import peers
import tap

peers.alone()
RUNS = int(os.environ.get("GATEWAY_RUNS", "5"))
LOG = "$ make test\nlist.c:42: assertion failed: count == 1\nmake: *** [test] Error 1\n"
# What the provider behind the gateway does, and how buildsum may see that.
FAULTS = {
    "storm": ("* status=429 header='Retry-After: 3'", {"rate_limited"}),
    "down": ("* status=503", {"overloaded", "server_error", "rate_limited"}),
    "slow": ("* silence", {"timeout", "server_error"}),
    "cut": ("* cut=300", {"cut", "server_error", "error_in_body", "empty", "invalid_json", "timeout", "unreachable"}),
}


def config(server, providers, **settings):
    """A configuration file: the route in the order of providers: [(name, model, lines)]."""
    providers = providers + [("spare", "m", {"base_url": "http://127.0.0.1:%d/v1" % server.ports["spare"], "keys": []})] \
        if settings.pop("spare", True) else providers
    known = ("litellm", "portkey")
    everything = {"route": ["%s/%s" % (name, model) for name, model, _ in providers], "deadline": "25s",
                  "first_token": "%ds" % gateways.TIMEOUT_S, "state": False, **settings,
                  "providers": {name: {**lines, **({} if name in known else {"api": "openai"})}
                                for name, _, lines in providers}}
    with tempfile.NamedTemporaryFile("w", suffix=".yml", dir=server.folder, delete=False) as f:
        json.dump(everything, f)  # JSON is YAML
    return f.name


def words(path):
    return [tap.BUILDSUM, "--config", path, "--format", "json", "-"]


def env():
    return tap.clean_env(GATEWAY_KEY=gateways.KEY)


def run(path):
    done = subprocess.run(words(path), input=LOG, env=env(), capture_output=True, text=True, timeout=60, check=False, cwd="/")
    result = json.loads(done.stdout) if done.stdout else {"outcome": done.stderr, "attempts": [], "route": None}
    result["leaked"] = gateways.KEY in done.stdout + done.stderr
    return result


def trail(result):
    return " ".join("%s:%s" % (a["route"].split("/")[0], a["outcome"]) for a in result["attempts"])


def answers(gateway, peer, server):
    """Well, and behind each fault."""
    name = gateway.name
    for stream in (True, False):
        model, lines = gateway.entry(peer, "ok")
        result = run(config(server, [(name, model, lines)], stream=stream))
        if stream and trail(result).startswith(name + ":server_error"):  # broken by itself; for that there is a next route
            gateway.streams = False
            tap.ok(result["outcome"] == "llm", "%s fails by itself when streaming: %s" % (name, trail(result)), peer.said())
            continue
        tap.ok(result["outcome"] == "llm" and result["route"].startswith(name) and not result["leaked"] and
               result["attempts"][-1]["input_tokens"] == 100, "%s answers, %s" % (name, "streamed" if stream else "whole"), result)
    for fault, (_, outcomes) in FAULTS.items():
        for stream in (True, False):
            model, lines = gateway.entry(peer, fault)
            result = run(config(server, [(name, model, lines)], stream=stream))
            ways = {a["outcome"] for a in result["attempts"] if a["route"].startswith(name)}
            # The gateway's own tries take time: then it is too slow, or the spare one was asked beside it.
            outcomes = outcomes | {"server_error", "timeout", "hedge_lost"}
            tap.ok(result["outcome"] == "llm" and result["route"] == "spare/m" and ways and ways <= outcomes
                   and not result["leaked"], "%s, %s behind it, %s: %s" % (
                       name, fault, "streamed" if stream else "whole", trail(result)), result)
    model, lines = gateway.entry(peer, "down")
    result = run(config(server, [(name, model, lines)], spare=False))
    tap.ok(result["outcome"] == "local" and result["summary"]["headline"], "%s alone and nothing behind it: the local summary"
           % name, result)


# When one of two replicas is killed: the line of the provider behind it, what of the reply buildsum has by then, whether that is
# a stream, what may be seen of it. All happens within a silence of seconds.
DEATHS = {
    "before the head": ("latency=9s", None, False, {"cut", "unreachable", "stale_connection"}),
    "amid the stream": ("stall=700", b'"content":', True, {"cut", "error_in_body"}),
    # All is said then: the summary may come from either.
    "after the last content, before [DONE]": ("no-done hold", b'"finish_reason":"stop"', True, {"ok", "cut"}),
}
SCRIPT = "server ok\n* ok\nserver spare\n* ok\n" + "".join(
    "server %s\n%s\n" % (name, line) for name, (line, _) in FAULTS.items()) + "".join(
    "server held%d\n1 %s\n* ok\n" % (number, row[0]) for number, row in enumerate(DEATHS.values()))


class Relay:
    """Stands before a gateway and shows what has come back through it."""

    def __init__(self, port):
        self.target, self.seen, self.server = port, b"", socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client = self.server.accept()[0]
            try:
                gateway = socket.create_connection(("127.0.0.1", self.target))
            except OSError:  # it is dead already
                client.close()
                continue
            for pair in ((client, gateway, False), (gateway, client, True)):
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    def pump(self, source, sink, back):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
                self.seen += data if back else b""
        except OSError:
            pass
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def killed_amid(gateway, peer, server, when, number):
    """Two of the same gateway are two routes: one is killed while it holds the request."""
    _, shown, stream, outcomes = DEATHS[when]
    held = "held%d" % number
    name = "%s: a replica killed %s, nothing is lost" % (gateway.name, when)
    if stream and not gateway.streams:
        return tap.skip(name, "no stream of it comes through")
    other = gateway.start()
    try:
        relay = Relay(other.port)
        routes = [("one", *gateway.entry(relay, held)), ("two", *gateway.entry(peer, "ok"))]
        path = config(server, routes, spare=False, stream=stream, first_token="12s", idle="12s", hedge="off")
        process = subprocess.Popen(words(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=env(), cwd="/")
        process.stdin.write(LOG)
        process.stdin.close()
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None and not (
                shown in relay.seen.replace(b": ", b":") if shown else os.path.exists(server.path("bodies/%s-1.body" % held))):
            time.sleep(0.02)  # until so much has come through
        reached = time.monotonic() < until
        other.kill()
        out, err = process.stdout.read(), process.stderr.read()
        process.wait(timeout=60)
        result = json.loads(out) if out else {"outcome": err, "attempts": [], "route": None, "elapsed_ms": 0}
        first = result["attempts"][0]["outcome"] if result["attempts"] else "none"
        tap.ok(reached and result["outcome"] == "llm" and first in outcomes, "%s: %s" % (name, trail(result)), result,
               relay.seen[-400:])
    finally:
        other.kill()
    return None


def replicas(gateway, peer, server):
    for number, when in enumerate(DEATHS):
        killed_amid(gateway, peer, server, when, number)


def summary_of(text):
    """Whether a reply holds a whole summary, as a plain client would look."""
    try:
        return "headline" in json.loads(json.loads(text)["choices"][0]["message"]["content"])
    except (ValueError, KeyError, TypeError, IndexError):
        return False


def percentile(times, percent):
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)]


def compare(gateway, peer, server):
    """The same fault through the gateway's own retries and fallback, and through the router of buildsum."""
    direct = [("first", "m", {"base_url": "", "keys": []})]
    body = json.loads(subprocess.run([tap.BUILDSUM, "--config", config(server, [
        ("first", "m", {"base_url": "http://127.0.0.1:1", "keys": []})], spare=False, stream=False), "--dry-run", "-"],
        input=LOG, env=env(), capture_output=True, text=True, check=True, cwd="/").stdout.partition("\n\n")[2])

    def by_gateway(fault):
        url, model, headers = gateway.alone(peer, fault, "spare")
        begun = time.monotonic()
        status, text = peers.post(url, {**body, "model": model}, headers, seconds=30)
        return status == 200 and summary_of(text), time.monotonic() - begun

    def by_buildsum(path):
        begun = time.monotonic()
        return run(path)["outcome"] == "llm", time.monotonic() - begun

    for fault in FAULTS:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            theirs = list(pool.map(by_gateway, [fault] * RUNS))
        with tempfile.TemporaryDirectory() as state:
            direct[0][2]["base_url"] = "http://127.0.0.1:%d/v1" % server.ports[fault]
            path = config(server, direct, state=True, state_dir=os.path.join(state, "s"))
            ours = [by_buildsum(path) for _ in range(RUNS)]
        row = [(sum(good for good, _ in runs), *(round(1000 * percentile([t for _, t in runs], p)) for p in (50, 95)))
               for runs in (theirs, ours)]
        print("# %-8s %-6s alone: %d of %d summaries, p50 %d ms, p95 %d ms; buildsum's router: %d of %d, p50 %d ms, p95 %d ms" % (
            gateway.name, fault, row[0][0], RUNS, *row[0][1:], row[1][0], RUNS, *row[1][1:]), flush=True)
        tap.ok(row[1][0] == RUNS, "%s beside it: every run behind %s got its summary from a model" % (gateway.name, fault), row)


for kind in gateways.ALL:
    why = kind.missing()
    if why:
        tap.skip(kind.name, why)
        continue
    with faults.Server(SCRIPT, seconds=600) as upstream:
        made = kind({name: "http://127.0.0.1:%d/v1" % port for name, port in upstream.ports.items()})
        with made.start() as running:
            answers(made, running, upstream)
            replicas(made, running, upstream)
            compare(made, running, upstream)
tap.skip("bifrost", "its package fetches a program from elsewhere, and its Go module is not to be had")
tap.done()
