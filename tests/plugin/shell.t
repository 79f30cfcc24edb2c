#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The hooks' shell, as the agent runs it (sourced into a wrapper): every shell, every way in which what is below it can fail. The
# status stays 0, the wrapper goes on, a failure costs one line.
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILDSUM, ROOT, clean_env, done, equal, ok, skip, tempdir

HOOKS = os.path.join(ROOT, "plugin/hooks")
SHELLS = [("sh",), ("dash",), ("bash",), ("bash", "--posix"), ("busybox", "sh"), ("mksh",), ("zsh", "--emulate", "sh")]
# what the agent's wrapper does around the hook, with the options that people put into theirs
WRAPPER = """{options}
{before}
. "{hook}" {redirect}
{then}
echo "after:$?:${{BUILDSUM_HOOK_RAN:-unset}}" >> "$AFTER"
exit 0
"""
OPTIONS = {"plain": "", "strict": "set -eu; if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi"}
TELLER = "#!/bin/sh\necho \"told $1 by $BUILDSUM_HOOK: $(cat)\"\n"
JOB_SECONDS_MAX = 20


class Ended:
    def __init__(self, status, output, after, seconds, leftover):
        self.status, self.output, self.after, self.seconds, self.leftover = status, output, after, seconds, leftover

    @property
    def lines(self):
        return [line for line in self.output.splitlines() if line]


def group_lives(group):
    """One that has ended but was not asked for its status does not count."""
    for pid in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                state, _, its_group = file.read().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


def outlives(pid, seconds):
    until = time.monotonic() + seconds
    while group_lives(pid):
        if time.monotonic() > until:
            os.killpg(pid, signal.SIGKILL)
            return True
        time.sleep(0.02)
    return False


def run(folder, name="post-command", shell=("sh",), options="strict", before="", redirect="", then="", hook=None, cwd=None, signal_at=None, **env):
    """Sources the hook in a wrapper; signal_at: the output at which the job's process group is told to end."""
    after, wrapper = os.path.join(folder, "after"), os.path.join(folder, "wrapper")
    if os.path.exists(after):
        os.unlink(after)
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(WRAPPER.format(options=OPTIONS[options], before=before, hook=hook or os.path.join(HOOKS, name), redirect=redirect, then=then))
    full = clean_env(BUILDKITE_COMMAND_EXIT_STATUS="1", AFTER=after, HOME=folder, BUILDSUM_HOOK_SECONDS="1")
    full.update({k: v for k, v in env.items() if v is not None})
    for key in [k for k, v in env.items() if v is None]:
        full.pop(key, None)
    started = time.monotonic()
    process = subprocess.Popen([shutil.which(shell[0]), *shell[1:], wrapper], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, env=full, cwd=cwd or folder, start_new_session=True)
    guard = threading.Timer(JOB_SECONDS_MAX, os.killpg, (process.pid, signal.SIGKILL))
    guard.start()
    output = b""
    while chunk := os.read(process.stdout.fileno(), 65536):
        output += chunk
        if signal_at and signal_at in output:
            os.killpg(process.pid, signal.SIGTERM)
            signal_at = None
    status = process.wait()
    guard.cancel()
    seconds = time.monotonic() - started
    text = open(after, encoding="utf-8").read().strip() if os.path.exists(after) else ""
    return Ended(status, output.decode("utf-8", "replace"), text, seconds, outlives(process.pid, 2))


def program(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)
    return path


def every_shell(folder):
    teller = program(folder, "teller", TELLER)
    for shell in SHELLS:
        title = " ".join(shell)
        if not shutil.which(shell[0]):
            skip(f"{title}: the hooks work in it", f"{shell[0]} is not installed")
            continue
        for options in OPTIONS:
            ended = run(folder, shell=shell, options=options, BUILDSUM_BIN=teller)
            equal((ended.status, ended.output, ended.after), (0, "told buildkite by post-command: \n", "after:0:true"),
                  f"{title}, {options}: post-command runs the program, its input is empty, and the wrapper goes on")
            ended = run(folder, name="pre-exit", shell=shell, options=options, BUILDSUM_BIN=teller, BUILDKITE_COMMAND_EXIT_STATUS=None)
            equal((ended.status, ended.output, ended.after), (0, "told buildkite by pre-exit: \n", "after:0:true"),
                  f"{title}, {options}: so does pre-exit of a job whose command never ran")
            ended = run(folder, shell=shell, options=options, BUILDSUM_BIN=os.path.join(folder, "missing"))
            ok((ended.status, len(ended.lines), ended.after) == (0, 1, "after:0:/agent/") and "missing" in ended.output,
               f"{title}, {options}: a missing program costs one line", ended.status, ended.output, ended.after)


