#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Credentials of AWS that no variable holds: an instance's, a container's, a web identity's, a shared file's."""
import datetime
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import BUILD, WRAP, SLOW, Run, Tap, new_key

tap = Tap()
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
ROUTE = "bedrock/" + MODEL
ROLE = "/latest/meta-data/iam/security-credentials/"


class Service(http.server.ThreadingHTTPServer):
    """A metadata service, an endpoint of a container, and STS: what it gives, and what it was asked."""
    daemon_threads = True

    def __init__(self, hours=1, silent=False, answer=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.id, self.secret, self.token = new_key().upper(), new_key(), new_key() + "+/=="
        when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        self.expires = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.silent, self.answer, self.session, self.asked, self.forms = silent, answer, new_key(), [], []
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_port

    def all(self):
        return [self.id, self.secret, self.token, self.session]


class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def credentials(self):
        s = self.server
        return json.dumps({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": s.id, "SecretAccessKey": s.secret,
                           "Token": s.token, "Expiration": s.expires})

    def handle_any(self):
        s = self.server
        s.asked.append("%s %s" % (self.command, self.path))
        if s.silent:
            s.over.wait(20)
            return None
        if s.answer:
            return self.reply(*s.answer)
        if self.command == "PUT":
            good = self.path == "/latest/api/token" and self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
            return self.reply(200 if good else 400, s.session if good else "")
        if self.command == "POST":
            s.forms.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            return self.reply(200, "<R><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>"
                              "<SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials></R>"
                              % (s.id, s.secret, s.token, s.expires))
        if self.path.startswith("/latest/") and self.headers.get("X-aws-ec2-metadata-token") != s.session:
            return self.reply(401, "")
        if self.path == ROLE:
            return self.reply(200, "build-agent\n")
        if self.path == "/container" and self.headers.get("Authorization") != s.session:
            return self.reply(403, "")
        return self.reply(200, self.credentials())

    do_GET = do_PUT = do_POST = handle_any

    def log_message(self, *_):
        pass


def signature(headers, body, secret):
    """What the Authorization header must end in, made from what arrived."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    names = ["host", "x-amz-content-sha256", "x-amz-date"] + ["x-amz-security-token"] * ("x-amz-security-token" in headers)
    path = "/model/%s/converse-stream" % MODEL.replace(":", "%253A")
    canonical = "\n".join(["POST", path, "", *("%s:%s" % (n, headers[n]) for n in names), "", ";".join(names), digest])
    date = headers["x-amz-date"]
    scope = "%s/eu-west-1/bedrock/aws4_request" % date[:8]
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def is_signed(run, headers, secret):
    return bool(headers) and headers["authorization"].endswith("Signature=" + signature(headers, run.body("a", 1), secret))


def ask(run, env, route=(ROUTE,), more="", arguments=(), folder=None):
    """One run of the program: its JSON, all that it said, the headers that reached Bedrock."""
    config = run.path("config.yml")
    with open(config, "w", encoding="utf-8") as f:
        f.write("route: [%s]\nproviders:\n  b: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: []}\n%s"
                % (", ".join("'%s'" % r for r in route), run.ports["b"], more))
    env = {"PATH": os.environ["PATH"], "HOME": run.path("home"), "AWS_REGION": "eu-west-1",
           "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:%d" % run.ports["a"], **env}
    chosen = [] if folder else ["--config", config]
    done = subprocess.run([*WRAP, os.path.abspath(os.path.join(BUILD, "buildsum")), *arguments, *chosen, "--format", "json",
                           "--state-dir", run.path("state"), *([] if arguments else [run.path("build.log")])],
                          env=env, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {"route": None, "attempts": [], "warnings": []}
    headers = {}
    if any(r["server"] == "a" for r in run.requests()):
        with open(run.path("bodies/a-1.head"), encoding="utf-8") as f:
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in f.read().splitlines()[1:])}
    return found, done.stdout + done.stderr, headers


def kept(run, words):
    """Which of the words stand in a file below the folder of what is remembered."""
    text = ""
    for folder, _, names in os.walk(run.path("state")):
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
                text += f.read()
    return [w for w in words if w in text]


def works(name, service, env):
    with Run("server a\n* ok\nserver b\n* ok") as run:
        found, text, headers = ask(run, env)
        tap.ok(found["route"] == ROUTE and is_signed(run, headers, service.secret) and
               headers.get("x-amz-security-token", "") == service.token, name, text, headers)
        tap.ok(not [w for w in service.all() if w in text] and not kept(run, service.all()) and
               found["attempts"][0]["key"] == "aws:ACCESS_KEY_ID", "… which are shown and kept nowhere", text)


def is_local(name, env, said, route=(ROUTE, "b/m"), answered="b/m", **more):
    with Run("server a\n* ok\nserver b\n* ok") as run:
        began = time.monotonic()
        found, text, headers = ask(run, env, route, **more)
        tap.ok(found["route"] == answered and not headers and said in text and time.monotonic() - began < (30 if SLOW else 8),
               name, text)


with Service() as s:
    works("an instance's role", s, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url + "/"})
    tap.ok(s.asked == ["PUT /latest/api/token", "GET " + ROLE, "GET " + ROLE + "build-agent"], "is asked for by IMDSv2", s.asked)
with Service() as s:
    instance = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url}
    others = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": s.url + "/container"}
    is_local("no metadata is asked for a route without bedrock", {**instance, **others}, "", route=("b/m",))
    is_local("nor offline", {**instance, **others}, "", more="offline: true\n", answered="local")
    is_local("nor where it is turned off", {**instance, "AWS_EC2_METADATA_DISABLED": "true"}, "metadata is turned off")
    with Run("server a\n* ok\nserver b\n* ok") as run:
        secret = new_key()
        found, text, headers = ask(run, {**instance, **others, "AWS_ACCESS_KEY_ID": new_key(), "AWS_SECRET_ACCESS_KEY": secret})
        tap.ok(found["route"] == ROUTE and is_signed(run, headers, secret),
               "nor where a variable holds a key", text)
    with Run("server a\n* ok\nserver b\n* ok") as run:
        with open(run.path(".buildsum.yml"), "w", encoding="utf-8") as f:
            f.write("route: ['%s', b/m]\nproviders:\n  bedrock: {base_url: 'http://127.0.0.1:%d'}\n"
                    "  b: {api: openai, base_url: 'http://127.0.0.1:%d/v1', keys: []}\n" % (ROUTE, run.ports["a"], run.ports["b"]))
        found, text, headers = ask(run, {**instance, **others, "BUILDSUM_ALLOW_PROJECT_PROVIDERS": "true"},
                                   folder=os.path.dirname(run.path(".buildsum.yml")))
        tap.ok(found["route"] == "b/m" and not headers, "nor for a host that a project's file names", text)
    tap.ok(s.asked == [], "nobody was asked", s.asked)

for variable in ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"):
    with Service() as s, Run("server a\n* ok\nserver b\n* ok") as files:
        with open(files.path("token"), "w", encoding="utf-8") as f:
            f.write(s.session + "\n")
        works("a container's, by " + variable, s, {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": s.url + "/container",
            variable: files.path("token") if variable.endswith("FILE") else s.session})
        tap.ok(s.asked == ["GET /container"], "with one question", s.asked)
with Service() as s, Run("server a\n* ok\nserver b\n* ok") as files:
    with open(files.path("token"), "w", encoding="utf-8") as f:
        f.write("a.b.c/+=\n")
    works("a web identity's", s, {"AWS_WEB_IDENTITY_TOKEN_FILE": files.path("token"), "AWS_ENDPOINT_URL_STS": s.url,
                                  "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"})
    tap.ok(s.asked == ["POST /"] and s.forms == [{
        "Action": ["AssumeRoleWithWebIdentity"], "Version": ["2011-06-15"], "RoleArn": ["arn:aws:iam::1:role/x"],
        "RoleSessionName": ["buildsum"], "WebIdentityToken": ["a.b.c/+="]}], "in the form that STS takes", s.forms)
with Service() as s, Run("server a\n* ok\nserver b\n* ok") as files:
    text = ("[other]\naws_access_key_id = no\n[%s]\n# a comment\nAWS_ACCESS_KEY_ID=%s\naws_secret_access_key = %s\r\n"
            "aws_session_token=%s\n[last]\naws_access_key_id = no\n")
    for profile in ("default", "ci"):
        with open(files.path("shared"), "w", encoding="utf-8") as f:
            f.write(text % (profile, s.id, s.secret, s.token))
        works("a shared file's, of the profile " + profile, s, {
            "AWS_SHARED_CREDENTIALS_FILE": files.path("shared"), "AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url,
            **({"AWS_PROFILE": profile} if profile != "default" else {})})
    is_local("a profile that was named and has no keys is no reason to take others'", {
        "AWS_SHARED_CREDENTIALS_FILE": files.path("shared"), "AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url,
        "AWS_PROFILE": "other"}, "the profile other has no keys of its own")
    tap.ok(s.asked == [], "and nobody is asked", s.asked)

# --- what goes wrong: the next route answers, in time

with Service(hours=-1) as s:
    is_local("credentials that have expired", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url}, "have expired")
with Service(silent=True) as s:
    is_local("a service that does not answer", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url}, "no credentials of AWS were found")
    tap.ok(s.asked == ["PUT /latest/api/token"], "is asked once", s.asked)
with Service() as s:
    gone = s.url
is_local("no service at all", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": gone}, "no credentials of AWS were found")
for what, answer in (("an error", (404, "")), ("nothing", (200, "")), ("nonsense", (200, "<html>")), ("a list", (200, "[1]")),
                     ("a refusal", (200, '{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}'))):
    with Service(answer=answer) as s:
        is_local("a container that gives " + what, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": s.url + "/container"},
                 "no credentials of AWS were found: the container's credentials: ")
        is_local("an instance that gives " + what, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url},
                 "no credentials of AWS were found: ")
is_local("a container's address that is nobody's", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/x"},
         "192.0.2.1 is neither on this host nor a service of AWS")

# --- check

with Service() as s, Run("server a\n* ok\nserver b\n* ok") as run:
    found, text, _ = ask(run, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": s.url}, arguments=["check"])
    key = found["routes"][0]["keys"][0]
    tap.ok(found["routes"][0]["usable"] and key["name"] == "aws:ACCESS_KEY_ID" and key["usable"] and
           key["from"] == "the instance's role build-agent" and not [w for w in s.all() if w in text],
           "check says where they are from", text)
    found, text, _ = ask(run, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": gone}, arguments=["check"])
    tap.ok(any("no credentials of AWS were found" in p and "give this host a role" in p for p in found["problems"]),
           "or that there are none", text)
tap.done()
