#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the plain node case: an uncaught TypeError in a start script.
. "$(dirname "$0")/../lib.sh"
rm -rf start; mkdir -p start
cat > start/seed.js <<'E'
const config = { database: { primary: { host: 'db.example' } } };

function connect(name) {
  const { host, port } = config.database[name].options;
  return `${host}:${port}`;
}

for (let i = 1; i <= 600; i++) console.log(`[seed] inserted fixture row ${i}`);
process.stderr.write('(node:1) DeprecationWarning: seed() without a schema is deprecated\n');
connect('primary');
E
run buildkite plain uncaught-exception start 'node seed.js' 'node seed.js'
