#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts the program into a folder of this user's, once per version and host, and prints its path; one line on standard error when it cannot.
# usage: install.sh [look] fetch URL SHA256S | install.sh [look] build SOURCES
# With `look` nothing is put anywhere: status 3 when the program is not in place yet.
set -u
umask 077
LOCK_SECONDS=300 # a build on a slow host takes a minute or two
RETRY_MINUTES=10 # what failed is not tried again by every failing job
BYTES_MAX=67108864
FETCH_SECONDS=60

give_up() {
	printf 'buildsum: no annotation: %s\n' "$1" >&2
	exit 1
}

# Fails for what failed just now, and remembers why.
fail() {
	printf '%s\n' "$1" >"$item.failed" 2>/dev/null
	give_up "$1"
}

only_looks() {
	[ "$look" = no ] || exit 3
}

# --- the folder: nobody else may put programs into it

is_ours() { # FOLDER
	[ -d "$1" ] && [ ! -L "$1" ] && [ -w "$1" ] || return 1
	# shellcheck disable=SC2012  # the only way to learn a file's owner that every system has
	ls -ldn "$1/" | awk -v me="$(id -u)" '{ exit !($3 == me && substr($1, 6, 1) != "w" && substr($1, 9, 1) != "w") }'
}

choose_folder() { # sets $cache
	for cache in "${BUILDSUM_CACHE_DIR:-}" "${XDG_CACHE_HOME:+$XDG_CACHE_HOME/buildsum}" "${HOME:+$HOME/.cache/buildsum}" \
		"${TMPDIR:-/tmp}/buildsum-$(id -u)"; do
		case $cache in
		/*) ;;
		*) continue ;;
		esac
		mkdir -p "$cache" 2>/dev/null && is_ours "$cache" && return 0
	done
	give_up "there is no folder to keep the program in; set BUILDSUM_CACHE_DIR to one that only this user may write to"
}

# --- the lock: a folder, since every file system makes those for one caller only

# Takes away the lock of a process that is gone, or one older than any work may take.
break_lock() {
	holder=$(cat "$item.lock/pid" 2>/dev/null) || holder=
	case $holder in
	'' | *[!0-9]*) gone=false ;;
	*) kill -0 "$holder" 2>/dev/null && gone=false || gone=true ;;
	esac
	[ -z "$(find "$item.lock" -prune -mmin +"$((LOCK_SECONDS / 30))" 2>/dev/null)" ] || gone=true
	[ "$gone" = true ] || return 0
	# of several who saw that, one moves it; it may not be the next owner's
	mv "$item.lock" "$item.gone.$$" 2>/dev/null || return 0
	[ "$(cat "$item.gone.$$/pid" 2>/dev/null)" = "$holder" ] || mv "$item.gone.$$" "$item.lock" 2>/dev/null
	rm -rf "$item.gone.$$"
}

lock() {
	waited=0
	refused=0
	until mkdir "$item.lock" 2>/dev/null; do
		# one that is not there may just have been given back
		[ -d "$item.lock" ] && refused=0 || refused=$((refused + 1))
		[ "$refused" -lt 3 ] || give_up "$cache cannot be written to"
		[ "$waited" -lt "$LOCK_SECONDS" ] || give_up "another job is still installing the program ($item.lock)"
		break_lock
		sleep 1
		waited=$((waited + 1))
	done
	trap release EXIT
	trap 'exit 143' HUP INT TERM
	printf '%s\n' "$$" >"$item.lock/pid" 2>/dev/null
}

release() {
	trap '' HUP INT TERM # a second one must not keep the rest from being done
	[ -z "${worker:-}" ] || kill -TERM "$worker" 2>/dev/null
	rm -rf "$item.new.$$"
	[ "$(cat "$item.lock/pid" 2>/dev/null)" != "$$" ] || rm -rf "$item.lock"
}

# A command that a signal for this shell ends. Told to end itself, with this shell or alone, it has not failed: nothing is remembered.
work() {
	"$@" </dev/null &
	worker=$!
	wait "$worker" 2>/dev/null
	status=$?
	worker=
	case $status in 129 | 130 | 143) exit 143 ;; esac
	return "$status"
}

failed_lately() {
	[ -n "$(find "$item.failed" -prune -mmin -"$RETRY_MINUTES" 2>/dev/null)" ] || return 1
	give_up "$(cat "$item.failed") (tried within the last $RETRY_MINUTES minutes; $item.failed)"
}

sha256_of() { # FILE...; of one file, or of standard input
	if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi | cut -d ' ' -f 1
}

# --- from a server, pinned

is_pinned() {
	[ -x "$item/buildsum" ] && [ "$(sha256_of "$item/buildsum")" = "$sha256" ]
}

# The address is not an argument, which every user of the host could read; .curlrc and .netrc are not read.
download() { # URL FILE
	printf 'url = "%s"\n' "$1" >"$2.from"
	exec curl -q --config "$2.from" --silent --show-error --fail --output "$2" --proto '=https' --tlsv1.2 \
		--location --proto-redir '=https' --max-redirs 5 --max-time "$FETCH_SECONDS" --connect-timeout 10 --max-filesize "$BYTES_MAX" \
		2>"$2.said"
}

# What this machine runs, as download pages name it: linux amd64.
name_target() { # sets $os, $arch
	os=$(uname -s | tr '[:upper:]' '[:lower:]')
	arch=$(uname -m)
	case $arch in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	esac
}

# The checksum of the program for this machine: the only one, or the one behind "linux-amd64:" in a list.
choose_checksum() { # SHA256S; sets $sha256
	sha256=
	case $1 in
	*:*)
		for pair in $(printf '%s' "$1" | tr ',' ' '); do
			[ "${pair%%:*}" != "$os-$arch" ] || sha256=${pair#*:}
		done
		[ -n "$sha256" ] || give_up "install.sha256: there is none for this machine, $os-$arch"
		;;
	*) sha256=$1 ;;
	esac
	sha256=$(printf '%s' "$sha256" | tr 'A-F' 'a-f')
}

fetch() { # URL SHA256S
	name_target
	choose_checksum "$2"
	set -- "$(printf '%s' "$1" | sed "s/{os}/$os/g; s/{arch}/$arch/g")"
	case $1 in
	*[!A-Za-z0-9:/._~%+=\&?,-]*) give_up "install.url: a user, a password or an odd character has no place in it" ;;
	https://?*) ;;
	*) give_up "install.url: expected https://…" ;;
	esac
	case $sha256 in
	'' | *[!0-9a-f]*) give_up "install.sha256: expected the 64 hexadecimal digits of the program's SHA-256; without it nothing is fetched" ;;
	esac
	[ "${#sha256}" = 64 ] || give_up "install.sha256: expected 64 hexadecimal digits, not ${#sha256}"
	item=$cache/fetched-$sha256
	is_pinned && return 0
	only_looks
	failed_lately
	lock
	is_pinned && return 0
	failed_lately
	command -v curl >/dev/null 2>&1 || fail "install.url: there is no curl here to fetch it with"
	mkdir "$item.new.$$" || give_up "$cache cannot be written to"
	work download "$1" "$item.new.$$/buildsum" ||
		fail "install.url: not fetched: $(sed -n '1s/^curl: //p' "$item.new.$$/buildsum.said")"
	found=$(sha256_of "$item.new.$$/buildsum")
	[ "$found" = "$sha256" ] || fail "install.url: what was fetched has another checksum, $found; it is not run"
	rm -f "$item.new.$$/buildsum.from" "$item.new.$$/buildsum.said"
	put_in_place
}

# --- from the sources that came with the plugin

# Their name for the cache: the version and a checksum over all that the program is made of.
name_sources() { # FOLDER
	version=$(sed -n 's/^VERSION *:= *//p' "$1/Makefile" 2>/dev/null)
	checksum=$(cd "$1" && find Makefile .ci cli core plugin prompts -type f ! -name '*.md' -print | LC_ALL=C sort |
		while IFS= read -r file; do
			printf '%s\n' "$file"
			cat "$file"
		done | sha256_of | cut -c 1-16)
	printf '%s-%s-%s-%s\n' "${version:-0}" "$checksum" "$(uname -s)" "$(uname -m)"
}

