#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fuzz target over its corpus, one test point a target.
cd "$(dirname "$0")/../.." || exit 1
n=0
for program in "${BUILD:-build}"/fuzz/replay_*; do
	[ -x "$program" ] && [ ! -d "$program" ] || continue
	case $program in *.d) continue ;; esac
	n=$((n + 1))
	name=${program##*/replay_}
	if found=$("$program" "tests/fuzz/corpus/$name" 2>&1); then
		echo "ok $n - $name holds its properties over its corpus"
	else
		echo "not ok $n - $name holds its properties over its corpus"
		echo "$found" | tail -30 | sed 's/^/# /'
	fi
done
echo "1..$n"
