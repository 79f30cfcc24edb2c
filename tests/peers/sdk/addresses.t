#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where requests go and how they name the key: the official SDKs' clients and buildsum ask the same server."""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.dont_write_bytecode = True
sys.path[:0] = ["tests", "tests/exchange", "tests/peers/sdk"]
import faults
import judges
import tap

WIRES = os.path.join(tap.BUILD, "tests/peers/wires")
KEY = "k" + os.urandom(16).hex()
MODEL = "maker.model-1:0"
LOG = "x.c:1: error: broken\n"
# Whatever else a client says of itself, and what HTTP itself needs.
IGNORED = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "content-type"}


# Each says first where its SDK goes by itself, and then asks.
QUESTION = {"model": MODEL, "messages": [{"role": "user", "content": LOG}]}


def openai(root):
    from openai import OpenAI
    usual = str(OpenAI(api_key=KEY).base_url)
    yield usual
    OpenAI(api_key=KEY, base_url=root + urllib.parse.urlsplit(usual).path, max_retries=0).chat.completions.create(**QUESTION)


def openai_responses(root):
    from openai import OpenAI
    usual = str(OpenAI(api_key=KEY).base_url)
    yield usual
    OpenAI(api_key=KEY, base_url=root + urllib.parse.urlsplit(usual).path, max_retries=0).responses.create(model=MODEL, input=LOG)


def anthropic(root):
    from anthropic import Anthropic
    yield str(Anthropic(api_key=KEY).base_url)
    Anthropic(api_key=KEY, base_url=root, max_retries=0).messages.create(max_tokens=9, **QUESTION)


def groq(root):
    from groq import Groq
    yield str(Groq(api_key=KEY).base_url)
    Groq(api_key=KEY, base_url=root, max_retries=0).chat.completions.create(**QUESTION)


def mistral(root):
    from mistralai.client import Mistral
    yield Mistral(api_key=KEY).sdk_configuration.get_server_details()[0]
    Mistral(api_key=KEY, server_url=root).chat.complete(**QUESTION)


def openrouter(root):
    from openrouter import OpenRouter
    usual = OpenRouter(api_key=KEY).sdk_configuration.get_server_details()[0]
    yield usual
    OpenRouter(api_key=KEY, server_url=root + urllib.parse.urlsplit(usual).path).chat.send(**QUESTION)


def gemini(root):
    from google import genai
    yield genai.Client(api_key=KEY)._api_client._http_options.base_url
    # v1beta, not the SDK's v1: the schema of an answer and the preview models are there.
    client = genai.Client(api_key=KEY, http_options={"base_url": root, "api_version": "v1beta"})
    client.models.generate_content(model=MODEL, contents=LOG)


def ollama(root):
    import ollama as sdk
    yield "http://127.0.0.1:11434"
    os.environ["OLLAMA_API_KEY"] = KEY
    sdk.Client(host=root).chat(**QUESTION)


SDKS = {"openai": openai, "openai-responses": openai_responses, "anthropic": anthropic, "groq": groq, "mistral": mistral,
        "openrouter": openrouter, "gemini": gemini, "ollama": ollama}


def heads(server):
    """The first line and the headers of the only request that came."""
    with open(server.path("bodies/a-1.head"), encoding="latin-1") as f:
        first, *lines = f.read().replace("\r", "").rstrip("\n").split("\n")
    pairs = [line.partition(":")[::2] for line in lines]
    return first.split(" ")[:2], {name.strip().lower(): value.strip() for name, value in pairs}


def by_sdk(call):
    with faults.Server("server a\n* ok\n") as server:
        asking = call("http://127.0.0.1:%d" % server.ports["a"])
        usual = next(asking)
        try:
            next(asking, None)
        except Exception as e:  # what it makes of the answer is not the question
            print("# %s" % str(e).replace("\n", " ")[:200])
        return (usual, *heads(server)) if os.path.exists(server.path("bodies/a-1.head")) else (usual, None, None)


