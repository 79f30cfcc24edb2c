// SPDX-License-Identifier: MIT
// Many literals searched for in one pass, exactly and in their order in the text.
//
// Not an automaton: what core/rules/pairs.h lets pass is hashed by its first three bytes into a
// bitmap that fits the first cache, and what passes that is compared. Memory grows with the
// literals, not with literals times alphabet, and the loop waits for no load (an Aho-Corasick table
// over the forms of 2,048 environment values would not fit the run's memory). Linear in the text as
// long as literals are short: bs_literals_add refuses more than BS_LITERAL_BYTES_MAX.
#ifndef BS_RULES_LITERALS_H
#define BS_RULES_LITERALS_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/rules/pairs.h"

#define BS_LITERAL_BYTES_MIN BS_PAIRS_BYTES_MIN

enum bs_literal_flags {
	BS_LITERAL_CASELESS = 1 << 0, // ASCII letters
	BS_LITERAL_RUNS_OFF = 1 << 1, // also reported when the text ends inside it, from 3 bytes on
};

struct bs_literal_hit {
	size_t from, to; // to == text.len and shorter than the literal: the text ended inside it
	uint32_t id;
	bool cut; // the text ended inside it
};

// {0} starts at the beginning of a text.
struct bs_literals_cursor {
	uint64_t starts[BS_PAIRS_BLOCK / 64]; // of a block, those not yet looked at
	size_t block, next;                   // where it begins, and the one behind it
	size_t word, words;
	size_t at;      // window being compared
	uint32_t entry; // next candidate there, 0 when none is left
	uint8_t mark;   // of the window's hash
	bool near;      // some literal would have been found, were the digits of the text others
};

struct bs_literals;

enum bs_status bs_literals_new(struct bs_literals **ret_literals, struct bs_err *err) BS_MUST_USE;
// Wipes what it copied.
void bs_literals_free(struct bs_literals *literals);

// Copies the literal. Ids are the caller's and need not be unique. BS_USAGE when it is too short or
// too long.
enum bs_status bs_literals_add(struct bs_literals *literals, struct bs_str literal, unsigned flags,
	uint32_t id, struct bs_err *err) BS_MUST_USE;

// False when no literal begins with these bytes.
bool bs_literals_may_begin(
	const struct bs_literals *literals, const char text[BS_LITERAL_BYTES_MIN]);

// The next occurrence, by rising `from`; occurrences may overlap.
// False when there are no more.
bool bs_literals_next(const struct bs_literals *literals, struct bs_str text,
	struct bs_literals_cursor *cursor, struct bs_literal_hit *ret_hit);

#endif
