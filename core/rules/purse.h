// SPDX-License-Identifier: MIT
// What an excerpt may cost, and the lines it was spent on so far.
#ifndef BS_RULES_PURSE_H
#define BS_RULES_PURSE_H

#include "core/rules/rank.h"
#include "core/rules/same.h"
#include "core/rules/store.h"

struct bs_choice {
	// what there is
	const struct bs_rules *rules;
	const struct bs_store *store;
	const struct bs_marks *marks; // located in the store
	const struct bs_ranked *ranked;
	size_t ranked_count;
	uint64_t lines_seen; // of the log, kept in the store or not
	const unsigned char
		*odd; // a byte of each line of the store (core/rules/odd.h); NULL: not known
	struct bs_same *same; // lines that can be spared; NULL: none is
	bool has_baseline;    // BS_LINE_KNOWN tells something
	bool is_explained;    // bs_commands_are_explained() says so
	bool has_cause;       // bs_commands_have_cause() does
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

// Bytes in so many percent of the budget.
size_t bs_purse_share(const struct bs_choice *choice, size_t percent);
// Takes a line if the bytes chosen stay within `limit`. True also when it was taken before, or is
// spared: it says again what stands above.
bool bs_purse_take(struct bs_choice *choice, size_t index, size_t limit);
// Up to `count` lines behind `index`, or before it, as long as they follow each other in the log
// and within `limit`.
void bs_purse_take_after(struct bs_choice *choice, size_t index, size_t count, size_t limit);
void bs_purse_take_before(struct bs_choice *choice, size_t index, size_t count, size_t limit);

// As the latter, and on to the lines that are said again by what is spared at the last of them.
// `index` may be the count of the store.
void bs_purse_take_said_before(struct bs_choice *choice, size_t index, size_t count, size_t limit);

#endif
