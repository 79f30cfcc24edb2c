#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the gcc cases: a large C build with one error among warnings, a -Werror build, and a C++ template error.
. "$(dirname "$0")/../lib.sh"
gen() { # gen DIR COUNT: a C project of COUNT modules, most with a warning
    rm -rf "$1"; mkdir -p "$1/src"
    for i in $(seq 1 "$2"); do
        cat > "$1/src/mod$i.c" <<E
#include <stdio.h>
#include <string.h>
struct item$i { int id; char name[32]; unsigned flags; };
static int unused_helper_$i(int v) { return v * $i; }
int mod${i}_fill(struct item$i *it, unsigned n)
{
	int i;
	for (i = 0; i < n; i++) {
		it[i].id = i;
		snprintf(it[i].name, sizeof it[i].name, "item%d", i);
	}
	return i;
}
int mod${i}_parse(const char *s) { int x; if (s[0] == '-') x = 1; return x + strlen(s); }
E
    done
    cat > "$1/Makefile" <<'E'
CFLAGS = -O1 -g -std=c11 -Wall -Wextra -Wno-unused-result $(EXTRA)
OBJS = $(patsubst src/%.c,build/%.o,$(sort $(wildcard src/*.c)))
all: build/app
build/app: $(OBJS)
	$(CC) -o $@ $^
build/%.o: src/%.c
	@mkdir -p build
	$(CC) $(CFLAGS) -c -o $@ $<
E
}
gen engine 120
cat >> engine/src/mod63.c <<'E'
struct queue { struct item63 *head; int len; };
int queue_depth(const struct queue *q)
{
	return q->length + queue_pending(q);
}
E
run buildkite tty error engine 'make -j2'
gen quiet 60
sed -i -e '/unused_helper/d' -e 's/\tint i;/\tunsigned i;/' -e 's/%d", i/%u", i/' -e 's/int x;/int x = 0;/' quiet/src/*.c
cat >> quiet/src/mod41.c <<'E'
const char *state_name(int s)
{
	switch (s) {
	case 0: return "idle";
	case 1: printf("running for %s seconds\n", s);
	case 2: return "stopped";
	}
	return "?";
}
E
run github plain werror quiet 'make EXTRA="-Werror"'
rm -rf tmpl; mkdir tmpl
cat > tmpl/inventory.hpp <<'E'
#include <algorithm>
#include <list>
#include <string>
#include <vector>
template <class Container> void order(Container &c) { std::sort(c.begin(), c.end()); }
struct Part { std::string name; int count; };
struct Inventory { std::vector<Part> parts; void tidy() { order(parts); } };
E
cat > tmpl/main.cpp <<'E'
#include "inventory.hpp"
int main()
{
	Inventory inv;
	inv.parts.push_back({"bolt", 4});
	inv.tidy();
}
E
printf 'CXXFLAGS = -std=c++17 -Wall -O1\nmain: main.o\n\t$(CXX) -o $@ $^\nmain.o: main.cpp inventory.hpp\n' > tmpl/Makefile
run raw plain template tmpl 'make'
