// SPDX-License-Identifier: MIT
// Literals of all rules, each once, with the rules that wait for it.
#include "core/rules/prefilter.h"

#include <stdlib.h>

#include "core/rules/factor.h"
#include "core/rules/literals.h"

struct bs_prefilter {
	struct bs_literals *literals; // ids are indices into `groups`
	uint32_t *groups;             // first entry of `waiting` of each literal, and one beyond
	struct bs_factor_waiting *waiting;
	uint64_t content[BS_PREFILTER_WORDS]; // rules that have no other
	size_t count, words;
	bool has_caseless;
	size_t blind_count; // rules without a literal, tried on every line
	uint16_t blind[BS_RULES_MAX];
};

// What is being built: literals[id] has waiting[groups[id], groups[id + 1]).
struct builder {
	struct bs_prefilter *prefilter;
	size_t ids, waiting;
};

// Begins the next literal; the rules that wait for it follow.
static enum bs_status add_literal(
	struct builder *builder, const struct bs_factor_literal *literal, struct bs_err *err)
{
	struct bs_prefilter *prefilter = builder->prefilter;
	unsigned flags = BS_LITERAL_ANY_ORDER |
			 BS_LITERAL_ANY_DIGIT | // the same rules for all lines of a kind
			 (literal->caseless ? BS_LITERAL_CASELESS : 0u);
	prefilter->has_caseless |= literal->caseless;
	prefilter->groups[builder->ids] = (uint32_t)builder->waiting;
	return bs_literals_add(prefilter->literals, bs_str(literal->bytes, literal->len), flags,
		(uint32_t)builder->ids++, err);
}

#define ABSENT UINT16_MAX

// The literals of our own packs, which the build has gathered. places: where in order[] each of
// their rules stands.
static enum bs_status add_builtin(
	struct builder *builder, const uint16_t *places, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < bs_rules_builtin_literals_count; i++) {
		const struct bs_factor_shared *shared = &bs_rules_builtin_literals[i];
		status = add_literal(builder, &shared->literal, err);
		for (uint32_t k = shared->from; k < shared[1].from; k++) {
			struct bs_factor_waiting waiting = bs_rules_builtin_waiting[k];
			uint16_t also = waiting.rule & BS_FACTOR_ALSO;
			uint16_t place = places[waiting.rule ^ also];
			waiting.rule = place | also;
			if (place != ABSENT)
				builder->prefilter->waiting[builder->waiting++] = waiting;
		}
	}
	return status;
}

// Those of another rule.
static enum bs_status add_factor(
	struct builder *builder, const struct bs_factor *factor, size_t rule, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < factor->count; i++) {
		status = add_literal(builder, &factor->literals[i], err);
		builder->prefilter->waiting[builder->waiting++] = (struct bs_factor_waiting){
			(uint16_t)rule, factor->literals[i].end_max, factor->literals[i].anchored};
	}
	return status;
}

static enum bs_status build(
	struct builder *builder, struct bs_rule *const *order, struct bs_err *err)
{
	struct bs_prefilter *prefilter = builder->prefilter;
	struct bs_factor_pair pair;
	uint16_t places[BS_RULES_MAX];
	enum bs_status status = BS_OK;
	memset(places, 0xFF, sizeof(places));
	for (size_t i = 0; status == BS_OK && i < prefilter->count; i++) {
		struct bs_rule *rule = order[i];
		size_t count = rule->literals_count;
		if (rule->literals_known) {
			places[rule->builtin] = (uint16_t)i;
		} else {
			bs_factor_find(rule->match, rule->caseless, BS_LITERAL_BYTES_MIN, &pair);
			status = add_factor(builder, &pair.best, i, err);
			if (status == BS_OK)
				status = add_factor(builder, &pair.also, i | BS_FACTOR_ALSO, err);
			count = pair.best.count;
			rule->anchored = pair.best.anchored;
			rule->needs_also = pair.also.count > 0;
		}
		if (!rule->needs_also)
			prefilter->content[i / 64] |= (uint64_t)1 << (i % 64);
		if (count == 0)
			prefilter->blind[prefilter->blind_count++] = (uint16_t)i;
	}
	if (status == BS_OK)
		status = add_builtin(builder, places, err);
	prefilter->groups[builder->ids] = (uint32_t)builder->waiting;
	return status;
}

// How many literals there can be: none of our own, and the most that every other rule may have.
static size_t literals_max(struct bs_rule *const *order, size_t count)
{
	size_t others = 0;
	for (size_t i = 0; i < count; i++)
		others += !order[i]->literals_known;
	return others * 2 * BS_FACTOR_LITERALS_MAX +
	       bs_rules_builtin_literals[bs_rules_builtin_literals_count].from;
}

