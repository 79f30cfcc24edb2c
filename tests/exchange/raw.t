#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Replies that are hardly HTTP, statuses off the beaten track, an upload nobody reads, a machine that stood still."""
import concurrent.futures
import os
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/exchange")
from asking import LOG, SLOW, Run, Tap

tap = Tap()
B = "\nserver b\n* ok"
QUICK = ("--first-token", 900, "--idle", 700, "--attempt", 2500, "--deadline", 9000)
OK = "HTTP/1.1 200 OK\\r\\n"
JSON = "Content-Type: application/json\\r\\n"
SSE = "Content-Type: text/event-stream\\r\\n"
CHUNKED = "Transfer-Encoding: chunked\\r\\n"
UNREACHABLE, CUT, EMPTY = "a:unreachable a:unreachable b:ok", "a:cut a:cut b:ok", "a:empty b:ok"

# What is sent in place of a reply, and what must come of it.
RAW = [
    ("a status of 999", "HTTP/1.1 999 No\\r\\nContent-Length: 0\\r\\n\\r\\n", "a:error_in_body a:error_in_body b:ok"),
    ("a negative status", "HTTP/1.1 -1 No\\r\\nContent-Length: 0\\r\\n\\r\\n", UNREACHABLE),
    ("a status of two digits", "HTTP/1.1 20 OK\\r\\nContent-Length: 0\\r\\n\\r\\n", UNREACHABLE),
    ("HTTP/3.0", "HTTP/3.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}", UNREACHABLE),
    ("a negative length", OK + JSON + "Content-Length: -5\\r\\n\\r\\n{}", UNREACHABLE),
    ("two lengths that differ", OK + JSON + "Content-Length: 2\\r\\nContent-Length: 7\\r\\n\\r\\n{}", CUT),
    ("a length of 2^70", OK + JSON + "Content-Length: 1180591620717411303424\\r\\n\\r\\n{}", "a:bad_gateway_page b:ok"),
    ("a length and chunks", OK + JSON + CHUNKED + "Content-Length: 3\\r\\n\\r\\n2\\r\\n{}\\r\\n0\\r\\n\\r\\n", EMPTY),
    ("a chunk of 2^68 bytes", OK + SSE + CHUNKED + "\\r\\nFFFFFFFFFFFFFFFFF\\r\\ndata: {}", CUT),
    ("a chunk of minus one", OK + SSE + CHUNKED + "\\r\\n-1\\r\\ndata: {}", CUT),
    ("an extension of 20 KB", OK + SSE + CHUNKED + "\\r\\n2;x=" + "y" * 20000 + "\\r\\n: \\r\\n0\\r\\n\\r\\n", EMPTY),
    ("trailers without end", OK + SSE + CHUNKED + "\\r\\n0\\r\\n" + "X: y\\r\\n" * 500, CUT),
    ("a folded header", OK + JSON + "X: a\\r\\n  b\\r\\nContent-Length: 2\\r\\n\\r\\n{}", EMPTY),
    ("a NUL in a header", OK + JSON + "X: a\\0b\\r\\nContent-Length: 2\\r\\n\\r\\n{}", UNREACHABLE),
    ("a header without a colon", OK + JSON + "nonsense\\r\\nContent-Length: 2\\r\\n\\r\\n{}", UNREACHABLE),
    ("fifteen hundred headers", OK + "X: y\\r\\n" * 1500 + "\\r\\n{}", EMPTY),
    ("a body packed by gzip", OK + JSON + "Content-Encoding: gzip\\r\\nContent-Length: 10\\r\\n\\r\\n\\x1f\\x8b\\x08\\0\\0\\0\\0\\0\\0\\3", "a:bad_gateway_page b:ok"),
    ("a stream packed by br", OK + SSE + "Content-Encoding: br\\r\\nContent-Length: 4\\r\\n\\r\\n\\x0b\\x02\\x80\\x03", EMPTY),
    ("random bytes", "\\x16\\x03\\x01\\x02\\0\\x01\\0\\x01\\xfc\\x03\\x03", UNREACHABLE),
    ("a head and nothing more", OK + SSE + "\\r\\n", EMPTY),
    ("half a status line", "HTTP/1.1 20", UNREACHABLE),
    ("JSON that is no object", OK + JSON + "Content-Length: 4\\r\\n\\r\\nnull", EMPTY),
    ("a list", OK + JSON + "Content-Length: 2\\r\\n\\r\\n[]", EMPTY),
    ("deep nesting", OK + JSON + "Content-Length: 2000\\r\\n\\r\\n" + "[" * 2000, "a:bad_gateway_page b:ok"),
]

