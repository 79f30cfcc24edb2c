// SPDX-License-Identifier: MIT
// Literals of all rules, each once, with the rules that wait for it.
#include "core/rules/prefilter.h"

#include <stdlib.h>

#include "core/rules/factor.h"
#include "core/rules/literals.h"

// One literal of one rule; sorted, so that equal literals stand together.
struct want {
	struct bs_factor_literal literal;
	uint32_t rule;
};

struct bs_prefilter {
	struct bs_literals *literals; // ids are indices into `groups`
	uint32_t *groups;             // first entry of `rules` of each literal, and one beyond
	uint32_t *rules;
	size_t count, words;
	bool has_caseless;
	size_t blind_count; // rules without a literal, tried on every line
	uint16_t blind[BS_RULES_MAX];
};

static int compare_wants(const void *left, const void *right)
{
	const struct want *a = left, *b = right;
	if (a->literal.caseless != b->literal.caseless)
		return a->literal.caseless ? 1 : -1;
	size_t len = a->literal.len < b->literal.len ? a->literal.len : b->literal.len;
	int order = memcmp(a->literal.bytes, b->literal.bytes, len);
	if (order != 0)
		return order;
	if (a->literal.len != b->literal.len)
		return a->literal.len < b->literal.len ? -1 : 1;
	return a->rule < b->rule ? -1 : 1;
}

static bool same_literal(const struct want *a, const struct want *b)
{
	return a->literal.caseless == b->literal.caseless && a->literal.len == b->literal.len &&
	       memcmp(a->literal.bytes, b->literal.bytes, a->literal.len) == 0;
}

struct wants {
	struct want *items;
	size_t count, cap;
};

static bool add_wants(
	struct wants *wants, const struct bs_factor_literal *literals, size_t count, uint32_t rule)
{
	if (wants->count + count > wants->cap) {
		size_t cap = (wants->cap + count) * 2;
		struct want *grown = realloc(wants->items, cap * sizeof(*grown));
		if (!grown)
			return false;
		wants->items = grown;
		wants->cap = cap;
	}
	for (size_t i = 0; i < count; i++)
		wants->items[wants->count++] = (struct want){literals[i], rule};
	return true;
}

// The literals of every rule; those without are `blind`.
static bool collect(
	struct bs_prefilter *prefilter, struct bs_rule *const *order, struct wants *wants)
{
	struct bs_factor factor;
	for (size_t i = 0; i < prefilter->count; i++) {
		const struct bs_factor_literal *literals = order[i]->literals;
		size_t count = order[i]->literals_count;
		if (!order[i]->literals_known) {
			bs_factor_find(
				order[i]->match, order[i]->caseless, BS_LITERAL_BYTES_MIN, &factor);
			literals = factor.literals;
			count = factor.count;
			order[i]->end_max = factor.end_max;
			order[i]->anchored = factor.anchored;
		}
		if (count == 0) {
			prefilter->blind[prefilter->blind_count++] = (uint16_t)i;
		} else if (!add_wants(wants, literals, count, (uint32_t)i)) {
			return false;
		}
	}
	return true;
}

static enum bs_status build(
	struct bs_prefilter *prefilter, const struct wants *wants, struct bs_err *err)
{
	prefilter->groups = calloc(wants->count + 1, sizeof(*prefilter->groups));
	prefilter->rules = calloc(wants->count + 1, sizeof(*prefilter->rules));
	if (!prefilter->groups || !prefilter->rules)
		return bs_fail_nomem(err);
	uint32_t id = 0;
	for (size_t i = 0; i < wants->count; i++) {
		const struct want *want = &wants->items[i];
		prefilter->rules[i] = want->rule;
		if (i > 0 && same_literal(want, want - 1))
			continue;
		prefilter->groups[id] = (uint32_t)i;
		unsigned flags = BS_LITERAL_ANY_DIGIT | // the same rules for all lines of a kind
				 (want->literal.caseless ? BS_LITERAL_CASELESS : 0u);
		prefilter->has_caseless |= want->literal.caseless;
		enum bs_status status = bs_literals_add(prefilter->literals,
			bs_str(want->literal.bytes, want->literal.len), flags, id, err);
		if (status != BS_OK)
			return status;
		id++;
	}
	prefilter->groups[id] = (uint32_t)wants->count;
	return BS_OK;
}

