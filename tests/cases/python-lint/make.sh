#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cases of Python linters (needs ruff, mypy, black and flake8 on PATH).
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf lint; mkdir -p lint/billing
for i in $(seq 1 90); do printf 'def rate_%d(amount: int) -> int:\n    return amount * %d\n' $i $i > lint/billing/rate_$i.py; done
printf '' > lint/billing/__init__.py
cat > lint/billing/invoice.py <<'E'
import os
import json
from billing.rate_1 import rate_1


def number(prefix: str, n: int) -> str:
    return prefix + n


def lines(order: dict) -> list[str]:
    result: list[int] = []
    for item in order["items"]:
        result.append(rate_1(item["price"]))
    return result


def render(order):
    try:
        return json.dumps({"no": number("R", 1), "lines": lines(order), 'total': totl(order)})
    except:
        return None
E
run buildkite tty ruff lint 'ruff check .'
run raw tty mypy lint 'mypy billing'
run github plain black lint 'black --check --verbose .'
run raw plain flake8 lint 'flake8 .'