TELLS_TRAPS = ("bash", "busybox")  # in a command substitution, as POSIX has it


def traps(folder):
    """What the shell that reads the hook does when it is told to end, or ends, stays its own."""
    teller = program(folder, "teller", TELLER)
    for shell in SHELLS:
        title = " ".join(shell)
        if not shutil.which(shell[0]):
            skip(f"{title}: traps stay", f"{shell[0]} is not installed")
            continue
        own = ["trap 'echo \"bye it'\\''s\" >>\"$AFTER\"' EXIT", "trap '' HUP"]
        told = ["trap 'echo told; exit 7' TERM", "trap '' INT"] if shell[0] in TELLS_TRAPS else []
        for name, env in (("post-command", {}), ("pre-exit", {"BUILDKITE_COMMAND_EXIT_STATUS": None})):
            ended = run(folder, name=name, shell=shell, before="\n".join([*own, *told, "trap >before"]), then="trap >now", BUILDSUM_BIN=teller, **env)
            before, now = (open(os.path.join(folder, which), encoding="utf-8").read() for which in ("before", "now"))
            equal((now, ended.after), (before, "after:0:true\nbye it's"), f"{title}, {name}: traps are as they were")


def states(folder):
    teller = program(folder, "teller", TELLER)
    for name, hook, env in (
        ("a passed job", "post-command", {"BUILDKITE_COMMAND_EXIT_STATUS": "0"}),
        ("a passed job", "pre-exit", {"BUILDKITE_COMMAND_EXIT_STATUS": "0"}),
        ("a job whose command never ran", "post-command", {"BUILDKITE_COMMAND_EXIT_STATUS": None}),
        ("a failed job that post-command has seen", "pre-exit", {"BUILDSUM_HOOK_RAN": "true"}),
        ("a failed job that another hook of ours has seen", "post-command", {"BUILDSUM_HOOK_RAN": "true"}),
        ("a container without the command", "pre-exit", {"BUILDKITE_COMMAND_EXIT_STATUS": None, "BUILDKITE_BOOTSTRAP_PHASES": "plugin,checkout"}),
    ):
        ended = run(folder, name=hook, BUILDSUM_BIN=teller, **env)
        equal((ended.status, ended.output), (0, ""), f"{name}: {hook} does nothing")
    ended = run(folder, BUILDSUM_BIN=teller, BUILDKITE_COMMAND_EXIT_STATUS="0", BUILDKITE_RETRY_COUNT="1")
    ok("told buildkite" in ended.output, "a passed retry: post-command runs the program", ended.output)
    missing = os.path.join(folder, "missing")
    for name in ("post-command", "pre-exit"):
        for shell in (("sh",), ("bash",)):
            ended = run(folder, name=name, shell=shell, before=f'. "{HOOKS}/{name}"', BUILDSUM_BIN=missing)
            equal((ended.output.count("no annotation"), ended.after), (1, "after:0:/agent/"), f"{name} twice, no program, {shell[0]}: one line")
            ended = run(folder, name="pre-exit", shell=shell, before=f'. "{HOOKS}/{name}"; BUILDSUM_BIN="{teller}"; BUILDKITE_PLUGIN_NAME=PLUGIN',
                        BUILDSUM_BIN=missing, BUILDKITE_PLUGIN_NAME="")
            ok("told buildkite by pre-exit" in ended.output and ended.after == "after:0:true",
               f"{name} of the agent finds no program, {shell[0]}: the plugin's hook may", ended.output, ended.after)
            ended = run(folder, name=name, shell=shell, before=f'. "{HOOKS}/{name}"', BUILDSUM_BIN=teller)
            equal(ended.output.count("told buildkite"), 1, f"{name} twice, {shell[0]}: the second does nothing")
    ended = run(folder, name="pre-exit", BUILDSUM_BIN=teller, BUILDKITE_COMMAND_EXIT_STATUS=None, BUILDKITE_BOOTSTRAP_PHASES="plugin,command")
    ok("told buildkite by pre-exit" in ended.output, "the command's container: pre-exit runs the program", ended.output)
    ended = run(folder, name="pre-exit", BUILDSUM_BIN=teller)
    ok("told buildkite by pre-exit" in ended.output, "a failed job that post-command has not seen: pre-exit runs the program", ended.output)


