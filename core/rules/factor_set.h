// SPDX-License-Identifier: MIT
// Sets of literals, one of which must occur: the arithmetic beneath factor.c.
#ifndef BS_RULES_FACTOR_SET_H
#define BS_RULES_FACTOR_SET_H

#include "core/rules/factor.h"

// About the bits of surprise in seeing this byte in a log behind another ('\0': none).
unsigned bs_factor_surprise(char before, char c, bool caseless);

// Puts `other` in its place among the two if it tells more than one of them. Of two, where the one
// says nothing beyond the other, one is kept.
void bs_factor_keep_better(struct bs_factor_pair *pair, const struct bs_factor *other);

// Drops what is seen so much more often than the best that looking for it does not pay.
void bs_factor_prune(struct bs_factor_pair *pair);

// What is `bytes` behind the beginning of a match at most.
void bs_factor_shift(struct bs_factor *factor, uint16_t bytes);
// Matches with these begin where the text does.
void bs_factor_anchor(struct bs_factor *factor);

// The union, where one of the literals must occur: those that hold another are dropped. False when
// there are too many.
bool bs_factor_add(struct bs_factor *factor, const struct bs_factor_literal *literal);

// --- exact sets: all the strings that a part of a pattern can be, up to this many

#define BS_EXACT_MAX 64

void bs_exact_clear(struct bs_factor *set); // the set of the empty string
bool bs_exact_add(struct bs_factor *set, struct bs_str string, bool caseless);
bool bs_exact_join(struct bs_factor *set, const struct bs_factor *other);
// Every string of the set followed by every string of the other. False, and nothing done, when they
// get too many or too long.
bool bs_exact_append(struct bs_factor *set, const struct bs_factor *other);
// The same with the ends of the set's strings only: as much of them as there is room for.
bool bs_exact_append_ends(struct bs_factor *set, const struct bs_factor *other);
// As a factor: it takes its place in the pair if it tells more and no string is too short.
// end_max: of each.
void bs_exact_offer(const struct bs_factor *set, size_t bytes_min, uint16_t end_max,
	struct bs_factor_pair *pair);
// Bytes of the longest text that one of the strings stands for.
uint16_t bs_exact_width(const struct bs_factor *set);

static inline uint16_t bs_factor_plus(uint16_t bytes, uint16_t more)
{
	return bytes < BS_FACTOR_ANYWHERE - more ? (uint16_t)(bytes + more) : BS_FACTOR_ANYWHERE;
}

#endif
