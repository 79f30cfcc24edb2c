#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Hooks of the agent itself beside those of the plugin in the pipeline, in the order of agents of v3 and of v4: the step's word counts.
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from agent_double import JOB, Agent, token
from tap import BUILDSUM, ROOT, clean_env, done, ok, tempdir

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults

LOG = b"cc -c calc.c\r\ncalc.c:12:9: error: 'totl' undeclared (first use in this function)\r\nmake: *** [Makefile:3: calc.o] Error 1\r\n" \
      b"\xf0\x9f\x9a\xa8 Error: The command exited with status 2\r\n"
STEP = {"offline": True, "annotation": {"context": "mine", "style": "info"}}
REPOSITORY = "https://git.example.com/acme/buildsum.git/plugin#v0.1.0"
PLUGIN_HOOKS = os.path.join(ROOT, "plugin/hooks")


class Fleet:
    """A host whose agents have the hooks as their own, and a model in their configuration."""

    def __init__(self, folder, model):
        self.folder, self.agent = folder, Agent()
        self.hooks = os.path.join(folder, "hooks")
        os.makedirs(self.hooks)
        for name in ("post-command", "pre-exit"):
            os.symlink(os.path.join(PLUGIN_HOOKS, name), os.path.join(self.hooks, name))
        self.config = os.path.join(folder, "config.yml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"route: [g/m]\nproviders:\n  g:\n    api: openai\n    base_url: http://127.0.0.1:{model.ports['m']}/v1\n    keys: []\n")

    def own(self, name="post-command"):
        return f'. "{self.hooks}/{name}"'

    def plugins(self, config, name="post-command", hooks=PLUGIN_HOOKS):
        """In the agent's way: what it tells a plugin's hook ends with it."""
        return (f"export BUILDKITE_PLUGIN_NAME=PLUGIN BUILDKITE_PLUGIN_CONFIGURATION='{json.dumps(config)}'\n. \"{hooks}/{name}\"\n"
                "unset BUILDKITE_PLUGIN_NAME BUILDKITE_PLUGIN_CONFIGURATION")

    def run(self, *hooks, plugins=None, **env):
        """The hooks of one job, one after another. Returns its output, what was posted, and whether the model was asked."""
        self.agent.requests.clear()
        path = os.path.join(self.folder, "log")
        with open(path, "wb") as file:
            file.write(LOG)
        full = clean_env(BUILDKITE="true", BUILDKITE_JOB_ID=JOB, BUILDKITE_AGENT_ACCESS_TOKEN=token(), BUILDKITE_AGENT_ENDPOINT=self.agent.endpoint,
                         BUILDKITE_COMMAND_EXIT_STATUS="1", BUILDKITE_LABEL="x", BUILDKITE_RETRY_COUNT="0", BUILDSUM_CONFIG=self.config,
                         BUILDKITE_PLUGINS=plugins if isinstance(plugins, str) else json.dumps(plugins) if plugins else None,
                         **{"BUILDSUM_BIN": BUILDSUM, "BUILDKITE_JOB_LOG_TMPFILE": path, **env})
        script = "set -euo pipefail\n" + "\n".join(hooks)
        with open(path, "ab") as copy:
            process = subprocess.run(["bash", "-c", script], env=full, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=copy,
                                     stderr=subprocess.STDOUT, timeout=60, check=False)
        with open(path, "rb") as file:
            output = file.read()[len(LOG):].decode("utf-8", "replace")
        ok(process.returncode == 0, "  the job goes on", process.returncode, output)
        posts = [json.loads(r["body"]) for r in self.agent.requests if r["method"] == "POST"]
        return output, [(post["context"], post["style"]) for post in posts], "g ok" in output


def steps_word(fleet):
    for source in (REPOSITORY, "acme/buildsum#v0.1.0", "git@git.example.com:acme/buildsum.git/plugin#v0.1.0", "https://git.example.com/buildsum/plugin/"):
        listed = [{"docker#v5.0.0": {"image": "x"}}, {REPOSITORY.replace("#", "/wrap#"): None}, {source: STEP}]
        for order, hooks in (("v3", (fleet.own(), fleet.plugins(STEP))), ("v4", (fleet.plugins(STEP), fleet.own())), ("at the end only", (fleet.own("pre-exit"),))):
            output, posted, asked = fleet.run(*hooks, plugins=listed)
            ok((posted, asked) == ([("mine", "info")], False), f"{source}, {order}: the step's settings, once", posted, output)
    for title, plugins in {
        "no list": None,
        "a list of others": [{"https://git.example.com/acme/other.git/plugin#v1": STEP}, "docker#v1"],
        "only the wrapper": [{REPOSITORY.replace("#", "/wrap#"): STEP}],
        "no settings": [REPOSITORY],
        "empty settings": [{REPOSITORY: None}],
        "what is no list": "{",
    }.items():
        output, posted, asked = fleet.run(fleet.own(), plugins=plugins)
        ok(len(posted) == 1 and posted[0][0] != "mine" and asked, f"{title}: the agent's settings", posted, output)


def vendored(fleet):
    checkout = os.path.join(fleet.folder, "checkout")
    for name, title in (("plugin", "buildsum"), ("other", "buildsum-wrap")):
        os.makedirs(os.path.join(checkout, name))
        with open(os.path.join(checkout, name, "plugin.yml"), "w", encoding="utf-8") as file:
            file.write(f"# of ours\nname: {title}\n")
    for source, is_ours in (("./plugin", True), ("./other", False), ("./missing", False)):
        output, posted, asked = fleet.run(fleet.own(), plugins=[{source: STEP}], BUILDKITE_BUILD_CHECKOUT_PATH=checkout)
        ok((posted == [("mine", "info")], asked) == (is_ours, not is_ours), f"{source}: known by its plugin.yml, or not", posted, output)


def where_the_program_is(fleet):
    """The agent's own hook may find none where the plugin's does, by what the step says."""
    copy = os.path.join(fleet.folder, "copy")
    for title, fails in {
        "no program": "/nonexistent/buildsum",
        "another machine's": os.path.join(fleet.folder, "alien"),
    }.items():
        with open(os.path.join(fleet.folder, "alien"), "wb") as file:
            file.write(b"\x7fELF\x02\x01\x01")
        os.chmod(file.name, 0o755)
        found = f'export BUILDSUM_BIN="{BUILDSUM}"'
        for order, hooks in (("v3", (fleet.own(), found, fleet.plugins(STEP))), ("v3, at the end", (fleet.own("pre-exit"), found, fleet.plugins(STEP, "pre-exit"))),
                             ("v4", (found, fleet.plugins(STEP), f'BUILDSUM_BIN="{fails}"', fleet.own()))):
            output, posted, _ = fleet.run(*hooks, fleet.own("pre-exit"), plugins=[{REPOSITORY: STEP}], BUILDSUM_BIN=fails)
            ok(posted == [("mine", "info")], f"{title} for the agent's hook, {order}: the plugin's annotates", posted, output)
            ok(("no annotation" in output) == ("end" in order), f"{title}, {order}: only the last chance is told of", output)
        for order, hooks in (("v3", (fleet.own(), fleet.plugins(STEP), fleet.own("pre-exit"), fleet.plugins(STEP, "pre-exit"))),
                             ("v4", (fleet.plugins(STEP), fleet.own(), fleet.plugins(STEP, "pre-exit"), fleet.own("pre-exit"))),
                             ("the plugin's hook does not come", (fleet.own(), fleet.own("pre-exit")))):
            with open(copy, "wb") as file:
                file.write(LOG)
            output, posted, _ = fleet.run(*hooks, plugins=[{REPOSITORY: STEP}], BUILDSUM_BIN=fails, BUILDSUM_LOG_COPY=copy)
            ok(not posted and output.count("no annotation") == 1, f"{title} for either, {order}: one line", output)
            ok(not os.path.exists(copy), f"{title} for either, {order}: the copy of the output is removed")
    with open(copy, "wb") as file:
        file.write(LOG)
    output, posted, _ = fleet.run(fleet.own(), f'export BUILDSUM_BIN="{BUILDSUM}"', fleet.plugins(STEP), plugins=[{REPOSITORY: STEP}],
                                  BUILDSUM_BIN="/nonexistent/buildsum", BUILDSUM_LOG_COPY=copy, BUILDKITE_JOB_LOG_TMPFILE=None)
    ok(posted == [("mine", "info")] and not os.path.exists(copy), "the copy of the output is left to the hook that has a program", posted, output)


def a_long_deadline(fleet):
    """It ends before the limit of the hook does, with what there is by then."""
    with faults.Server("server m\n* latency=60s\n", seconds=60) as slow:
        config = {"deadline": "50s", "first_token": "49s", "attempt": "49s", "route": ["g/m"], "annotation": {"context": "mine", "group": False},
                  "providers": {"g": {"api": "openai", "base_url": f"http://127.0.0.1:{slow.ports['m']}/v1", "keys": []}}}
        output, posted, _ = fleet.run(fleet.plugins(config), BUILDSUM_HOOK_SECONDS="9")
    ok(len(posted) == 1 and posted[0][0] == "mine" and "ended with status" not in output, "a deadline beyond the limit: by rules, before it", posted, output)


for part in (steps_word, vendored, where_the_program_is, a_long_deadline):
    with tempdir() as scratch, faults.Server("server m\n* latency=100ms\n", seconds=120) as model:
        host = Fleet(scratch, model)
        part(host)
        host.agent.close()
done()
