# SPDX-License-Identifier: MIT
# Shared by the make.sh scripts: a clean work directory ($1), a neutral environment, and run(), which records a case.
WORK=${1:?usage: make.sh WORKDIR}
CASES=$(cd "$(dirname "$0")/.." && pwd)
TOOL=$(basename "$(cd "$(dirname "$0")" && pwd)")
mkdir -p "$WORK" && cd "$WORK" || exit 1
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export HOME=$WORK/home CARGO_HOME=$WORK/home/.cargo GOPATH=$WORK/home/go GOFLAGS=-buildvcs=false LC_ALL=C.UTF-8 CI=true
unset LD_PRELOAD PIP_FIND_LINKS
mkdir -p "$HOME"
# run STYLE MODE CASE DIR CMD [SHOWN]: STYLE is raw, buildkite or github; MODE is tty or plain.
run() {
    set -- "$1" "$2" "$3" "$4" "$5" "${6:-$5}"
    [ -n "$ONLY" ] && [ "$ONLY" != "$3" ] && return 0
    _o="--run"
    [ "$1" != raw ] && _o="$_o --$1"
    [ "$2" = tty ] && _o="$_o --tty"
    python3 "$CASES/wrap.py" $_o --cwd "$4" --cmd "$5" --show "$6" --out "$CASES/$TOOL/$3/log.txt"
}
