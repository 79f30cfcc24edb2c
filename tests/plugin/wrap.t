#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The command hook of plugin/wrap, as the agent runs it: the command runs once, as the agent's own default would run it, and its output is
# kept where the hook of buildsum finds it.
import os
import pty
import shutil
import signal
import stat
import subprocess
import sys
import threading
import tty

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILDSUM, ROOT, clean_env, done, equal, ok, skip, tempdir

HOOKS = os.path.join(ROOT, "plugin/wrap/hooks")
WRAPPER = """{options}
{before}
. "{hooks}/pre-command"
. "{hooks}/command"
"""
STRICT = "set -eu; if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi"
JOB = "0190aaaa-bbbb-cccc-dddd-eeeeffff0001"
SECONDS_MAX = 30


class Ended:
    def __init__(self, status, output, folder, command):
        self.status, self.whole, self.folder = status, output, folder
        # behind what is announced; with a terminal lines end as it has them
        said = output.replace(b"\r\n", b"\n").partition(b"\x1b[90m$\x1b[0m ")[2].decode("utf-8", "replace")
        self.output = said.removeprefix(command + "\n") if said.startswith(command + "\n") else said.partition("\n")[2]

    @property
    def copy(self):
        path = os.path.join(self.folder, "tmp", f"buildsum-{JOB}.log")
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            return file.read().replace(b"\r\n", b"\n").decode("utf-8", "replace")


def run(folder, command, shell="sh", options="", before="", terminal=False, signal_at=None, **env):
    os.makedirs(os.path.join(folder, "tmp"), exist_ok=True)
    wrapper = os.path.join(folder, "tmp/wrapper")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(WRAPPER.format(options=options, before=before, hooks=HOOKS))
    full = clean_env(BUILDKITE_COMMAND=command, BUILDKITE_COMMAND_EVAL="true", BUILDKITE_SHELL="/bin/bash -e -c", BUILDKITE_JOB_ID=JOB,
                     BUILDSUM_BIN=BUILDSUM, TMPDIR=os.path.join(folder, "tmp"), HOME=folder)
    full.update({k: v for k, v in env.items() if v is not None})
    for name in [k for k, v in env.items() if v is None]:
        full.pop(name, None)
    if terminal:
        reader, writer = pty.openpty()
        tty.setraw(writer)
    else:
        reader, writer = os.pipe()
    process = subprocess.Popen([shutil.which(shell), wrapper], stdin=writer if terminal else subprocess.DEVNULL, stdout=writer, stderr=writer,
                               env=full, cwd=folder, start_new_session=True)
    os.close(writer)
    guard = threading.Timer(SECONDS_MAX, os.killpg, (process.pid, signal.SIGKILL))
    guard.start()
    output = b""
    while True:
        try:
            chunk = os.read(reader, 65536)
        except OSError:  # a terminal that nobody has open
            break
        if not chunk:
            break
        output += chunk
        if signal_at and signal_at in output:
            os.killpg(process.pid, signal.SIGTERM)
            signal_at = None
    os.close(reader)
    status = process.wait()
    guard.cancel()
    return Ended(status, output, folder, command)


def program(folder, name, text, mode=0o755):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


TRICKY = "printf 'a\\tb\\n'; printf 'no end'; echo \"$0|$#\""
COMMANDS = {  # name: command, status, output
    "passes": ("echo one", 0, "one\n"),
    "fails": ("echo one; exit 7", 7, "one\n"),
    "has lines, of which the first fails": ("false\necho two", 1, ""),
    "has lines, all of which pass": ("echo 'a b'\necho \"$HOME\" >/dev/null\n\necho two\n", 0, "a b\ntwo\n"),
    "has quotes and words": (TRICKY, 0, "a\tb\nno end/bin/bash|0\n"),
    "says things on standard error": ("echo one >&2; exit 3", 3, "one\n"),
    "is killed": ("echo one; kill -KILL $$", 137, "one\n"),
    "is not there": ("exec ./missing-thing", 127, None),
    "reads its input": ("exec 0</dev/null; read -r x || echo none", 0, "none\n"),
}


def commands(folder):
    for terminal in (False, True):
        where = "on a terminal" if terminal else "on a pipe"
        for shell in ("sh", "bash"):
            for name, (command, status, output) in COMMANDS.items():
                ended = run(folder, command, shell=shell, options=STRICT, terminal=terminal)
                ok(ended.status == status and (output is None or ended.output == output) and ended.copy == ended.output,
                   f"a command that {name}, {shell}, {where}: its status, its output, a copy of it", ended.status, ended.whole, ended.copy)
    path = os.path.join(folder, "tmp", f"buildsum-{JOB}.log")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "the copy is for this user only")
    ended = run(folder, "echo \"$BUILDSUM_LOG_COPY\"", BUILDSUM_LOG_COPY=os.path.join(folder, "tmp/here"))
    ok(ended.output == os.path.join(folder, "tmp/here") + "\n" and os.path.exists(ended.output.strip()), "a place that is named is kept to", ended.output)


