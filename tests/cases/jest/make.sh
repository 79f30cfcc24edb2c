#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the jest cases: an assertion among 1,500 verbose tests, a snapshot mismatch, and a suite that fails to run.
. "$(dirname "$0")/../lib.sh"
setup() { rm -rf "$1"; mkdir -p "$1/src" "$1/test"; printf '{"name":"%s","version":"1.0.0","private":true,"scripts":{"test":"jest --verbose"}}\n' "$1" > "$1/package.json"; (cd "$1" && npm i --no-audit --no-fund -D jest >/dev/null 2>&1); }
gen() {
    for i in $(seq 1 "$2"); do
        cat > "$1/test/format$i.test.js" <<E
describe('format module $i', () => {
  for (let n = 0; n < 50; n++) {
    test(\`renders amount \${n} with currency\`, () => { expect(String(n) + ' EUR').toMatch(/EUR/); });
  }
  if ($i % 6 === 0) test('logs', () => { console.log('cache warm for module $i'); console.warn('locale de-CH is deprecated'); });
});
E
    done
}
setup cart; gen cart 45
cat > cart/src/cart.js <<'E'
function addItem(cart, item) {
  const found = cart.items.find((i) => i.sku === item.sku);
  if (found) {
    found.qty = item.qty;
    return cart;
  }
  cart.items.push(item);
  return cart;
}

module.exports = { addItem };
E
cat > cart/test/cart.test.js <<'E'
const { addItem } = require('../src/cart');

describe('addItem', () => {
  test('adds a new item', () => {
    expect(addItem({ items: [] }, { sku: 'A1', qty: 1 }).items).toHaveLength(1);
  });

  test('sums the quantity of an item already in the cart', () => {
    const cart = { items: [{ sku: 'A1', qty: 2 }] };
    addItem(cart, { sku: 'A1', qty: 3 });
    expect(cart).toEqual({ items: [{ sku: 'A1', qty: 5 }] });
  });
});
E
run buildkite tty assertion-large cart 'npx jest --verbose --colors' 'npm test'
setup card; gen card 5
cat > card/src/card.js <<'E'
module.exports = (u) => ['<article class="card">', `  <h2>${u.name}</h2>`, `  <p>Member since ${u.since}</p>`, '</article>'].join('\n');
E
cat > card/test/card.test.js <<'E'
const card = require('../src/card');

test('card of a long-time member', () => {
  expect(card({ name: 'Ada', since: 2011 })).toMatchSnapshot();
});
E
(cd card && npx jest --ci=false test/card.test.js >/dev/null 2>&1); sed -i -e 's/class="card"/class="card card--wide"/' -e 's/Member since/Joined/' card/src/card.js
run raw plain snapshot-mismatch card 'npx jest --ci --verbose'
setup suite; gen suite 3
echo "const { parse } = require('../src/yaml');
test('parses', () => { expect(parse('a: 1')).toEqual({ a: 1 }); });" > suite/test/yaml.test.js
echo "const loader = require('yaml-loader-x');
module.exports = { parse: loader.parse };" > suite/src/yaml.js
run github plain suite-failed-to-run suite 'npx jest'
