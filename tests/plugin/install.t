#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# How the hook gets its program: built once from the plugin's checkout, or fetched once and pinned by its checksum; many jobs at once.
import concurrent.futures
import hashlib
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import ROOT, clean_env, done, equal, ok, skip, tempdir

RUN = os.path.join(ROOT, "plugin/run.sh")
JOBS = 4  # at once
PROGRAM = b"#!/bin/sh\necho \"told $1\"\n"


def pin(text):
    return hashlib.sha256(text).hexdigest()


def run(home, script=RUN, **env):
    """One hook's run; its output, and how long it took. No program is on its PATH."""
    full = clean_env(HOME=home, XDG_CONFIG_HOME=None, XDG_STATE_HOME=None, **{"BUILDKITE_COMMAND_EXIT_STATUS": "1", **env})
    full["PATH"] = env.get("PATH", "/usr/bin:/bin")
    full.pop("XDG_CONFIG_HOME")
    started = time.monotonic()
    ended = subprocess.run(["sh", script, "post-command"], env=full, capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    ended.said = (ended.stdout + ended.stderr).decode("utf-8", "replace")
    ended.seconds = time.monotonic() - started
    return ended


def together(home, **env):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(lambda _: run(home, **env), range(JOBS)))


def refused(home, what, words, **env):
    ended = run(home, **env)
    lines = ended.said.splitlines()
    ok(ended.returncode == 3 and len(lines) == 1 and lines[0].startswith("buildsum: no annotation: ") and words in lines[0],
       f"{what}: one line says so, and the hook is told that nothing was run", ended.returncode, ended.said)


# --- from a server

def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certify(folder):
    """A certificate for the loopback address, which is its own authority."""
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out",
            "cert.pem", "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1")


