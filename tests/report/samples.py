# SPDX-License-Identifier: MIT
# Annotations to look at: by a model after another provider's failure, by rules, without an excerpt, very long, hostile.
import http.server
import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import ROOT, clean_env, run, tempdir

CASES = os.path.join(ROOT, "tests/cases")
ANSWER = {
    "headline": "Rounding up fails for halves: Round(123) is 120, not 125",
    "summary": "One of the money tests fails: TestRound/up expects Round(123) to be 125 and gets 120, so the new rounding goes down "
               "where it should go up. All other tests pass. The change is in internal/pkg40/money, where Round is implemented.",
    "category": "test_failure",
    "failures": [{"name": "TestRound/up", "file": "round_test.go", "line": 16, "message": "Round(123) = 120, want 125"}],
    "evidence": [{"line": 6452, "text": "    round_test.go:16: Round(123) = 120, want 125"},
                 {"line": 6456, "text": "    --- FAIL: TestRound/up (0.00s)"},
                 {"line": 6458, "text": "FAIL\tacme.example/billing/internal/pkg40/money\t0.003s"}],
    "next_step": "Look at how Round treats a remainder of 3 with a step of 5.",
    "confidence": "high",
}
HOSTILE = "\n".join([
    "$ make test", "FAILED tests/test_<img src=http://evil.test/x>.py - [click](http://evil.test)",
    "src/a.c:3:5: error: </code></pre><script>alert(1)</script> ![x](http://evil.test/?leak) www.evil.test mallory@evil.test", "", "",
    "E   assert '</details><h1>owned</h1>' == '```'", "\x1b]1338;url=http://evil.test/x.png\x07 :skull: @everyone", "make: *** [all] Error 1", ""])


class Models:
    """A provider that is busy, and one that answers; both on loopback."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                busy = self.path.startswith("/busy")
                reply = {"error": {"message": "slow down"}} if busy else {
                    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(ANSWER)}}],
                    "usage": {"prompt_tokens": 9000, "completion_tokens": 240}}
                body = json.dumps(reply).encode()
                self.send_response(429 if busy else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def _markdown(log, *words, **env):
    ended = run("--format", "markdown", *words, stdin=log, env=clean_env(**env))
    assert ended.status == 0, ended.err
    return ended.raw


def _case(name):
    with open(os.path.join(CASES, name, "log.txt"), "rb") as file:
        return file.read()


def _by_a_model(folder):
    models = Models()
    path = os.path.join(folder, "config.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("route: [openai/gpt-6-luna, gateway/our-model]\nstream: false\nproviders:\n"
                   f"  openai: {{ base_url: '{models.url}/busy/v1', keys: [A_KEY, B_KEY] }}\n"
                   f"  gateway: {{ api: openai, base_url: '{models.url}/v1', keys: [] }}\n")
    try:
        return _markdown(_case("go/test-verbose-large"), "--config", path, A_KEY="key-of-a-test", B_KEY="another-key-of-a-test")
    finally:
        models.server.shutdown()


def all_samples():
    """name: (style, Markdown)"""
    with tempdir() as folder:
        many = b"".join(b"FAILED tests/test_m.py::test_%d - AssertionError: assert %d == %d and %s\n" % (i, i, i + 1, b"x" * 300) for i in range(3000))
        return {
            "by-a-model": ("error", _by_a_model(folder)),
            "by-rules": ("warning", _markdown(_case("pytest/parametrised-diff"), "--offline")),
            "short": ("warning", _markdown("error: no such file: config.yml\n", "--offline")),
            "very-long": ("warning", _markdown(many, "--offline")),
            "long-words": ("warning", _markdown("error: " + "/a/very/long/path" * 60 + ".c: not found\n" + "y" * 5000 + "\n", "--offline")),
            "hostile": ("warning", _markdown(HOSTILE, "--offline")),
        }
