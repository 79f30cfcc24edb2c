#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cases of in-house scripts that no rule knows: a deployment, a data migration, a licence and a layout check.
. "$(dirname "$0")/../lib.sh"
rm -rf ops; mkdir ops
cat > ops/deploy.sh <<'E'
#!/bin/bash
for i in $(seq 1 900); do echo "deploy: layer $(printf %04d $i): already present, skipping"; done
echo "deploy: applying manifest web-frontend (revision 118)"
for i in 1 2 3 4 5 6; do echo "deploy: waiting for rollout, $((i * 10)) s elapsed"; done
echo "deploy: rollout stuck: 2 of 3 replicas unavailable"
echo "deploy: replica web-7c9d-2: readiness probe answered 503 for 60 s"
echo "deploy: rolled back to revision 117"
exit 3
E
cat > ops/migrate.py <<'E'
import sys
for n in range(1, 2600):
    print("migrate: batch %d: 500 rows copied, 0 skipped" % n)
    if n == 1733:
        print("migrate: batch 1733: row 866212: column 'iban' does not match the checksum of the source")
        print("migrate: batch 1733: source DE44 5001, copy DE44 0051")
        bad = n
print("migrate: 2599 batches done, verification: 1 batch differs")
sys.exit(4)
E
cat > ops/licences.sh <<'E'
#!/bin/sh
i=0; while [ $i -lt 500 ]; do i=$((i + 1)); echo "dependency-$i: MIT: allowed"; done
echo "libspell-fr: AGPL-3.0: not on the list of allowed licences (policy.toml:17)" >&2
i=500; while [ $i -lt 900 ]; do i=$((i + 1)); echo "dependency-$i: BSD-2-Clause: allowed"; done
echo "checked 901 dependencies: 1 not allowed"
exit 1
E
cat > ops/pages.py <<'E'
import sys
for n in range(1, 1801):
    print("rendered page %04d of 1800 in %d ms" % (n, 11 + n * 7 % 23))
    if n == 611:
        print("pricing/table.html, second column:")
        print("    wanted at 1037 px")
        print("    seen at 1044 px")
print("all pages rendered, see above")
for n in range(1, 401):
    print("uploading page %04d of 1800" % n)
print("1 page failed verification")
sys.exit(1)
E
chmod 755 ops/*.sh
run buildkite plain deploy-rollout-stuck ops './deploy.sh'
run github plain migration-mismatch ops 'python3 migrate.py'
run raw plain licence-check ops './licences.sh'
run buildkite plain page-layout ops 'python3 pages.py'
