#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the meson case (needs meson on PATH): meson test --print-errorlogs with one failing test of 150.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf mixer; mkdir mixer
cat > mixer/mix.c <<'E'
#include <stdio.h>
#include <stdlib.h>
static int gain(int sample, int db) { return sample * (db + 20) / 20; }
int main(int argc, char **argv)
{
	int n = atoi(argv[1]), got = gain(n, 0);
	if (n == 77) {
		got = gain(100, -6);
		fprintf(stderr, "mix.c:9: gain(100, -6): expected 50, got %d\n", got);
		return got != 50;
	}
	printf("channel %d ok\n", n);
	return got != n;
}
E
cat > mixer/meson.build <<'E'
project('mixer', 'c')
exe = executable('mix', 'mix.c')
foreach i : range(1, 151)
  test('channel-@0@'.format(i), exe, args: [i.to_string()])
endforeach
E
run github plain failing-test mixer 'meson setup build && meson test -C build --print-errorlogs'
