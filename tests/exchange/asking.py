# SPDX-License-Identifier: MIT
# Asks the fault server through the chain (tests/exchange/ask.c). Used by tests/exchange/*.t.
import binascii
import json
import os
import shutil
import subprocess
from concurrent import futures

import faults

BUILD = os.environ.get("BUILD", "build")
WRAP = os.environ.get("BUILDSUM_WRAP", "").split()  # "valgrind …"
SLOW = bool(WRAP) or "asan" in BUILD
LOG = """$ make test
cc -c list.c
cc -o list list.o
running 3 tests
test_push ... ok
test_pop ... FAIL
list.c:42: assertion failed: count == 1
2 passed, 1 failed
make: *** [Makefile:12: test] Error 1
"""
CAUSE = "list.c:42: assertion failed: count == 1"


APIS = ("openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock")  # every wire format


def at_once(ask, cases):
    """What `ask` makes of each case, in their order; most of the time they wait."""
    with futures.ThreadPoolExecutor(2 if SLOW else 6) as pool:
        return list(pool.map(ask, cases))


def new_key():
    """Looks like no key that exists, and is written in no file of the repository."""
    return "k" + binascii.hexlify(os.urandom(16)).decode()


class Run(faults.Server):
    """Servers as a script tells (README.md). Each is a provider and a route, in its order."""

    def __init__(self, script, log=LOG):
        super().__init__(script, seconds=60)
        self.keys = {}
        with open(self.path("build.log"), "w", encoding="utf-8") as f:
            f.write(log)

    def words(self, api="openai", keys=1, options=()):
        words = WRAP + [os.path.join(BUILD, "tests/exchange/ask")]
        for name, port in self.ports.items():
            names = ["KEY_%s_%d" % (name, i + 1) for i in range(keys)]
            for key in names:
                self.keys.setdefault(key, new_key())
            words += ["--provider", name, api, "http://127.0.0.1:%d/v1" % port,
                      ",".join(names) or "-", "--route", name + "/model"]
        return words + [str(word) for word in options] + [self.path("build.log")]

    def env(self):
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        env.update(self.keys)
        return env

    def ask(self, api="openai", keys=1, options=()):
        words = self.words(api, keys, options)
        done = subprocess.run(words, env=self.env(), capture_output=True, text=True, timeout=60,
                              check=False)
        if done.returncode not in (0, 1):  # a signal, a sanitiser, valgrind
            raise AssertionError("%d from %s\n%s" % (done.returncode, words, done.stderr))
        return self.result(done.stdout, done.stderr)

    def result(self, out, err):
        """What was printed, with the whole text, the names of keys seen in it, and "a:ok b:ok"."""
        try:
            result = json.loads(out)
        except ValueError:
            result = {"attempts": [], "warnings": [], "answered": None, "elapsed_ms": 0}
        result["text"] = out + err
        result["leaked"] = [n for n, value in self.keys.items() if value and value in result["text"]]
        result["trail"] = " ".join(a["route"].split("/")[0] + ":" + a["outcome"]
                                   for a in result["attempts"])
        return result

    def requests(self):
        """What the servers noted; ends them."""
        self.stop()
        return self.log

    def body(self, server, number):
        with open(self.path("bodies/%s-%d.body" % (server, number)), encoding="utf-8") as f:
            return f.read()

    def stop(self):
        if self.process.returncode is None:
            super().stop()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tap(faults.Tap):
    def ok(self, condition, name, *got):
        super().ok(condition, name, "\n".join(map(str, got)))

    def trail(self, result, expected, name):
        """The attempts went as expected ("a:timeout b:ok"), and no key can be seen anywhere."""
        good = result["trail"] == expected and not result["leaked"]
        self.ok(good, name, "%s\n%s" % (result["trail"], result["text"]))
