// SPDX-License-Identifier: MIT
// Where in a text one of many literals may begin: a look at two bytes in each step.
//
// The first stage of FDR (Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern
// CPUs", NSDI 2019, section 4.1): literals share out few buckets, and a table tells for each pair
// of bytes which buckets have it as their first, second, … pair. Here a step takes two bytes, so
// that each literal stands twice: it may begin on the first or on the second of them. Letters are
// of either case and any digit is as good as another: whoever asks compares what is found.
#ifndef BS_RULES_PAIRS_H
#define BS_RULES_PAIRS_H

#include "core/base/str.h"

#define BS_PAIRS_BYTES_MIN 3
#define BS_PAIRS_BLOCK 512 // bytes looked at in one call, a multiple of 64
#define BS_PAIRS_CLASSES 64

struct bs_pairs {
	// In each four lanes, one for each pair of a literal; a lane has eight buckets of literals
	// that begin on the first byte of a step and eight of those that begin on the second. A
	// bit that is not set says that a literal of the bucket may have this pair there.
	uint64_t table[BS_PAIRS_CLASSES * BS_PAIRS_CLASSES];
	// Bits that are clear for all pairs, for those that begin with a class, that end with one.
	uint64_t open, behind[BS_PAIRS_CLASSES], before[BS_PAIRS_CLASSES];
};

void bs_pairs_init(struct bs_pairs *pairs);
// BS_PAIRS_BYTES_MIN bytes at least; nothing behind the eighth counts. runs_off: a text may end
// inside it, from so many bytes on.
void bs_pairs_add(struct bs_pairs *pairs, struct bs_str literal, bool runs_off);

// Sets bit i of ret_starts where a literal may begin at text[from + i]; looks at BS_PAIRS_BLOCK
// bytes or up to the end of the text. Words of ret_starts that were set.
size_t bs_pairs_look(const struct bs_pairs *pairs, struct bs_str text, size_t from,
	uint64_t ret_starts[BS_PAIRS_BLOCK / 64]);

#endif
