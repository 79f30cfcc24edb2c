#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program in poor surroundings: no descriptors, no environment, full disks, few resources, other locales."""
import json
import os
import resource
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, LOG, SLOW, WRAP, Run, Tap, new_key

tap = Tap()
PROGRAM = [*WRAP, os.path.abspath(os.path.join(BUILD, "buildsum"))]


def run(words=("--offline", "--format", "json"), shell=None, env=None, limits=(), **how):
    """A run on the log, in a shell that first does `shell`."""
    def limit():
        for what, most in limits:
            resource.setrlimit(what, (most, most))
    with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
        log.write(LOG)
        log.flush()
        command = [*PROGRAM, *words, log.name]
        if shell:
            command = ["/bin/sh", "-c", '"$@" ' + shell, "sh", *command]
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        return subprocess.run(command, env=env, preexec_fn=limit if limits else None, timeout=60, check=False, **how)


def summary(done):
    try:
        return json.loads(done.stdout)["summary"]
    except (ValueError, TypeError):
        return done.stdout


usual = run()
expected = summary(usual)
tap.ok(usual.returncode == 0 and expected["evidence"], "an ordinary run", usual.stdout, usual.stderr)

# --- descriptors

tap.ok(summary(run(shell="2>/dev/full")) == expected, "standard error is full: nothing changes")
tap.ok(summary(run(shell="2>&-")) == expected, "standard error is closed")
tap.ok(summary(run(shell="0<&-")) == expected, "standard input is closed")
done = run(shell=">/dev/full")
tap.ok(done.returncode == 1 and b"standard output: No space left" in done.stderr, "standard output is full: told, and a failure", done.stderr)
done = run(shell=">&-")
tap.ok(done.returncode == 1 and b"standard output" in done.stderr and done.stderr.count(b"\n") == 1, "standard output is closed", done.stderr)
tap.ok(run(shell="0<&- >&- 2>&-").returncode == 1, "all three are closed: it ends")
done = run(shell="| true", words=("--offline", "--verbose"))
tap.ok(done.returncode == 0, "a reader that has gone")
tap.ok(summary(run(limits=[(resource.RLIMIT_NOFILE, 8)])) == expected, "eight descriptors are enough for a local summary")
done = run(limits=[(resource.RLIMIT_NOFILE, 3)])
tap.ok(done.returncode in (1, 2, 127) or SLOW, "with none left it says so", done.returncode, done.stderr)
with Run("server a\n* ok\nserver b\n* ok") as fault:
    key = new_key()
    env = {"BUILDSUM_STATE": "false", "K": key, "BUILDSUM_CONFIG": fault.path("c.yml")}
    with open(fault.path("c.yml"), "w", encoding="utf-8") as f:
        f.write("route: [a/m, b/m]\nproviders:\n" + "".join(
            "  %s: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: [K]}\n" % (s, p) for s, p in fault.ports.items()))
    done = run(words=("--format", "json"), env=env, shell="0<&- 2>&-")
    tap.ok(json.loads(done.stdout)["outcome"] == "llm", "a model is asked although descriptors 0 and 2 were closed", done.stdout)
    done = run(words=("--format", "json"), env=env)
    tap.ok(json.loads(done.stdout)["outcome"] == "llm" and key.encode() not in done.stdout + done.stderr, "an environment of three names is enough")
    for most in range(4, 12):
        done = run(words=("--format", "json"), env=env, limits=[(resource.RLIMIT_NOFILE, most)])
        good = done.returncode in (1, 2, 127) or (done.returncode == 0 and json.loads(done.stdout)["summary"]["headline"])
        tap.ok(good and key.encode() not in done.stdout + done.stderr, "%d descriptors: an answer or a line" % most,
               done.returncode, done.stderr)

# --- environment

tap.ok(summary(run(env={})) == expected, "no environment at all")
tap.ok(summary(run(env={"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"})) == expected, "no home")
for locale in ("C", "POSIX", "tr_TR.UTF-8", "de_DE.UTF-8", "nonsense"):
    done = run(env={"LC_ALL": locale, "LANG": locale})
    tap.ok(summary(done) == expected, "the same summary in locale " + locale, done.stdout)
tap.ok(summary(run(env={"TZ": ":/etc/passwd"})) == expected, "a time zone of nonsense")
large = {"V%d" % i: "x" * 100000 for i in range(12)}
tap.ok(summary(run(env=large)) == expected, "an environment of 1.2 MB")
odd = {"A\n": "b\nc", "B": "\udcff\udcfe", "": "x"}
tap.ok(summary(run(env=odd)) == expected, "names and values that are no text")

# --- resources

tap.ok(summary(run(limits=[(resource.RLIMIT_FSIZE, 0)])) == expected, "no file may grow: pipes are none")
with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "out"), "w", encoding="utf-8") as out:
    done = run(limits=[(resource.RLIMIT_FSIZE, 100)], stdout=out)
    tap.ok(done.returncode == 1 and b"File too large" in done.stderr, "a result that does not fit its file", done.returncode, done.stderr)
if not WRAP and "asan" not in BUILD:
    wrong = []
    for mib in (1, 2, 4, 8, 12, 16, 24, 32, 48, 64):
        done = run(limits=[(resource.RLIMIT_AS, mib << 20)])
        good = done.returncode in (0, 1, 127) or (done.returncode < 0 and mib < 16)  # below that the loader itself dies
        says_so = b"out of memory" in done.stderr  # a rule that there was no memory for
        if not good or (done.returncode == 0 and summary(done) != expected and not says_so):
            wrong.append((mib, done.returncode, done.stderr))
    tap.ok(not wrong, "little memory: the summary, or a line", wrong)
    tap.ok(run(limits=[(resource.RLIMIT_NPROC, 0)]).returncode == 0, "no further process or thread")
tap.done()
