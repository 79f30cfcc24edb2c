// SPDX-License-Identifier: MIT
// Sets of literals, one of which must occur: how much they tell, how they are made and joined.
#include "core/rules/factor_set.h"

// About the bits of surprise in seeing this byte in a log.
static unsigned surprise(char c, bool caseless)
{
	if (c == ' ')
		return 3;
	if (bs_is_digit(c) || (c != '\0' && strchr("eatoinsr", c)))
		return 4;
	if (c >= 'A' && c <= 'Z' && !caseless)
		return 6;
	return bs_is_alpha(c) ? 5 : 6;
}

static unsigned worth(const struct bs_factor *factor)
{
	unsigned least = 0;
	for (size_t i = 0; i < factor->count; i++) {
		const struct bs_factor_literal *literal = &factor->literals[i];
		unsigned bits = 0;
		for (size_t k = 0; k < literal->len; k++)
			bits += surprise(literal->bytes[k], literal->caseless);
		if (i == 0 || bits < least)
			least = bits;
	}
	unsigned price = 0; // log2 of the number of literals
	for (size_t n = factor->count; n > 1; n /= 2)
		price++;
	return least > price ? least - price : factor->count > 0;
}

void bs_factor_keep_better(struct bs_factor *best, const struct bs_factor *other)
{
	if (worth(other) > worth(best))
		*best = *other;
}

static struct bs_str str_of(const struct bs_factor_literal *literal)
{
	return bs_str(literal->bytes, literal->len);
}

// Whether every text with `longer` in it has `shorter` in it.
static bool implies(const struct bs_factor_literal *longer, const struct bs_factor_literal *shorter)
{
	if (longer->caseless && !shorter->caseless)
		return false;
	return shorter->caseless ? bs_str_ifind(str_of(longer), str_of(shorter)) != SIZE_MAX
				 : bs_str_has(str_of(longer), str_of(shorter));
}

bool bs_factor_add(struct bs_factor *factor, const struct bs_factor_literal *literal)
{
	size_t kept = 0;
	for (size_t i = 0; i < factor->count; i++) {
		if (implies(literal, &factor->literals[i]))
			return true;
		if (!implies(&factor->literals[i], literal))
			factor->literals[kept++] = factor->literals[i];
	}
	factor->count = kept;
	if (factor->count == BS_FACTOR_LITERALS_MAX)
		return false;
	factor->literals[factor->count++] = *literal;
	return true;
}

void bs_factor_end_run(struct bs_factor_run *run, size_t bytes_min, struct bs_factor *best)
{
	struct bs_factor_literal *literal = &run->literal;
	if (literal->caseless)
		for (size_t i = 0; i < literal->len; i++)
			literal->bytes[i] = bs_lower(literal->bytes[i]);
	if (literal->len >= bytes_min) {
		struct bs_factor factor = {.count = 1, .literals = {*literal}};
		bs_factor_keep_better(best, &factor);
	}
	*run = (struct bs_factor_run){0};
}

void bs_factor_extend_run(struct bs_factor_run *run, size_t bytes_min, struct bs_str character,
	bool caseless, struct bs_factor *best)
{
	if (run->literal.len + character.len > BS_FACTOR_BYTES_MAX)
		bs_factor_end_run(run, bytes_min, best);
	memcpy(run->literal.bytes + run->literal.len, character.ptr, character.len);
	run->literal.len = (unsigned char)(run->literal.len + character.len);
	run->literal.caseless |= caseless;
}
