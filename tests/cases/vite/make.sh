#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the vite case: a production build that cannot resolve one import.
. "$(dirname "$0")/../lib.sh"
rm -rf site2; mkdir -p site2/src
echo '{"name":"site2","version":"1.0.0","private":true,"type":"module"}' > site2/package.json
(cd site2 && npm i --no-audit --no-fund -D vite@6 >/dev/null 2>&1)
echo '<!doctype html><script type="module" src="/src/main.js"></script>' > site2/index.html
for i in $(seq 1 60); do echo "export const part$i = $i;" > site2/src/part$i.js; done
{ for i in $(seq 1 60); do echo "import { part$i } from './part$i.js';"; done; echo "import { chart } from './charts/donut';"; echo 'console.log(chart);'; } > site2/src/main.js
run buildkite tty unresolved-import site2 'npx vite build'
