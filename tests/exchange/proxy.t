#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# core/ext/http behind a proxy that fails: named as such, and its password is not shown.
import os
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
import faults

FETCH = os.path.join(os.environ.get("BUILD", "build"), "tests/exchange/fetch")
tap = faults.Tap()


class Proxy(threading.Thread):
    """Gives one client the same bytes whatever it says."""

    def __init__(self, reply):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]
        self.reply, self.seen = reply, b""
        self.start()

    def run(self):
        try:
            line, _ = self.listener.accept()
            line.settimeout(3)
            self.seen = line.recv(4096)
            line.sendall(self.reply)
            line.close()
        except OSError:
            pass
        self.listener.close()


def fetch(proxy, *words):
    env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    env["https_proxy"] = env["http_proxy"] = proxy
    done = subprocess.run([FETCH, *words], env=env, capture_output=True, text=True, timeout=20,
                          check=False)
    return done.stdout + done.stderr


password = "p" + os.urandom(8).hex()
for what, reply in (("407", b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
                    ("502", b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")):
    proxy = Proxy(reply)
    text = fetch("http://user:%s@127.0.0.1:%d" % (password, proxy.port),
                 "https://api.example.com/v1")
    tap.ok(text.startswith("proxy\n0\n") and what in text and password not in text,
           "a proxy that answers %s" % what, text)
    tap.ok(b"credential" not in proxy.seen and proxy.seen.startswith(b"CONNECT "),
           "sees no credential", proxy.seen)
with socket.create_server(("127.0.0.1", 0)) as nobody:
    port = nobody.getsockname()[1]
text = fetch("http://127.0.0.1:%d" % port, "https://api.example.com/v1")
tap.ok(text.startswith("proxy\n"), "a proxy that does not listen", text)

proxy = Proxy(b"")
server = Proxy(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
text = fetch("http://127.0.0.1:%d" % proxy.port, "http://127.0.0.1:%d/" % server.port)
tap.ok(text.startswith("ok\n200\n") and not proxy.seen, "loopback does not go through it", text)
tap.done()
