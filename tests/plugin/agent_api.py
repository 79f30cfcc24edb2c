# SPDX-License-Identifier: MIT
# A double of the whole agent API on loopback: it hands one job to a real buildkite-agent and keeps what that and the job send.
#
# Paths and members are those of the agent's own client (package api of its source, v3.137 and v3.52). Nothing here knows buildsum.
import http.server
import json
import re
import threading
import urllib.parse
import zlib

BODY_BYTES_MAX = 16 << 20  # of one request; the agent's chunks of a log have 100 KB
REQUESTS_MAX = 5000
ANNOTATION_BYTES_MAX = 1 << 20  # "The annotation body must be less than 1 MB"
CONTEXT_CHARS_MAX = 100
STYLES = ("success", "info", "warning", "error")


def token(name):
    return "-".join(["buildkite", name, "token", "0123456789"])


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path, _, query = target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query))

    def json(self):
        return json.loads(self.body or b"{}")

    def __repr__(self):
        return f"{self.method} {self.target}"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a build's jobs connect at once

    def handle_error(self, request, client_address):
        pass  # an agent that ends resets its idle connections


class Api:
    """One agent, one job: `job` is what the job's environment holds, `secrets` what the cluster's secret store does."""

    def __init__(self, job_id, job, headers=None, secrets=None):
        self.job_id, self.env, self.secrets = job_id, job, secrets or {}
        self.job_ids = {job_id}  # whose requests are taken: a build's jobs may be more than the one that is handed out
        self.headers = headers or {}  # that the server wants to see in each request
        self.lock = threading.Lock()
        self.requests, self.unknown = [], []
        self.chunks, self.header_times, self.data = {}, {}, {}
        self.annotations = {}  # (scope, context): members
        self.handed_out, self.state, self.finished = False, "assigned", None
        self.events = {name: threading.Event() for name in ("started", "finished", "disconnected")}
        self.server = Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server.server_port}/v3"

    @property
    def log(self):
        """The job's log as Buildkite would show it, escapes and all."""
        with self.lock:
            return b"".join(self.chunks[offset] for offset in sorted(self.chunks))

    def sent(self, method, ending):
        """The requests whose path has that ending (a regular expression)."""
        with self.lock:
            return [r for r in self.requests if r.method == method and re.search(ending + "$", r.path)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # --- routes: each answers with what becomes JSON, or raises Refused

    def _register(self, _request):
        return {"id": "0190cccc-0000-4000-8000-000000000001", "name": "double", "access_token": token("agent"),
                "endpoint": self.endpoint, "request_headers": self.headers,
                "ping_interval": 1, "job_status_interval": 1, "heartbeat_interval": 60, "meta_data": ["queue=default"]}

    def _ping(self, _request):
        if self.handed_out:
            return {"action": "idle"}
        return {"action": "", "job": {"id": self.job_id, "state": self.state}}

    def _accept(self, _request):
        self.handed_out, self.state = True, "accepted"
        return {"id": self.job_id, "state": self.state, "endpoint": self.endpoint, "token": token("job"), "env": self.env,
                "step": {"command": self.env.get("BUILDKITE_COMMAND", "")}, "chunks_max_size_bytes": 102400,
                "chunks_interval_seconds": 1, "log_max_size_bytes": BODY_BYTES_MAX, "runnable_at": "2024-01-01T00:00:00.000Z"}

    def _start(self, _request):
        self.state = "running"
        self.events["started"].set()
        return {}

    def _job(self, _request):
        return {"state": self.state}

    def _chunk(self, request):
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        text = unpack.decompress(request.body, BODY_BYTES_MAX)
        if len(text) != int(request.query["size"]):
            raise Refused(422, "the chunk has another size than it says")
        self.chunks[int(request.query["offset"])] = text
        return {}

    def _header_times(self, request):
        self.header_times.update(request.json()["header_times"])
        return {}

    def _finish(self, request):
        self.finished, self.state = request.json(), "finished"
        self.events["finished"].set()
        return {}

    def _disconnect(self, _request):
        self.events["disconnected"].set()
        return {}

    def _annotate(self, request):
        sent = request.json()
        context, body = sent.get("context", "default"), sent.get("body", "")
        if len(body.encode()) >= ANNOTATION_BYTES_MAX:
            raise Refused(400, "The annotation body must be less than 1 MB")
        if len(context) > CONTEXT_CHARS_MAX or sent.get("style", "info") not in STYLES:
            raise Refused(422, "Validation failed")
        if sent.get("scope", "build") not in ("build", "job") or not 1 <= sent.get("priority", 3) <= 10:
            raise Refused(422, "Validation failed")
        key = (sent.get("scope", "build"), context)
        if sent.get("append") and key in self.annotations:
            sent["body"] = self.annotations[key]["body"] + body
        self.annotations[key] = sent
        return {"context": context, "style": sent.get("style"), "body": sent.get("body")}

    def _unannotate(self, request):
        context = urllib.parse.unquote(request.path.rpartition("/")[2])
        if not self.annotations.pop((request.query.get("scope", "build"), context), None):
            raise Refused(404, "No annotation found")
        return {}

    def _set_data(self, request):
        sent = request.json()
        for item in sent.get("items", [sent]):
            self.data[item["key"]] = item["value"]
        return {}

    def _get_data(self, request):
        key = request.json()["key"]
        if key not in self.data:
            raise Refused(404, "No key found")
        return {"key": key, "value": self.data[key]}

    def _secret(self, request):
        key = request.query.get("key", "")
        if key not in self.secrets:
            raise Refused(404, "Secret not found")
        return {"key": key, "value": self.secrets[key], "uuid": "0190dddd-0000-4000-8000-000000000001"}

    ROUTES = [
        ("POST", r"/register", _register),
        ("POST", r"/connect", lambda self, _request: {}),
        ("POST", r"/disconnect", _disconnect),
        ("POST", r"/heartbeat", lambda self, request: request.json()),
        ("GET", r"/ping", _ping),
        ("PUT", r"/jobs/[^/]+/(accept|acquire)", _accept),
        ("PUT", r"/jobs/[^/]+/start", _start),
        ("PUT", r"/jobs/[^/]+/finish", _finish),
        ("GET", r"/jobs/[^/]+", _job),
        ("POST", r"/jobs/[^/]+/chunks", _chunk),
        ("POST", r"/jobs/[^/]+/header_times", _header_times),
        ("POST", r"/jobs/[^/]+/annotations", _annotate),
        ("DELETE", r"/jobs/[^/]+/annotations/[^/]+", _unannotate),
        ("GET", r"/jobs/[^/]+/secrets", _secret),
        ("POST", r"/(jobs|builds)/[^/]+/data/set(-batch)?", _set_data),
        ("POST", r"/(jobs|builds)/[^/]+/data/get", _get_data),
        ("POST", r"/(jobs|builds)/[^/]+/data/exists", lambda self, request: {"exists": request.json()["key"] in self.data}),
        ("POST", r"/(jobs|builds)/[^/]+/data/keys", lambda self, _request: sorted(self.data)),
        ("GET", r"/builds/[^/]+/artifacts/search", lambda self, _request: []),
    ]

    # --- HTTP

    def _authorize(self, request):
        tokens = [token("registration")] if request.path.endswith("/register") else [token("agent"), token("job")]
        if request.headers.get("Authorization") not in [f"Token {t}" for t in tokens]:
            raise Refused(401, "Invalid access token")
        job = re.match(r"/v3/jobs/([^/]+)", request.path)
        if job and job[1] not in self.job_ids:
            raise Refused(404, "Not found")

    def _answer(self, request):
        with self.lock:
            if len(self.requests) >= REQUESTS_MAX:
                raise Refused(429, "Too many requests")
            self.requests.append(request)
            for method, path, route in self.ROUTES:
                if method == request.method and re.fullmatch("/v3" + path, request.path):
                    self._authorize(request)
                    return route(self, request)
            self.unknown.append(request)
            raise Refused(404, "Not found")

    def _handler(self):
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                if length > BODY_BYTES_MAX:
                    self.close_connection = True
                    return self.reply(413, {"message": "Too large"})
                request = Request(self.command, self.path, self.headers, self.rfile.read(length))
                try:
                    if request.path.startswith("/v2/"):
                        return self.tail(request)
                    return self.reply(200, api._answer(request))
                except Refused as refused:
                    return self.reply(refused.status, {"message": str(refused)})
                except (ValueError, KeyError, zlib.error) as error:
                    return self.reply(400, {"message": f"Bad request: {error!r}"})

            def tail(self, request):
                """The REST API of the job's log, as far as it has been uploaded."""
                if request.headers.get("Authorization") != f"Bearer {token('rest')}":
                    raise Refused(401, "Authentication required")
                if request.path != f"/v2/organizations/acme/jobs/{api.job_id}/log" or request.headers.get("Accept") != "text/plain":
                    raise Refused(404, "Not found")
                log = api.log
                if not log:
                    raise Refused(416, "Range not satisfiable")
                shown = log[-int(request.headers["Range"].removeprefix("bytes=-")):]
                self.send_response(206)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Range", f"bytes {len(log) - len(shown)}-{len(log) - 1}/{len(log)}")
                self.send_header("Content-Length", str(len(shown)))
                self.end_headers()
                self.wfile.write(shown)

            def reply(self, status, members):
                body = json.dumps(members).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *args):
                pass

        return Handler
