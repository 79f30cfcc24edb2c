#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Whatever the log: what is sent to a model of a known window fits it, counted by real tokenisers.
import glob
import json
import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from tap import ROOT, clean_env, done, ok, run, tempdir

PLACE = os.environ["PEER_TOKENS"]
COUNT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count.mjs")
WINDOWS = (8192, 16384, 32768)
CONFIG = """
allow_project_providers: true
providers:
  own: {{api: openai, base_url: "http://127.0.0.1:9/v1", keys: [], window: {window}}}
"""
# What tokenisers find hardest: nothing that repeats, nothing that is a word.
DENSE = {
    "hexadecimal dumps": "".join(f"{n * 16:08x}  {' '.join(f'{(n * 37 + k * 101 + n * n * k) % 256:02x}' for k in range(16))}\n" for n in range(4000)),
    "numbers": "".join(f"{n * 7919 % 100003} {n * 104729 % 1000003}.{n * 31 % 997} {n * n % 65537}\n" for n in range(6000)),
    "symbols": "".join(f"{'|+-*/<>{}[]()#@!?'[n % 17]}{'=~^%&;:,.$'[n * 3 % 10]} x{n % 7}\n" for n in range(20000)),
    "other scripts": "".join(f"ошибка {n}: файл не найден, 錯誤 {n}：找不到檔案, שגיאה\n" for n in range(3000)),
}


def count(texts):
    """{vocabulary: [tokens, …]}"""
    answer = subprocess.run(["node", COUNT, PLACE], input=json.dumps(texts).encode(), capture_output=True, timeout=800, check=False)
    if answer.returncode != 0:
        sys.exit(answer.stderr.decode()[-800:])
    return json.loads(answer.stdout)


def strings_in(value):
    """Every string of a request body, names of members included: what a model gets to read, and a little more."""
    if isinstance(value, dict):
        return [text for key, member in value.items() for text in [key, *strings_in(member)]]
    if isinstance(value, list):
        return [text for member in value for text in strings_in(member)]
    return [str(value)]


def request(folder, window, log):
    path = os.path.join(folder, f"{window}.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONFIG.format(window=window))
    answer = run("--dry-run", "--config", path, "--route", "own/m", "--excerpt-bytes", 400000, "-", stdin=log, env=clean_env())
    if answer.status != 0:
        sys.exit(answer.err)
    body = json.loads(answer.out[answer.out.index("{") :])
    return "\n".join(strings_in(body)), max(body.get("max_tokens") or 0, body.get("max_completion_tokens") or 0)


def main():
    logs = dict(DENSE)
    excerpts = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/cases/*/*/log.txt"))):
        with open(path, "rb") as file:
            log = file.read().decode("utf-8", "replace")
        excerpts.append(run("trim", path).out)
        if len(log) > 20000:
            logs[os.path.relpath(os.path.dirname(path), os.path.join(ROOT, "tests/cases"))] = log
    with tempdir() as folder:
        asked = [(name, window, *request(folder, window, log)) for name, log in logs.items() for window in WINDOWS]
    for vocabulary, tokens in count([text for _, _, text, _ in asked]).items():
        over = [f"{name}: {used} and {output} for the answer, of {window}" for (name, window, _, output), used in zip(asked, tokens) if used + output > window]
        ok(not over, f"{vocabulary}: each of {len(asked)} requests fits its window", *over)
        most = max((used + output) / window for (_, window, _, output), used in zip(asked, tokens))
        print(f"# the fullest window is full by {100 * most:.0f} %")
    excerpts = [text for text in excerpts if len(text) >= 2000]
    for vocabulary, tokens in count(excerpts).items():
        ratios = sorted(len(text.encode()) / used for text, used in zip(excerpts, tokens))
        print(f"# {vocabulary}: bytes a token over {len(excerpts)} excerpts: least {ratios[0]:.2f}, 5th centile {ratios[len(ratios) // 20]:.2f}, median {statistics.median(ratios):.2f}")
    done()


main()
