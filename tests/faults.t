#!/bin/sh
# SPDX-License-Identifier: MIT
# Each case of tests/faults.txt has the test it names.
set -u
cd "$(dirname "$0")/.." || exit 1
count=0 failed=0
grep -vE '^(#|$)' tests/faults.txt >"${TMPDIR:-/tmp}/faults.$$"
while IFS='|' read -r case file words; do
	case=${case% } file=${file# } file=${file% } words=${words# }
	count=$((count + 1))
	if [ "$file" = - ] && [ -n "$words" ]; then
		echo "ok $count - $case # SKIP $words"
	elif [ -n "$words" ] && grep -qF -e "$words" "$file" 2>/dev/null; then
		echo "ok $count - $case"
	else
		failed=$((failed + 1))
		echo "not ok $count - $case"
		echo "# $file does not say \"$words\""
	fi
done <"${TMPDIR:-/tmp}/faults.$$"
rm -f "${TMPDIR:-/tmp}/faults.$$"
echo "1..$count"
[ "$failed" = 0 ]