def by_buildsum(provider, url):
    """The same with the provider's own address, but for the host."""
    wire = next(json.loads(line) for line in url if json.loads(line)["provider"] == provider)
    path = urllib.parse.urlsplit(wire["base_url"]).path
    with faults.Server("server a\n* ok\n") as server, tempfile.NamedTemporaryFile("w", suffix=".yml") as f:
        f.write(json.dumps({"route": [provider + "/" + MODEL], "stream": False, "state": False, "attempts": 1, "providers": {
            provider: {"base_url": "http://127.0.0.1:%d%s" % (server.ports["a"], path), "keys": ["SDK_KEY"]}}}))
        f.flush()
        tap.run("--config", f.name, "-", stdin=LOG, env=tap.clean_env(SDK_KEY=KEY))
        return (wire["base_url"], *heads(server)) if os.path.exists(server.path("bodies/a-1.head")) else (None, None, None)


def hides_key(headers):
    return [name for name, value in headers.items() if faults.tag(KEY) in value]


class Capture(http.server.BaseHTTPRequestHandler):
    """Keeps requests as they came."""
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, dict(self.headers.items()), body))
        self.send_response(400)
        self.end_headers()

    def log_message(self, *_):
        pass


def signatures(session_token):
    """(how buildsum signs a request for Bedrock, how botocore signs the same one)."""
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    secrets = {"AWS_ACCESS_KEY_ID": "AKIA" + os.urandom(8).hex().upper(), "AWS_SECRET_ACCESS_KEY": os.urandom(20).hex(),
               **({"AWS_SESSION_TOKEN": os.urandom(30).hex()} if session_token else {})}
    server = http.server.HTTPServer(("127.0.0.1", 0), Capture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = "http://127.0.0.1:%d" % server.server_port
    model = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    tap.run("--route", "bedrock/" + model, "--no-stream", "--no-state", "-", stdin=LOG, env=tap.clean_env(
        AWS_REGION="eu-west-1", AWS_ENDPOINT_URL_BEDROCK_RUNTIME=root, **secrets))
    server.shutdown()
    path, headers, body = Capture.seen.pop()
    Capture.seen.clear()
    ours = headers["Authorization"]
    signed = ours.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = botocore.awsrequest.AWSRequest("POST", root + path, data=body, headers={
        k: v for k, v in headers.items() if k.lower() in signed})
    request.context["timestamp"] = headers["X-Amz-Date"]
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(
        secrets["AWS_ACCESS_KEY_ID"], secrets["AWS_SECRET_ACCESS_KEY"], secrets.get("AWS_SESSION_TOKEN")), "bedrock", "eu-west-1")
    theirs = "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=%s, Signature=%s" % (
        auth.scope(request), ";".join(sorted(signed)),
        auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
    return ours.replace(",", ", ").replace("  ", " "), theirs, path


env = tap.clean_env(**judges.SURROUNDINGS)
rows = subprocess.run([WIRES, "bodies"], capture_output=True, text=True, check=True, env=env).stdout.splitlines()
for name, ask in SDKS.items():
    usual, line, theirs = by_sdk(ask)
    base, mine, ours = by_buildsum(name, rows)
    if not tap.ok(line and mine, name + ": both asked", usual, base):
        continue
    decoded = [urllib.parse.unquote(part) for part in (line[1], mine[1])]
    tap.ok(line[0] == mine[0] and decoded[0] == decoded[1], "%s: %s %s" % (name, *line), line, mine)
    hosts = [urllib.parse.urlsplit(u).hostname for u in (usual, base)]
    tap.ok(hosts[0] == hosts[1], "%s: at %s" % (name, hosts[0]), usual, base)
    tap.ok(hides_key(ours) == hides_key(theirs) or (name, hides_key(ours)) in [("anthropic", ["x-api-key"])],
           "%s: the key in %s" % (name, ", ".join(hides_key(theirs)) or "no header"), theirs, ours)
    needed = {h for h in theirs if h.startswith(("anthropic-version", "content-type"))}
    tap.ok(needed <= set(ours), "%s: with what the API needs beside it" % name, needed, ours)
    print("# %s: the SDK also sends %s" % (name, ", ".join(sorted(set(theirs) - set(ours) - IGNORED)) or "nothing else"), flush=True)
for token in (False, True):
    mine, right, where = signatures(token)
    tap.ok(mine == right and "%3A" in where, "bedrock: signed as botocore does%s, for a model with a colon in its name" % (
        ", with a session token" if token else ""), mine, right, where)
tap.done()
