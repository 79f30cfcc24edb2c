#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the late cases: a step fails early, a long report and an upload follow, and the job ends with the step's status.
# Needs Debian's ghc, libghc-hspec-dev, dune, libalcotest-ocaml-dev, r-cran-testthat, rebar3, tcl, sbcl, lua-busted, libcunit1-dev,
# cpputest, gnat, ldc, nim, meson, scala, emacs, nginx, racket; from the package registries what pip, npm and go install here.
. "$(dirname "$0")/../lib.sh"
python3 -m venv "$WORK/py" && "$WORK/py/bin/pip" install -q vulture pydocstyle robotframework mkdocs lit filecheck djlint sqlfluff
mkdir -p node && (cd node && npm i --no-audit --no-fund sass knip ava jasmine dependency-cruiser @redocly/cli >/dev/null 2>&1)
(export GOFLAGS=-mod=mod GOBIN=$WORK/py/bin; HUB=git; HUB=${HUB}hub.com; go install "$HUB/onsi/ginkgo/v2/ginkgo@latest")
export PATH=$WORK/py/bin:$WORK/node/node_modules/.bin:$PATH
# The step that fails stands between others that say much and mean nothing.
cat > late.sh <<'E2'
for i in $(seq 1 150); do echo "fetch page $i of the manual: ok, 0 errors"; done
bash ./step.sh
status=$?
echo 'Name                                  Stmts   Miss  Cover'
for i in $(seq 1 260); do printf 'src/ledger/error_handler_%03d.py       %4d   %4d   %3d%%\n' $i $((i * 3 + 7)) $((i % 9)) $((91 + i % 9)); done
for i in $(seq 1 160); do echo "upload artifacts/report/failed-pages/page-$i.html (part $i of 160): done"; done
echo 'cache saved, 0 failures'
exit $status
E2
# late CASE STYLE SHOWN: the step is read from standard input, to be run in a directory CASE that is there or made.
late() {
    mkdir -p "$1"; cat > "$1/step.sh"; cp late.sh "$1/late.sh"
    run "$2" plain "$1" "$1" 'bash ./late.sh' "$3"
}
fresh() { for _d; do rm -rf "$_d"; mkdir -p "$_d"; done; }

HUB=git; HUB=${HUB}hub.com
fresh hspec alcotest dune-diff testthat eunit tcltest sbcl busted cunit cpputest gnat d-unittest nim-unittest lit vulture pydocstyle robot mkdocs-strict sass ava jasmine ginkgo gofmt redocly meson depcruise tcl ert go-example make-silent nginx racket
cat > hspec/T.hs <<'E2'
import Test.Hspec
rise :: Int -> Int
rise h = h + 1
main = hspec $ describe "tide" $ do
  it "rises by one" $ rise 3 `shouldBe` 5
  it "keeps the list of ports" $ ["Kiel", "Hull"] `shouldContain` ["Cork"]
  it "is calm" $ True `shouldBe` True
E2
echo 'ghc -v0 T.hs -o t && ./t' | late hspec buildkite 'make check'
echo '(lang dune 2.9)' | tee alcotest/dune-project dune-diff/dune-project >/dev/null
echo '(test (name t) (libraries alcotest))' > alcotest/dune
cat > alcotest/t.ml <<'E2'
let () = Alcotest.run "tide" [ "rise", [
  Alcotest.test_case "at dawn" `Quick (fun () -> Alcotest.(check int) "height" 4 3);
  Alcotest.test_case "at noon" `Quick (fun () -> ()) ] ]
