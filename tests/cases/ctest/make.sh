#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the ctest case: 240 tests, one of which fails an assert, with --output-on-failure.
. "$(dirname "$0")/../lib.sh"
rm -rf geo; mkdir geo
cat > geo/runner.c <<'E'
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
static int clamp_longitude(int d) { return d > 180 ? d - 180 : d; }
int main(int argc, char **argv)
{
	int n = atoi(argv[1]);
	printf("case %d: %d vertices\n", n, n * 4);
	if (n == 187) {
		printf("clamp_longitude(190) = %d, want -170\n", clamp_longitude(190));
		fflush(stdout);
		assert(clamp_longitude(190) == -170);
	}
	return 0;
}
E
cat > geo/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.16)
project(geo C)
enable_testing()
add_executable(runner runner.c)
foreach(i RANGE 1 240)
  add_test(NAME geo.polygon_${i} COMMAND runner ${i})
endforeach()
E
run buildkite plain assert geo 'cmake -S . -B build && cmake --build build && cd build && ctest --output-on-failure -j2' 'make check'
