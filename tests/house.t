#!/bin/sh
# SPDX-License-Identifier: MIT
# The laws of the house: include direction, one room per outside library, sizes, first lines, banned functions.
set -u
cd "$(dirname "$0")/.." || exit 1
echo "1..11"
verdict() { # NAME, findings on standard input

	found=$(cat)
	if [ -z "$found" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		echo "$found" | sed 's/^/# /'
	fi
}
sources() { ls core/*.[ch] core/*/*.[ch] plugin/*.[ch] cli/*.[ch] 2>/dev/null; }

sources | xargs awk '
	function floor(path) {
		if (path ~ /^core\/base\//) return 0
		if (path ~ /^core\/(ext|text)\//) return 1
		if (path ~ /^core\/config\//) return 2
		if (path ~ /^core\/(rules|llm|fault)\//) return 3
		if (path ~ /^core\/(report|observe)\//) return 4
		if (path ~ /^core\/drill\//) return 6
		if (path ~ /^core\//) return 5
		if (path ~ /^plugin\//) return 6
		if (path ~ /^cli\//) return 7
		return 99
	}
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	/^#include "/ {
		split($0, part, "\"")
		if (floor(part[2]) == 99) print FILENAME ": " part[2] " is not a whole path from the root"
		else if (folder(FILENAME) != folder(part[2]) && floor(part[2]) >= floor(FILENAME))
			print FILENAME " (floor " floor(FILENAME) ") includes " part[2] " (floor " floor(part[2]) ")"
	}' | verdict "includes point strictly downwards"

sources | xargs grep -nE '#include <(curl/|cjson/|cJSON|yaml\.h|pcre2)' |
	grep -vE '^core/ext/http[a-z_]*\.c:[0-9]+:#include <curl/|^core/ext/json[a-z_]*\.c:[0-9]+:#include <cjson/|^core/ext/yaml\.c:[0-9]+:#include <yaml|^core/ext/regex\.c:[0-9]+:#include <pcre2' |
	verdict "each outside library has one room"

sources | while read -r f; do
	[ "$(sed -n 1p "$f")" = "// SPDX-License-Identifier: MIT" ] || echo "$f:1: not the SPDX line"
	sed -n 2p "$f" | grep -qE '^// .{20,}' || echo "$f:2: no sentence that says what the file is for"
done | verdict "each file begins with its licence and its purpose"

sources | xargs wc -l | awk '$2 != "total" && $1 > 330 { print $2 ": " $1 " lines" }' |
	verdict "files have about 300 lines at most"

sources | grep '\.c$' | xargs awk '
	FNR == 1 { start = 0 }
	/^[a-zA-Z].*[^;]$/ && !/^(#|struct .*=|static const|enum|const .*=)/ { head = $0; headline = FNR }
	/^{/ { start = FNR; name = head }
	/^}/ { if (start && FNR - start - 1 > 75) print FILENAME ":" headline ": " FNR - start - 1 " lines: " name; start = 0 }' |
	verdict "functions have about 70 lines at most"

sources | xargs grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|gets|atoi|atol|atof|strdup|strndup|system|popen|tmpnam|mktemp|setjmp|alloca)\(' |
	verdict "banned functions are not called"

sources | grep '^core/' | xargs grep -nE '\b(printf|puts|putchar|fputs|fprintf|perror)\(' | verdict "core never prints"

grep -nE '\b(malloc|calloc|realloc)\(' $(sources) |
	grep -vE '^core/(reading\.c|base/(arena|buf)\.c|ext/[a-z_]+\.c|text/(clean|kind)\.c|rules/[a-z_]+\.c|llm/[a-z_]+\.c|fault/[a-z_]+\.c|drill/[a-z_]+\.c):' | verdict "memory comes from arenas and buffers"

sources | xargs grep -nE '^typedef|^\s+typedef' | verdict "structs are not typedef'd"

find . -path ./.git -prune -o -path ./build -prune -o -mindepth 1 -maxdepth 1 -print | sed 's|^\./||' |
	grep -vxE 'cli|core|plugin|prompts|tests|Makefile|README\.md|LICENSE|\..*' | grep -vx build | verdict "the top level is exactly what it should be"

if command -v clang-format >/dev/null 2>&1; then
	sources | xargs clang-format --dry-run -Werror 2>&1 | grep -E 'error:' | head -20 | verdict "the layout is what .clang-format says"
else

	echo "ok - the layout is what .clang-format says # SKIP clang-format is not installed"
fi
