#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""core/ext/http over TLS: which certificates are refused, in which words; nothing is sent then."""
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, which is the point
BUILD = os.environ.get("BUILD", "build")
FETCH = os.path.join(BUILD, "tests/exchange/fetch")

if not shutil.which("openssl"):
    print("1..0 # SKIP openssl is not installed")
    sys.exit(0)


def openssl(*words, folder):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def key_for(name, folder):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key",
            folder=folder)


def authority(name, folder):
    key_for(name, folder)
    openssl("req", "-x509", "-new", "-key", name + ".key", "-out", name + ".pem", "-days", "30",
            "-subj", "/CN=" + name, "-addext", "basicConstraints=critical,CA:TRUE", folder=folder)


def certificate(name, by, names, folder, dates=("20200101000000Z", "20400101000000Z")):
    """A certificate `name`, signed by the authority `by`, for `names`, valid between the dates."""
    key_for(name, folder)
    openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=test", "-out", name + ".csr",
            folder=folder)
    with open(os.path.join(folder, "ca.cnf"), "w", encoding="ascii") as f:
        f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nserial=serial\n"
                "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
                "[ext]\nsubjectAltName=" + names + "\n")
    open(os.path.join(folder, "index"), "a", encoding="ascii").close()
    openssl("ca", "-batch", "-config", "ca.cnf", "-cert", by + ".pem", "-keyfile", by + ".key",
            "-in", name + ".csr", "-out", name + ".pem", "-extensions", "ext", "-notext",
            "-create_serial", "-startdate", dates[0], "-enddate", dates[1], folder=folder)


class Server(threading.Thread):
    """Answers one request over TLS and remembers what it was sent."""

    def __init__(self, folder, name, versions=None):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if versions:
            self.context.set_ciphers("ALL:@SECLEVEL=0")
            self.context.minimum_version, self.context.maximum_version = versions
        self.context.load_cert_chain(os.path.join(folder, name + ".pem"),
                                     os.path.join(folder, name + ".key"))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]
        self.seen = b""
        self.start()

    def run(self):
        try:
            plain, _ = self.listener.accept()
            plain.settimeout(3)
            with self.context.wrap_socket(plain, server_side=True) as line:
                self.seen = line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except OSError:
            pass
        self.listener.close()


count = 0
failed = False


def ok(good, what, *notes):
    global count, failed
    count += 1
    failed |= not good
    print(("ok" if good else "not ok") + " %d - %s" % (count, what))
    if not good:
        for note in notes:
            print("# " + str(note))


def fetch(server, trusted, host="localhost"):
    env = dict(os.environ, SSL_CERT_FILE=trusted)
    done = subprocess.run([FETCH, "https://%s:%d/" % (host, server.port)], env=env, text=True,
                          capture_output=True, timeout=20, check=False)
    server.join(6)
    return done.stdout.split("\n") + ["", "", ""], done.stdout + done.stderr


def refused(what, server, trusted, words, host="localhost"):
    lines, text = fetch(server, trusted, host)
    good = lines[0] == "tls" and words in lines[2] and not server.seen and "credential" not in text
    ok(good, what, text, server.seen)


with tempfile.TemporaryDirectory() as folder:
    authority("known", folder)
    authority("stranger", folder)
    certificate("good", "known", "DNS:localhost,IP:127.0.0.1", folder)
    certificate("expired", "known", "DNS:localhost", folder,
                ("20200101000000Z", "20210101000000Z"))
    certificate("early", "known", "DNS:localhost", folder, ("20390101000000Z", "20400101000000Z"))
    certificate("other", "known", "DNS:example.com", folder)
    certificate("foreign", "stranger", "DNS:localhost", folder)
    trusted = os.path.join(folder, "known.pem")

    server = Server(folder, "good")
    lines, text = fetch(server, trusted)
    ok(lines[:2] == ["ok", "200"], "a good certificate is accepted", text)
    ok(b"x-api-key: credential" in server.seen, "and the request is sent", server.seen)
    server = Server(folder, "good")
    lines, text = fetch(server, trusted, "127.0.0.1")
    ok(lines[0] == "ok", "an address in the certificate is accepted", text)

    refused("an expired certificate is refused, with a look at the clock",
            Server(folder, "expired"), trusted, "has expired (is this machine's clock right?")
    refused("a certificate of the future is refused, with a look at the clock",
            Server(folder, "early"), trusted, "is not valid yet (is this machine's clock right?")
    refused("a certificate for another host is refused",
            Server(folder, "other"), trusted, "for another host")
    refused("a certificate of an unknown authority is refused",
            Server(folder, "foreign"), trusted, "issuer is not trusted")
    refused("a self-signed certificate is refused",
            Server(folder, "stranger"), trusted, "self-signed")
    empty = os.path.join(folder, "empty.pem")
    open(empty, "w", encoding="ascii").close()
    refused("without trusted certificates nothing is trusted, and the file is named",
            Server(folder, "good"), empty, empty)
    refused("TLS 1.1 is refused", Server(folder, "good", (ssl.TLSVersion.TLSv1,
            ssl.TLSVersion.TLSv1_1)), trusted, "the handshake failed")

print("1..%d" % count)
sys.exit(failed)
