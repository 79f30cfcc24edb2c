# SPDX-License-Identifier: MIT
# A running toxiproxy (its HTTP API: README of Shopify/toxiproxy), and the fault server's ports behind it.
import http.client
import json
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from asking import BUILD, Run

PROGRAM = os.path.join(BUILD, "toxiproxy")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Toxiproxy:
    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen([PROGRAM, "-host", "127.0.0.1", "-port", str(self.port)], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, env={**os.environ, "LOG_LEVEL": "fatal"})
        self.count = 0
        until = time.monotonic() + 10
        while True:  # until it listens
            try:
                self.call("GET", "/version")
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"User-Agent": "test"})
            reply = connection.getresponse()
            text = reply.read()
            if reply.status >= 300:
                raise AssertionError("%s %s: %d %s" % (method, path, reply.status, text))
            return json.loads(text) if text.startswith(b"{") else text
        finally:
            connection.close()

    def proxy(self, port):
        """A new proxy before the port: its name, and where it listens."""
        self.count += 1
        made = self.call("POST", "/proxies", {"name": "p%d" % self.count, "listen": "127.0.0.1:0", "enabled": True,
                                              "upstream": "127.0.0.1:%d" % port})
        return made["name"], int(made["listen"].rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


class ToxicRun(Run):
    """A run of the fault server whose servers are reached through toxiproxy alone."""

    def __init__(self, toxiproxy, script, toxics=(), **how):
        super().__init__(script, **how)
        self.toxiproxy, self.names = toxiproxy, {}
        for server, port in list(self.ports.items()):
            self.names[server], self.ports[server] = toxiproxy.proxy(port)
        for toxic in toxics:
            self.add(*toxic)

    def add(self, server, kind, stream="downstream", **attributes):
        self.toxiproxy.call("POST", "/proxies/%s/toxics" % self.names[server],
                            {"type": kind, "stream": stream, "toxicity": 1.0, "attributes": attributes})

    def enable(self, server, on):
        self.toxiproxy.call("POST", "/proxies/" + self.names[server], {"enabled": on})

    def __exit__(self, *how):
        for name in self.names.values():
            self.toxiproxy.call("DELETE", "/proxies/" + name)
        super().__exit__(*how)
