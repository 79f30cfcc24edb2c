#!/bin/sh
# SPDX-License-Identifier: MIT
# Finds the program and runs `buildsum buildkite` within a limit; says in one line why there is no annotation. Needs no more than POSIX.
# usage: run.sh post-command|pre-exit|clean   clean: after one that was ended itself
# Status 3: there is no program that runs here; 4: neither, but another hook of this job may have one, and nothing was said.
set -u
plugin=${0%/*}
hook=$1
quiet=
FETCH_SECONDS_PASSED=20 # an old annotation is worth no more
INSTALL_SECONDS_MIN=5   # in less nothing is put in place
RUN_SECONDS=15          # of the job's time-out for what comes after that: the program, other hooks
LOOK_SECONDS=10         # checksums only

say() {
	[ -n "$quiet" ] || printf 'buildsum: no annotation: %s\n' "$1" >&2
}

# --- the copy of the output that `buildsum run` kept (bs_job_copy_path): unredacted, and of no use to anybody after the hook

remove_copy() {
	copy=${BUILDSUM_LOG_COPY:-}
	case $copy in
	*/)
		id=${BUILDKITE_JOB_ID:-}
		case $id in
		'' | *[!A-Za-z0-9:_-]*) id=job ;;
		esac
		[ "${#id}" -le 80 ] || id=job
		copy=${copy}buildsum-$id.log
		;;
	esac
	if [ -f "$copy" ] && [ ! -L "$copy" ]; then
		rm -f -- "$copy" 2>/dev/null
	fi
}

ended() {
	remove_copy
	exit 0
}

missed() {
	[ -z "$leaves" ] || exit 4 # with the copy, which the other one may read
	remove_copy
	exit 3
}

# --- a limit; macOS has no timeout(1), and GNU's makes a process group of its own, which outlives a job that the agent kills

# Ends PID after SECONDS, in the background; its output goes nowhere, so that nobody waits for it. USR1 calls it off. When this shell is
# gone (killed itself), so is at once what it ran: later that number could be another process's.
watch() { # PID SECONDS
	trap '' HUP INT TERM # what ends the job does not end the watch
	before=${!:-}        # the last process that the shell around this one started
	trap '[ "$!" = "$before" ] || kill -KILL "$!"; wait; exit 0' USR1
	for how in "$2 TERM" "2 KILL"; do
		left=${how% *}
		while [ "$left" -gt 0 ]; do
			sleep 1 &
			wait "$!" || exit 1 # without a sleep there is no limit but the program's own
			kill -0 "$$" || { kill -KILL "$1"; exit 0; }
			left=$((left - 1))
		done
		kill -"${how#* }" "$1"
	done
}

start_watch() { # PID SECONDS; sets $watcher
	watch "$@" >/dev/null 2>&1 &
	watcher=$!
}

# This shell is told to end: so is the command, and soon it must. A watch that was only just begun may have been told before it could
# listen away, hence another.
told() {
	told=yes
	[ -n "$child" ] || return
	trap '' HUP INT TERM
	kill -TERM "$child" 2>/dev/null
	[ -z "$watcher" ] || kill -USR1 "$watcher" 2>/dev/null
	start_watch "$child" 1
}

# Runs a command for SECONDS at most and returns its status. Who ends this shell ends the command.
limited() { # SECONDS COMMAND...
	seconds=$1
	shift
	child=
	told=
	watcher=
	trap told HUP INT TERM
	"$@" </dev/null &
	child=$!
	start_watch "$child" "$seconds"
	[ -z "$told" ] || told
	# a wait ends by a signal for this shell too
	while :; do
		wait "$child" 2>/dev/null
		status=$?
		kill -0 "$child" 2>/dev/null || break
	done
	kill -USR1 "$watcher" 2>/dev/null
	wait "$watcher" 2>/dev/null
	trap - HUP INT TERM
	return "$status"
}

# --- what the hook itself is told: BUILDSUM_INSTALL_URL, else the plugin's property `install: { url: … }`

option() { # NAME; sets $value
	eval "value=\${BUILDSUM_$1:-}"
	[ -z "$value" ] || return 0
	case ${BUILDKITE_PLUGIN_NAME:-} in
	'' | *[!A-Z0-9_]*) ;;
	*) eval "value=\${BUILDKITE_PLUGIN_${BUILDKITE_PLUGIN_NAME}_$1:-}" ;;
	esac
}

# A whole number of seconds, or the default.
seconds() { # NAME DEFAULT; sets $value
	eval "value=\${$1:-}"
	case $value in
	'' | 0?* | *[!0-9]* | ??????*) value=$2 ;;
	esac
}

# --- the state of the job: what is worth doing for it

# Fails when there is nothing to do. A job that timed out uses the program only where it is in place already; for a retry that passed, whose
# log stays as it is, it may be fetched, too.
judge() { # sets $in_place
	in_place=
	[ "$hook" = pre-exit ] && unset_is=1 || unset_is=0
	hook_status=0 # of the last one; the command may have passed, and a hook after it failed
	[ "$hook" != pre-exit ] || hook_status=${BUILDKITE_LAST_HOOK_EXIT_STATUS:-0}
	if [ "${BUILDKITE_COMMAND_EXIT_STATUS:-$unset_is}" = 0 ] && [ "$hook_status" = 0 ]; then
		in_place=silently
		[ "${BUILDKITE_RETRY_COUNT:-0}" != 0 ]
	elif [ "${BUILDKITE_JOB_TIMED_OUT:-}" = true ]; then
		in_place=only
	else
		[ "${BUILDKITE_JOB_CANCELLED:-}" != true ]
	fi
}

