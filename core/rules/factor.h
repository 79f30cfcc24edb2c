// SPDX-License-Identifier: MIT
// From a pattern to literals of which at least one stands in every text that it matches; and, where
// it can be, to others of which one does, too.
//
// Sound before sharp: whatever of PCRE's language is not understood gives no literals, and the
// pattern is then tried on every line.
#ifndef BS_RULES_FACTOR_H
#define BS_RULES_FACTOR_H

#include "core/base/str.h"

#define BS_FACTOR_LITERALS_MAX 64
#define BS_FACTOR_BYTES_MIN 3
#define BS_FACTOR_BYTES_MAX 16 // a longer literal is represented by a part of it

struct bs_factor_literal {
	char bytes[BS_FACTOR_BYTES_MAX]; // '0' stands for any digit
	unsigned char len;
	bool caseless;    // bytes are lower case then
	bool anchored;    // a match with it begins where the text does
	uint16_t end_max; // bytes from where a match with it begins to where it ends, at most
};

// A rule that waits for a literal; with BS_FACTOR_ALSO set for one of its others.
struct bs_factor_waiting {
	uint16_t rule;
	uint16_t end_max; // struct bs_factor_literal
	bool anchored;
};

#define BS_FACTOR_ALSO 0x8000u
#define BS_FACTOR_ANYWHERE UINT16_MAX

// count 0: nothing is known.
struct bs_factor {
	size_t count;
	bool anchored; // a match begins where the text does
	struct bs_factor_literal literals[BS_FACTOR_LITERALS_MAX];
};

// What a text must have: one of the literals of `best`, and one of those of `also`. A pattern of
// two words is then not tried where only the one stands.
struct bs_factor_pair {
	struct bs_factor best, also;
};

// Literals have bytes_min bytes at least. Where a literal is caseless, a matching text may have
// U+017F for its 's' and U+212A for its 'k' (Unicode case folding): the caller looks for those two.
void bs_factor_find(
	struct bs_str pattern, bool caseless, size_t bytes_min, struct bs_factor_pair *ret_pair);

#endif
