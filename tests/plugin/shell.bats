#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The plugin's shell in every shell that is here, hooks and all below them: whatever fails, the job keeps its status and says one line.

JOB=0190aaaa-bbbb-cccc-dddd-eeeeffff0001

setup_file() {
	# of each shell a plugin all of whose files are run by it
	shells=
	for shell in sh dash "bash" "bash --posix" "busybox sh" mksh ksh93 yash "zsh --emulate sh"; do
		path=$(command -v "${shell%% *}") || continue
		[ "$shell" != sh ] || case $(readlink -f "$path") in */dash | */bash | */busybox) continue ;; esac
		name=$(printf '%s' "$shell" | tr -c 'a-z0-9\n' _)
		shells="$shells $name"
		mkdir -p "$BATS_FILE_TMPDIR/$name/plugin"
		cp -R plugin/hooks plugin/wrap plugin/run.sh plugin/install.sh "$BATS_FILE_TMPDIR/$name/plugin"
		case $shell in *' '*) path="$path ${shell#* }" ;; esac
		printf '%s\n' "$path" >"$BATS_FILE_TMPDIR/$name/shell"
		sed -i.was "s#/bin/sh \"#$path \"#g; s#/bin/bash -e -c#/bin/bash -e -c#" \
			"$BATS_FILE_TMPDIR/$name"/plugin/hooks/[a-z]* "$BATS_FILE_TMPDIR/$name"/plugin/run.sh
	done
	export shells
	program=$PWD/${BUILD:-build}/buildsum
	export program
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset BUILDKITE BUILDSUM_HOOK_RAN BUILDSUM_LOG_COPY BUILDKITE_PLUGIN_CONFIGURATION
	export HOME="$BATS_TEST_TMPDIR" BUILDKITE_COMMAND_EXIT_STATUS=2 BUILDKITE_JOB_ID=$JOB BUILDSUM_HOOK_SECONDS=1
	options='set -eu; if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi'
	before='' redirect=''
}

# A program of these lines, in place of ours.
fake() { # NAME LINE...
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$1"
	chmod +x "$1"
	export BUILDSUM_BIN="$PWD/$1"
}

# Sources the hook as the agent's wrapper does, in a process group of its own. Sets status, output, lines.
hook() { # SHELL-NAME HOOK
	rm -f after
	cat >wrapper <<-END
		$options
		$before
		. "$BATS_FILE_TMPDIR/$1/plugin/hooks/$2" $redirect
		echo "\$?:\${BUILDKITE_COMMAND_EXIT_STATUS:-unset}" >"$PWD/after"
	END
	# shellcheck disable=SC2046
	run perl -e 'setpgrp; exec @ARGV' $(cat "$BATS_FILE_TMPDIR/$1/shell") wrapper
}

# It ended with 0 and went on, the command's status is what it was, and the job's log has one line of ours that says this.
goes_on() { # WORDS
	said=$(printf '%s\n' "$output" | grep -c '^buildsum: no annotation: ' || true)
	if [ "$status" = 0 ] && [ "$(cat after)" = "0:$BUILDKITE_COMMAND_EXIT_STATUS" ] && [ "$said" = 1 ]; then
		case $output in *"$1"*) return 0 ;; esac
	fi
	printf 'in %s: status %s, after %s: %s\n' "$name" "$status" "$(cat after)" "$output"
	return 1
}

each() { # WORDS, for both hooks in every shell
	for name in $shells; do
		hook "$name" post-command
		goes_on "$1"
		hook "$name" pre-exit
		goes_on "$1"
	done
}

@test "a missing binary" {
	export BUILDSUM_BIN=/nonexistent/buildsum
	each "BUILDSUM_BIN: /nonexistent/buildsum"
	unset BUILDSUM_BIN
	PATH=/usr/bin:/bin each "was not found"
}

@test "a binary of another architecture" {
	printf '\177ELF\002\001\001' >alien
	chmod +x alien
	shells=$(printf '%s' "$shells" | sed 's/ mksh//') # which takes it for a failure of its own
	BUILDSUM_BIN=$PWD/alien each "does not run here"
}

@test "a missing library" {
	command -v cc >/dev/null || skip "no compiler here"
	echo 'int gone(void) { return 0; }' >gone.c
	echo 'int gone(void); int main(void) { return gone(); }' >main.c
	cc -shared -fPIC -o libgone.so gone.c
	cc -o needy main.c -L. -lgone -Wl,-rpath,"$PWD"
	rm libgone.so
	BUILDSUM_BIN=$PWD/needy each "libgone"
}

@test "a crash" {
	fake crash 'kill -SEGV $$'
	each "ended with status 139"
}

@test "out of memory: the kernel's end" {
	fake killed 'kill -KILL $$'
	each "ended with status 137"
}

@test "out of memory: none is to be had" {
	export BUILDSUM_BIN=$program
	before='ulimit -v 30000'
	for name in $shells; do
		case $name in zsh* | ksh*) continue ;; esac # they need more themselves
		hook "$name" post-command
		[ "$status" = 0 ] && [ "$(cat after)" = 0:2 ]
	done
}

