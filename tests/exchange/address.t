#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""core/ext/http and where names lead: link-local addresses, name servers that never answer.

Runs in a network of its own (util-linux' unshare), which has nothing but loopback; skipped where
that is not allowed."""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ.get("BUILD", "build")
FETCH = os.path.join(BUILD, "tests/exchange/fetch")
UNSHARE = ["unshare", "-r", "-n", "-m"]


def enter():
    """Becomes the same program inside the network of its own."""
    try:
        able = subprocess.run(UNSHARE + ["true"], capture_output=True, check=False).returncode == 0
    except OSError:
        able = False
    if not able:
        print("1..0 # SKIP no network of our own")
        sys.exit(0)
    os.execvp(UNSHARE[0], UNSHARE + [sys.executable, __file__, "inside"])


def set_address(interface, address):
    """Gives the interface an address and switches it on (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        name = interface.encode().ljust(16, b"\0")
        where = struct.pack("<HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(s, 0x8916, name + where)  # SIOCSIFADDR
        fcntl.ioctl(s, 0x8914, name + struct.pack("<H14x", 0x41))  # SIOCSIFFLAGS: up, running


class Server(threading.Thread):
    """Answers one request and remembers it."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.listener = socket.create_server((address, 0))
        self.listener.settimeout(3)
        self.url = "http://%s:%d/" % (address, self.listener.getsockname()[1])
        self.seen = None
        self.start()

    def run(self):
        try:
            line, _ = self.listener.accept()
            line.settimeout(2)
            self.seen = b""
            self.seen = line.recv(4096)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            line.close()
        except OSError:
            pass


def fetch(*words):
    start = time.monotonic()
    done = subprocess.run([FETCH, *words], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout + done.stderr, time.monotonic() - start


count = 0
failed = False


def ok(good, what, *notes):
    global count, failed
    count += 1
    failed |= not good
    print(("ok" if good else "not ok") + " %d - %s" % (count, what))
    if not good:
        for note in notes:
            print("# " + str(note).replace("\n", " | "))


def main():
    set_address("lo", "127.0.0.1")
    set_address("lo:1", "169.254.169.254")
    set_address("lo:2", "10.1.2.3")

    server = Server("169.254.169.254")
    text, _ = fetch("--plain", server.url)
    ok(text.startswith("forbidden\n") and not server.seen,
       "nothing is sent to a link-local address", text, server.seen)
    server = Server("10.1.2.3")
    text, _ = fetch("--plain", server.url)
    ok(text.startswith("ok\n200\n") and server.seen, "an address that was allowed is", text)
    server = Server("10.1.2.3")
    text, _ = fetch(server.url)
    ok("not without encryption" in text and server.seen is None,
       "without encryption nothing leaves the machine", text)

    with tempfile.TemporaryDirectory() as folder, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 53))
        path = os.path.join(folder, "resolv.conf")
        with open(path, "w", encoding="ascii") as f:
            f.write("nameserver 127.0.0.1\n")
        if subprocess.run(["mount", "--bind", path, "/etc/resolv.conf"], capture_output=True,
                          check=False).returncode != 0:
            ok(True, "a silent name server # SKIP cannot be set up")
        else:
            text, seconds = fetch("https://nowhere.example/")
            ok(text.startswith("connect_timeout\n") and 1.5 < seconds < 3.5,
               "a silent name server costs the connect limit and no more", text, seconds)
            subprocess.run(["umount", "/etc/resolv.conf"], check=False)
    print("1..%d" % count)
    sys.exit(failed)


if sys.argv[1:] == ["inside"]:
    main()
else:
    enter()
