# SPDX-License-Identifier: MIT
# Software of others that runs beside buildsum: started, waited for, ended; in a network of its own where it listens widely.
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request



def alone():
    """Moves this process into a network that holds nothing but its own loopback: a gateway that listens on every address is
    then heard by nobody, and reaches nobody. Skips all where that is not allowed."""
    new_user, new_net, get_flags, set_flags, up = 0x10000000, 0x40000000, 0x8913, 0x8914, 1
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(new_net) != 0 and libc.unshare(new_user | new_net) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            request = struct.pack("16sh14x", b"lo", 0)
            flags = struct.unpack("16sh14x", fcntl.ioctl(s, get_flags, request))[1]
            fcntl.ioctl(s, set_flags, struct.pack("16sh14x", b"lo", flags | up))
    except (OSError, AttributeError) as e:
        print("1..0 # SKIP no network of its own can be made here: %s" % e)
        sys.exit(0)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Peer:
    """A running server; `with Peer(words, port) as p:` waits until it answers and ends it with its children."""

    def __init__(self, words, port, env=None, seconds=120, ready="/"):
        self.port, self.log = port, tempfile.NamedTemporaryFile(prefix="peer-", suffix=".log")
        clean = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LC_ALL", "LD_LIBRARY_PATH")}
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        env={**clean, **(env or {})}, start_new_session=True)
        self.wait(seconds, ready)

    def wait(self, seconds, ready):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen("http://127.0.0.1:%d%s" % (self.port, ready), timeout=5):
                    return
            except urllib.error.HTTPError as e:
                if e.code != 503:  # it listens, and is not still loading
                    return
            except OSError:
                pass
            time.sleep(0.1)  # between two looks, until the bound above
        said = self.said()
        self.kill()
        raise RuntimeError("did not start: %s" % said)

    def said(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as f:
            return f.read()[-1500:]

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


def post(url, body, headers, seconds=30):
    """(status, text) of one plain request; (0, why) when none came."""
    request = urllib.request.Request(url, data=json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode(errors="replace")
    except OSError as e:
        return 0, str(e)
    except Exception as e:  # http.client's own: a reply that broke off
        return 0, type(e).__name__
