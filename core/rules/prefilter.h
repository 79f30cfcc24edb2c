// SPDX-License-Identifier: MIT
// Which rules can match a line at all: by the literals in it, in one pass.
#ifndef BS_RULES_PREFILTER_H
#define BS_RULES_PREFILTER_H

#include "core/rules/pack.h"
#include "core/rules/sieve.h"

// The literals of our own packs (generated: build/packs.c), each once. For literal `id` wait
// waiting[groups[id], groups[id + 1]), whose rules are places in bs_rules_builtin.
extern const struct bs_sieve bs_rules_builtin_sieve;
extern const uint32_t bs_rules_builtin_groups[];
extern const struct bs_factor_waiting bs_rules_builtin_waiting[];

struct bs_prefilter;

// Bit i stands for order[i]: whoever walks the bits meets rules in that order. `order` is borrowed.
enum bs_status bs_prefilter_new(struct bs_rule *const *order, size_t count,
	struct bs_prefilter **ret_prefilter, struct bs_err *err) BS_MUST_USE;
void bs_prefilter_free(struct bs_prefilter *prefilter);

#define BS_PREFILTER_WORDS ((BS_RULES_MAX + 63) / 64)

// Where a match with one of a rule's literals begins.
struct bs_reach {
	uint16_t first, last;
};

struct bs_candidates {
	uint64_t bits[BS_PREFILTER_WORDS];
	bool is_ascii;                       // the text
	struct bs_reach reach[BS_RULES_MAX]; // of a rule whose bit is set
};

static inline bool bs_candidates_have(const struct bs_candidates *candidates, size_t at)
{
	return candidates->bits[at / 64] >> (at % 64) & 1;
}

// All rules that may match the text, or what of it begins at `skipped`; no others but by caution.
// Lines of one kind (core/text/kind.h) have the same.
void bs_prefilter_find(const struct bs_prefilter *prefilter, struct bs_str text, size_t skipped,
	struct bs_candidates *ret_candidates);

// Where a match of the rule, a candidate, can begin in the text without its first `skipped` bytes;
// false when nowhere.
bool bs_prefilter_reach(struct bs_reach reach, const struct bs_rule *rule, struct bs_str text,
	size_t skipped, struct bs_span *ret_starts);

// Whether a match of the rule can begin at `at`, as far as is known of its first byte.
bool bs_prefilter_may_begin(const struct bs_rule *rule, struct bs_str text, size_t at);

// How many rules other than noise are tried on every line, having no literal.
size_t bs_prefilter_blind(const struct bs_prefilter *prefilter);

#endif
