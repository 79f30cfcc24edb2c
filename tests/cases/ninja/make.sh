#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the ninja case: a build that redraws its status line on a terminal, then fails on a missing header.
. "$(dirname "$0")/../lib.sh"
rm -rf index; mkdir -p index/src
for i in $(seq 1 300); do echo "long segment_$i(long k) { return k % ($i + 7); }" > index/src/segment_$i.c; done
for i in 20 90 150 210; do echo "static int stale(void) { return 1; }" >> index/src/segment_$i.c; done
cat > index/src/zz_tokenizer.c <<'E'
#include <stdlib.h>
#include "unicode/normalizer.h"
int tokenize(const char *s) { return normalize(s); }
E
cat > index/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.16)
project(index C)
file(GLOB SRC CONFIGURE_DEPENDS src/*.c)
add_compile_options(-Wall)
add_executable(index ${SRC})
E
run raw tty missing-header index 'cmake -G Ninja -S . -B build >/dev/null && ninja -C build'
run buildkite plain missing-header-verbose index 'rm -rf build && cmake -G Ninja -S . -B build && ninja -v -C build'
