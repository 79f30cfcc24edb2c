# SPDX-License-Identifier: MIT
# Starts the fault server for a test and talks to it over raw sockets. Used by tests/exchange/*.t.
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time

FAULT = os.path.join(os.environ.get("BUILD", "build"), "tests/exchange/fault")


class Server:
    """One running fault server; `with Server(script) as s:` stops it and has its log in s.log."""

    def __init__(self, script, seconds=30, files=()):
        self.folder = tempfile.mkdtemp(prefix="fault-")
        self.path = lambda name: os.path.join(self.folder, name)
        with open(self.path("script"), "w") as f:
            f.write(script)
        for name, text in dict(files).items():  # for @name in the script
            with open(self.path(name), "w") as f:
                f.write(text)
        os.mkdir(self.path("bodies"))
        self.process = subprocess.Popen(
            [FAULT, "--log", self.path("log"), "--bodies", self.path("bodies"),
             "--seconds", str(seconds), self.path("script")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ports = {}
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, port = line.split()
            self.ports[name] = int(port)
        self.log = []

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=10)
        if self.process.returncode not in (0, 2):
            raise AssertionError("the fault server ended with %d: %s" % (self.process.returncode, err))
        if os.path.exists(self.path("log")):
            with open(self.path("log")) as f:
                self.log = [json.loads(line) for line in f]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def body(log="one\nerror: it broke here\ntwo", stream=True):
    return json.dumps({"model": "m", "stream": stream, "messages": [
        {"role": "system", "content": "You summarise. An error is an error."},
        {"role": "user", "content": "mark 0123456789abcdef0123\n%s\nmark 0123456789abcdef0123\nfail" % log}]})


def request(payload, path="/v1/chat/completions", key="test-key", extra=""):
    return ("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%sContent-Type: application/json\r\n"
            "Content-Length: %d\r\n\r\n%s" % (path, key, extra, len(payload.encode()), payload)).encode()


class Reply:
    def __init__(self):
        self.raw, self.end, self.times = b"", None, []
        self.elapsed = self.first = None

    @property
    def head(self):
        return self.raw.split(b"\r\n\r\n", 1)[0].decode("latin-1")

    @property
    def rest(self):
        parts = self.raw.split(b"\r\n\r\n", 1)
        return parts[1] if len(parts) > 1 else b""

    @property
    def status(self):
        return int(self.head.split()[1])

    @property
    def chunks(self):
        """The chunks, or None when the framing is broken."""
        rest, out = self.rest, []
        while True:
            size, _, rest = rest.partition(b"\r\n")
            try:
                n = int(size, 16)
            except ValueError:
                return None
            if n == 0:
                return out
            if len(rest) < n + 2:
                return None
            out.append(rest[:n])
            rest = rest[n + 2:]

    @property
    def body(self):
        return b"".join(self.chunks) if "chunked" in self.head else self.rest

    def complete(self):
        if b"\r\n\r\n" not in self.raw:
            return False
        if "chunked" in self.head:
            return self.raw.endswith(b"0\r\n\r\n")
        for line in self.head.split("\r\n"):
            if line.lower().startswith("content-length:"):
                return len(self.rest) >= int(line.split(":")[1])
        return False


def receive(s, timeout=2.0, until=lambda reply: reply.complete()):
    """Reads until `until`, the end ("closed", "reset") or the timeout ("silent")."""
    reply, start = Reply(), time.monotonic()
    while not until(reply):
        left = timeout - (time.monotonic() - start)
        if left <= 0:
            reply.end = "silent"
            break
        s.settimeout(left)
        try:
            got = s.recv(65536)
        except socket.timeout:
            continue
        except ConnectionResetError:
            reply.end = "reset"
            break
        if not got:
            reply.end = "closed"
            break
        if reply.first is None:
            reply.first = time.monotonic() - start
        reply.times.append(time.monotonic() - start)
        reply.raw += got
    else:
        reply.end = "complete"
    reply.elapsed = time.monotonic() - start
    return reply


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), timeout=2)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def ask(port, payload=None, timeout=2.0, until=lambda reply: reply.complete(), **how):
    with connect(port) as s:
        s.sendall(request(payload if payload is not None else body(), **how))
        return receive(s, timeout, until)


def openai_text(reply):
    """The answer of a stream or a whole body."""
    if "event-stream" not in reply.head:
        return json.loads(reply.body)["choices"][0]["message"]["content"]
    text = ""
    for event in reply.body.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        for line in event.split("\n"):
            if line.startswith("data: {"):
                for choice in json.loads(line[6:]).get("choices", []):
                    text += choice["delta"].get("content") or ""
    return text


def anthropic_text(reply):
    if "event-stream" not in reply.head:
        return "".join(part["text"] for part in json.loads(reply.body)["content"])
    text = ""
    for event in reply.body.decode().split("\n\n"):
        for line in event.split("\n"):
            if line.startswith("data: "):
                text += json.loads(line[6:]).get("delta", {}).get("text", "")
    return text


def tag(key):
    """How the log names a key."""
    h = 0xcbf29ce484222325
    for c in key.encode():
        h = (h ^ c) * 0x100000001b3 % 2**64
    return "%08x" % (h & 0xffffffff)


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, condition, name, got=None):
        self.count += 1
        print("%sok - %s" % ("" if condition else "not ", name), flush=True)
        if not condition:
            self.failed += 1
            print("# got: %s" % str(got)[:600].replace("\n", "\n# "), flush=True)

    def done(self):
        print("1..%d" % self.count)
        raise SystemExit(self.failed > 0)
