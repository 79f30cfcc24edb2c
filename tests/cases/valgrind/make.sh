#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the valgrind case: an uninitialised read and a leak, reported after many passing checks.
. "$(dirname "$0")/../lib.sh"
rm -rf cache; mkdir cache
cat > cache/lru_test.c <<'E'
#include <stdio.h>
#include <stdlib.h>
struct node { int key, hits; struct node *next; };
static struct node *lru_add(struct node *h, int key)
{
	struct node *n = malloc(sizeof *n);
	n->key = key;
	n->next = h;
	return n;
}
static int lru_hot(const struct node *n) { return n->hits > 3 ? 1 : 0; }
int main(void)
{
	struct node *h = NULL;
	int i;
	for (i = 0; i < 250; i++)
		printf("PASS lru_evict/%03d\n", i);
	for (i = 0; i < 3; i++)
		h = lru_add(h, i);
	if (lru_hot(h))
		printf("hot\n");
	return 0;
}
E
run raw plain uninitialised cache 'gcc -g -O0 -o lru_test lru_test.c && valgrind --leak-check=full --error-exitcode=9 ./lru_test'
