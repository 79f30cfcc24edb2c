#!/bin/sh
# SPDX-License-Identifier: MIT
# The demonstration: a bundled log of a real failed run, summarised without key or network.
set -eu
program=$1
log=tests/cases/pytest/assertion-large/log.txt
lines=$(wc -l <"$log" | tr -d ' ')
bold=; plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m'); plain=$(printf '\033[0m'); fi
printf '\n%sA failed CI job left %s lines. One assertion in them matters:%s\n\n' "$bold" "$lines" "$plain"
printf '  $ %s --offline %s\n\n' "$program" "$log"
"$program" --offline "$log"
printf '\n%sWhat a model would have been sent of it, redacted: %s bytes of %s%s\n\n' "$bold" \
	"$("$program" trim "$log" | wc -c | tr -d ' ')" "$(wc -c <"$log" | tr -d ' ')" "$plain"
printf '  $ %s trim %s\n' "$program" "$log"
printf '\n%sAnd when the provider of the model breaks down? The same, played on this machine:%s\n\n' "$bold" "$plain"
scenarios=rate-limit-storm,hard-503,cut-stream,broken-lifeboat
printf '  $ %s drill --runs 3 --scenario %s\n\n' "$program" "$scenarios"
"$program" drill -q --runs 3 --scenario "$scenarios" || :
printf '\nYour own: %s some.log, or make 2>&1 | %s, or %s run -- make\n' "$program" "$program" "$program"
