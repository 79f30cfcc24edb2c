// SPDX-License-Identifier: MIT
// What the parts of the program that prints the rule packs as tables share.
#ifndef CI_PACKS_H
#define CI_PACKS_H

#include "core/rules/factor.h"
#include "core/rules/pack.h"

struct printer {
	struct bs_arena arena;
	const struct bs_rule *rules[BS_RULES_MAX]; // of all packs
	size_t count;
};

void packs_fail(const char *message);
// The literals that patterns cannot do without (core/rules/prefilter.h), pairs[i] those of rule i.
void packs_print_sieve(const struct printer *printer, const struct bs_factor_pair *pairs);
// What PCRE2 makes of their patterns (core/rules/made.h).
void packs_print_made(const struct printer *printer);

#endif
