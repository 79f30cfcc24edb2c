#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the shell cases: command not found, permission denied, unbound variable under set -x, and a silent failure.
. "$(dirname "$0")/../lib.sh"
rm -rf sh; mkdir -p sh/hooks
cat > sh/release.sh <<'E'
#!/bin/bash
set -e
for i in $(seq 1 220); do echo "packaging module $i of 220 ... done"; done
echo "signing 220 packages"
minisign-ng -S -m dist/*.tar
echo "uploading"
E
cat > sh/hooks/post-build.sh <<'E'
#!/bin/sh
echo never
E
chmod 644 sh/hooks/post-build.sh
cat > sh/ci.sh <<'E'
#!/bin/bash
set -euo pipefail
for i in $(seq 1 150); do echo "compile unit $i"; done
./hooks/post-build.sh
E
cat > sh/publish.sh <<'E'
#!/bin/bash
set -eux
channel=stable
for n in $(seq 1 60); do test -n "layer $n"; done
target="repo.example/$channel/$RELEASE_TAG"
echo "pushing $target"
E
cat > sh/quiet.sh <<'E'
#!/bin/bash
set -e
for i in $(seq 1 400); do echo "verify checksum of part $i"; done
grep -q 'complete' manifest.txt
E
echo partial > sh/manifest.txt
chmod 755 sh/*.sh
run buildkite plain command-not-found sh './release.sh'
run raw plain permission-denied sh './ci.sh'
run github plain unbound-variable sh './publish.sh'
run buildkite plain silent-failure sh './quiet.sh'