class Server:
    """Files by path over TLS on loopback; keeps what was asked for."""

    def __init__(self, folder, answers, tls=True):
        server = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append((self.path, dict(self.headers)))
                status, body, headers = answers.get(self.path, (404, b"no", {}))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.http.server_port}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def fetched(folder):
    certify(folder)
    answers = {
        "/buildsum": (200, PROGRAM, {}),
        "/other": (200, PROGRAM + b"# changed\n", {}),
        "/short": (200, PROGRAM, {"Content-Length": str(len(PROGRAM) + 10)}),
        "/huge": (200, b"", {"Content-Length": str(1 << 40)}),
        "/moved": (302, b"", {"Location": "/buildsum"}),
        "/round": (302, b"", {"Location": "/round"}),
    }
    system, machine = os.uname().sysname.lower(), {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    answers[f"/{system}/{machine}"] = answers["/buildsum"]
    plain = Server(folder, {"/buildsum": (200, PROGRAM, {})}, tls=False)
    answers["/downgraded"] = (302, b"", {"Location": plain.url + "/buildsum"})
    server = Server(folder, answers)
    trust = {"CURL_CA_BUNDLE": os.path.join(folder, "cert.pem")}
    homes = iter(os.path.join(folder, f"home{i}") for i in range(100))

    home = next(homes)
    pinned = dict(BUILDSUM_INSTALL_URL=server.url + "/buildsum", BUILDSUM_INSTALL_SHA256=pin(PROGRAM).upper(), **trust)
    ended = together(home, **pinned)
    equal([e.said for e in ended], ["told buildkite\n"] * JOBS, f"{JOBS} jobs at once: each runs the program")
    equal(len(server.asked), 1, "it is fetched once")
    left = os.listdir(os.path.join(home, ".cache/buildsum"))
    equal(left, [f"fetched-{pin(PROGRAM)}"], "nothing else is left in the cache")
    equal((run(home, **pinned).said, len(server.asked)), ("told buildkite\n", 1), "a later job asks nobody")
    with open(os.path.join(home, f".cache/buildsum/fetched-{pin(PROGRAM)}/buildsum"), "ab") as file:
        file.write(b"echo changed\n")
    equal((run(home, **pinned).said, len(server.asked)), ("told buildkite\n", 2), "what was changed since is not run: it is fetched anew")

    plugin = dict(BUILDKITE_PLUGIN_NAME="PLUGIN", BUILDKITE_PLUGIN_PLUGIN_INSTALL_URL=server.url + "/moved",
                  BUILDKITE_PLUGIN_PLUGIN_INSTALL_SHA256=pin(PROGRAM), **trust)
    equal(run(next(homes), **plugin).said, "told buildkite\n", "the plugin's properties say so too; a redirect to https is followed")
    equal(run(next(homes), **{**plugin, "BUILDSUM_INSTALL_URL": server.url + "/buildsum"}).said, "told buildkite\n",
          "a variable comes before a property")

    def bad(what, words, path="/buildsum", home=None, **env):
        refused(home or next(homes), what, words, **{**pinned, "BUILDSUM_INSTALL_URL": server.url + path, **env})

    bad("another program than the pinned one", "another checksum", "/other")
    bad("a program cut short", "not fetched", "/short")
    bad("a program without end", "not fetched", "/huge")
    bad("a program that is not there", "404", "/none")
    bad("a redirect to plain http", "not fetched", "/downgraded")
    equal(plain.asked, [], "which is not asked")
    bad("redirects without end", "not fetched", "/round")
    bad("a certificate of nobody we know", "not fetched", CURL_CA_BUNDLE="/dev/null")
    count = len(server.asked)
    bad("no checksum", "64 hexadecimal digits", BUILDSUM_INSTALL_SHA256="")
    bad("a short checksum", "64 hexadecimal digits", BUILDSUM_INSTALL_SHA256="ab12")
    bad("a checksum that is none", "64 hexadecimal digits", BUILDSUM_INSTALL_SHA256="x" * 64)
    for url in ("http://127.0.0.1/x", "file:///etc/passwd", "ftp://x/y", "-o/etc/passwd", "https://"):
        bad(f"the address {url}", "expected https://", BUILDSUM_INSTALL_URL=url)
    for url in ("https://me:word@x.example/y", "https://x/\"\noutput = \"/tmp/x", "https://x/$(id)"):
        bad("an address with more in it", "no place in it", BUILDSUM_INSTALL_URL=url)
    equal(len(server.asked), count, "none of these is asked for")
    pins = f"plan9-mips:{'0' * 64},{system}-{machine}:{pin(PROGRAM)}"
    for name, sums in (("a list of checksums", pins), ("one with spaces", pins.replace(",", " , ")), ("a single one", pin(PROGRAM))):
        said = run(next(homes), **{**pinned, "BUILDSUM_INSTALL_URL": server.url + "/{os}/{arch}", "BUILDSUM_INSTALL_SHA256": sums}).said
        equal((said, server.asked[-1][0]), ("told buildkite\n", f"/{system}/{machine}"), f"{name}: the program for this machine is fetched")
    bad("a list without this machine", f"none for this machine, {system}-{machine}", BUILDSUM_INSTALL_SHA256=f"plan9-mips:{'0' * 64}")
    bad("a list with a checksum that is none", "64 hexadecimal digits", BUILDSUM_INSTALL_SHA256=f"{system}-{machine}:abc")
    bad("an address with another word in braces", "no place in it", BUILDSUM_INSTALL_URL="https://127.0.0.1/{user}")

    home = next(homes)
    bad("a first failure", "404", "/none", home)
    count = len(server.asked)
    bad("a second within minutes", "tried within", "/none", home)
    equal(len(server.asked), count, "is told without asking again")
    with open(os.path.join(home, ".curlrc"), "w", encoding="utf-8") as file:
        file.write("insecure\nheader = \"X-Leak: yes\"\n")
    failed = os.path.join(home, f".cache/buildsum/fetched-{pin(PROGRAM)}.failed")
    os.utime(failed, (0, 0))
    equal(run(home, **pinned).said, "told buildkite\n", "later it is tried again")
    ok("X-Leak" not in server.asked[-1][1] and not os.path.exists(failed), "without what a .curlrc says, and the failure is forgotten")

    tools = os.path.join(folder, "tools")
    os.makedirs(tools)
    for name in ("sh", "sed", "awk", "ls", "id", "tr", "mkdir", "find", "cat", "rm", "mv", "sleep", "cut", "sha256sum", "env", "chmod", "uname"):
        os.symlink(shutil.which(name), os.path.join(tools, name))
    bad("no curl", "no curl", PATH=tools)
    server.close()
    plain.close()


def locks(folder):
    program = os.path.join(folder, "curl")
    with open(program, "w", encoding="utf-8") as file:  # stands where a slow server would
        file.write(f"#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" != --output ] || out=$2; shift; done\necho >>{folder}/asked\n"
                   f"printf '%s' '{PROGRAM.decode()}' >\"$out\"\n")
    os.chmod(program, 0o755)
    pinned = dict(BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256=pin(PROGRAM), PATH=folder + ":/usr/bin:/bin")
    item = f".cache/buildsum/fetched-{pin(PROGRAM)}"

    def locked(home, pid):
        os.makedirs(os.path.join(home, item + ".lock"), mode=0o700)
        os.chmod(os.path.join(home, ".cache/buildsum"), 0o700)
        if pid:
            with open(os.path.join(home, item + ".lock/pid"), "w", encoding="utf-8") as file:
                file.write(f"{pid}\n")

    gone = subprocess.Popen(["true"])
    gone.wait()
    home = os.path.join(folder, "dead")
    locked(home, gone.pid)
    equal([e.said for e in together(home, **pinned)], ["told buildkite\n"] * JOBS, "the lock of a job that is gone is broken")
    equal(os.listdir(os.path.join(home, ".cache/buildsum")), [os.path.basename(item)], "and nothing is left of it")
    home = os.path.join(folder, "old")
    locked(home, None)
    os.utime(os.path.join(home, item + ".lock"), (0, 0))
    equal(run(home, **pinned).said, "told buildkite\n", "so is an old one of nobody")
    home = os.path.join(folder, "live")
    locked(home, os.getpid())
    refused(home, "a job that holds it for too long", "took longer than 2 s", **pinned, BUILDSUM_INSTALL_SECONDS="2")
    ok(os.path.exists(os.path.join(home, item + ".lock")), "whose lock stays its own")

    home = os.path.join(folder, "open")
    os.makedirs(os.path.join(home, ".cache/buildsum"))
    os.chmod(os.path.join(home, ".cache/buildsum"), 0o777)
    scratch = os.path.join(folder, "scratch")
    os.makedirs(scratch)
    equal(run(home, TMPDIR=scratch, **pinned).said, "told buildkite\n", "a cache that others may write to is not used")
    equal((os.listdir(os.path.join(home, ".cache/buildsum")), os.listdir(scratch)), ([], [f"buildsum-{os.getuid()}"]), "another place is")
    refused("/proc/home", "no place at all", "no folder", TMPDIR="/proc", **pinned)
    named = os.path.join(folder, "named")
    equal((run(home, BUILDSUM_CACHE_DIR=named, **pinned).said, os.listdir(named)), ("told buildkite\n", [os.path.basename(item)]),
          "BUILDSUM_CACHE_DIR names one")