enum bs_status bs_prefilter_new(struct bs_rule *const *order, size_t count,
	struct bs_prefilter **ret_prefilter, struct bs_err *err)
{
	size_t most = literals_max(order, count);
	struct builder builder = {0};
	enum bs_status status = BS_OK;
	struct bs_prefilter *prefilter = calloc(1, sizeof(*prefilter));
	if (!prefilter)
		return bs_fail_nomem(err);
	prefilter->count = count;
	prefilter->words = (count + 63) / 64;
	status = bs_literals_new(&prefilter->literals, err);
	if (status != BS_OK)
		goto out;
	prefilter->groups = calloc(most + 1, sizeof(*prefilter->groups));
	prefilter->waiting = calloc(most + 1, sizeof(*prefilter->waiting));
	if (!prefilter->groups || !prefilter->waiting) {
		status = bs_fail_nomem(err);
		goto out;
	}
	builder.prefilter = prefilter;
	status = build(&builder, order, err);
	if (status != BS_OK)
		goto out;
	*ret_prefilter = prefilter;
	prefilter = NULL;
out:
	bs_prefilter_free(prefilter);
	return status;
}

void bs_prefilter_free(struct bs_prefilter *prefilter)
{
	if (!prefilter)
		return;
	bs_literals_free(prefilter->literals);
	free(prefilter->groups);
	free(prefilter->waiting);
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
	candidates->first[rule] = 0;
	candidates->last[rule] = UINT16_MAX;
}

// A match with the literal begins between `first` and `last`.
static void see_literal(struct bs_candidates *candidates, uint64_t also[BS_PREFILTER_WORDS],
	struct bs_factor_waiting by, size_t first, size_t last)
{
	size_t rule = by.rule & ~BS_FACTOR_ALSO;
	uint64_t bit = (uint64_t)1 << (rule % 64);
	if (by.rule & BS_FACTOR_ALSO) {
		also[rule / 64] |= bit;
		return;
	}
	uint64_t *word = &candidates->bits[rule / 64];
	if (!(*word & bit) || first < candidates->first[rule])
		candidates->first[rule] = (uint16_t)first;
	if (!(*word & bit) || last > candidates->last[rule])
		candidates->last[rule] = (uint16_t)last;
	*word |= bit;
}

void bs_prefilter_find(const struct bs_prefilter *prefilter, struct bs_str text, size_t skipped,
	struct bs_candidates *ret_candidates)
{
	uint64_t also[BS_PREFILTER_WORDS];
	memset(ret_candidates->bits, 0, prefilter->words * sizeof(also[0]));
	memcpy(also, prefilter->content, prefilter->words * sizeof(also[0]));
	bool all = text.len > UINT16_MAX ||
		   (prefilter->has_caseless && has_folding_strangers(text));
	for (size_t i = 0; i < (all ? prefilter->count : prefilter->blind_count); i++)
		see_everywhere(ret_candidates, all ? i : prefilter->blind[i]);
	if (all)
		return;
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	while (bs_literals_next(prefilter->literals, text, &cursor, &hit))
		for (uint32_t i = prefilter->groups[hit.id]; i < prefilter->groups[hit.id + 1];
			i++) {
			struct bs_factor_waiting by = prefilter->waiting[i];
			bool bounded = by.end_max < BS_FACTOR_ANYWHERE && hit.to > by.end_max;
			size_t first = bounded ? hit.to - by.end_max : 0;
			if (!by.anchored)
				see_literal(ret_candidates, also, by, first, hit.from);
			else if (first <= skipped)
				see_literal(ret_candidates, also, by, first, skipped);
		}
	for (size_t i = 0; i < prefilter->words; i++)
		ret_candidates->bits[i] &= also[i];
}

static bool may_begin(const struct bs_rule *rule, struct bs_str text, size_t at)
{
	unsigned char byte = at < text.len ? (unsigned char)text.ptr[at] : 0;
	return !rule->first_known || (at < text.len && rule->first[byte / 8] >> (byte % 8) & 1);
}

bool bs_prefilter_reach(const struct bs_candidates *candidates, const struct bs_rule *rule,
	size_t at, struct bs_str text, size_t skipped, struct bs_span *ret_starts)
{
	size_t first = candidates->first[at], last = candidates->last[at];
	if (last < skipped)
		return false;
	struct bs_span starts = {first > skipped ? first - skipped : 0, last - skipped};
	if (rule->anchored && (starts.from > 0 || !may_begin(rule, text, skipped)))
		return false;
	*ret_starts = starts;
	return starts.from <= starts.to;
}

size_t bs_prefilter_blind(const struct bs_prefilter *prefilter)
{
	return prefilter->blind_count;
}