def scripts(folder):
    for name, text, mode in (("run.sh", "#!/bin/sh\necho ran \"$0\"\nexit 4\n", 0o755), ("plain.sh", "#!/bin/sh\necho ran\n", 0o644),
                             ("a b/c.sh", "#!/bin/sh\necho spaced\n", 0o755), ("../out.sh", "#!/bin/sh\necho out\n", 0o755)):
        program(os.path.join(folder, "checkout"), name, text, mode)
    checkout = os.path.join(folder, "checkout")
    no = {"BUILDKITE_COMMAND_EVAL": "false"}
    for name, command, env, status, output in (
        ("a script", "run.sh", {}, 4, "ran ./run.sh\n"),
        ("a script over two lines, as the agent has it", "run\n.sh", {}, 4, "ran ./run.sh\n"),
        ("a script named from the root", "/run.sh", {}, 4, "ran ./run.sh\n"),
        ("a script that may not be run yet", "plain.sh", {}, 0, "ran\n"),
        ("a script by another", "a b/../run.sh", no, 4, "ran ./a b/../run.sh\n"),
        ("a script outside of the checkout", "../out.sh", {}, 0, "out\n"),
        ("where commands may not be evaluated, a script", "run.sh", no, 4, "ran ./run.sh\n"),
    ):
        ended = run(checkout, command, BUILDKITE_SHELL="/bin/sh -e -c" if " " not in command else "/bin/sh -c 'exec \"$0\"'", **env)
        equal((ended.status, ended.output), (status, output), f"{name} is run")
    os.chmod(os.path.join(checkout, "plain.sh"), 0o644)
    for name, command in (("a command", "echo ran"), ("one that a script's name begins", "run.sh x"), ("a script elsewhere", "../out.sh"),
                          ("a script elsewhere by a way through", "a b/../../out.sh")):
        ended = run(checkout, command, **no)
        ok(ended.status == 1 and b"ran\n" not in ended.whole and b"out\n" not in ended.whole and b"Error: this agent is" in ended.whole,
           f"where commands may not be evaluated, {name} is not", ended.status, ended.whole)
    ended = run(checkout, "plain.sh", **no)
    equal((ended.status, stat.S_IMODE(os.stat(os.path.join(checkout, "plain.sh")).st_mode)), (126, 0o644), "nor is a script made one that may be run")
    for command in ("", " \n\t"):
        ended = run(checkout, command)
        ok(ended.status == 1 and b"no `command`" in ended.whole, "no command is a failure", ended.whole)
    ended = run(checkout, "echo ran", BUILDKITE_DOCKER="image")
    ok(ended.status == 1 and b"ran\n" not in ended.whole, "what was meant for a container is not run outside of one", ended.whole)
    ended = run(checkout, "echo \"$0 $1\"", BUILDKITE_SHELL="'/bin/sh' -c 'eval \"$0\"'")
    equal((ended.status, ended.output), (0, "echo \"$0 $1\" \n"), "the agent's shell may have quoted words")


def without_copy(folder):
    project = os.path.join(folder, ".buildsum.yml")
    for name, env in {
        "no program": {"BUILDSUM_BIN": None, "PATH": "/usr/bin:/bin"},
        "a program that is missing": {"BUILDSUM_BIN": os.path.join(folder, "missing")},
        "a program that crashes": {"BUILDSUM_BIN": program(folder, "crash", "#!/bin/sh\nkill -SEGV $$\n")},
        "a program of another machine": {"BUILDSUM_BIN": program(folder, "alien", "\x7fELF\x02\x01\x01")},
        "a mistake in the configuration": {"mistake": None},
    }.items():
        if "mistake" in env:
            program(folder, ".buildsum.yml", "anotation: {}\n", 0o644)
        for shell in ("sh", "bash"):
            ended = run(folder, "echo one; exit 6", shell=shell, options=STRICT, **env)
            own = [line for line in ended.output.splitlines() if "buildsum: no copy of the output: " in line]
            ok(ended.status == 6 and ended.output.endswith("one\n") and ended.output.count("one\n") == 1 and len(own) == 1,
               f"{name}, {shell}: the command is run once, with one line on why there is no copy", ended.status, ended.output)
    os.unlink(project)


def ends(folder):
    """Who ends the job's process group ends the command, and is waited for."""
    slow = "trap 'echo cleaned; exit 5' TERM; echo ready; while :; do :; done"
    for terminal in (False, True):
        for shell in ("sh", "bash"):
            ended = run(folder, slow, shell=shell, terminal=terminal, signal_at=b"\nready\r\n" if terminal else b"\nready\n")
            equal((ended.status, ended.output.replace("ready\n", "", 1).splitlines()[:1]), (5, ["cleaned"]),
                  f"told to end, {shell}, {'on a terminal' if terminal else 'on a pipe'}: the command cleans up, and its status is the job's")
    deep = run(folder, "sh -c 'trap \"echo deep; exit 3\" TERM; echo ready; while :; do :; done'; exit $?", terminal=True, signal_at=b"\nready\r\n")
    ok(b"deep" in deep.whole, "on a terminal what the command has started is told too", deep.whole[-300:])


def traps(folder):
    for shell in ("bash", "busybox"):
        if not shutil.which(shell):
            skip(f"{shell}: traps stay", "it is not installed")
            continue
        ended = run(folder, "echo one", shell="bash", before="trap 'echo bye' EXIT; trap 'echo told' TERM; trap >tmp/before\n"
                    "trap 'trap >tmp/now; echo bye' EXIT")
        now, before = (open(os.path.join(folder, "tmp", which), encoding="utf-8").read() for which in ("now", "before"))
        ok("echo told" in now and "echo told" in before and ended.whole.endswith(b"bye\n"), f"{shell}: traps are as they were", now, ended.whole)


for part in (commands, scripts, without_copy, ends, traps):
    with tempdir() as scratch:
        part(scratch)
done()