# The seconds until the job's time-out; nothing where there is none, or it is not to be found out (plugin/budget.c has the same clock).
time_left() { # sets $value
	seconds BUILDKITE_TIMEOUT 0
	minutes=$value
	value=
	[ "$minutes" != 0 ] && [ -f "${BUILDKITE_ENV_FILE:-}" ] || return 0
	began=$(stat -c %Y "$BUILDKITE_ENV_FILE" 2>/dev/null || stat -f %m "$BUILDKITE_ENV_FILE" 2>/dev/null)
	now=$(date +%s 2>/dev/null)
	case $began,$now in
	,* | *, | *[!0-9,]*) ;;
	*) [ "$began" -gt "$now" ] || value=$((minutes * 60 - (now - began))) ;;
	esac
}

# What is not found is for the plugin's own hook to tell, where the agent's runs before it, and once.
hush() { # sets $leaves, $silent, $quiet
	leaves=
	if [ "$hook" = post-command ] && [ -z "${BUILDKITE_PLUGIN_NAME:-}${BUILDSUM_HOOK_RAN:-}" ]; then
		case ${BUILDKITE_PLUGINS:-} in
		*buildsum* | *'"./plugin"'*) leaves=yes ;;
		esac
	fi
	[ "$in_place" = silently ] && silent=yes || silent=
	quiet=$silent$leaves${BUILDSUM_HOOK_RAN:-}
}

# --- the program: named, pinned by its checksum, on the PATH, built beside the plugin, or built from its sources

hushed() {
	if [ -n "$quiet" ]; then "$@" 2>/dev/null; else "$@"; fi
}

# How long it may take to put the program in place; 0: not at all.
install_seconds() { # fetch|build; sets $most, $why
	seconds BUILDSUM_INSTALL_SECONDS 300
	most=$value
	why="BUILDSUM_INSTALL_SECONDS is 0"
	case $in_place,$1 in
	silently,fetch) [ "$most" -le "$FETCH_SECONDS_PASSED" ] || most=$FETCH_SECONDS_PASSED ;;
	,*) ;;
	*) most=0 && why="a job that timed out does not wait for it" ;;
	esac
	time_left
	[ -n "$value" ] || return 0
	value=$((value - RUN_SECONDS))
	[ "$value" -ge "$INSTALL_SECONDS_MIN" ] || value=0
	if [ "$value" -lt "$most" ]; then
		most=$value
		why="the job's time-out is too near to wait for it"
	fi
}

install() { # fetch|build WHAT...; sets $program
	install_seconds "$1"
	if [ "$most" = 0 ]; then
		set -- look "$@"
		most=$LOOK_SECONDS
	fi
	program=$(hushed limited "$most" /bin/sh "$plugin/install.sh" "$@")
	status=$?
	if [ -n "$told" ]; then
		say "the hook was told to end"
	elif [ "$status" -ge 128 ]; then
		say "putting the program in place took longer than $most s"
	fi
	[ "$status" != 3 ] || say "the program is not in place yet, and $why"
	[ "$status" = 0 ] && [ -n "$program" ]
}

find_program() { # sets $program; when there is none, says why
	program=${BUILDSUM_BIN:-}
	if [ -n "$program" ]; then
		[ -f "$program" ] && [ -x "$program" ] && return 0
		say "BUILDSUM_BIN: $program is no program that can be run here"
		return 1
	fi
	option INSTALL_URL && url=$value
	if [ -n "$url" ]; then
		option INSTALL_SHA256
		install fetch "$url" "$value"
		return
	fi
	program=$(command -v buildsum 2>/dev/null) && [ -x "$program" ] && return 0
	program=$plugin/../build/buildsum
	[ -x "$program" ] && return 0
	option INSTALL_BUILD
	if [ "$value" = true ]; then
		install build "$plugin/.."
		return
	fi
	say "the program was not found; put it on the agent's PATH (make install), or set the plugin's install.url or install.build"
	return 1
}

# The first line of what the program says for itself, when it cannot even do that.
why_not() {
	said=$(limited 5 "$program" --version 2>&1) && said=
	printf '%s\n' "$said" | sed -n '1s/^ *//p'
}

if [ "$hook" = clean ] || ! judge; then
	ended
fi
hush
told=
trap 'told=yes' HUP INT TERM # this shell stays until what is half in place has been taken away
find_program || missed
trap - HUP INT TERM
if [ -n "$silent" ] && [ -n "$(why_not)" ]; then # the shell would say so itself, in a green log
	missed
fi
seconds BUILDSUM_HOOK_SECONDS 120
# the program keeps its own deadline (30 s unless configured) and ends before this; this is for one that cannot
export BUILDSUM_HOOK="$hook" BUILDSUM_HOOK_SECONDS="$value"
limited "$value" "$program" buildkite
status=$?
case $status,$told in
0,*) ended ;;
126, | 127,)
	say "$program does not run here: $(why_not)"
	missed
	;;
esac
quiet=$silent
if [ -n "$told" ]; then
	say "the hook was told to end"
else
	say "$program ended with status $status"
fi
ended
