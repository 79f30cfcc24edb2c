// SPDX-License-Identifier: MIT
// Sets of literals, one of which must occur: how much they tell, how they are made and joined.
#include "core/rules/factor_set.h"

unsigned bs_factor_surprise(char before, char c, bool caseless)
{
	if (c == before && !bs_is_alnum(c)) // indentation, rules of dashes
		return 0;
	if (bs_is_digit(c)) // any digit will do (core/text/kind.h)
		return bs_is_digit(before) ? 1 : 3;
	if (c == ' ')
		return 3;
	if (c != '\0' && strchr("eatoinsr", c))
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
			bits += bs_factor_surprise(k > 0 ? literal->bytes[k - 1] : '\0',
				literal->bytes[k], literal->caseless);
		if (i == 0 || bits < least)
			least = bits;
	}
	unsigned price = 0; // any of them will do, and each takes time
	for (size_t n = factor->count; n > 1; n /= 2)
		price += 2;
	return least > price ? least - price : factor->count > 0;
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

// Whether every text with one of `factor` has one of `other`.
static bool covers(const struct bs_factor *factor, const struct bs_factor *other)
{
	for (size_t i = 0; i < factor->count; i++) {
		bool found = false;
		for (size_t k = 0; k < other->count && !found; k++)
			found = implies(&factor->literals[i], &other->literals[k]);
		if (!found)
			return false;
	}
	return true;
}

#define ALSO_WORTH_MIN 5 // what is met in most lines is not worth looking for

void bs_factor_keep_better(struct bs_factor_pair *pair, const struct bs_factor *other)
{
	if (other->count == 0)
		return;
	bool better = worth(other) > worth(&pair->best);
	bool says_more = pair->best.count > 0 && !covers(&pair->best, other) &&
			 !covers(other, &pair->best);
	if (!says_more) {
		if (better)
			pair->best = *other;
	} else if (better) {
		pair->also = pair->best;
		pair->best = *other;
	} else if (worth(other) > worth(&pair->also)) {
		pair->also = *other;
	}
	if (covers(&pair->best, &pair->also) || worth(&pair->also) < ALSO_WORTH_MIN)
		pair->also.count = 0;
}

#define ALSO_BEHIND_MAX 12 // bits: what is met thousands of times as often is not worth looking for

void bs_factor_prune(struct bs_factor_pair *pair)
{
	if (worth(&pair->also) + ALSO_BEHIND_MAX < worth(&pair->best))
		pair->also.count = 0;
}

void bs_factor_shift(struct bs_factor *factor, uint16_t bytes)
{
	for (size_t i = 0; i < factor->count; i++)
		factor->literals[i].end_max = bs_factor_plus(factor->literals[i].end_max, bytes);
}

void bs_factor_anchor(struct bs_factor *factor)
{
	for (size_t i = 0; i < factor->count; i++)
		factor->literals[i].anchored = true;
}

// A literal stands for another one in it: where the one is, the other is.
static void stand_for(struct bs_factor_literal *literal, const struct bs_factor_literal *other)
{
	if (other->end_max > literal->end_max)
		literal->end_max = other->end_max;
	literal->anchored = literal->anchored && other->anchored;
}

bool bs_factor_add(struct bs_factor *factor, const struct bs_factor_literal *literal)
{
	struct bs_factor_literal added = *literal;
	size_t kept = 0;
	for (size_t i = 0; i < factor->count; i++) {
		if (implies(literal, &factor->literals[i])) {
			stand_for(&factor->literals[i], literal);
			return true;
		}
		if (implies(&factor->literals[i], literal))
			stand_for(&added, &factor->literals[i]);
		else
			factor->literals[kept++] = factor->literals[i];
	}
	factor->count = kept;
	if (factor->count == BS_FACTOR_LITERALS_MAX)
		return false;
	factor->literals[factor->count++] = added;
	return true;
}

void bs_exact_clear(struct bs_factor *set)
{
	set->count = 1;
	set->literals[0].len = 0;
	set->literals[0].caseless = false;
	set->literals[0].anchored = false;
	set->literals[0].end_max = 0;
}

bool bs_exact_add(struct bs_factor *set, struct bs_str string, bool caseless)
{
	if (set->count == BS_EXACT_MAX || string.len > BS_FACTOR_BYTES_MAX)
		return false;
	struct bs_factor_literal *literal = &set->literals[set->count++];
	for (size_t i = 0; i < string.len; i++)
		literal->bytes[i] = bs_is_digit(string.ptr[i]) ? '0'
				    : caseless                 ? bs_lower(string.ptr[i])
							       : string.ptr[i];
	literal->len = (unsigned char)string.len;
	literal->caseless = caseless;
	literal->anchored = false;
	literal->end_max = 0;
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

// Each string but its last bytes goes, and what is then there twice.
static void cut(struct bs_factor *set, size_t bytes)
{
	size_t kept = 0;
	for (size_t i = 0; i < set->count; i++) {
		struct bs_factor_literal end = set->literals[i];
		size_t skip = end.len > bytes ? end.len - bytes : 0;
		bool there = false;
		memmove(end.bytes, end.bytes + skip, end.len - skip);
		end.len = (unsigned char)(end.len - skip);
		for (size_t k = 0; k < kept && !there; k++)
			there = set->literals[k].caseless == end.caseless &&
				bs_str_eq(str_of(&set->literals[k]), str_of(&end));
		if (!there)
			set->literals[kept++] = end;
	}
	set->count = kept;
}

bool bs_exact_append_ends(struct bs_factor *set, const struct bs_factor *other)
{
	size_t behind = longest(other);
	for (size_t bytes = BS_FACTOR_BYTES_MAX; bytes > 0; bytes--) {
		cut(set, bytes);
		if (bytes + behind <= BS_FACTOR_BYTES_MAX && bs_exact_append(set, other))
			return true;
	}
	return false;
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

void bs_exact_offer(const struct bs_factor *set, size_t bytes_min, uint16_t end_max,
	struct bs_factor_pair *pair)
{
	struct bs_factor factor;
	factor.count = 0;
	factor.anchored = false;
	for (size_t i = 0; i < set->count; i++) {
		struct bs_factor_literal literal = set->literals[i];
		literal.end_max = end_max;
		if (literal.len < bytes_min || !bs_factor_add(&factor, &literal))
			return;
	}
	bs_factor_keep_better(pair, &factor);
}
