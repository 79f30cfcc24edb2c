// SPDX-License-Identifier: MIT
// Where the value of a name stands in a line: separators, quotes, and where it ends.
#ifndef BS_RULES_REDACT_VALUE_H
#define BS_RULES_REDACT_VALUE_H

#include "core/base/str.h"

// Where a value was found and how it was given.
struct bs_found {
	size_t from, to;
	bool quoted;
	bool assigned; // by '=', as an argument, by an option
	bool tagged;   // <name>value
	bool tight;    // by a ':' with nothing between: grpc-auth:jar, com.google.auth:library
	bool alone;    // nothing but closing marks follows on the line
	bool empty;    // a separator, and then the line ended
};

size_t bs_value_skip_blanks(struct bs_str line, size_t i);
// The bytes of a quote at line[i]: ", ', `, \", &quot;, %22; 0 when there is none.
size_t bs_value_quote(struct bs_str line, size_t i);
// Where a value without quotes that begins at line[i] ends.
size_t bs_value_end(struct bs_str line, size_t i);

// Moves *i from the end of a name to what its separator gives; false when there is no separator.
// from is where the name begins, opener what was taken off before it: '<', '-' or anything else.
bool bs_value_separate(
	struct bs_str line, size_t from, size_t *i, char opener, struct bs_found *found);
// Finds the value from line[i] on; false when the line has none.
bool bs_value_read(struct bs_str line, size_t i, struct bs_found *found);

#endif
