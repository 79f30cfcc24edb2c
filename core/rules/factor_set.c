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
	unsigned price = 0; // any of them will do, and each takes time
	for (size_t n = factor->count; n > 1; n /= 2)
		price += 2;
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

void bs_exact_clear(struct bs_factor *set)
{
	set->count = 1;
	set->literals[0].len = 0;
	set->literals[0].caseless = false;
}

bool bs_exact_add(struct bs_factor *set, struct bs_str string, bool caseless)
{
	if (set->count == BS_EXACT_MAX || string.len > BS_FACTOR_BYTES_MAX)
		return false;
	struct bs_factor_literal *literal = &set->literals[set->count++];
	for (size_t i = 0; i < string.len; i++)
		literal->bytes[i] = caseless ? bs_lower(string.ptr[i]) : string.ptr[i];
	literal->len = (unsigned char)string.len;
	literal->caseless = caseless;
	return true;
}

bool bs_exact_join(struct bs_factor *set, const struct bs_factor *other)
{
	if (set->count + other->count > BS_EXACT_MAX)
		return false;
	memcpy(set->literals + set->count, other->literals,
		other->count * sizeof(other->literals[0]));
	set->count += other->count;
	return true;
}

static size_t longest(const struct bs_factor *set)
{
	size_t len = 0;
	for (size_t i = 0; i < set->count; i++)
		if (set->literals[i].len > len)
			len = set->literals[i].len;
	return len;
}

bool bs_exact_append(struct bs_factor *set, const struct bs_factor *other)
{
	if (set->count * other->count > BS_EXACT_MAX ||
		longest(set) + longest(other) > BS_FACTOR_BYTES_MAX)
		return false;
	size_t count = set->count;
	for (size_t k = other->count; k-- > 0;) // the first copy last: it overwrites the set
		for (size_t i = 0; i < count; i++) {
			const struct bs_factor_literal *tail = &other->literals[k];
			struct bs_factor_literal *to = &set->literals[k * count + i];
			*to = set->literals[i];
			to->caseless = to->caseless || tail->caseless;
			memcpy(to->bytes + to->len, tail->bytes, tail->len);
			to->len = (unsigned char)(to->len + tail->len);
			for (size_t n = 0; n < to->len && to->caseless; n++)
				to->bytes[n] = bs_lower(to->bytes[n]);
		}
	set->count = count * other->count;
	return true;
}

#define CASELESS_BYTES 3 // U+212A for a 'k'

uint16_t bs_exact_width(const struct bs_factor *set)
{
	uint16_t width = 0;
	for (size_t i = 0; i < set->count; i++) {
		unsigned bytes = set->literals[i].len *
				 (set->literals[i].caseless ? CASELESS_BYTES : 1u);
		width = bytes > width ? (uint16_t)bytes : width;
	}
	return width;
}

void bs_exact_offer(
	const struct bs_factor *set, size_t bytes_min, uint16_t end_max, struct bs_factor *best)
{
	struct bs_factor factor;
	factor.count = 0;
	factor.end_max = end_max;
	factor.anchored = false;
	for (size_t i = 0; i < set->count; i++)
		if (set->literals[i].len < bytes_min || !bs_factor_add(&factor, &set->literals[i]))
			return;
	bs_factor_keep_better(best, &factor);
}
