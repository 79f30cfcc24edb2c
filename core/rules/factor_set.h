// SPDX-License-Identifier: MIT
// Sets of literals, one of which must occur: the arithmetic beneath factor.c.
#ifndef BS_RULES_FACTOR_SET_H
#define BS_RULES_FACTOR_SET_H

#include "core/rules/factor.h"

// Characters that must stand side by side. Zeroed: none yet.
struct bs_factor_run {
	struct bs_factor_literal literal;
};

// Puts `other` in the place of *best if it tells more.
void bs_factor_keep_better(struct bs_factor *best, const struct bs_factor *other);

// The union. False when there are too many.
bool bs_factor_add(struct bs_factor *factor, const struct bs_factor_literal *literal);

// A character more; a run that is full ends.
void bs_factor_extend_run(struct bs_factor_run *run, size_t bytes_min, struct bs_str character,
	bool caseless, struct bs_factor *best);
// Ends a run: it becomes the best factor if it tells more than the one there.
void bs_factor_end_run(struct bs_factor_run *run, size_t bytes_min, struct bs_factor *best);

#endif
