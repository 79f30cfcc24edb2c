#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the pytest cases (needs pytest, pytest-xdist and pytest-timeout on PATH): assertion, diff, fixture, collection, xdist, timeout.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf shop; mkdir -p shop/shop shop/tests
cat > shop/shop/__init__.py <<'E'
E
cat > shop/shop/pricing.py <<'E'
from decimal import Decimal


def tax(amount, rate):
    return (amount * rate).quantize(Decimal("0.01"))


def total(lines, rate=Decimal("0.19"), voucher=None):
    net = sum((Decimal(p) * n for p, n in lines), Decimal("0"))
    if voucher:
        net -= voucher
    return net + tax(net, rate)
E
for m in $(seq 1 60); do
    cat > shop/tests/test_catalog_$m.py <<E
import warnings
import pytest


@pytest.mark.parametrize("sku", ["SKU-%04d" % n for n in range($m, $m + 170)])
def test_sku_is_normalised(sku):
    if sku.endswith("7"):
        warnings.warn("normalise() is deprecated, use canonical()", DeprecationWarning)
    assert sku.upper() == sku
E
done
cat > shop/tests/test_pricing.py <<'E'
from decimal import Decimal

import pytest
from shop.pricing import total

CASES = [([("10.00", n)], None) for n in range(1, 40)]


@pytest.mark.parametrize("lines,voucher", CASES)
def test_total_without_voucher(lines, voucher):
    assert total(lines, voucher=voucher) > 0


def test_voucher_is_taken_after_tax():
    order = [("19.99", 2), ("5.00", 1)]
    expected = Decimal("48.53")
    assert total(order, voucher=Decimal("5.00")) == expected
E
run buildkite tty assertion-large shop 'stty cols 80; python -m pytest -v' 'python -m pytest -v'
run github plain xdist shop 'python -m pytest -v -n 2 tests/test_catalog_1*.py tests/test_pricing.py'
rm -rf api; mkdir -p api/tests
cat > api/tests/test_render.py <<'E'
import pytest


def render(user):
    return {
        "id": user["id"],
        "name": user["name"].title(),
        "roles": sorted(user["roles"]),
        "links": {"self": "/users/%d" % user["id"], "avatar": None},
    }


@pytest.mark.parametrize("n", range(300))
def test_render_many(n):
    assert render({"id": n, "name": "a", "roles": []})["id"] == n


@pytest.mark.parametrize(
    "user,expected",
    [
        ({"id": 1, "name": "ada", "roles": ["dev"]},
         {"id": 1, "name": "Ada", "roles": ["dev"], "links": {"self": "/users/1", "avatar": None}}),
        ({"id": 2, "name": "grace", "roles": ["ops", "dev"]},
         {"id": 2, "name": "Grace", "roles": ["ops", "dev"], "links": {"self": "/v2/users/2", "avatar": None}}),
    ],
    ids=["single-role", "two-roles"],
)
def test_render(user, expected):
    assert render(user) == expected
E
run raw tty parametrised-diff api 'python -m pytest -vv'
rm -rf fix; mkdir -p fix/tests
cat > fix/tests/conftest.py <<'E'
import socket

import pytest


@pytest.fixture
def database():
    s = socket.create_connection(("127.0.0.1", 54329), timeout=2)
    yield s
    s.close()
E
cat > fix/tests/test_store.py <<'E'
import pytest


@pytest.mark.parametrize("n", range(150))
def test_key_encoding(n):
    assert bytes([n])[0] == n


def test_insert_row(database):
    database.sendall(b"insert")
E
run buildkite plain fixture-connection-refused fix 'python -m pytest -v'
rm -rf coll; mkdir -p coll/tests coll/worker
cat > coll/worker/__init__.py <<'E'
E
cat > coll/worker/tasks.py <<'E'
from worker.queueing import Broker


def send(x):
    return Broker().put(x)
E
printf 'class MemoryBroker:\n    def put(self, x):\n        return x\n' > coll/worker/queueing.py
printf 'from worker.tasks import send\n\n\ndef test_send():\n    assert send(1) == 1\n' > coll/tests/test_tasks.py
printf 'def test_ok():\n    assert True\n' > coll/tests/test_other.py
run raw plain collection-import-error coll 'python -m pytest'
rm -rf slow; mkdir -p slow/tests
cat > slow/tests/test_lock.py <<'E'
import threading

import pytest

lock = threading.Lock()


@pytest.mark.parametrize("n", range(120))
def test_acquire_release(n):
    with lock:
        assert lock.locked()


def drain(items):
    with lock:
        for i in items:
            with lock:
                items.remove(i)


def test_drain_while_locked():
    drain([1, 2, 3])
E
run github tty timeout slow 'python -m pytest -v --timeout=3'
rm -rf cov; mkdir -p cov/tests cov/stock
printf 'def free(n, used):\n    if used > n:\n        raise ValueError(used)\n    if n < 0:\n        return 0\n    if n > 1000:\n        n = 1000\n        used = min(used, 900)\n    return n - used\n' > cov/stock/levels.py; touch cov/stock/__init__.py
printf 'import pytest\nfrom stock.levels import free\n\n\n@pytest.mark.parametrize("n", range(200))\ndef test_free(n):\n    assert free(n, 0) == n\n' > cov/tests/test_levels.py
run raw plain coverage-threshold cov 'python -m pytest -v --cov=stock --cov-report=term-missing --cov-fail-under=90'
