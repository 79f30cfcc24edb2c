#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the mocha case: a deep-equal failure and a test that times out, after 400 passing tests.
. "$(dirname "$0")/../lib.sh"
rm -rf sched; mkdir -p sched/test
echo '{"name":"sched","version":"1.0.0","private":true}' > sched/package.json
(cd sched && npm i --no-audit --no-fund -D mocha >/dev/null 2>&1)
cat > sched/test/schedule.js <<'E'
const assert = require('node:assert')

function slots(from, to, step) {
  const out = []
  for (let t = from; t < to; t += step) out.push(t)
  return out
}

describe('schedule', function () {
  for (let n = 1; n <= 400; n++) it(`has ${n} slots`, () => assert.strictEqual(slots(0, n, 1).length, n))

  it('includes the last slot', function () {
    assert.deepStrictEqual(slots(8, 11, 1), [8, 9, 10, 11])
  })

  it('notifies the listener', function (done) {
    this.timeout(800)
    const listeners = []
    listeners.forEach((l) => l(done))
  })
})
E
run raw plain deep-equal sched 'npx mocha'
