// SPDX-License-Identifier: MIT
// The small parts of a pattern: characters, classes, escapes, quantifiers.
#ifndef BS_RULES_FACTOR_ITEM_H
#define BS_RULES_FACTOR_ITEM_H

#include "core/rules/factor_set.h"

struct bs_factor_parser {
	struct bs_str pattern;
	size_t at;
	size_t bytes_min;
	bool caseless;
	bool lost; // something was not understood: nothing holds
	unsigned depth;
};

// What is known of a part of a pattern. The sets are exact: see factor_set.h.
struct bs_factor_part {
	bool exact;               // it is one of the strings of `tail`, and of nothing else
	struct bs_factor head;    // unless exact: it begins with one of these
	struct bs_factor tail;    // it ends with one of these
	struct bs_factor_pair in; // these are in it
	uint16_t width;           // bytes at most; BS_FACTOR_ANYWHERE: no bound
	bool anchored;            // begins where the text does
};

#define BS_FACTOR_CHAR_BYTES 4

// Of which nothing is known but that it is one character.
void bs_factor_unknown(struct bs_factor_part *part);

static inline bool bs_factor_at_end(const struct bs_factor_parser *p)
{
	return p->at >= p->pattern.len;
}

static inline char bs_factor_peek(const struct bs_factor_parser *p, size_t ahead)
{
	return p->at + ahead < p->pattern.len ? p->pattern.ptr[p->at + ahead] : '\0';
}

// Behind "[": up to and over its "]". A class of one letter in both cases is that letter.
void bs_factor_class(struct bs_factor_parser *p, struct bs_factor_part *part);
// Behind a backslash.
void bs_factor_escape(struct bs_factor_parser *p, struct bs_factor_part *part);
// A character as it stands.
void bs_factor_character(struct bs_factor_parser *p, struct bs_factor_part *part);
// A quantifier, if there is one: at least how often (no more than BS_FACTOR_TIMES_MAX is told);
// *ret_open when it may be more, *ret_most how often at most (UINT_MAX: no bound).
#define BS_FACTOR_TIMES_MAX 4

unsigned bs_factor_quantifier(struct bs_factor_parser *p, bool *ret_open, unsigned *ret_most);

#endif
