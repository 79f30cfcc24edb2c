#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the TypeScript cases: type errors as a terminal shows them (pretty) and as a pipe does.
. "$(dirname "$0")/../lib.sh"
rm -rf web; mkdir -p web/src
echo '{"name":"web","version":"2.1.0","private":true,"scripts":{"build":"tsc --noEmit --listFiles"}}' > web/package.json
(cd web && npm i --no-audit --no-fund -D typescript@5 >/dev/null 2>&1)
echo '{"compilerOptions":{"strict":true,"target":"ES2022","module":"ES2022","moduleResolution":"bundler","types":[]},"include":["src"]}' > web/tsconfig.json
for i in $(seq 1 150); do echo "export const route$i = (id: number): string => '/r$i/' + id;" > web/src/route$i.ts; done
cat > web/src/session.ts <<'E'
export interface Session { user: string; expires: Date; scopes: string[] }

export function renew(s: Session, minutes: number): Session {
  const expires: Date = s.expires.getTime() + minutes * 60000;
  return { ...s, expires, scope: s.scopes };
}

export const isAdmin = (s?: Session) => s.scopes.includes('admin');
E
run raw tty pretty web 'npx tsc --noEmit'
run buildkite plain build-script web 'npm run build'