def copies(folder):
    """What `buildsum run` kept is unredacted: however the hook ends, the job's copy goes, and nothing else."""
    teller, job = program(folder, "teller", TELLER), "0190aaaa-bbbb-cccc-dddd-eeeeffff0001"
    kept = os.path.join(folder, "kept")
    os.makedirs(kept)

    def put(name):
        path = os.path.join(kept, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("error: of this job\n")
        return path

    for shell in (("sh",), ("bash",)):
        for name, hook, env in (
            ("a passed job", "post-command", {"BUILDKITE_COMMAND_EXIT_STATUS": "0"}),
            ("a passed job that post-command has not seen", "pre-exit", {"BUILDKITE_COMMAND_EXIT_STATUS": "0"}),
            ("a job whose command never ran", "post-command", {"BUILDKITE_COMMAND_EXIT_STATUS": None}),
            ("a cancelled job", "post-command", {"BUILDKITE_JOB_CANCELLED": "true"}),
        ):
            path = put("copy")
            ended = run(folder, shell=shell, name=hook, BUILDSUM_BIN=teller, BUILDSUM_LOG_COPY=path, **env)
            equal((ended.status, ended.output, os.path.exists(path)), (0, "", False), f"{name}, {shell[0]}: {hook} removes the copy, silently")
        for name, path in (("a missing program", os.path.join(folder, "missing")), ("one that reads no log", teller)):
            copy = put("copy")
            ended = run(folder, shell=shell, BUILDSUM_BIN=path, BUILDSUM_LOG_COPY=copy)
            ok(ended.status == 0 and not os.path.exists(copy), f"{name}, {shell[0]}: the copy is removed", ended.output)
        for job_id, own in ((job, f"buildsum-{job}.log"), ("../x", "buildsum-job.log"), ("a" * 81, "buildsum-job.log"), (None, "buildsum-job.log")):
            put(own)
            put("buildsum-other.log")
            run(folder, shell=shell, BUILDSUM_BIN=teller, BUILDSUM_LOG_COPY=kept + "/", BUILDKITE_JOB_ID=job_id)
            equal(os.listdir(kept), ["buildsum-other.log"], f"{job_id}, {shell[0]}: only this job's copy is removed")
        target, link = put("buildsum-other.log"), os.path.join(folder, "link-" + shell[0])
        os.symlink(target, link)
        for path in (link, kept, "/dev/null"):
            run(folder, shell=shell, BUILDSUM_BIN=teller, BUILDSUM_LOG_COPY=path)
            ok(os.path.lexists(path) and os.path.exists(target), f"{path}, {shell[0]}: what is no file stays")
        fetching = os.path.join(folder, "slow-bin")
        os.makedirs(fetching, exist_ok=True)
        program(fetching, "curl", "#!/bin/sh\necho phase one >&3\nexec sleep 60\n")
        path = put("copy")
        ended = run(folder, shell=shell, signal_at=b"phase one", before="exec 3>&1", PATH=fetching + ":/usr/bin:/bin", BUILDSUM_LOG_COPY=path,
                    BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256="0" * 64)
        until = time.monotonic() + 2  # it may outlive the wrapper for a moment
        while os.path.exists(path) and time.monotonic() < until:
            time.sleep(0.02)
        ok(ended.status == 0 and not os.path.exists(path), f"told to end while it fetches, {shell[0]}: the copy is removed", ended.output)
        os.unlink(target)


def where_it_is(folder):
    teller = program(folder, "teller", TELLER)
    hooks = os.path.join(folder, "agent/hooks")
    os.makedirs(hooks)
    os.symlink(os.path.join(HOOKS, "post-command"), os.path.join(hooks, "post-command"))
    os.symlink(os.path.relpath(os.path.join(HOOKS, "pre-exit"), os.path.realpath(hooks)), os.path.join(hooks, "pre-exit"))
    for shell in (("sh",), ("bash",)):
        for name in ("post-command", "pre-exit"):
            ended = run(folder, shell=shell, hook=os.path.join(hooks, name), BUILDSUM_BIN=teller)
            ok(f"told buildkite by {name}" in ended.output, f"{shell[0]}: an agent's {name} may be a link to ours", ended.output)
        os.makedirs(os.path.join(folder, "copied/hooks"), exist_ok=True)
        copied = shutil.copy(os.path.join(HOOKS, "post-command"), os.path.join(folder, "copied/hooks/post-command"))
        ended = run(folder, shell=shell, hook=copied, BUILDSUM_BIN=teller)
        ok(len(ended.lines) == 1 and "link the hook" in ended.output and ended.after == "after:0:/agent/",
           f"{shell[0]}: a copied hook says what to do instead", ended.output)
        kept = os.path.join(folder, "kept")
        with open(kept, "w", encoding="utf-8") as file:
            file.write("error: of this job\n")
        ended = run(folder, shell=shell, hook=copied, BUILDSUM_BIN=teller, BUILDSUM_LOG_COPY=kept)
        ok(not os.path.exists(kept), f"{shell[0]}: and removes the copy of the output", ended.output)
        for folder_name, links in (("hooks.d", 1), ("hooks.d", 2), ("odd", 8), ("hooks", 5)):
            place = os.path.join(folder, f"{shell[0]}-{folder_name}-{links}")
            os.makedirs(place)
            target = os.path.relpath(os.path.join(HOOKS, "post-command"), os.path.realpath(place))
            for link in range(1, links):  # each leads to the one before it
                os.symlink(target, os.path.join(place, f"link{link}"))
                target = f"link{link}"
            os.symlink(target, os.path.join(place, "post-command"))
            ended = run(folder, shell=shell, hook=os.path.join(place, "post-command"), BUILDSUM_BIN=teller)
            equal(ended.output, "told buildkite by post-command: \n", f"{shell[0]}: links, {links} in a row, in a folder called {folder_name}")
        place = os.path.join(folder, f"{shell[0]}-round")
        os.symlink(os.path.join(ROOT, "plugin/hooks"), place)
        ended = run(folder, shell=shell, hook=os.path.join(place, "post-command"), BUILDSUM_BIN=teller)
        equal(ended.output, "told buildkite by post-command: \n", f"{shell[0]}: the folder may be a link")
    ended = run(folder, PATH=os.path.dirname(program(folder, "buildsum", TELLER)) + ":/usr/bin:/bin")
    ok("told buildkite" in ended.output, "the program is found on the PATH", ended.output)
    spaced = os.path.join(folder, "a b'c")
    shutil.copytree(os.path.join(ROOT, "plugin"), spaced, ignore=shutil.ignore_patterns("*.[cho]"))
    for shell in (("sh",), ("bash",)):
        ended = run(folder, shell=shell, hook=os.path.join(spaced, "hooks/post-command"), BUILDSUM_BIN=teller)
        ok("told buildkite" in ended.output, f"{shell[0]}: a folder with odd characters is no trouble", ended.output)


def missing_library(folder):
    with open(os.path.join(folder, "gone.c"), "w", encoding="utf-8") as file:
        file.write("int gone(void) { return 0; }\n")
    with open(os.path.join(folder, "main.c"), "w", encoding="utf-8") as file:
        file.write("int gone(void);\nint main(void) { return gone(); }\n")
    cc = os.environ.get("CC", "cc")
    subprocess.run([cc, "-shared", "-fPIC", "-o", "libgone.so", "gone.c"], cwd=folder, check=True)
    subprocess.run([cc, "-o", "needy", "main.c", "-L.", "-lgone", f"-Wl,-rpath,{folder}"], cwd=folder, check=True)
    os.unlink(os.path.join(folder, "libgone.so"))
    return os.path.join(folder, "needy")


def faults(folder):
    for name, path, lines_max in (
        ("a program that is no file", folder, 1),
        ("a program that crashes", program(folder, "crash", "#!/bin/sh\nkill -SEGV $$\n"), 1),
        ("a program that the kernel ends", program(folder, "killed", "#!/bin/sh\nkill -KILL $$\n"), 1),
        ("a program that fails", program(folder, "fails", "#!/bin/sh\nexit 3\n"), 1),
        ("a program that hangs", program(folder, "hang", "#!/bin/sh\nexec sleep 60\n"), 1),
        ("a program that ignores the end", program(folder, "deaf", "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n"), 1),
        ("a program of another machine", program(folder, "alien", "\x7fELF\x02\x01\x01"), 2),
        ("a program without its interpreter", program(folder, "orphan", "#!/nonexistent/sh\n"), 2),
        ("a program whose library is missing", missing_library(folder), 2),
    ):
        for shell in (("sh",), ("bash",)):
            ended = run(folder, shell=shell, BUILDSUM_BIN=path)
            ours = [line for line in ended.lines if line.startswith("buildsum: no annotation: ")]
            ran = "true" if "ended with status" in ended.output else "/agent/"
            ok((ended.status, ended.after, len(ours)) == (0, f"after:0:{ran}", 1) and len(ended.lines) <= lines_max and ended.seconds < 8,
               f"{name}, {shell[0]}: one line, and the job goes on", ended.status, ended.after, ended.output, ended.seconds)
            ok(not ended.leftover, f"{name}, {shell[0]}: no process is left")
    busy = program(folder, "busy", "#!/bin/sh\ni=0\nwhile [ $i -lt 300000 ]; do i=$((i + 1)); done\necho done\n")
    ended = run(folder, shell=("bash",), BUILDSUM_BIN=busy, PATH="/nonexistent", BUILDSUM_HOOK_SECONDS="20")
    equal(ended.output, "done\n", "no sleep on the PATH: the program is not ended at once")
    ended = run(folder, BUILDSUM_BIN=os.path.join(folder, "needy"))
    ok("libgone" in ended.output, "a missing library is named", ended.output)


def odd_surroundings(folder):
    """The program itself, where little works."""
    job = dict(BUILDSUM_BIN=BUILDSUM, BUILDKITE_JOB_ID="0190aaaa-bbbb-cccc-dddd-eeeeffff0001", BUILDSUM_DEADLINE="1s",
               BUILDKITE_AGENT_ACCESS_TOKEN="-".join(["a", "token"]), BUILDKITE_AGENT_ENDPOINT="http://127.0.0.1:9/v3",
               BUILDKITE_JOB_LOG_TMPFILE="/nonexistent", BUILDSUM_HOOK_SECONDS="5", BUILDSUM_STATE=None)
    for name, what in {
        "no memory": dict(before="ulimit -v 30000"),
        "a full disk": dict(before="trap '' XFSZ; ulimit -f 0"),
        "few open files": dict(before="ulimit -n 12"),
        "no stack to speak of": dict(before="ulimit -s 64"),
        "a closed input": dict(redirect="<&-"),
        "no output": dict(redirect=">/dev/null 2>&1"),
        "a full output": dict(redirect=">/dev/full 2>&1"),
        "a closed output": dict(redirect=">&- 2>&-"),
        "everything closed": dict(redirect="<&- >&- 2>&-"),
        "a read-only folder": dict(cwd="/proc"),
        "a folder that is gone": dict(before=f"mkdir -p {folder}/gone; cd {folder}/gone; rmdir {folder}/gone"),
        "no HOME": dict(HOME=None),
        "no environment but the job's": dict(HOME=None, LC_ALL=None, TZ=None),
        "no PATH": dict(PATH="/nonexistent"),
        "an odd umask": dict(before="umask 777"),
        "odd word splitting": dict(before="IFS=/"),
        "globbing switched off": dict(before="set -f"),
        "tracing": dict(before="set -x"),
        "odd locale": dict(LC_ALL="tr_TR.UTF-8"),
    }.items():
        for shell in (("sh",), ("bash",)):
            ended = run(folder, shell=shell, **{**job, **what})
            full = name == "a full disk"  # then the wrapper's own line fails, after ours did not
            # dash has no readlink of its own; a large program is not even loaded where there is no memory
            ran = "/agent/" if "not found" in ended.output or "does not run here" in ended.output else "true"
            ok((ended.after == f"after:0:{ran}" and ended.status == 0 or full and "echo" in ended.output) and ended.seconds < 10,
               f"{name}, {shell[0]}: the job goes on", ended.status, ended.after, ended.output[-600:], ended.seconds)


def ends(folder):
    """The job's process group is told to end, whatever is just being done."""
    slow = program(folder, "slow", "#!/bin/sh\n[ \"$1\" != --version ] || { echo phase two; exec sleep 60; }\necho phase one\n"
                   "[ -z \"${FAILS:-}\" ] || exit 126\nexec sleep 60\n")
    deaf = program(folder, "deaf", "#!/bin/sh\ntrap '' TERM\necho phase one\nwhile :; do sleep 1; done\n")
    for shell in (("sh",), ("bash",)):
        for name, what in {
            "while the program runs": dict(BUILDSUM_BIN=slow),
            "while a deaf program runs": dict(BUILDSUM_BIN=deaf, BUILDSUM_HOOK_SECONDS="2"),
        }.items():
            ended = run(folder, shell=shell, signal_at=b"phase one", **{"BUILDSUM_HOOK_SECONDS": "30", **what})
            ok(ended.status == 0 and ended.seconds < 8 and not ended.leftover, f"told to end {name}, {shell[0]}: it does, with 0",
               ended.status, ended.output, ended.seconds, ended.leftover)
            equal(ended.lines, ["phase one", "buildsum: no annotation: the hook was told to end"], f"and says so in one line, {shell[0]}")
        killer = program(folder, "killer", "#!/bin/sh\n# once the watch stands beside it\n"
                         "until [ \"$(pgrep -P $PPID | wc -l)\" -ge 2 ]; do :; done\nkill -KILL $PPID\nexec sleep 60\n")
        ended = run(folder, shell=shell, BUILDSUM_BIN=killer, BUILDSUM_HOOK_SECONDS="30")
        ok(ended.status == 0 and ended.after == "after:0:true" and ended.seconds < 8 and not ended.leftover,
           f"its shell is killed, {shell[0]}: the program is ended with it, and nothing watches on", ended.status, ended.after, ended.output, ended.leftover)
        ended = run(folder, shell=shell, signal_at=b"phase one", BUILDSUM_BIN=slow, FAILS="yes")
        ok(ended.status == 0 and ended.seconds < 8 and not ended.leftover,
           f"told to end while it asks what is wrong, {shell[0]}: it does, with 0", ended.status, ended.output, ended.seconds)
        fetching = os.path.join(folder, "slow-bin")
        os.makedirs(fetching, exist_ok=True)
        program(fetching, "curl", "#!/bin/sh\necho phase one >&3\nexec sleep 60\n")
        ended = run(folder, shell=shell, signal_at=b"phase one", before="exec 3>&1", PATH=fetching + ":/usr/bin:/bin",
                    BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256="0" * 64)
        left = os.listdir(os.path.join(folder, ".cache/buildsum"))
        ok(ended.status == 0 and ended.seconds < 8 and not ended.leftover and not left,
           f"told to end while it fetches, {shell[0]}: it does, with 0, and leaves nothing", ended.status, ended.output, left)


for part in (every_shell, traps, states, copies, where_it_is, faults, odd_surroundings, ends):
    with tempdir() as scratch:
        part(scratch)
done()