E2
echo 'dune test --root .' | late alcotest github 'dune test'
printf '(executable (name t))\n(rule (with-stdout-to t.out (run ./t.exe)))\n(rule (alias runtest) (action (diff t.expected t.out)))\n' > dune-diff/dune
echo 'let () = List.iter print_endline ["Kiel 3"; "Hull 4"; "Cork 5"]' > dune-diff/t.ml
printf 'Kiel 3\nHull 6\nCork 5\n' > dune-diff/t.expected
echo 'dune runtest --root .' | late dune-diff raw 'dune runtest'
cat > testthat/test-tide.R <<'E2'
library(testthat)
test_that("tide rises", { expect_equal(3 + 1, 5) })
test_that("harbour opens", { stop("no key for the gate") })
E2
echo "Rscript -e 'testthat::test_file(\"test-tide.R\", reporter = \"check\", stop_on_failure = TRUE)'" | late testthat buildkite 'make check'
mkdir -p eunit/src eunit/test
echo '{erl_opts,[debug_info]}.' > eunit/rebar.config
echo '{application,tide,[{vsn,"1"},{applications,[kernel,stdlib]}]}.' > eunit/src/tide.app.src
printf -- '-module(tide).\n-export([rise/1]).\nrise(H) -> H + 1.\n' > eunit/src/tide.erl
printf -- '-module(tide_tests).\n-include_lib("eunit/include/eunit.hrl").\nrise_test() -> ?assertEqual(5, tide:rise(3)).\ncalm_test() -> ok.\n' > eunit/test/tide_tests.erl
echo 'rebar3 eunit' | late eunit github 'rebar3 eunit'
cat > tcltest/t.tcl <<'E2'
package require tcltest
namespace import tcltest::*
test rise-1.1 {tide rises at dawn} {expr 3 + 1} 5
test calm-1.1 {tide is calm} {expr 1} 1
set failed $tcltest::numTests(Failed)
cleanupTests
exit [expr {$failed > 0}]
E2
echo 'tclsh t.tcl' | late tcltest buildkite 'make check'
printf '(defun rise (h) (if (> h 2) (error "tide too high: ~a" h) h))\n(print (mapcar (function rise) (list 1 2 3)))\n' > sbcl/t.lisp
echo 'sbcl --script t.lisp' | late sbcl raw 'make check'
cat > busted/t_spec.lua <<'E2'
describe("tide", function()
  it("rises", function() assert.are.same({ port = "Kiel", h = 3 }, { port = "Kiel", h = 4 }) end)
  it("is calm", function() end)
end)
E2
echo 'busted t_spec.lua' | late busted github 'busted'
cat > cunit/t.c <<'E2'
#include <CUnit/Basic.h>

static void rises(void)
{
	CU_ASSERT_EQUAL(3 + 1, 5);
	CU_ASSERT_STRING_EQUAL("Kiel", "Hull");
}

int main(void)
{
	CU_initialize_registry();
	CU_add_test(CU_add_suite("tide", NULL, NULL), "rises", rises);
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	return CU_get_number_of_failures() != 0;
}
E2
echo 'gcc t.c -o t -lcunit && ./t' | late cunit buildkite 'make check'
cat > cpputest/t.cpp <<'E2'
#include <CppUTest/TestHarness.h>
#include <CppUTest/CommandLineTestRunner.h>
TEST_GROUP(Tide) {};
TEST(Tide, rises) { LONGS_EQUAL(5, 3 + 1); }
TEST(Tide, calm) { CHECK(true); }
int main(int argc, char **argv) { return CommandLineTestRunner::RunAllTests(argc, argv); }
E2
echo 'g++ t.cpp -o t -lCppUTest && ./t' | late cpputest github 'make check'
printf 'procedure Tide is\n   Height : Integer := "three";\nbegin\n   Depth := 1;\nend Tide;\n' > gnat/tide.adb
echo 'gnatmake tide.adb' | late gnat raw 'gnatmake tide.adb'
printf 'int rise(int h) { return h + 1; }\nunittest { assert(rise(3) == 5, "tide at dawn"); }\nvoid main() {}\n' > d-unittest/tide.d
echo 'ldc2 -unittest tide.d && ./tide' | late d-unittest buildkite 'make check'
printf 'import unittest\nsuite "tide":\n  test "rises": check 3 + 1 == 5\n  test "is calm": check true\n' > nim-unittest/t.nim
echo 'nim c -r --hints:off t.nim' | late nim-unittest github 'nim c -r t.nim'
printf 'import lit.formats\nconfig.name = "Tide"\nconfig.test_format = lit.formats.ShTest()\nconfig.suffixes = [".t"]\n' > lit/lit.cfg.py
printf '// RUN: echo "tide 3" | filecheck %%s\n// CHECK: tide 4\n' > lit/rise.t
echo '// RUN: true' > lit/calm.t
echo 'lit -v .' | late lit buildkite 'lit -v tests'
printf 'import ledger\n\n\ndef unused_tide():\n    return ledger.rows\n' > vulture/ports.py
echo 'vulture ports.py' | late vulture raw 'vulture src'
printf '"""Ports."""\n\n\ndef rise():\n    """rises the tide"""\n' > pydocstyle/ports.py
echo 'pydocstyle ports.py' | late pydocstyle buildkite 'pydocstyle src'
printf '*** Test Cases ***\nTide Rises\n    Should Be Equal    3    4\nTide Is Calm\n    Log    calm\n' > robot/tide.robot
echo 'robot --output NONE tide.robot' | late robot github 'robot tide.robot'
mkdir mkdocs-strict/docs; printf 'site_name: Ports\nnav:\n  - index.md\n  - tides.md\n' > mkdocs-strict/mkdocs.yml; echo '# Ports' > mkdocs-strict/docs/index.md
echo 'mkdocs build --strict' | late mkdocs-strict buildkite 'mkdocs build --strict'
printf '.tide {\n  color: $deep-blue;\n}\n' > sass/tide.scss
echo 'sass tide.scss' | late sass github 'npm run css'
for d in ava jasmine depcruise; do ln -s ../node/node_modules $d/node_modules; echo '{"name":"ports","version":"1.0.0"}' > $d/package.json; done
printf "import test from 'ava';\ntest('tide rises', t => t.deepEqual({port: 'Kiel', h: 3}, {port: 'Kiel', h: 4}));\ntest('is calm', t => t.pass());\n" > ava/test.mjs
echo 'ava test.mjs' | late ava raw 'npx ava'
mkdir jasmine/spec; printf "describe('tide', () => {\n  it('rises', () => { expect(3).toBe(4); });\n  it('lists ports', () => { expect({a: [1, 2]}).toEqual({a: [1, 3]}); });\n});\n" > jasmine/spec/tide.spec.js
echo 'jasmine --random=false spec/tide.spec.js' | late jasmine buildkite 'npx jasmine'
printf 'module.exports = {forbidden: [{name: "no-circular", severity: "error", from: {}, to: {circular: true}}]};\n' > depcruise/.dependency-cruiser.cjs
echo 'require("./moon")' > depcruise/tide.js; echo 'require("./tide")' > depcruise/moon.js
echo 'depcruise tide.js moon.js' | late depcruise github 'npx depcruise src'
printf 'module acme.example/tide\n\ngo 1.22\n' | tee ginkgo/go.mod > gofmt/go.mod
cat > ginkgo/tide_test.go <<E2
package tide

