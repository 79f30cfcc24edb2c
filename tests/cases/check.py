#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every golden case (keep, drop, expect and budget against its log, nothing private in it) and prints TAP."""
import os, re, sys

ROOT = os.path.dirname(os.path.abspath(__file__))
CATEGORIES = ('test_failure compile_error lint dependency configuration infrastructure network timeout '
              'out_of_memory crash permission unknown').split()
# Written in pieces, so that this file does not hold the names itself.
FORBIDDEN = [re.compile(p, re.I) for p in (
    r'registry\.npm' + 'js', 'npm' + r'js\.(org|com)', 'py' + r'pi\.(org|python)', 'python' + 'hosted', 'crates' + r'\.io',
    'golang' + r'\.org', r'maven\.(apache|org)|repo1?\.maven', 'sona' + r'type\.(org|com)', r'plugins\.gradle|services\.gradle',
    'ruby' + r'gems\.org', 'docker' + r'\.io', 'packa' + 'gist', r'deb\.debian|deb' + r'ian\.org', r'git' + r'hub\.com',
    r'/ro' + r'ot\b', r'/wo' + r'rk/', r'/usr/loc' + r'al/(?!lib/site_perl|share/perl|bin/node$)', r'/ci/ho' + 'me', '/opt/wh' + 'eels', r'-fc-v\d',
    r'\.py' + r'env/', r'[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|dev|de)\b',
    r'BEGIN [A-Z ]*PRIVATE KEY', r'\b(ghp|gho|glpat|AKIA)[_A-Za-z0-9-]{12,}')]
ALLOWED = re.compile(r'maven\.apache\.org/(POM|xsd)|cwiki\.apache')
ESCAPES = re.compile(r'\x1b_[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[@-Z\\-_=>78]')
NEAR = 15


def read(path):
    with open(path, 'rb') as f:
        return f.read().decode('utf-8', 'replace')


def listed(path):
    return [l for l in read(path).split('\n') if l] if os.path.exists(path) else []


def private(text):
    for n, line in enumerate(text.split('\n'), 1):
        for p in FORBIDDEN:
            m = p.search(line)
            if m and not ALLOWED.search(line):
                yield 'line %d holds %r' % (n, m.group(0))


def check(case):
    bad = []
    d = os.path.join(ROOT, case)
    log = read(os.path.join(d, 'log.txt'))
    size = os.path.getsize(os.path.join(d, 'log.txt'))
    lines = re.sub('\r+\n', '\n', ESCAPES.sub('', log)).replace('\r', '\n').split('\n')
    keep = listed(os.path.join(d, 'keep'))
    drop = listed(os.path.join(d, 'drop'))
    near = set(range(0, 1)) | {len(lines) - 1}
    if not 1 <= len(keep) <= 8:
        bad.append('keep has %d lines' % len(keep))
    for k in keep:
        test = re.compile(k[3:]).search if k.startswith('re:') else lambda l, k=k: k in l
        hits = [i for i, l in enumerate(lines) if test(l)]
        if not hits:
            bad.append('keep line is not in the log: ' + k)
        near.update(hits)
    kept = sum(len(lines[i].encode()) for i in near)
    for x in drop:
        hits = [i for i, l in enumerate(lines) if x in l]
        if not hits:
            bad.append('drop line is not in the log: ' + x)
        for i in hits:
            if any(abs(i - k) <= NEAR for k in near):
                bad.append('drop line %d is near the failure or the end: %s' % (i + 1, x))
                break
    budget = listed(os.path.join(d, 'budget'))
    if budget:
        if not budget[0].isdigit() or int(budget[0]) >= size:
            bad.append('budget is not a number below the size of the log')
    elif drop:
        bad.append('drop without budget')
    keys = {}
    for e in listed(os.path.join(d, 'expect')):
        k, eq, v = e.partition('=')
        if k not in ('category', 'name', 'file', 'line', 'message') or not eq or k in keys:
            bad.append('bad expect line: ' + e)
        keys[k] = v
    if keys.get('category', 'unknown') not in CATEGORIES:
        bad.append('unknown category ' + keys['category'])
    for k in ('name', 'file', 'message'):
        if k in keys and not any(keys[k] in l for l in lines):
            bad.append('expected %s is not in the log: %s' % (k, keys[k]))
    if 'line' in keys:
        base = os.path.basename(keys.get('file', ''))
        where = re.compile(re.escape(base) + r'\D.*?\b' + keys['line'] + r'\b') if base else re.compile(r'\b' + keys['line'] + r'\b')
        where2 = re.compile(r'^\D*\b' + keys['line'] + r'[:, ]')
        if not any(where.search(l) or where2.search(l) for l in lines):
            bad.append('expected line is not in the log: ' + keys['line'])
    if size > 1500000:
        bad.append('log is larger than 1.5 MB')
    for f in sorted(os.listdir(d)):
        bad += ['%s: %s' % (f, p) for p in private(read(os.path.join(d, f)))][:5]
    for f in ('keep', 'expect', 'origin'):
        if not os.path.exists(os.path.join(d, f)):
            bad.append('no file ' + f)
    return bad


def main():
    cases = sorted(os.path.relpath(p, ROOT) for p, _, files in os.walk(ROOT) if 'log.txt' in files)
    scripts = sorted(os.path.relpath(os.path.join(p, f), ROOT) for p, _, files in os.walk(ROOT) for f in files
                     if f.endswith(('.sh', '.py')))
    print('1..%d' % (len(cases) + 1))
    failed = 0
    for i, c in enumerate(cases, 1):
        bad = check(c)
        failed += bool(bad)
        print(('not ok' if bad else 'ok') + ' %d - %s' % (i, c))
        for b in bad:
            print('# ' + b)
    bad = ['%s: %s' % (s, p) for s in scripts for p in private(read(os.path.join(ROOT, s)))]
    for s in scripts:
        head = [l for l in read(os.path.join(ROOT, s)).split('\n') if not l.startswith('#!')]
        if head[0] != '# SPDX-License-Identifier: MIT':
            bad.append(s + ': no licence line')
    print(('not ok' if bad else 'ok') + ' %d - scripts' % (len(cases) + 1))
    for b in bad:
        print('# ' + b)
    return 1 if failed or bad else 0


sys.exit(main())
