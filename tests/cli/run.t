#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# `buildsum run -- CMD`: output and status pass through unchanged, on pipes and on a terminal; signals reach the command.
import os
import pty
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import BUILDSUM, clean_env, done, equal, ok, run, tempdir

SECONDS = 20


def on_terminal(*command, stdin=None):
    """Runs buildsum with standard output and error on a pseudo-terminal; what it printed and its status."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [BUILDSUM, "run", "--offline", "--", *command], stdin=stdin if stdin is not None else slave, stdout=slave, stderr=slave,
        env=clean_env(TERM="xterm"), start_new_session=True,
    )
    os.close(slave)
    output, until = b"", time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(master)
    return process.wait(timeout=SECONDS), output.decode("utf-8", "replace")


def copies():
    with tempdir() as folder:
        path = os.path.join(folder, "copy")
        env = clean_env(BUILDSUM_LOG_COPY=path)
        failing = ("sh", "-c", "echo a.c:3:5: error: nope; echo also >&2; exit 3")
        result = run("run", "--offline", "--", *failing, env=env)
        equal((result.status, result.out, result.err), (3, "a.c:3:5: error: nope\n", "also\n"), "a copy for the hook: the summary is left to it")
        with open(path, encoding="utf-8") as file:
            equal(sorted(file.read().splitlines()), ["a.c:3:5: error: nope", "also"], "the copy holds the whole output")
        run("run", "--offline", "--", "echo", "named", env=clean_env(BUILDSUM_LOG_COPY=folder + "/", BUILDKITE_JOB_ID="0190-a"))
        ok(os.path.exists(os.path.join(folder, "buildsum-0190-a.log")), "in a folder it is named after the job", os.listdir(folder))
        equal(os.stat(path).st_mode & 0o777, 0o600, "and is this user's alone")
        run("run", "--offline", "--", "echo", "again", env=env)
        with open(path, encoding="utf-8") as file:
            equal(file.read(), "again\n", "the next command begins anew")
        target = os.path.join(folder, "target")
        with open(target, "w", encoding="utf-8") as file:
            file.write("mine")
        os.remove(path)
        for name, make in (("a link", lambda: os.symlink(target, path)), ("a second name", lambda: os.link(target, path)), ("a folder", lambda: os.mkdir(path))):
            make()
            result = run("run", "--offline", "--", *failing, env=env)
            ok(result.status == 3 and "✗" in result.err and "no copy for the hook" in result.err,
               f"{name} in its place: no copy, a summary instead", result.err)
            (os.rmdir if os.path.isdir(path) and not os.path.islink(path) else os.remove)(path)
        with open(target, encoding="utf-8") as file:
            equal(file.read(), "mine", "what was there is untouched")
        if os.path.exists("/dev/full"):
            result = run("run", "--offline", "--", *failing, env=clean_env(BUILDSUM_LOG_COPY="/dev/full"))
            ok(result.status == 3 and "✗" in result.err, "a device is no place for it", result.err)


def pipes():
    result = run("run", "--offline", "--", "sh", "-c", "echo out; echo err >&2")
    equal((result.status, result.out, result.err), (0, "out\n", "err\n"), "a command that passes: its output and nothing else")
    result = run("run", "--offline", "--", "sh", "-c", "echo a.c:3:5: error: nope; exit 3")
    equal((result.status, result.out), (3, "a.c:3:5: error: nope\n"), "a command that fails: its status and its output")
    ok("nope" in result.err and "✗" in result.err, "the summary stands on standard error", result.err)
    equal(run("run", "--offline", "--", "sh", "-c", "echo x; kill -9 $$").status, 137, "a command that is killed: 128 + the signal")
    equal(run("run", "--offline", "--", "/nonexistent/command").status, 127, "a command that is not there: 127")
    equal(run("run", "--offline", "--", "/etc/passwd").status, 126, "a command that cannot be run: 126")
    equal(run("run", "--offline", "--", "cat", stdin=b"through").out, "through", "input goes to the command")
    equal(run("run").status, 2, "no command: a usage error")
    big = run("run", "--offline", "--", "head", "-c", "20000000", "/dev/zero")
    equal((big.status, len(big.raw)), (0, 20000000), "20 MB of any bytes pass unchanged")


def closed_output():
    process = subprocess.Popen([BUILDSUM, "run", "--offline", "--", "yes"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_env())
    process.stdout.readline()
    process.stdout.close()
    equal(process.wait(timeout=SECONDS), 128 + signal.SIGPIPE, "whose reader goes away, it ends as without us")


def background():
    started = time.monotonic()
    result = run("run", "--offline", "--", "sh", "-c", "sleep 30 & echo done")
    ok(result.out == "done\n" and time.monotonic() - started < 15, "its own children that hold the output open are not waited for")


def signals():
    process = subprocess.Popen([BUILDSUM, "run", "--offline", "--", "sh", "-c", "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.1; done"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_env())
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    rest = process.stdout.read()
    equal((process.wait(timeout=SECONDS), rest), (5, b"got\n"), "SIGTERM goes to the command, whose word counts")
    process = subprocess.Popen([BUILDSUM, "run", "--offline", "--", "true"], env=clean_env(),
                               preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    equal(process.wait(timeout=SECONDS), 0, "a parent that ignores SIGCHLD does no harm")


def terminal():
    status, output = on_terminal("sh", "-c", "test -t 1 && test -t 0 && echo tty; exit 4")
    ok(status == 4 and output.startswith("tty\r\n"), "on a terminal the command has one", status, output)
    ok("\x1b[1;31m✗" in output, "and the summary has colour", output)
    read_end, write_end = os.pipe()
    os.write(write_end, b"piped in")
    os.close(write_end)
    status, output = on_terminal("cat", stdin=read_end)
    os.close(read_end)
    equal((status, output), (0, "piped in"), "input from a pipe reaches the command on a terminal")


copies()
pipes()
closed_output()
background()
signals()
terminal()
done()
