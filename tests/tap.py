# SPDX-License-Identifier: MIT
# TAP and the few things every integration test needs: running the product, temporary folders, a clean environment.
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
BUILDSUM = os.path.join(BUILD, "buildsum")

_count = 0
_failed = 0


def ok(condition, name, *details, todo=None):
    """One test point; details are shown when it fails. todo: why it is known to fail for now."""
    global _count, _failed
    _count += 1
    name = name.replace("#", "\\#")
    print(f"{'ok' if condition else 'not ok'} {_count} - {name}{f' # TODO {todo}' if todo else ''}", flush=True)
    if not condition:
        _failed += 0 if todo else 1
        for detail in details:
            for line in str(detail).splitlines()[:40]:
                print(f"# {line[:400]}", flush=True)
    return bool(condition)


def equal(got, expected, name):
    return ok(got == expected, name, f"got {got!r}", f"expected {expected!r}")


def skip(name, why):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {why}", flush=True)


def done():
    print(f"1..{_count}", flush=True)
    sys.exit(1 if _failed else 0)


def clean_env(**extra):
    """An environment without configuration, keys or a job of the machine that runs the tests."""
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")}
    env["HOME"] = env["XDG_CONFIG_HOME"] = env["XDG_STATE_HOME"] = "/nonexistent"
    env["BUILDSUM_STATE"] = "false"  # no test remembers what another one found out
    env.update({k: v for k, v in extra.items() if v is not None})
    return env


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)


def run(*args, stdin=b"", env=None, cwd=None, timeout=60):
    """Runs buildsum with the arguments; stdin is bytes."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    wrap = os.environ.get("BUILDSUM_WRAP", "").split()
    return Result(
        subprocess.run(
            wrap + [BUILDSUM, *map(str, args)],
            input=stdin, capture_output=True, env=env or clean_env(), cwd=cwd or "/", timeout=timeout, check=False,
        )
    )


def tempdir():
    return tempfile.TemporaryDirectory(prefix="buildsum-test-")
