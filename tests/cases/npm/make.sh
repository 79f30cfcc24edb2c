#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the npm cases: peer conflict (ERESOLVE), unknown package (E404) with verbose fetch lines, failing lifecycle script.
. "$(dirname "$0")/../lib.sh"
rm -rf "$HOME/.npm"
rm -rf peer; mkdir peer
echo '{"name":"peer","version":"1.0.0","private":true,"dependencies":{"react":"18.2.0","react-dom":"17.0.2"}}' > peer/package.json
run buildkite tty eresolve peer 'npm install --no-audit --no-fund'
rm -rf missing; mkdir missing
echo '{"name":"missing","version":"1.0.0","private":true,"dependencies":{"express":"4.19.2","mocha":"10.4.0","@acme-ci-example/does-not-exist":"^2.0.0"}}' > missing/package.json
run raw plain e404 missing 'npm install --no-audit --no-fund --loglevel=http'
rm -rf life; mkdir -p life/packages
echo '{"name":"life","version":"3.2.0","private":true,"scripts":{"prebuild":"node check.js","build":"node build.js"}}' > life/package.json
echo "for (let i = 0; i < 300; i++) console.log('check: locale file ' + i + ' is complete');" > life/check.js
cat > life/build.js <<'E'
for (let i = 0; i < 500; i++) console.log(`  dist/assets/chunk-${i}.js   ${(i * 7) % 90 + 1}.20 kB`);
console.error('Build failed: asset "logo.svg" is 48.1 kB, the limit of budget "icons" is 32 kB');
console.error('    in packages/brand/icons.config.js (rule 4)');
process.exit(3);
E
run github plain lifecycle-script life 'npm run build'
