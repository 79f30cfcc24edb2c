#!/bin/sh
# SPDX-License-Identifier: MIT
# The documents made from the tables are those in the tree, and are well-formed.
set -u
cd "$(dirname "$0")/.." || exit 1
program=${BUILD:-build}/buildsum
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
echo "1..6"
n=0
verdict() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

sh .ci/docs "$program" "$new"
verdict $? "the documents can be made"
for file in cli/buildsum.1 plugin/plugin.yml README.md; do
	if [ "$file" = README.md ] && [ ! -f "$new/README.md" ]; then
		n=$((n + 1))
		echo "ok $n - $file is up to date # SKIP it holds no table of settings"
		continue
	fi
	diff -u "$file" "$new/$file" >"$new/diff" 2>&1
	status=$?
	[ "$status" = 0 ] || sed -n '1,40s/^/# /p' "$new/diff"
	verdict "$status" "$file is up to date (make docs)"
done

if command -v man >/dev/null 2>&1; then
	LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings=w -E UTF-8 -l "$new/cli/buildsum.1" 2>"$new/warnings" >/dev/null
	[ ! -s "$new/warnings" ] || sed 's/^/# /' "$new/warnings"
	[ ! -s "$new/warnings" ]
	verdict $? "the man page has no warnings"
else
	n=$((n + 1))
	echo "ok $n - the man page has no warnings # SKIP man is not installed"
fi

# Our own loader must take every key that plugin.yml offers: one line of JSON per property.
python3 - "$new/plugin/plugin.yml" "$program" <<'END'
import json, re, subprocess, sys
keys, path = [], []
for line in open(sys.argv[1], encoding="utf-8"):
    m = re.match(r"^( {4,8})([a-z0-9_]+):$", line)
    if m and len(m[1]) in (4, 8) and m[2] not in ("items",):
        path = path[: (len(m[1]) - 4) // 4] + [m[2]]
        if path[0] != "providers":
            keys.append(".".join(path))
shown = subprocess.run([sys.argv[2], "config", "--format", "json"], env={}, capture_output=True, check=True)
known = {s["name"] for s in json.loads(shown.stdout)["settings"]} - {"config"}
keys = set(keys) - {name.split(".")[0] for name in known if "." in name}
assert keys == known, keys ^ known
END
verdict $? "plugin.yml offers every setting that the loader takes"