STATES = {
    "passed": ({"BUILDKITE_COMMAND_EXIT_STATUS": "0"}, "", ""),
    "passed when it was retried": ({"BUILDKITE_COMMAND_EXIT_STATUS": "0", "BUILDKITE_RETRY_COUNT": "1"}, "", "told buildkite\n"),
    "was cancelled": ({"BUILDKITE_JOB_CANCELLED": "true"}, "", ""),
    "timed out": ({"BUILDKITE_JOB_CANCELLED": "true", "BUILDKITE_JOB_TIMED_OUT": "true"},
                  "buildsum: no annotation: the program is not in place yet, and a job that timed out does not wait for it\n", "told buildkite\n"),
}


def states(folder):
    tools = os.path.join(folder, "tools")
    os.makedirs(tools)
    with open(os.path.join(tools, "curl"), "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" != --output ] || out=$2; shift; done\nprintf '%s' '{PROGRAM.decode()}' >\"$out\"\n")
    os.chmod(os.path.join(tools, "curl"), 0o755)
    script = plugin_of(os.path.join(folder, "sources"), f"\tcp {tools}/program $@\n\tchmod +x $@\n")
    with open(os.path.join(tools, "program"), "wb") as file:
        file.write(PROGRAM)
    for way, wanted in (
        ("fetch", dict(BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256=pin(PROGRAM), PATH=tools + ":/usr/bin:/bin")),
        ("build", dict(script=script, BUILDSUM_INSTALL_BUILD="true")),
    ):
        home = os.path.join(folder, way)
        for name, (state, missing, _) in STATES.items():
            if (way, name) == ("fetch", "passed when it was retried"):
                continue
            equal(run(home, **wanted, **state).said, missing, f"{way}: a job that {name} does not wait for the program")
            cache = os.path.join(home, ".cache/buildsum")
            equal(os.listdir(cache) if os.path.exists(cache) else [], [], "and nothing is put anywhere")
        equal(run(home, **wanted).said, "told buildkite\n", f"{way}: one that failed does")
        for name, (state, _, there) in STATES.items():
            equal(run(home, **wanted, **state).said, there, f"{way}: what is in place, for a job that {name}")


