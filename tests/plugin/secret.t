#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Keys that are not in the environment: from Buildkite's secrets, redacted by the agent before they are used, and from files.
import http.server
import json
import os
import socketserver
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_api
from agent_api import Api
from agent_double import JOB, hook, rest_token
from tap import ROOT, done, equal, ok, run, clean_env, tempdir

sys.path.insert(0, os.path.join(ROOT, "tests/exchange"))
import faults

LOG = b"cc -c calc.c\r\ncalc.c:12:9: error: 'totl' undeclared\r\nmake: *** [Makefile:3: calc.o] Error 1\r\n"
KEY = "-".join(["sk", "proj", "".join(chr(ord("a") + i * 7 % 26) for i in range(24)), "5"])
JOB_API_TOKEN = "-".join(["job", "api", "0123456789"])


def tag(key):
    value = 0xCBF29CE484222325
    for byte in key.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value & 0xFFFFFFFF:08x}"


class JobApi:
    """The agent's API on a Unix socket: keeps what it is to redact."""

    def __init__(self, path, status=201):
        double = self
        self.redacted, self.path = [], path

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                good = self.headers["Authorization"] == f"Bearer {JOB_API_TOKEN}" and self.path == "/api/current-job/v0/redactions"
                if good and status == 201:
                    double.redacted.append(sent["redact"])
                self.send_response(status if good else 401)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def address_string(self):
                return "socket"

            def log_message(self, *args):
                pass

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        self.server = Server(path, Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def job(config, secrets=None, redactor=201, **env):
    """A failed job whose plugin is configured so; what the model, the agent API and the Job API saw."""
    with tempdir() as folder, faults.Server("server good\n* ok\n", seconds=60) as model:
        api, local = Api(JOB, {}, secrets=secrets), JobApi(os.path.join(folder, "socket"), redactor)
        config = json.loads(json.dumps(config).replace("PORT", str(model.ports["good"])))
        env = {"BUILDKITE_AGENT_JOB_API_SOCKET": local.path, "BUILDKITE_AGENT_JOB_API_TOKEN": JOB_API_TOKEN, **env}
        ended = hook(api.endpoint, LOG, BUILDKITE_AGENT_ACCESS_TOKEN=agent_api.token("job"), BUILDKITE_STEP_KEY="specs",
                     BUILDKITE_PLUGIN_CONFIGURATION=json.dumps(config), **env)
        api.close()
        local.close()
    posted = "".join(a["body"] for a in api.annotations.values())
    for name, text in (("what is said", ended.output), ("what is posted", posted)):
        if KEY in text or JOB_API_TOKEN in text:
            ok(False, f"a key is in {name}")
    return ended, api, local, model.log, posted


def route(*keys):
    return {"route": ["g/m"], "deadline": "9s", "providers": {"g": {"api": "openai", "base_url": "http://127.0.0.1:PORT/v1", "keys": list(keys)}}}


def a_secret_is_a_key():
    ended, api, local, asked, posted = job(route("secret:LLM_KEY"), {"LLM_KEY": KEY})
    equal((ended.status, [r["key"] for r in asked]), (0, [tag(KEY)]), "a Buildkite secret: the model is asked with it")
    ok("g/m" in posted.replace("&#", "&#"), "it is the model's summary that is posted", posted[-400:])
    fetched = api.sent("GET", "/secrets")
    equal([(r.query, r.headers.get("Authorization")) for r in fetched], [({"key": "LLM_KEY"}, f"Token {agent_api.token('job')}")],
          "it is fetched once, by the job's token")
    equal(local.redacted, [KEY], "the agent redacts it from then on")
    ended, api, local, asked, posted = job(route("secret:LLM_KEY", "OTHER"), {}, OTHER=KEY)
    equal([r["key"] for r in asked], [tag(KEY)], "a secret that does not exist: the next key is used")
    ok("secret:LLM_KEY is not used" in ended.output and "404" in ended.output, "and one line says so", ended.output)


def no_redactor_no_key():
    for name, more in (("no Job API", {"BUILDKITE_AGENT_JOB_API_SOCKET": None}), ("one that refuses", {"redactor": 500}),
                       ("a socket that is gone", {"BUILDKITE_AGENT_JOB_API_SOCKET": "/nonexistent/socket"})):
        ended, _api, _local, asked, posted = job(route("secret:LLM_KEY"), {"LLM_KEY": KEY}, BUILDSUM_DEADLINE="6s", **more)
        equal((ended.status, asked), (0, []), f"{name}: the secret is not used")
        ok("secret:LLM_KEY is not used" in ended.output and "Job API" in ended.output, f"{name}: one line says so", ended.output)
        ok("totl" in posted, f"{name}: the local summary is posted")


def only_what_is_needed():
    config = route("secret:LLM_KEY")
    config["providers"]["other"] = {"api": "openai", "base_url": "https://other.example/v1", "keys": ["secret:OTHER_KEY"]}
    _ended, api, *_ = job(config, {"LLM_KEY": KEY, "OTHER_KEY": KEY})
    equal([r.query["key"] for r in api.sent("GET", "/secrets")], ["LLM_KEY"], "secrets of providers that are not asked stay where they are")
    _ended, api, *_ = job({**route("secret:LLM_KEY"), "offline": True}, {"LLM_KEY": KEY})
    equal(api.sent("GET", "/secrets"), [], "offline: no secret is fetched")
    _ended, api, *_ = job(route("secret:LLM_KEY"), {"LLM_KEY": KEY}, BUILDKITE_COMMAND_EXIT_STATUS="0")
    equal(api.requests, [], "a passed job: none either")


def a_file_is_a_key():
    with tempdir() as folder:
        path = os.path.join(folder, "key")
        with open(path, "w", encoding="utf-8") as file:
            file.write(KEY + "\n")
        _ended, _api, local, asked, _posted = job(route(f"file:{path}"))
        equal([r["key"] for r in asked], [tag(KEY)], "a file: its first line is the key")
        ended, *_ = job(route(f"file:{path}x"))
        ok(f"{path}x" in ended.output and ended.status == 0, "a file that is missing is named", ended.output)
        with faults.Server("server good\n* ok\n", seconds=60) as model:
            with open(os.path.join(folder, "c.yml"), "w", encoding="utf-8") as file:
                file.write(f"route: [g/m]\nproviders: {{ g: {{ api: openai, base_url: 'http://127.0.0.1:{model.ports['good']}/v1', keys: ['file:{path}'] }} }}\n")
            by_hand = run("--config", os.path.join(folder, "c.yml"), "--format", "json", stdin=LOG)
        equal((by_hand.status, by_hand.json()["attempts"][0]["key"]), (0, f"file:{path}"), "by hand, too; it is told by its name")
        ok(KEY not in by_hand.out + by_hand.err, "never by its value")
        leaked = run("trim", "--config", os.path.join(folder, "c.yml"), stdin=LOG + KEY.encode() + b" was refused\n")
        ok(KEY not in leaked.out and "REDACTED" in leaked.out, "and it is redacted from a log", leaked.out)


def a_checkout_names_no_file():
    with tempdir() as folder:
        for key in ("file:/etc/hostname", "secret:DEPLOY_KEY"):
            with open(os.path.join(folder, ".buildsum.yml"), "w", encoding="utf-8") as file:
                file.write(f"providers: {{ g: {{ api: openai, base_url: 'https://g.example', keys: ['{key}'] }} }}\n")
            refused = run("trim", stdin=LOG, cwd=folder, env=clean_env(BUILDSUM_ALLOW_PROJECT_PROVIDERS="true"))
            ok(refused.status == 2 and "no files and no secrets" in refused.err and ".buildsum.yml:1" in refused.err,
               f"a project's file may not name {key}, whatever was allowed", refused.err)
        with open(os.path.join(folder, ".buildsum.yml"), "w", encoding="utf-8") as file:
            file.write("log: { token: HOME }\n")
        refused = run("trim", stdin=LOG, cwd=folder)
        ok(refused.status == 2 and "log.token" in refused.err, "nor the token for logs", refused.err)
    for wrong in (KEY, "file:relative", "file:/", "secret:", "secret:a b", f"secret:{KEY}", "file:/a,b"):
        refused = run("trim", stdin=LOG, env=clean_env(BUILDSUM_LOG_TOKEN=wrong))
        ok(refused.status == 2 and "secret:NAME" in refused.err and KEY not in refused.err, "what is no place of a key is refused, unseen", wrong, refused.err)


def a_secret_reads_logs():
    from agent_double import Rest
    rest = Rest(LOG)
    ended, api, local, _asked, posted = job({"offline": True, "log": {"token": "secret:READ_LOGS", "url": rest.url}}, {"READ_LOGS": rest_token()},
                                            tmpfile=False, heard=rest.hear, BUILDKITE_ORGANIZATION_SLUG="acme")
    rest.close()
    ok("totl" in posted and local.redacted == [rest_token()], "a secret may be the token that reads logs", ended.output)


a_secret_is_a_key()
no_redactor_no_key()
only_what_is_needed()
a_file_is_a_key()
a_checkout_names_no_file()
a_secret_reads_logs()
done()