enum bs_status bs_prefilter_new(struct bs_rule *const *order, size_t count,
	struct bs_prefilter **ret_prefilter, struct bs_err *err)
{
	struct wants wants = {0};
	enum bs_status status = BS_OK;
	struct bs_prefilter *prefilter = calloc(1, sizeof(*prefilter));
	if (!prefilter)
		return bs_fail_nomem(err);
	prefilter->count = count;
	prefilter->words = (count + 63) / 64;
	status = bs_literals_new(&prefilter->literals, err);
	if (status != BS_OK)
		goto out;
	if (!collect(prefilter, order, &wants)) {
		status = bs_fail_nomem(err);
		goto out;
	}
	if (wants.count > 0)
		qsort(wants.items, wants.count, sizeof(*wants.items), compare_wants);
	status = build(prefilter, &wants, err);
	if (status != BS_OK)
		goto out;
	*ret_prefilter = prefilter;
	prefilter = NULL;
out:
	free(wants.items);
	bs_prefilter_free(prefilter);
	return status;
}

void bs_prefilter_free(struct bs_prefilter *prefilter)
{
	if (!prefilter)
		return;
	bs_literals_free(prefilter->literals);
	free(prefilter->groups);
	free(prefilter->rules);
	free(prefilter);
}

// Two letters outside ASCII match a pattern's ASCII letter when case does not count: U+017F (s) and
// U+212A (k). Rare enough to give the whole line up to all rules.
static bool has_folding_strangers(struct bs_str text)
{
	return text.len > 0 &&
	       ((memchr(text.ptr, 0xC5, text.len) && bs_str_has(text, BS_LIT("\xC5\xBF"))) ||
		       (memchr(text.ptr, 0xE2, text.len) &&
			       bs_str_has(text, BS_LIT("\xE2\x84\xAA"))));
}

static void see_everywhere(struct bs_candidates *candidates, size_t rule)
{
	candidates->bits[rule / 64] |= (uint64_t)1 << (rule % 64);
	candidates->first_end[rule] = 0;
	candidates->last[rule] = UINT16_MAX;
}

static void see_literal(
	struct bs_candidates *candidates, size_t rule, const struct bs_literal_hit *hit)
{
	uint64_t bit = (uint64_t)1 << (rule % 64);
	uint64_t *word = &candidates->bits[rule / 64];
	if (!(*word & bit) || hit->to < candidates->first_end[rule])
		candidates->first_end[rule] = (uint16_t)hit->to;
	*word |= bit;
	candidates->last[rule] = (uint16_t)hit->from; // hits come by rising `from`
}

void bs_prefilter_find(const struct bs_prefilter *prefilter, struct bs_str text,
	struct bs_candidates *ret_candidates)
{
	memset(ret_candidates->bits, 0, prefilter->words * sizeof(ret_candidates->bits[0]));
	bool all = text.len > UINT16_MAX ||
		   (prefilter->has_caseless && has_folding_strangers(text));
	for (size_t i = 0; i < (all ? prefilter->count : prefilter->blind_count); i++)
		see_everywhere(ret_candidates, all ? i : prefilter->blind[i]);
	if (all)
		return;
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	while (bs_literals_next(prefilter->literals, text, &cursor, &hit))
		for (uint32_t i = prefilter->groups[hit.id]; i < prefilter->groups[hit.id + 1]; i++)
			see_literal(ret_candidates, prefilter->rules[i], &hit);
}

static bool may_begin(const struct bs_rule *rule, struct bs_str text, size_t at)
{
	unsigned char byte = at < text.len ? (unsigned char)text.ptr[at] : 0;
	return !rule->first_known || (at < text.len && rule->first[byte / 8] >> (byte % 8) & 1);
}

bool bs_prefilter_reach(const struct bs_candidates *candidates, const struct bs_rule *rule,
	size_t at, struct bs_str text, size_t skipped, struct bs_span *ret_starts)
{
	size_t end = candidates->first_end[at], last = candidates->last[at];
	size_t reach = skipped + rule->end_max;
	struct bs_span starts = {0, last - skipped};
	if (last < skipped)
		return false;
	if (rule->end_max < BS_FACTOR_ANYWHERE && end > reach)
		starts.from = end - reach;
	if (rule->anchored && (starts.from > 0 || !may_begin(rule, text, skipped)))
		return false;
	*ret_starts = starts;
	return starts.from <= starts.to;
}

size_t bs_prefilter_blind(const struct bs_prefilter *prefilter)
{
	return prefilter->blind_count;
}