def passing_retry(folder):
    """It takes its old annotation away, and leaves no line in a green log."""
    with open(os.path.join(folder, "curl"), "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" != --output ] || out=$2; shift; done\nprintf '%s' '{PROGRAM.decode()}' >\"$out\"\n")
    os.chmod(file.name, 0o755)
    passed = STATES["passed when it was retried"][0]
    pinned = dict(BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256=pin(PROGRAM), PATH=folder + ":/usr/bin:/bin", **passed)
    equal(run(os.path.join(folder, "home"), **pinned).said, "told buildkite\n", "a retry that passes: the program is fetched for it")
    for what, env in {
        "another checksum": {**pinned, "BUILDSUM_INSTALL_SHA256": "0" * 64},
        "no checksum": {**pinned, "BUILDSUM_INSTALL_SHA256": ""},
        "no server": {**pinned, "PATH": "/usr/bin:/bin"},
        "no program": passed,
        "a program that is none": {**passed, "BUILDSUM_BIN": folder},
        "a program that fails": {**passed, "BUILDSUM_BIN": shutil.which("false")},
        "no time for it": {**pinned, "PATH": slow_curl(folder), "BUILDSUM_INSTALL_SECONDS": "1"},
    }.items():
        equal(run(os.path.join(folder, what), script=plugin_of(os.path.join(folder, "sources"), "\tfalse\n"), **env).said, "",
              f"a retry that passes, {what}: silence")


