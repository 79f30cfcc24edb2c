# SPDX-License-Identifier: MIT
# Runs one job with a real buildkite-agent against the double of its API: a repository with the plugin in it, a command, an outcome.
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))
from agent_api import Api, token
from tap import BUILDSUM, ROOT, clean_env, tempdir

JOB = "0190aaaa-bbbb-4ccc-8ddd-eeeeffff0002"
BUILD_ID = "0190aaaa-bbbb-4ccc-8ddd-eeeeffff0003"
JOB_SECONDS_MAX = 90
TOOLS = os.environ.get("BUILDSUM_TOOLS") or os.path.join(os.path.expanduser("~"), ".cache/buildsum-tools")


def agents():
    """Name and path of each real agent that is to be had here, as build-agents puts them."""
    paths = sorted(glob.glob(os.path.join(TOOLS, "agents/*/buildkite-agent")))
    return [(os.path.basename(os.path.dirname(path)), path) for path in paths]


def version(agent):
    said = subprocess.run([agent, "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    found = re.search(r"version (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def case_log(name):
    return os.path.join(ROOT, "tests/cases", name, "log.txt")


class Job:
    """What became of a job: `finished` as the agent reported it, `log` without escapes, `api` with all that was sent."""

    def __init__(self, api, agent_said, leftovers, seconds):
        self.api, self.agent_said, self.leftovers, self.seconds = api, agent_said, leftovers, seconds
        self.finished = api.finished or {}
        self.raw_log = api.log
        text = re.sub(rb"\x1b_[^\x07]*\x07|\x1b\[[0-9;?]*[ -/]*[@-~]|\r", b"", self.raw_log)
        self.log = text.decode("utf-8", "replace")

    @property
    def posted(self):
        return self.api.sent("POST", "/annotations")

    @property
    def removed(self):
        return self.api.sent("DELETE", "/annotations/[^/]+")

    @property
    def ours(self):
        """What buildsum said into the log."""
        return [line for line in self.log.splitlines() if "buildsum: " in line and "reading the log" not in line]

    def shown(self):
        return f"{self.finished}\n{self.log[-3000:]}\n--- agent\n{self.agent_said[-1500:]}"


def _executable(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


def _git(folder, *args):
    env = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.invalid"}
    subprocess.run(["git", "-C", folder, *args], env=env, check=True, capture_output=True, timeout=30)


def _repository(folder, log):
    """A repository with the plugin of this checkout in it and the log that its command will print."""
    os.makedirs(folder)
    shutil.copytree(os.path.join(ROOT, "plugin"), os.path.join(folder, "plugin"), ignore=shutil.ignore_patterns("*.[cho]"))
    if log:
        shutil.copy(log, os.path.join(folder, "log.txt"))
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "Break it")


def _environment(folder, repository, command, config, plugin, env):
    """What Buildkite would send as the job's environment."""
    job = {
        "CI": "true", "BUILDKITE": "true", "BUILDKITE_JOB_ID": JOB, "BUILDKITE_BUILD_ID": BUILD_ID, "BUILDKITE_BUILD_NUMBER": "7",
        "BUILDKITE_BUILD_URL": "https://buildkite.com/acme/app/builds/7", "BUILDKITE_ORGANIZATION_SLUG": "acme",
        "BUILDKITE_PIPELINE_SLUG": "app", "BUILDKITE_PIPELINE_PROVIDER": "git", "BUILDKITE_PROJECT_SLUG": "acme/app",
        "BUILDKITE_REPO": repository, "BUILDKITE_COMMIT": "HEAD", "BUILDKITE_BRANCH": "main", "BUILDKITE_TAG": "",
        "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_MESSAGE": "Break it", "BUILDKITE_SOURCE": "ui", "BUILDKITE_TIMEOUT": "false",
        "BUILDKITE_LABEL": ":hammer: Specs", "BUILDKITE_STEP_KEY": "specs", "BUILDKITE_STEP_ID": BUILD_ID,
        "BUILDKITE_RETRY_COUNT": "0", "BUILDKITE_COMMAND": command, "BUILDKITE_SCRIPT_PATH": command,
        "BUILDKITE_AGENT_NAME": "double", "BUILDKITE_AGENT_META_DATA_QUEUE": "default", "BUILDKITE_ARTIFACT_PATHS": "",
        "READY": os.path.join(folder, "ready"),
    }
    if plugin:
        job["BUILDKITE_PLUGINS"] = json.dumps([{"./plugin": config}])
    job.update(env)
    return job


def run(agent, command, log=None, config=None, plugin=True, env=None, agent_env=None, installed=True, tmpfile=True, flags=(),
        agent_hook=False, pre_command=None, post_command=None, program=None, machine="", end_state=None, headers=None, secrets=None):
    """Runs the command as a job. program: a script in place of buildsum. machine: the configuration file of the agent's machine, where
    REST_API stands for the address of the double's.
    end_state: of the job, once somebody touched $READY."""
    with tempdir() as folder:
        for name in ("bin", "hooks", "home", "logs", "sockets", "tmp", "xdg/buildsum"):
            os.makedirs(os.path.join(folder, name))
        repository = os.path.join(folder, "repository")
        _repository(repository, log)
        if program:
            _executable(os.path.join(folder, "bin/buildsum"), program)
        elif installed:
            os.symlink(BUILDSUM, os.path.join(folder, "bin/buildsum"))
        for name in ("post-command", "pre-exit") if agent_hook else ():
            os.symlink(os.path.join(ROOT, "plugin/hooks", name), os.path.join(folder, "hooks", name))
        for name, text in (("pre-command", pre_command), ("post-command", post_command)):
            if text:
                _executable(os.path.join(folder, "hooks", name), f"#!/bin/bash\n{text}\n")
        api = Api(JOB, _environment(folder, repository, command, config, plugin, env or {}), headers, secrets)
        full = clean_env(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, TMPDIR=os.path.join(folder, "tmp"), **agent_env or {})
        full["PATH"] = os.path.join(folder, "bin") + ":" + full["PATH"]
        full["HOME"] = os.path.join(folder, "home")
        full["XDG_CONFIG_HOME"] = os.path.join(folder, "xdg")
        with open(os.path.join(folder, "xdg/buildsum/config.yml"), "w", encoding="utf-8") as file:
            file.write(machine.replace("REST_API", api.endpoint.removesuffix("/v3") + "/v2"))
        args = [agent, "start", "--token", token("registration"), "--endpoint", api.endpoint, "--name", "double",
                "--disconnect-after-job", "--no-color", "--no-ssh-keyscan", *flags]
        for name in ("hooks", "sockets"):
            args += [f"--{name}-path", os.path.join(folder, name)]
        for name in ("build", "plugins"):
            args += [f"--{name}-path", os.path.join(folder, "work", name)]
        if tmpfile:
            args += ["--enable-job-log-tmpfile", "--job-log-path", os.path.join(folder, "logs")]
        started = time.monotonic()
        with open(os.path.join(folder, "agent.log"), "w+b") as said:
            process = subprocess.Popen(args, env=full, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=folder, start_new_session=True)
            if end_state:
                threading.Thread(target=_end_when_ready, args=(api, os.path.join(folder, "ready"), end_state), daemon=True).start()
            _wait(process)
            said.seek(0)
            agent_said = said.read().decode("utf-8", "replace")
        stragglers = _stragglers(folder)
        leftovers = stragglers + [os.path.relpath(os.path.join(root, name), folder)
                     for part in ("tmp", "logs") for root, _, names in os.walk(os.path.join(folder, part)) for name in names]
        api.close()
        return Job(api, agent_said, leftovers, time.monotonic() - started)


def _wait(process):
    """Until the agent has ended by itself; one that does not is ended, with all that it started."""
    try:
        process.wait(JOB_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _stragglers(folder):
    """Processes of the job that outlive it; they are ended here."""
    until = time.monotonic() + 2  # what is just ending may do so
    while found := [pid for pid in os.listdir("/proc") if pid.isdigit() and _belongs(pid, folder)] if os.path.isdir("/proc/self") else []:
        if time.monotonic() > until:
            names = [f"process {pid}: {_read(f'/proc/{pid}/cmdline')}" for pid in found]
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            return names
        time.sleep(0.05)
    return []


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read(1 << 20).replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _belongs(pid, folder):
    return f"HOME={folder}/home" in _read(f"/proc/{pid}/environ")


def _end_when_ready(api, path, state):
    until = time.monotonic() + JOB_SECONDS_MAX
    while not os.path.exists(path) and time.monotonic() < until:
        time.sleep(0.05)
    api.state = state
