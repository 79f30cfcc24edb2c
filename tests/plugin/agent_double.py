# SPDX-License-Identifier: MIT
# A double of the Buildkite agent API on loopback, and of what the agent does with a hook's output.
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILDSUM, ROOT, clean_env

JOB = "0190aaaa-bbbb-cccc-dddd-eeeeffff0001"


class Agent:
    """Answers requests to the agent API by a list of statuses (the last one repeats) and keeps what came. It has no meta-data."""

    def __init__(self, statuses=(200,), delay=0.0):
        double = self
        self.requests, self.meta = [], []
        self.statuses = list(statuses)

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                is_meta = "/data/" in self.path
                (double.meta if is_meta else double.requests).append(
                    {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
                )
                if delay:
                    time.sleep(delay)
                status = double.statuses.pop(0) if len(double.statuses) > 1 and not is_meta else double.statuses[0]
                if is_meta:
                    status = 404
                reply = b"{}"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            do_POST = do_DELETE = do_GET = answer

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server.server_port}/v3"

    def annotation(self):
        return json.loads(self.requests[-1]["body"])

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Rest:
    """The REST API of one job's log: it shows what was said with a lag, tails by suffix ranges, and misbehaves on demand."""

    ORGANIZATION = "acme"

    def __init__(self, log=b"", lag=0.0, statuses=(), whole=False, moved=None):
        double = self
        self.moved = moved  # where the log is said to lie; what is asked for there needs no token, and must not have one
        self.parts, self.lag, self.statuses, self.whole = [(0.0, log)], lag, list(statuses), whole
        self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                double.requests.append({"path": self.path, "headers": dict(self.headers)})
                status, body, total = double.answer(self)
                self.send_response(status)
                if status == 302 and double.moved:
                    self.send_header("Location", double.moved.replace("SELF", double.url))
                if status == 206:
                    self.send_header("Content-Range", f"bytes {total - len(body)}-{total - 1}/{total}")
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:  # a client that saw enough
                    self.close_connection = True

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v2"

    def hear(self, chunk):
        self.parts.append((time.monotonic() + self.lag, chunk))

    def answer(self, request):
        if self.statuses:
            return self.statuses.pop(0), b'{"message":"no"}', 0
        if self.moved and request.path == "/v2/stored?signature=x":
            if "Authorization" in request.headers:
                return 400, b"", 0
            return self.tail_of(request)
        if request.path != f"/v2/organizations/{self.ORGANIZATION}/jobs/{JOB}/log":
            return 404, b"", 0
        if request.headers.get("Authorization") != f"Bearer {rest_token()}" or request.headers.get("Accept") != "text/plain":
            return 401, b"", 0
        return (302, b"", 0) if self.moved else self.tail_of(request)

    def tail_of(self, request):
        now = time.monotonic()
        shown = b"".join(chunk for since, chunk in self.parts if since <= now)
        if not shown:
            return 416, b"", 0
        tail = int(request.headers["Range"].removeprefix("bytes=-"))
        return (200, shown, len(shown)) if self.whole else (206, shown[-tail:], len(shown))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Ended:
    def __init__(self, status, output, seconds):
        self.status, self.output, self.seconds = status, output, seconds


def rest_token():
    return "_".join(["bkua", "0123456789abcdef"])


def token():
    return "-".join(["agent", "token", "0123456789"])


def hook(endpoint, log=b"", tmpfile=True, name="post-command", echo=True, shell=("sh",), signal_after=None, heard=None, begun=None, **env):
    """Runs the hook as a job's shell would; what it prints goes into the log file too, as the agent's copy does, and to `heard`."""
    with tempfile.TemporaryDirectory(prefix="buildsum-test-") as folder:
        path = os.path.join(folder, "buildkite_job_log")
        with open(path, "wb") as file:
            file.write(log)
        full = clean_env(
            BUILDKITE="true", BUILDKITE_JOB_ID=JOB, BUILDKITE_AGENT_ACCESS_TOKEN=token(), BUILDKITE_AGENT_ENDPOINT=endpoint,
            BUILDKITE_COMMAND_EXIT_STATUS="1", BUILDKITE_LABEL=":hammer: Specs", BUILDKITE_COMMAND="make test",
            BUILDKITE_BUILD_URL="https://buildkite.com/acme/app/builds/7", BUILDKITE_RETRY_COUNT="0",
            BUILDSUM_BIN=BUILDSUM, BUILDKITE_JOB_LOG_TMPFILE=path if tmpfile else None,
        )
        full.update({k: v for k, v in env.items() if v is not None})
        for key in [k for k, v in env.items() if v is None]:
            full.pop(key, None)
        started = time.monotonic()
        process = subprocess.Popen(
            [*shell, os.path.join(ROOT, "plugin/hooks", name)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=full, cwd=folder, start_new_session=True,
        )
        output = b""
        if begun:
            begun(process)
        with open(path, "ab", buffering=0) as copy:
            while chunk := os.read(process.stdout.fileno(), 65536):
                output += chunk
                if echo:
                    copy.write(chunk)
                if heard:
                    heard(chunk)
                if signal_after and b"reading the log" in output:
                    signal_after(process)
                    signal_after = None
        return Ended(process.wait(), output.decode("utf-8", "replace"), time.monotonic() - started)
