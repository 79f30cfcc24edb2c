#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the eslint case: three errors among many warnings.
. "$(dirname "$0")/../lib.sh"
rm -rf panel; mkdir -p panel/src
echo '{"name":"panel","version":"1.0.0","private":true,"type":"module"}' > panel/package.json
(cd panel && npm i --no-audit --no-fund -D eslint >/dev/null 2>&1)
echo "export default [{ rules: { 'no-unused-vars': 'warn', 'no-undef': 'error', 'no-dupe-keys': 'error', 'no-unreachable': 'error', 'prefer-const': 'warn' } }];" > panel/eslint.config.js
for i in $(seq 1 80); do printf 'let width%d = %d;\nexport function view%d(a, b) {\n  let c = a;\n  return c + width%d;\n}\n' $i $i $i $i > panel/src/view$i.js; done
cat > panel/src/store.js <<'E'
export const initial = { open: false, items: [], open: true };

export function reduce(state, action) {
  switch (action.type) {
    case 'toggle':
      return { ...state, open: !state.open };
      trackEvent('toggle');
  }
  return state;
}
E
run buildkite tty errors-among-warnings panel 'npx eslint src --color'