def slow_curl(folder):
    tools = os.path.join(folder, "slow")
    os.makedirs(tools, exist_ok=True)
    with open(os.path.join(tools, "curl"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexec sleep 60\n")
    os.chmod(file.name, 0o755)
    return tools + ":/usr/bin:/bin"


def time_out(folder):
    """The job's own time-out ends what is put in place; the file that the agent wrote when it began tells its age."""
    began = os.path.join(folder, "env")
    with open(began, "w", encoding="utf-8") as file:
        file.write("")
    pinned = dict(BUILDSUM_INSTALL_URL="https://127.0.0.1:9/x", BUILDSUM_INSTALL_SHA256=pin(PROGRAM), PATH=slow_curl(folder))
    for what, minutes, age_seconds, words, seconds_max in (
        ("5 s left", "1", 55, "the job's time-out is too near", 2),
        ("none left", "1", 100, "the job's time-out is too near", 2),
        ("21 s left", "2", 99, "took longer than", 10),
        ("no time-out", "false", 9999, "took longer than 2 s", 8),
        ("a time-out that is none", "08", 9999, "took longer than 2 s", 8),
        ("a job of tomorrow", "1", -86400, "took longer than 2 s", 8),
    ):
        os.utime(began, (time.time() - age_seconds,) * 2)
        ended = run(os.path.join(folder, what), BUILDKITE_TIMEOUT=minutes, BUILDKITE_ENV_FILE=began,
                    BUILDSUM_INSTALL_SECONDS="300" if "left" in what else "2", **pinned)
        ok(words in ended.said and ended.said.count("\n") == 1 and ended.seconds < seconds_max, f"{what}: {words}", ended.said, ended.seconds)
    ended = run(os.path.join(folder, "unknown"), BUILDKITE_TIMEOUT="1", BUILDKITE_ENV_FILE="/nonexistent", BUILDSUM_INSTALL_SECONDS="2", **pinned)
    ok("took longer than 2 s" in ended.said, "a job whose age is not to be found out: the usual limit", ended.said)


# --- from the sources

def plugin_of(folder, makefile, version="1.2.3"):
    """A checkout whose program is made by that recipe."""
    for name in (".ci", "cli", "core", "plugin", "prompts"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for name in ("run.sh", "install.sh"):
        shutil.copy(os.path.join(ROOT, "plugin", name), os.path.join(folder, "plugin"))
    for name, text in {"Makefile": f"VERSION := {version}\n$(BUILD)/buildsum:\n\tmkdir -p $(@D)\n{makefile}", "core/run.c": "x\n"}.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return os.path.join(folder, "plugin/run.sh")


def built(folder):
    made = os.path.join(folder, "made")
    recipe = f"\techo made >>{made}\n\tprintf '#!/bin/sh\\necho \"told $$1; $(SECRET)\"\\n' >$@\n\tchmod +x $@\n"
    script = plugin_of(os.path.join(folder, "a b"), recipe)
    home = os.path.join(folder, "home")
    wanted = dict(script=script, BUILDSUM_INSTALL_BUILD="true", SECRET="of the job")
    ended = together(home, **wanted)
    equal([e.said for e in ended], ["told buildkite; \n"] * JOBS, f"{JOBS} jobs at once: each runs the program; none of a job's variables is in it")
    equal(open(made, encoding="utf-8").read(), "made\n", "it is built once")
    ok([n.startswith("built-1.2.3-") for n in os.listdir(os.path.join(home, ".cache/buildsum")) if not n.endswith(".log")] == [True],
       "and kept by its version", os.listdir(os.path.join(home, ".cache/buildsum")))
    equal(os.listdir(os.path.dirname(os.path.dirname(script))).count("build"), 0, "nothing is written into the checkout")
    with open(os.path.join(os.path.dirname(script), "x.c"), "w", encoding="utf-8") as file:
        file.write("y\n")
    run(home, **wanted)
    equal(open(made, encoding="utf-8").read(), "made\n" * 2, "other sources are another program")
    refused(home, "without being told to", "was not found", script=script)
    script = plugin_of(os.path.join(folder, "broken"), "\techo error: no; false\n")
    wanted["script"] = script
    refused(home, "a build that fails", "the build failed", **wanted)
    refused(home, "the same again", "tried within", **wanted)
    script = plugin_of(os.path.join(folder, "slow"), "\techo $$$$ >" + os.path.join(folder, "pid") + "; exec sleep 60\n")
    refused(home, "a build that takes too long", "took longer than 2 s", script=script, BUILDSUM_INSTALL_BUILD="true", BUILDSUM_INSTALL_SECONDS="2")
    with open(os.path.join(folder, "pid"), encoding="utf-8") as file:
        pid = int(file.read())
    until = time.monotonic() + 5
    while os.path.exists(f"/proc/{pid}/exe") and os.readlink(f"/proc/{pid}/exe") and time.monotonic() < until:
        time.sleep(0.05)
    ok(time.monotonic() < until, "it does not go on by itself")
    equal([n for n in os.listdir(os.path.join(home, ".cache/buildsum")) if ".lock" in n or ".new" in n], [], "no lock is left")
    shutil.rmtree(os.path.join(folder, "broken/core"))
    refused(home, "a plugin without its sources", "without the sources", **{**wanted, "script": os.path.join(folder, "broken/plugin/run.sh")})


for part in (built, locks, states, passing_retry, time_out, fetched):
    needed = {"fetched": ["curl", "openssl"], "built": ["make"], "locks": [], "states": ["make"]}.get(part.__name__, [])
    missing = [name for name in needed if not shutil.which(name)]
    if missing:
        skip(f"a program that is {part.__name__}", f"{missing[0]} is not installed")
        continue
    with tempdir() as scratch:
        part(scratch)
done()
