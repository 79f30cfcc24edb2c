// SPDX-License-Identifier: MIT
// What scanning leaves of a line that may matter.
#ifndef BS_RULES_MARK_H
#define BS_RULES_MARK_H

#include "core/rules/scan.h"
#include "core/rules/store.h"
#include "core/rules/template.h"

struct bs_mark {
	uint64_t number;  // of the line
	uint32_t ordinal; // how many lines of that shape stood before it
	uint32_t at;      // of the line in the store, once bs_marks_locate said so
	uint16_t slot;    // of its shape
	uint16_t rule;    // in rules->order; BS_SCAN_NOBODY: a red line no rule knows
	uint16_t extent;  // lines behind it that belong to its block
	bool is_known;    // such a line was there when the job passed
};

struct bs_marks {
	struct bs_mark *items;
	size_t count, cap;
};

// Looks all marks up in the store; `at` of a line that is not there is the store's count.
void bs_marks_locate(struct bs_marks *marks, const struct bs_store *store);

#define BS_RED_WEIGHT 30 // of a red line that no rule knows

static inline const struct bs_rule *bs_mark_rule(
	const struct bs_rules *rules, const struct bs_mark *mark)
{
	return mark->rule == BS_SCAN_NOBODY ? NULL : rules->order[mark->rule];
}

static inline enum bs_role bs_mark_role(const struct bs_rules *rules, const struct bs_mark *mark)
{
	return mark->rule == BS_SCAN_NOBODY ? BS_ROLE_CAUSE : rules->order[mark->rule]->role;
}

static inline unsigned bs_mark_weight(const struct bs_rules *rules, const struct bs_mark *mark)
{
	return mark->rule == BS_SCAN_NOBODY ? BS_RED_WEIGHT : rules->order[mark->rule]->weight;
}

#endif
