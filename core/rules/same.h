// SPDX-License-Identifier: MIT
// Lines that say again what the lines just above them said: which of them an excerpt can spare.
#ifndef BS_RULES_SAME_H
#define BS_RULES_SAME_H

#include "core/rules/mark.h"
#include "core/rules/store.h"

#define BS_SAME_PERIOD_MAX 4 // lines that are said over and over together

// A run is looked at when one of its lines is asked for, and remembered.
struct bs_same {
	const struct bs_store *store;
	const struct bs_marks *marks; // in the order of the log
	unsigned char *states;        // of each line of the store, zeroed by the caller
};

// How many lines above are said again by this one, which is spared for them: 1 to
// BS_SAME_PERIOD_MAX; 0: it stays. The first and the last of a run stay. Lines that a rule
// named, and their blocks, are spared only for their equals, byte by byte; others may differ in
// numbers that rise or fall steadily.
unsigned bs_same_period(struct bs_same *same, size_t index);
// Whether numbers differ in the run of a line that is spared.
bool bs_same_counts(const struct bs_same *same, size_t index);

#endif
