#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cases meant to mislead: harmless "error" words, ignored errors, retries, cascades, huge lines, odd bytes, many steps.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf mislead; mkdir -p mislead/tests
cat > mislead/tests/test_errors.py <<'E'
import logging

import pytest

log = logging.getLogger("gateway")


@pytest.mark.parametrize("n", range(400))
def test_error_is_reported_when_request_failed(n):
    try:
        raise ValueError("bad request %d" % n)
    except ValueError:
        if n % 40 == 0:
            log.exception("request failed")
        else:
            log.error("request %d failed: connection refused", n)
    assert n >= 0


def backoff(attempt):
    return min(2 ** attempt, 32)


def test_backoff_grows():
    assert [backoff(a) for a in range(6)] == [1, 2, 4, 8, 16, 30]


@pytest.mark.parametrize("n", range(60))
def test_no_failure_after_fatal_error(n):
    log.critical("fatal error %d handled", n)
E
run buildkite plain error-words-in-passing-tests mislead 'python -m pytest -v -o log_cli=true'
rm -rf many; mkdir -p many/tests
cat > many/tests/conftest.py <<'E'
import pytest


@pytest.fixture
def schema():
    return {"version": 3}
E
cat > many/tests/test_tables.py <<'E'
import pytest


@pytest.mark.parametrize("table", ["table_%02d" % n for n in range(80)])
def test_table_has_schema_version(schema, table):
    assert schema["version"] == 4, table
E
run raw plain eighty-failures-one-cause many 'python -m pytest -v'
rm -rf cascade; mkdir -p cascade/src
for i in $(seq 1 60); do printf '#include "proto/wire.h"\nint enc_%d(struct wire *w) { return w->len; }\n' $i > cascade/src/enc_$i.c; done
printf 'OBJS = $(patsubst src/%%.c,build/%%.o,$(sort $(wildcard src/*.c)))\nall: $(OBJS)\nbuild/%%.o: src/%%.c\n\t@mkdir -p build\n\tgcc -Wall -c -o $@ $<\n' > cascade/Makefile
run github tty sixty-files-one-missing-header cascade 'make -k'
rm -rf minified; mkdir minified
{ for i in $(seq 1 4000); do printf 'var a%d=function(b){return b*%d+(b>>%d)};' $i $i $((i % 9)); done; printf 'a1(2);vendorInit({theme:"dark"});\n'; } > minified/bundle.min.js
run buildkite plain hundred-kilobyte-line minified 'for i in $(seq 1 80); do echo "prerender page $i"; done; node bundle.min.js' 'npm run prerender'
rm -rf latin; mkdir latin
printf '/* gr\374n */\nconst char *colour(int c)\n{\n\treturn c == 1 ? "gr\374n" : colour_name(c) + "wei\337";\n}\n' > latin/colour.c
run raw plain latin1-bytes latin 'gcc -Wall -Werror -c colour.c'
rm -rf ignored; mkdir ignored
cat > ignored/Makefile <<'E'
.PHONY: all lint docs unit
all: lint docs unit
lint:
	-@for i in $$(seq 1 30); do echo "lint: file $$i"; done; echo "lint: error: tabs in file 31 (known, see backlog)"; exit 1
docs:
	@for i in $$(seq 1 200); do echo "docs: page $$i written"; done
unit:
	@for n in 1 2 3; do echo "fetch fixtures: attempt $$n of 3"; [ $$n = 3 ] || echo "fetch fixtures: error: connection reset by peer, retrying"; done; echo "fetch fixtures: done"
	@for i in $$(seq 1 300); do echo "unit: case $$i passed, 0 errors"; done
	@echo "unit: case 301: got 41 rows, want 42 (orders_spec.txt:88)"; exit 1
E
run buildkite plain ignored-error-and-retries ignored 'make'
rm -rf steps; mkdir -p steps/src
echo '{"name":"steps","version":"1.0.0","private":true,"devDependencies":{"typescript":"5.9.3","mocha":"10.4.0"}}' > steps/package.json
echo '{"compilerOptions":{"strict":true,"noEmit":true,"types":[],"target":"ES2022"},"include":["src"]}' > steps/tsconfig.json
for i in $(seq 1 30); do echo "export const part$i: number = $i;" > steps/src/part$i.ts; done
cat > steps/spec.js <<'E'
const assert = require('node:assert');

describe('price list', () => {
  for (let n = 0; n < 300; n++) it('has an entry for article ' + n, () => {});

  it('rounds half up', () => {
    assert.strictEqual(Math.round(1.005 * 100) / 100, 1.01);
  });
});
E
cat > steps/ci.sh <<'E'
#!/bin/bash
set -e
echo "--- :npm: Install"
npm install --no-audit --no-fund --loglevel=http
echo "--- :typescript: Type check"
npx tsc --listFiles
echo "--- :shell: Generate fixtures"
for i in $(seq 1 400); do echo "fixture $i written"; done
echo "+++ :mocha: Test"
npx mocha spec.js
echo "--- :package: Pack"
npm pack
E
run buildkite tty multi-step-job steps 'bash ci.sh' './ci.sh'
