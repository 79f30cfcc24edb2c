// SPDX-License-Identifier: MIT
// Which lines stay, under a budget: blocks of the most telling marks first, the end of the log
// last.
#ifndef BS_RULES_CHOOSE_H
#define BS_RULES_CHOOSE_H

#include "core/rules/rank.h"
#include "core/rules/store.h"

struct bs_choice {
	// what there is
	const struct bs_rules *rules;
	const struct bs_store *store;
	const struct bs_marks *marks;
	const struct bs_ranked *ranked;
	size_t ranked_count;
	uint64_t lines_seen; // of the log, kept in the store or not
	bool has_baseline;   // BS_LINE_KNOWN tells something
	// what it may cost
	size_t bytes_max;
	size_t line_bytes_min; // what a shorter line costs all the same
	size_t line_bytes_max; // a longer line will be cut to this
	// what was chosen
	unsigned char *keep; // enum bs_kept_for of each line of the store, zeroed by the caller
	enum bs_kept_for kept_for; // what lines are being taken for
	size_t bytes;              // an upper bound of the text, markers included
};

// The longest marker of omitted lines a log of this length can have.
size_t bs_marker_bytes_max(uint64_t lines_seen);

void bs_choose(struct bs_choice *choice);
// Whether a mark is one that a log which was understood has little room for.
bool bs_choice_is_weak(const struct bs_choice *choice, const struct bs_ranked *ranked);

#endif
