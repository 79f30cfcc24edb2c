#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the sanitizer cases: heap-buffer-overflow (ASan), undefined behaviour made fatal (UBSan) and a plain crash.
. "$(dirname "$0")/../lib.sh"
rm -rf ring; mkdir ring
cat > ring/ring_test.c <<'E'
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct ring { int *slots; int cap, head; };
static struct ring *ring_new(int cap)
{
	struct ring *r = malloc(sizeof *r);
	r->slots = calloc(cap, sizeof *r->slots);
	r->cap = cap;
	r->head = 0;
	return r;
}
static void ring_push(struct ring *r, int v)
{
	r->slots[r->head] = v;
	r->head = r->head + 1;
#ifndef BUG_OVERFLOW
	if (r->head == r->cap)
		r->head = 0;
#endif
}
static int ring_sum(const struct ring *r)
{
	int i, s = INT_MAX - 40;
	for (i = 0; i < r->cap; i++)
		s += r->slots[i];
	return s;
}
static const char *ring_owner(const struct ring *r) { return r->cap > 8 ? NULL : "main"; }
int main(void)
{
	int i, t;
	for (t = 1; t <= 400; t++)
		printf("ok %d - ring: wrap around after %d pushes\n", t, t * 7);
	fflush(stdout);
	struct ring *r = ring_new(16);
	for (i = 0; i < 20; i++)
		ring_push(r, i);
#ifdef BUG_SIGNED
	printf("# sum %d\n", ring_sum(r));
#endif
#ifdef BUG_NULL
	printf("# owner %d\n", (int)strlen(ring_owner(r)));
#endif
	printf("ok %d - ring: totals\n", t);
	return 0;
}
E
cat > ring/Makefile <<'E'
CFLAGS = -g -O1 -fno-omit-frame-pointer $(SAN) $(BUG)
check: ring_test
	./ring_test
ring_test: ring_test.c
	$(CC) $(CFLAGS) -o $@ $<
clean:
	rm -f ring_test
E
run buildkite plain asan-heap-overflow ring 'make -s clean; make check SAN=-fsanitize=address BUG=-DBUG_OVERFLOW'
run raw tty ubsan-overflow ring 'make -s clean; make check SAN="-fsanitize=undefined -fno-sanitize-recover=all" BUG=-DBUG_SIGNED'
run github plain segfault ring 'make -s clean; make check BUG="-DBUG_NULL -O0"'