# Bare statuses, without a body to say more.
STATUSES = {
    "a:timeout b:ok": (100, 102, 408, 524),
    "a:empty b:ok": (203, 206, 208, 226),
    "a:bad_gateway_page b:ok": (300, 301, 302, 303, 304, 305, 307, 308, 407, 511),
    "a:rejected b:ok": (405, 406, 411, 415, 416, 418, 421, 423, 426, 428, 431, 444, 451),
    "a:server_error a:server_error b:ok": (409, 424, 425, 499, 500, 501, 502, 503, 504, 505, 507, 520, 522, 530, 598),
    "a:quota b:ok": (402, 412),
    "a:credential b:ok": (401, 403),
    "a:model_gone b:ok": (404, 410),
    "a:context_too_long a:context_too_long b:ok": (413,),
    "a:overloaded b:ok": (498, 529),
}
DAY = "Mon, 23 Nov 2026 %s GMT"
SKEWED = "header='Date: %s' header='Retry-After: %s'"  # an hour or a year away from ours
# What a 429 or a 503 says of when to come back, and what must come of it.
HINTS = [
    ("429", "header='Retry-After: 0'", "a:rate_limited a:ok"),
    ("429", "header='Retry-After: 0.2'", "a:rate_limited a:ok"),
    ("429", "header='Retry-After: 5'", "a:rate_limited b:ok"),
    ("429", "header='Retry-After: 1000000000'", "a:rate_limited b:ok"),
    ("429", "header='Retry-After: -5'", "a:rate_limited b:ok"),
    ("429", "header='Retry-After: soon'", "a:rate_limited b:ok"),
    ("429", "header='Retry-After: NaN'", "a:rate_limited b:ok"),
    ("429", "header='Retry-After: Sun, 06 Nov 1994 08:49:37 GMT'", "a:rate_limited a:ok"),
    ("429", SKEWED % (DAY % "08:00:00", DAY % "08:00:00"), "a:rate_limited a:ok"),
    ("429", SKEWED % (DAY % "08:00:00", DAY % "08:00:09"), "a:rate_limited b:ok"),
    ("429", "header='retry-after-ms: 100' header='Retry-After: 60'", "a:rate_limited a:ok"),
    ("429", "header='x-should-retry: false' header='Retry-After: 0'", "a:rate_limited b:ok"),
    ("500", "header='Retry-After: 0'", "a:server_error a:ok"),
    ("500", "header='Retry-After: 5'", "a:server_error b:ok"),
    ("500", "header='x-should-retry: false'", "a:server_error b:ok"),
    ("408", "header='Retry-After: 0'", "a:timeout b:ok"),
    ("409", "header='Retry-After: 0'", "a:server_error a:ok"),
    ("425", "header='Retry-After: 0'", "a:server_error a:ok"),
]


def ask(script):
    with Run("server a\n" + script + B) as run:
        return run.ask(options=QUICK)


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    results = list(pool.map(lambda case: ask('* raw="%s"' % case[1]), RAW))
    for (name, _, trail), result in zip(RAW, results):
        tap.trail(result, trail, name)
        tap.ok(result["elapsed_ms"] < 2000 or SLOW, name + ": at once", result["elapsed_ms"])
    for trail, statuses in STATUSES.items():
        results = list(pool.map(lambda status: ask("* status=%d body=''" % status), statuses))
        for status, result in zip(statuses, results):
            tap.trail(result, trail, "HTTP %d" % status)
    results = list(pool.map(lambda case: ask("1 status=%s %s\n* ok" % case[:2]), HINTS))
    for (status, words, trail), result in zip(HINTS, results):
        tap.trail(result, trail, "HTTP %s, %s" % (status, words))

# --- nothing of one reply is kept for the next request

with Run("server a\n1 status=500 header='Set-Cookie: id=1; Path=/' header='Alt-Svc: h3=\":443\"' "
         "header='Strict-Transport-Security: max-age=99'\n* ok") as run:
    tap.trail(run.ask(options=QUICK), "a:server_error a:ok", "a cookie is offered")
    with open(run.path("bodies/a-2.head"), encoding="utf-8") as f:
        head = f.read().lower()
    tap.ok("cookie" not in head and head.startswith("post /v1/chat/completions http/1.1"), "and not taken", head)

# --- an upload that nobody reads

with Run("server b\n* ok", log=LOG + "".join("note %d: %s\n" % (i, "x" * 90) for i in range(40000)) + LOG) as run:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.bind(("127.0.0.1", 0))
    deaf.listen(4)
    run.ports = {"a": deaf.getsockname()[1], **run.ports}
    result = run.ask(options=QUICK)
    tap.trail(result, "a:timeout b:ok", "an upload that nobody reads")
    tap.ok(result["elapsed_ms"] < 3000 or SLOW, "costs the limit of the first token", result["elapsed_ms"])
    deaf.close()

# --- a machine that stood still

with Run("server a\n* latency=900ms status=500\nserver b\n* ok") as run:
    words = run.words(options=["--deadline", 700, "--first-token", 600])
    asked = subprocess.Popen(words, env=run.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 20
    while not os.path.exists(run.path("bodies/a-1.body")) and time.monotonic() < until:
        os.sched_yield()
    asked.send_signal(signal.SIGSTOP)
    while not (os.path.exists(run.path("log")) and os.path.getsize(run.path("log"))) and time.monotonic() < until:
        os.sched_yield()  # until the reply is over, and with it the deadline
    woken = time.monotonic()
    asked.send_signal(signal.SIGCONT)
    result = run.result(*asked.communicate(timeout=30))
    tap.ok(result["answered"] is False and len(result["attempts"]) == 1 and (time.monotonic() - woken < 0.5 or SLOW),
           "a machine that stood still beyond the deadline: the end at once, and nothing more is asked", result["text"])
tap.done()
