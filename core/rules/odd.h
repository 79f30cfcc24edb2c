// SPDX-License-Identifier: MIT
// Lines unlike all that stands around them: where no rule knows the tool, they tell most.
#ifndef BS_RULES_ODD_H
#define BS_RULES_ODD_H

#include "core/rules/store.h"

// Sets the byte of `odd` of every line that stands in a small group of lines of rare kinds amid
// many lines of frequent kinds: what a tool says once in the middle of what it says for each of its
// files or tests. Only the last `lines_max` lines are looked at. `odd` has a zeroed byte for each
// line of the store.
enum bs_status bs_odd_lines(const struct bs_store *store, size_t lines_max, unsigned char *odd,
	struct bs_err *err) BS_MUST_USE;

#endif
