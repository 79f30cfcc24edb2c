#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command (or reads a log), makes its output neutral, and writes it as a CI job's log would hold it."""
# Usage: wrap.py [--buildkite|--github] [--tty] [--cmd CMD] [--show TEXT] [--cwd DIR] [--out FILE] < raw
# With --run the command CMD is run in DIR (under a pseudo-terminal with --tty);
# without it the raw log is read from standard input.
import argparse, datetime, fcntl, os, pty, random, re, struct, subprocess, sys, termios

# Hosts that may stay in a log: documentation and made-up names. Every other host is replaced.
DOCS = (r'(?:[\w.-]+\.)?(?:example|example\.(?:com|org|net)|invalid|test|localhost|pytest\.org|readthedocs\.io|'
        r'apache\.org/confluence|shellcheck\.net|gradle\.org|typescript-eslint\.io|eslint\.org|jestjs\.io|'
        r'rust-lang\.github\.io|rust-lang\.org|go\.dev|vitest\.dev|mochajs\.org|valgrind\.org|mypy-lang\.org|'
        r'gnu\.org|docs\.python\.org|cmake\.org|127\.0\.0\.1)')


def run(cmd, cwd, tty):
    """Returns the output and the exit status, as a shell counts it."""
    env = dict(os.environ, TERM='xterm-256color' if tty else 'dumb')
    if not tty:
        p = subprocess.run(['bash', '-c', cmd], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return p.stdout, p.returncode if p.returncode >= 0 else 128 - p.returncode
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execvpe('bash', ['bash', '-c', cmd], env)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 100, 160, 0, 0))
    out = bytearray()
    while True:
        try:
            block = os.read(fd, 65536)
        except OSError:
            break
        if not block:
            break
        out += block
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return bytes(out), status if status >= 0 else 128 - status


def neutral(data):
    """Replaces registry hosts, this machine's paths and its host name."""
    s = data.decode('utf-8', 'surrogateescape')
    s = re.sub(r'(?:/[\w.-]+)*/versions/3[\d.]+(?=/(?:lib|bin|include))', '/opt/python', s)
    s = re.sub(r'(?:/[\w.-]+)*/\.rustup/toolchains/[\w.-]+', '/opt/rust', s)
    s = s.replace('/usr/' + 'local/go', '/opt/go').replace(os.environ['HOME'], '/home/ci')
    s = re.sub(r'index\.crates' + r'\.io-[0-9a-f]+', 'registry.example-0011223344556677', s)
    s = re.sub(r'crates' + r'\.io', 'registry.example', s)
    s = re.sub(r'(https?://)(?!%s)([\w.-]*(?:maven|apache)[\w.-]*)' % DOCS, r'\1repo.example', s)
    s = re.sub(r'(https?://)(?!%s)([\w.-]*golang[\w.-]*)' % DOCS, r'\1proxy.example', s)
    s = re.sub(r'(https?://)(?!%s)([A-Za-z][\w-]*(?:\.[\w-]+)+)' % DOCS, r'\1registry.example', s)
    s = re.sub(r'\b(?:proxy|sum)\.golang' + r'\.org', 'proxy.example', s)
    s = s.replace(os.uname().release, '6.1.0-18-amd64')
    host = os.uname().nodename
    if len(host) > 3:
        s = s.replace(host, 'ci-host')
    return s.encode('utf-8', 'surrogateescape')


def lines_of(data):
    data = data.replace(b'\r\n', b'\n')
    lines = data.split(b'\n')
    if lines and not lines[-1]:
        lines.pop()
    return lines


def buildkite(data, show, status):
    rnd = random.Random(len(data))
    t = 1700000000000
    head = [b'~~~ Preparing working directory', b'\x1b[90m$\x1b[0m cd /var/lib/buildkite-agent/builds/agent-1/acme/app',
            b'\x1b[90m$\x1b[0m git clean -ffxdq', b'\x1b[90m$\x1b[0m git checkout -f 1f0c7d2e5a9b4c3d8e7f60718293a4b5c6d7e8f9',
            b"HEAD is now at 1f0c7d2 Update the build", b'~~~ Running commands',
            b'\x1b[90m$\x1b[0m ' + show.encode()]
    tail = [b'\x1b[31m\xf0\x9f\x9a\xa8 Error: The command exited with status %d\x1b[0m' % status, b'^^^ +++']
    if status > 128 and status < 160:
        tail.insert(0, b'\x1b[31m\xf0\x9f\x9a\xa8 Error: The command was interrupted by a signal: %s\x1b[0m'
                    % {137: b'killed', 143: b'terminated', 139: b'segmentation fault', 134: b'aborted'}.get(status, b'signal'))
    out = bytearray()
    for line in head + lines_of(data) + tail:
        t += rnd.choice((0, 0, 1, 2, 3, 7, 19, 45, 130))
        out += b'\x1b_bk;t=%d\x07' % t + line + b'\r\r\n'
    return bytes(out)


def github(data, show, status):
    rnd = random.Random(len(data))
    t = datetime.datetime(2026, 11, 20, 10, 11, 12)
    head = [b'##[group]Run ' + show.encode(), b'\x1b[36;1m' + show.encode() + b'\x1b[0m',
            b'shell: /usr/bin/bash -e {0}', b'env:', b'  CI: true', b'##[endgroup]']
    tail = [b'##[error]Process completed with exit code %d.' % status]
    out = bytearray()
    for line in head + lines_of(data) + tail:
        t += datetime.timedelta(microseconds=rnd.choice((4, 9, 31, 250, 1200, 9000, 61000)))
        stamp = t.strftime('%Y-%m-%dT%H:%M:%S.%f') + '%dZ ' % rnd.randrange(10)
        out += stamp.encode() + line + b'\n'
    return bytes(out)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('--buildkite', action='store_true')
    ap.add_argument('--github', action='store_true')
    ap.add_argument('--tty', action='store_true')
    ap.add_argument('--run', action='store_true')
    ap.add_argument('--cmd', default='make test')
    ap.add_argument('--show')
    ap.add_argument('--cwd', default='.')
    ap.add_argument('--status', type=int, default=1)
    ap.add_argument('--out')
    a = ap.parse_args()
    status = a.status
    if a.run:
        data, status = run(a.cmd, a.cwd, a.tty)
    else:
        data = sys.stdin.buffer.read()
    data = neutral(data)
    show = a.show or a.cmd
    if a.buildkite:
        data = buildkite(data, show, status)
    elif a.github:
        data = github(data, show, status)
    if a.out:
        os.makedirs(os.path.dirname(a.out) or '.', exist_ok=True)
        with open(a.out, 'wb') as f:
            f.write(data)
        print('%-45s status %3d %9d bytes %6d lines' % ('/'.join(a.out.split('/')[-3:-1]), status, len(data), data.count(b'\n')))
    else:
        sys.stdout.buffer.write(data)


main()
