#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the vitest case: 2,700 tests with the verbose reporter on a terminal, one wrong object.
. "$(dirname "$0")/../lib.sh"
rm -rf routes; mkdir -p routes/test
echo '{"name":"routes","version":"1.0.0","private":true,"type":"module"}' > routes/package.json
(cd routes && npm i --no-audit --no-fund -D vitest@3 >/dev/null 2>&1)
for i in $(seq 1 45); do
    echo "import { describe, expect, it } from 'vitest'
describe('matcher $i', () => { for (let n = 0; n < 60; n++) it('matches path /v$i/' + n, () => { expect('/v$i/' + n).toContain('v$i') }) })" > routes/test/matcher$i.test.js
done
cat > routes/test/parse.test.js <<'E'
import { describe, expect, it } from 'vitest'

function parseQuery(q) {
  return Object.fromEntries(q.split('&').map((p) => p.split('=')))
}

describe('parseQuery', () => {
  it('reads one value', () => {
    expect(parseQuery('a=1')).toEqual({ a: '1' })
  })

  it('keeps repeated keys as an array', () => {
    expect(parseQuery('tag=red&tag=blue&page=2')).toEqual({ tag: ['red', 'blue'], page: '2' })
  })
})
E
run buildkite tty assertion routes 'npx vitest run --reporter=verbose'
