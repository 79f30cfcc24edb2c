#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the unittest case: 900 verbose passing tests, one failure with a list diff and one error.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf ledger; mkdir -p ledger
cat > ledger/test_ledger.py <<'E'
import unittest


def balances(entries):
    out = {}
    for account, amount in entries:
        out[account] = out.get(account, 0) + amount
    return sorted(out.items())


class TestPosting(unittest.TestCase):
    pass


for n in range(900):
    setattr(TestPosting, "test_posting_%03d" % n, lambda self, n=n: self.assertEqual(balances([("a", n)]), [("a", n)]))


class TestReversal(unittest.TestCase):
    def test_reversal_clears_account(self):
        entries = [("cash", 100), ("rent", 40), ("cash", -100)]
        self.assertEqual(balances(entries), [("rent", 40)])

    def test_unknown_account(self):
        self.assertIsNone(dict(balances([]))["cash"])


if __name__ == "__main__":
    unittest.main()
E
run raw plain failure-and-error ledger 'python -m unittest -v test_ledger'
