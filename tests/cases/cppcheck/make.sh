#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cppcheck case: a null dereference and an out-of-bounds write among 80 clean files.
. "$(dirname "$0")/../lib.sh"
rm -rf drv; mkdir -p drv/src
for i in $(seq 1 80); do echo "int reg_$i(int v) { return v << $((i % 8)); }" > drv/src/reg_$i.c; done
cat > drv/src/uart.c <<'E'
#include <stddef.h>
struct uart { int baud; };
int uart_init(struct uart *u)
{
	char name[8];
	name[8] = 0;
	if (u == NULL)
		u->baud = 9600;
	return u->baud + name[0];
}
E
run github plain array-index drv 'cppcheck --error-exitcode=2 --enable=warning src'
