#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the network cases: curl and npm and pip against a closed port, and git against a server that asks for a login.
. "$(dirname "$0")/../lib.sh"
rm -rf net; mkdir net
cat > net/fetch.sh <<'E'
set -e
for i in $(seq 1 160); do echo "mirror: object $i verified"; done
curl -fsSL --connect-timeout 3 -o toolchain.tar.xz http://127.0.0.1:9/toolchains/arm-12.3.tar.xz
E
run buildkite plain curl-refused net 'bash fetch.sh' './fetch.sh'
echo '{"name":"net","version":"1.0.0","private":true,"dependencies":{"left-rail-x":"1.0.0"}}' > net/package.json
run raw plain npm-econnrefused net 'npm install --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=10 --registry=http://127.0.0.1:9/'
python3 -m venv net/venv
run github plain pip-index-unreachable net 'venv/bin/pip install --retries 2 --timeout 2 --index-url http://127.0.0.1:9/simple/ left-rail-x'
cat > net/login.py <<'E'
import http.server


class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()


http.server.HTTPServer(("127.0.0.1", 8471), H).serve_forever()
E
python3 net/login.py 2>/dev/null & server=$!
sleep 1
run buildkite plain git-authentication net 'export GIT_TERMINAL_PROMPT=0; git clone http://127.0.0.1:8471/acme/firmware.git' 'git clone http://127.0.0.1:8471/acme/firmware.git'
run raw tty git-wrong-password net "git -c credential.helper='!f() { echo username=ci; echo password=x; }; f' clone http://127.0.0.1:8471/acme/firmware.git"
kill $server
