#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`buildsum config` end to end: values, origins, keys that are never shown, exit status, help."""
import json
import os
import subprocess
import sys
import tempfile

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
program = os.path.join(os.path.abspath(root), os.environ.get("BUILD", "build"), "buildsum")
if os.path.isabs(os.environ.get("BUILD", "build")):
    program = os.path.join(os.environ["BUILD"], "buildsum")
count = 0


def verdict(good, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]))


def run(*arguments, files=None, **variables):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (files or {}).items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(text if isinstance(text, bytes) else text.encode())
        environment = {"XDG_CONFIG_HOME": os.path.join(folder, "home"), **variables}
        return subprocess.run([program, *arguments], cwd=folder, env=environment, capture_output=True, text=True,
                              encoding="utf-8", timeout=60, check=False)


key = "".join(["sk", "-", "abc123" * 5])  # put together here: no literal that looks like a key

r = run("config")
lines = r.stdout.splitlines()
verdict(r.returncode == 0 and r.stderr == "", "works without any configuration", r.stderr)
verdict(any(l.split()[:3] == ["deadline", "30s", "default"] for l in lines), "shows the default and says so", r.stdout)
verdict(all(l.endswith(".") for l in lines), "ends each line with its help", r.stdout)
verdict(len({l.find(" default ") for l in lines}) == 1, "aligns its columns", r.stdout)

r = run("config", "--idle", "1m", files={".buildsum.yml": "deadline: 7s\nroute: [openai/x]\n"}, BUILDSUM_ATTEMPTS="3")
shown = [l.split(None, 2) for l in r.stdout.splitlines()]
verdict(["deadline", "7s"] in [s[:2] for s in shown] and ".buildsum.yml:1:1" in r.stdout, "shows a file's value and place", r.stdout)
verdict("environment BUILDSUM_ATTEMPTS" in r.stdout and "flag --idle" in r.stdout, "names variable and flag", r.stdout)

r = run("config", "--format", "json", files={"home/buildsum/config.yml":
        "providers:\n  g: {base_url: 'https://g.example/v1', keys: [KEY_A, KEY_B], idle: 2s}\n  h: {keys: []}\n"}, KEY_A=key)
document = json.loads(r.stdout)
settings = {s["name"]: s for s in document["settings"]}
verdict(r.stdout.count("\n") == 1 and r.stdout.isascii(), "writes JSON as one line of ASCII")
verdict(settings["attempts"]["value"] == 6 and settings["stream"]["value"] is True and settings["route"]["value"] == []
        and settings["deadline"]["value"] == "30s" and settings["prompts"]["value"] is None, "gives JSON values their types")
verdict([k for k in document["providers"][0]["keys"]] == [{"name": "KEY_A", "is_set": True}, {"name": "KEY_B", "is_set": False}]
        and document["providers"][1]["keys"] == [] and document["providers"][0]["api"] is None, "says which keys are set", r.stdout)
verdict(key not in r.stdout + r.stderr, "never shows a key (JSON)")

r = run("config", files={"home/buildsum/config.yml": "providers: {g: {keys: [KEY_A, KEY_B]}, h: {keys: []}}\n"}, KEY_A=key)
verdict("KEY_A (set), KEY_B (not set)" in r.stdout and "no credential is sent" in r.stdout, "says which keys are set (text)", r.stdout)
verdict(key not in r.stdout + r.stderr, "never shows a key (text)")

r = run("config", files={".buildsum.yml": f"providers:\n  openai:\n    keys: [{key}]\n"})
verdict(r.returncode == 2 and ".buildsum.yml:3:12: providers.openai.keys: " in r.stderr and key not in r.stderr,
        "refuses a key in a file without showing it", r.stderr)

r = run("config", files={".buildkite/buildsum.yml": "deadlin: 3s\n"})
verdict(r.returncode == 2 and r.stdout == ""
        and r.stderr == 'buildsum: .buildkite/buildsum.yml:1:1: "deadlin" is no setting; did you mean "deadline"?\n',
        "ends with 2 and one line for a wrong file", r.stderr)
r = run("config", "--deadlin", "3s")
verdict(r.returncode == 2 and r.stderr == "buildsum: --deadlin: no such option; did you mean --deadline?\n",
        "ends with 2 and one line for a wrong option", r.stderr)
r = run("config", "--config", "missing.yml")
verdict(r.returncode == 2 and r.stderr == "buildsum: missing.yml: No such file or directory\n", "wants the named file to be there", r.stderr)
r = run("config", files={".buildsum.yml": "\"a\\e]0;x\\a\": 1\n"})
verdict(r.returncode == 2 and "\033" not in r.stderr and "\a" not in r.stderr, "prints no terminal escape of a file", r.stderr)

r = run("config", BUILDSUM_DEDLINE="3s")
verdict(r.returncode == 0 and r.stderr == "buildsum: warning: BUILDSUM_DEDLINE is no setting and is ignored; did you mean BUILDSUM_DEADLINE?\n",
        "warns about a mistyped variable", r.stderr)
r = run("config", "-q", BUILDSUM_DEDLINE="3s")
verdict(r.stderr == "", "keeps still with -q", r.stderr)

for hostile, name in (("[" * 60000, "brackets"), ("a: &a [*a]\n", "an alias of itself"), ("#" * 70000, "size"),
                      ("a:\n\tb: 1\n", "tabs"), (b"a: \xed\xa0\x80\n", "wrong UTF-8")):
    r = run("config", files={".buildsum.yml": hostile})
    verdict(r.returncode == 2 and r.stderr.startswith("buildsum: .buildsum.yml:") and r.stderr.count("\n") == 1,
            f"refuses a hostile file: {name}", r.stderr)

r = run("config", "--help")
verdict(r.returncode == 0 and r.stdout.startswith("Usage: buildsum config ") and r.stdout.index("Examples:") < r.stdout.index("--route"),
        "shows help with examples first", r.stdout)
r = run("--version")
verdict(r.returncode == 0 and all(w in r.stdout for w in ("buildsum ", "libcurl ", "PCRE2 ", "cJSON ", "libyaml ")), "names all versions", r.stdout)

full = "/dev/full"
if os.path.exists(full):
    with open(full, "w", encoding="utf-8") as out:
        r = subprocess.run([program, "config"], env={}, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    verdict(r.returncode == 1 and r.stderr == "buildsum: standard output: No space left on device\n", "says that it could not write", r.stderr)
print(f"1..{count}")
sys.exit(0)
