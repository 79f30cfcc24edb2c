#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the make cases: a missing rule, and a recursive make -k -j in which one of many suites fails.
. "$(dirname "$0")/../lib.sh"
rm -rf firmware; mkdir -p firmware/src
for i in $(seq 1 90); do echo "int drv_$i(void) { return $i; }" > firmware/src/drv_$i.c; done
cat > firmware/Makefile <<'E'
OBJS = $(patsubst src/%.c,build/%.o,$(sort $(wildcard src/*.c))) build/board_rev_c.o
firmware.elf: $(OBJS)
	$(LD) -r -o $@ $^
build/%.o: src/%.c
	@mkdir -p build
	gcc -Os -ffreestanding -c -o $@ $<
E
run raw plain missing-rule firmware 'make'
rm -rf suites; mkdir suites
for i in $(seq 1 160); do
    mkdir -p suites/suite$i
    cat > suites/suite$i/Makefile <<E
.PHONY: check
check: compile
	@for t in 1 2 3 4 5 6 7 8; do echo "  PASS  suite$i/case\$\$t (\$\$(( t * 3 )) ms)"; done
	@sh ./extra.sh
compile:
	@echo "  CC    suite$i/runner.o"
	@echo "  LD    suite$i/runner"
E
    echo 'exit 0' > suites/suite$i/extra.sh
done
cat > suites/suite42/extra.sh <<'E'
echo "  FAIL  suite42/case9: expected retry delay 250 ms, got 2500 ms" >&2
echo "        at suite42/backoff_test.c:118" >&2
exit 1
E
cat > suites/Makefile <<'E'
SUITES = $(sort $(wildcard suite*))
.PHONY: check $(SUITES)
check: $(SUITES)
	@echo "all suites passed"
$(SUITES):
	$(MAKE) -C $@ check
E
run buildkite plain keep-going suites 'make -k -j2 check'