@test "a full disk" {
	fake writes "trap '' XFSZ" 'echo x >written || exit 5'
	before="trap '' XFSZ; ulimit -f 0"
	for name in $shells; do
		hook "$name" post-command
		# the line of the wrapper that comes after cannot be written either
		[ -e after ] && printf '%s\n' "$output" | grep -q 'ended with status 5'
	done
}

@test "a read-only checkout" {
	fake writes 'echo x 2>/dev/null >written || exit 5'
	before='cd /proc'
	each "ended with status 5"
	unset BUILDSUM_BIN
	HOME=/proc TMPDIR=/proc BUILDSUM_INSTALL_URL=https://127.0.0.1:9/x BUILDSUM_INSTALL_SHA256=$(printf '%064d' 0) each "no folder to keep the program in"
}

@test "no HOME" {
	fake tells '[ -z "${HOME:-}" ] && exit 5'
	before='unset HOME'
	each "ended with status 5"
}

@test "a closed input" {
	fake reads 'read -r line && exit 3; exit 5'
	redirect='<&-'
	each "ended with status 5"
}

@test "options of others: none, strict, tracing, no globbing, odd word splitting" {
	fake fails 'exit 5'
	for options in '' 'set -eu' 'set -f' "IFS=/:" 'set -a; umask 777'; do
		each "ended with status 5"
	done
}

@test "a hang, and one that does not listen" {
	fake hangs 'exec sleep 30'
	for name in $shells; do
		hook "$name" post-command
		goes_on "ended with status 143"
	done
}

@test "told to end while the program runs" {
	fake tells 'kill -TERM 0' 'exec sleep 30'
	each "the hook was told to end"
	fake deaf "trap '' TERM" 'kill -TERM 0' 'while :; do :; done'
	for name in dash bash busybox_sh; do # each takes three seconds
		case " $shells " in *" $name "*) ;; *) continue ;; esac
		hook "$name" post-command
		goes_on "the hook was told to end"
	done
}

@test "told to end while it asks what is wrong" {
	fake asked '[ "$1" != --version ] || kill -TERM 0' 'exit 126'
	for name in $shells; do
		hook "$name" post-command
		[ "$status" = 0 ] && [ "$(cat after)" = 0:2 ]
	done
}

@test "told to end while it fetches" {
	mkdir bin
	fetches="PATH=$PWD/bin:$PATH; export BUILDSUM_INSTALL_URL=https://127.0.0.1:9/x BUILDSUM_INSTALL_SHA256=$(printf '%064d' 0)"
	for name in $shells; do
		before=$fetches
		fake bin/curl 'kill -TERM 0' 'exec sleep 30'
		unset BUILDSUM_BIN
		hook "$name" post-command
		[ "$status" = 0 ] && [ "$(cat after)" = 0:2 ]
		# it was no failure, and what it may have left, its shells having been killed, is in nobody's way
		fake bin/curl 'exit 22'
		unset BUILDSUM_BIN
		hook "$name" post-command
		[ "$status" = 0 ] && [ "$(cat after)" = 0:2 ]
		case $output in *"install.url: not fetched"*) ;; *) false ;; esac
		rm -rf .cache
	done
}

@test "traps of the shell that reads the hook" {
	fake passes :
	redirect="; trap >now"
	for name in $shells; do
		before="trap 'echo bye >bye' EXIT; trap '' HUP; trap >was"
		case $name in bash* | busybox*) before="trap 'echo bye >bye' EXIT; trap '' HUP; trap 'echo told' TERM; trap >was" ;; esac
		rm -f bye
		hook "$name" post-command
		[ "$status" = 0 ] && [ -e bye ] && cmp was now
	done
}

@test "what there is nothing to say about" {
	fake speaks 'echo spoken'
	for name in $shells; do
		BUILDKITE_COMMAND_EXIT_STATUS=0 hook "$name" post-command
		[ "$status$output" = 0 ]
		BUILDKITE_COMMAND_EXIT_STATUS=0 hook "$name" pre-exit
		[ "$status$output" = 0 ]
		BUILDKITE_JOB_CANCELLED=true hook "$name" post-command
		[ "$status$output" = 0 ]
		BUILDSUM_HOOK_RAN=true hook "$name" pre-exit
		[ "$status$output" = 0 ]
	done
}

@test "the wrapper of the command: its status is the job's, with a program and without" {
	export BUILDKITE_COMMAND='echo one; exit 7' BUILDKITE_SHELL='/bin/sh -e -c'
	options=
	for name in $shells; do
		for BUILDSUM_BIN in "$program" /nonexistent; do
			export BUILDSUM_BIN
			before=". '$BATS_FILE_TMPDIR/$name/plugin/wrap/hooks/pre-command'"
			hook "$name" ../wrap/hooks/command
			[ "$(cat after)" = 7:2 ]
			[ "$(printf '%s\n' "$output" | grep -c '^one')" = 1 ]
		done
	done
}