compile() { # FOLDER TARGET; nothing of the job's environment gets into it
	exec env -i PATH="$PATH" HOME="${HOME:-/nonexistent}" TMPDIR="${TMPDIR:-/tmp}" LC_ALL=C \
		nice make -C "$1" BUILD="$2" "$2/buildsum" >"$item.log" 2>&1
}

build() { # SOURCES
	sources=$(CDPATH='' cd -P "$1" 2>/dev/null && pwd) || sources=
	[ -f "$sources/core/run.c" ] || give_up "install.build: the plugin came without the sources of the program"
	item=$cache/built-$(name_sources "$sources")
	[ -x "$item/buildsum" ] && return 0
	only_looks
	failed_lately
	lock
	[ -x "$item/buildsum" ] && return 0
	failed_lately
	command -v make >/dev/null 2>&1 || fail "install.build: there is no make here to build it with"
	mkdir "$item.new.$$" || give_up "$cache cannot be written to"
	work compile "$sources" "$item.new.$$/tree" || fail "install.build: the build failed; $item.log tells why"
	mv "$item.new.$$/tree/buildsum" "$item.new.$$/buildsum" || fail "install.build: the build made no program"
	rm -rf "$item.new.$$/tree"
	put_in_place
}

put_in_place() {
	chmod 755 "$item.new.$$/buildsum"
	rm -rf "$item"
	mv "$item.new.$$" "$item" || give_up "$cache cannot be written to"
	rm -f "$item.failed"
}

look=no
[ "$1" != look ] || { look=yes && shift; }
choose_folder
case $1 in
fetch) fetch "$2" "$3" ;;
build) build "$2" ;;
esac
printf '%s\n' "$item/buildsum"
