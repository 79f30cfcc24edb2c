// SPDX-License-Identifier: MIT
// Which rules can match a line at all: by the literals in it, in one pass.
#ifndef BS_RULES_PREFILTER_H
#define BS_RULES_PREFILTER_H

#include "core/rules/pack.h"

struct bs_prefilter;

// Bit i stands for order[i]: whoever walks the bits meets rules in that order. `order` is borrowed.
enum bs_status bs_prefilter_new(struct bs_rule *const *order, size_t count,
	struct bs_prefilter **ret_prefilter, struct bs_err *err) BS_MUST_USE;
void bs_prefilter_free(struct bs_prefilter *prefilter);

#define BS_PREFILTER_WORDS ((BS_RULES_MAX + 63) / 64)

// Sets the bits of all rules that may match, and of no others but by caution. Returns the number of
// words in use.
size_t bs_prefilter_find(const struct bs_prefilter *prefilter, struct bs_str text,
	uint64_t ret_bits[BS_PREFILTER_WORDS]);

// How many rules other than noise are tried on every line, having no literal.
size_t bs_prefilter_blind(const struct bs_prefilter *prefilter);

#endif