import (
	"testing"

	. "$HUB/onsi/ginkgo/v2"
	. "$HUB/onsi/gomega"
)

func TestTide(t *testing.T) { RegisterFailHandler(Fail); RunSpecs(t, "Tide Suite") }

var _ = Describe("tide", func() {
	It("rises", func() { Expect(3 + 1).To(Equal(5)) })
	It("is calm", func() {})
})
E2
(cd ginkgo && GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1)
echo 'ginkgo' | late ginkgo raw 'ginkgo ./...'
printf 'package tide\n\nfunc Rise( h int ) int {return h+1}\n' > gofmt/tide.go
echo 'gofmt -d . | tee gofmt.diff; test ! -s gofmt.diff' | late gofmt buildkite 'make fmt-check'
printf 'openapi: 3.0.0\ninfo: {title: Ports, version: "1"}\npaths:\n  /tides:\n    get:\n      responses: {"200": {description: ok}}\n      tide: 1\n' > redocly/ports.yml
echo 'REDOCLY_TELEMETRY=off redocly lint ports.yml' | late redocly raw 'npx redocly lint'
printf "project('tide', 'c')\ntest('rises', executable('rises', 'rises.c'))\ntest('slow', executable('slow', 'slow.c'), timeout: 1)\n" > meson/meson.build
printf '#include <stdio.h>\nint main(void) { fprintf(stderr, "rises.c:7: tide is 3, the moon says 4\\n"); return 1; }\n' > meson/rises.c
printf '#include <unistd.h>\nint main(void) { sleep(9); }\n' > meson/slow.c
echo '/usr/bin/meson setup b >/dev/null && /usr/bin/meson test -C b --print-errorlogs' | late meson buildkite 'meson test -C b'
printf 'proc rise {h} { check $h }\nproc check {h} { error "berth $h dries at low water" }\nrise 7\n' > tcl/tide.tcl
echo 'tclsh tide.tcl' | late tcl raw 'tclsh tide.tcl'
printf '#lang racket\n(define (berth n) (vector-ref (vector 3 4) n))\n(berth 7)\n' > racket/tide.rkt
echo 'racket tide.rkt' | late racket github 'racket tide.rkt'
printf '(require (quote ert))\n(ert-deftest tide-rises () (should (equal (+ 3 1) 5)))\n(ert-deftest tide-errors () (should-error (error "ebb")))\n' > ert/tide.el
echo 'emacs -batch -l tide.el -f ert-run-tests-batch-and-exit' | late ert buildkite 'make check'
cp gofmt/go.mod go-example/
cat > go-example/tide_test.go <<'E2'
package tide

import "fmt"

func Rise() { fmt.Print("Kiel 3\nHull 4\n") }

func ExampleRise() {
	Rise()
	// Output:
	// Kiel 3
	// Hull 6
}
E2
echo 'go test -v ./...' | late go-example github 'go test -v ./...'
printf 'all: $(patsubst %%,sheet%%,1 2 3 4 5 6 7 8 9)\nsheet%%:\n\t@echo drawing sheet $*\n\t@test $* != 4 || { echo sheet 4 has neither legend nor scale; exit 3; }\n\t@sleep 0.01\n' > make-silent/Makefile
echo 'make -k' | late make-silent raw 'make -k'
printf 'events {}\nhttp { server { lissten 8080; } }\n' > nginx/ports.conf
echo '/usr/sbin/nginx -t -e stderr -c $PWD/ports.conf' | late nginx buildkite 'make check-config'
sed -i "s#$WORK#/build/ports#g" "$CASES"/late/*/log.txt
