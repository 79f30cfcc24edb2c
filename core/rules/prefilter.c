// SPDX-License-Identifier: MIT
// Literals of all rules, each once, with the rules that wait for it.
#include "core/rules/prefilter.h"

#include <stdlib.h>

struct bs_prefilter {
	size_t count, words;
	bool has_own;                         // rules of our own packs
	uint64_t content[BS_PREFILTER_WORDS]; // rules that need no other literal
	size_t blind_count;                   // rules without a literal, tried on every line
	uint16_t blind[BS_RULES_MAX];
	uint16_t places[BS_RULES_MAX]; // where in order[] each rule of our own packs stands
	// of the other rules; waiting[id] is who waits for literal `id`
	struct bs_sieve others;
	struct bs_factor_waiting *waiting;
	size_t waiting_count;
};

#define ABSENT UINT16_MAX

// --- building

// Literals of the rules that are not ours.
struct gathered {
	struct bs_factor_literal *literals;
	struct bs_sieve_literal *wanted;
};

static void gather(struct bs_prefilter *prefilter, struct gathered *gathered,
	const struct bs_factor *factor, size_t rule)
{
	for (size_t i = 0; i < factor->count; i++) {
		size_t id = prefilter->waiting_count++;
		gathered->literals[id] = factor->literals[i];
		gathered->wanted[id] = (struct bs_sieve_literal){
			&gathered->literals[id], (uint32_t)id, bs_sieve_back(&factor->literals[i])};
		prefilter->waiting[id] = (struct bs_factor_waiting){
			(uint16_t)rule, factor->literals[i].end_max, factor->literals[i].anchored};
	}
}

static void read_pattern(
	struct bs_prefilter *prefilter, struct gathered *gathered, struct bs_rule *rule, size_t at)
{
	struct bs_factor_pair pair;
	bs_factor_find(rule->match, rule->caseless, BS_FACTOR_BYTES_MIN, &pair);
	gather(prefilter, gathered, &pair.best, at);
	gather(prefilter, gathered, &pair.also, at | BS_FACTOR_ALSO);
	rule->literals_count = pair.best.count;
	rule->anchored = pair.best.anchored;
	rule->needs_also = pair.also.count > 0;
}

static void take_rules(
	struct bs_prefilter *prefilter, struct gathered *gathered, struct bs_rule *const *order)
{
	memset(prefilter->places, 0xFF, sizeof(prefilter->places));
	for (size_t i = 0; i < prefilter->count; i++) {
		struct bs_rule *rule = order[i];
		if (rule->literals_known)
			prefilter->places[rule->builtin] = (uint16_t)i;
		else
			read_pattern(prefilter, gathered, rule, i);
		prefilter->has_own = prefilter->has_own || rule->literals_known;
		if (rule->literals_count == 0)
			prefilter->blind[prefilter->blind_count++] = (uint16_t)i;
		if (!rule->needs_also)
			prefilter->content[i / 64] |= (uint64_t)1 << (i % 64);
	}
}

// How many literals the rules may have that are not ours.
static size_t others_max(struct bs_rule *const *order, size_t count)
{
	size_t others = 0;
	for (size_t i = 0; i < count; i++)
		others += !order[i]->literals_known;
	return others * 2 * BS_FACTOR_LITERALS_MAX;
}

enum bs_status bs_prefilter_new(struct bs_rule *const *order, size_t count,
	struct bs_prefilter **ret_prefilter, struct bs_err *err)
{
	size_t most = others_max(order, count);
	struct gathered gathered = {0};
	enum bs_status status = BS_OK;
	struct bs_prefilter *prefilter = calloc(1, sizeof(*prefilter));
	if (!prefilter)
		return bs_fail_nomem(err);
	prefilter->count = count;
	prefilter->words = (count + 63) / 64;
	prefilter->waiting = calloc(most + 1, sizeof(*prefilter->waiting));
	gathered.literals = calloc(most + 1, sizeof(*gathered.literals));
	gathered.wanted = calloc(most + 1, sizeof(*gathered.wanted));
	if (!prefilter->waiting || !gathered.literals || !gathered.wanted) {
		status = bs_fail_nomem(err);
		goto out;
	}
	take_rules(prefilter, &gathered, order);
	if (prefilter->waiting_count > 0)
		status = bs_sieve_init(
			&prefilter->others, gathered.wanted, prefilter->waiting_count, err);
	if (status != BS_OK)
		goto out;
	*ret_prefilter = prefilter;
	prefilter = NULL;
out:
	free(gathered.literals);
	free(gathered.wanted);
	bs_prefilter_free(prefilter);
	return status;
}

void bs_prefilter_free(struct bs_prefilter *prefilter)
{
	if (!prefilter)
		return;
	bs_sieve_release(&prefilter->others);
	free(prefilter->waiting);
	free(prefilter);
}

// --- asking

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
	candidates->reach[rule] = (struct bs_reach){0, UINT16_MAX};
}

// What is being found out about a line.
struct seeing {
	const struct bs_prefilter *prefilter;
	struct bs_candidates *candidates;
	size_t skipped;
	uint64_t also[BS_PREFILTER_WORDS]; // rules of which another literal was seen, or need none
};

_Static_assert(BS_FACTOR_ANYWHERE > BS_LINE_BYTES_MAX, "nothing in a line ends farther behind");

// The rule at this place waits for what stands at [from, to).
static inline void see(struct seeing *seeing, const struct bs_factor_waiting *by, size_t rule,
	size_t from, size_t to)
{
	size_t first = to > by->end_max ? to - by->end_max : 0;
	if (by->anchored && first > seeing->skipped)
		return;
	uint64_t bit = (uint64_t)1 << (rule % 64);
	if (by->rule & BS_FACTOR_ALSO) {
		seeing->also[rule / 64] |= bit;
		return;
	}
	size_t last = by->anchored ? seeing->skipped : from;
	struct bs_reach *reach = &seeing->candidates->reach[rule];
	uint64_t *word = &seeing->candidates->bits[rule / 64];
	bool is_known = *word & bit;
	*word |= bit;
	if (!is_known || first < reach->first)
		reach->first = (uint16_t)first;
	if (!is_known || last > reach->last)
		reach->last = (uint16_t)last;
}

static void see_own(void *ctx, uint32_t id, size_t from, size_t to)
{
	struct seeing *seeing = ctx;
	const uint16_t *places = seeing->prefilter->places;
	const struct bs_factor_waiting
		*by = &bs_rules_builtin_waiting[bs_rules_builtin_groups[id]],
		*end = &bs_rules_builtin_waiting[bs_rules_builtin_groups[id + 1]];
	for (; by < end; by++) {
		size_t rule = places[by->rule & ~BS_FACTOR_ALSO];
		if (rule != ABSENT)
			see(seeing, by, rule, from, to);
	}
}

static void see_other(void *ctx, uint32_t id, size_t from, size_t to)
{
	struct seeing *seeing = ctx;
	const struct bs_factor_waiting *by = &seeing->prefilter->waiting[id];
	see(seeing, by, by->rule & ~BS_FACTOR_ALSO, from, to);
}

void bs_prefilter_find(const struct bs_prefilter *prefilter, struct bs_str text, size_t skipped,
	struct bs_candidates *ret_candidates)
{
	struct bs_sieve_text folded;
	struct seeing seeing = {
		.prefilter = prefilter, .candidates = ret_candidates, .skipped = skipped};
	memset(ret_candidates->bits, 0, prefilter->words * sizeof(seeing.also[0]));
	memcpy(seeing.also, prefilter->content, prefilter->words * sizeof(seeing.also[0]));
	bool all = !bs_sieve_fold(text, &folded) ||
		   (!folded.is_ascii && has_folding_strangers(text));
	ret_candidates->is_ascii = text.len <= BS_LINE_BYTES_MAX && folded.is_ascii;
	for (size_t i = 0; i < (all ? prefilter->count : prefilter->blind_count); i++)
		see_everywhere(ret_candidates, all ? i : prefilter->blind[i]);
	if (all)
		return;
	if (prefilter->has_own)
		bs_sieve_find(&bs_rules_builtin_sieve, &folded, see_own, &seeing);
	if (prefilter->waiting_count > 0)
		bs_sieve_find(&prefilter->others, &folded, see_other, &seeing);
	for (size_t i = 0; i < prefilter->words; i++)
		ret_candidates->bits[i] &= seeing.also[i];
}

bool bs_prefilter_may_begin(const struct bs_rule *rule, struct bs_str text, size_t at)
{
	unsigned char byte = at < text.len ? (unsigned char)text.ptr[at] : 0;
	return !rule->first_known || (at < text.len && rule->first[byte / 8] >> (byte % 8) & 1);
}

bool bs_prefilter_reach(struct bs_reach reach, const struct bs_rule *rule, struct bs_str text,
	size_t skipped, struct bs_span *ret_starts)
{
	if (reach.last < skipped)
		return false;
	struct bs_span starts = {
		reach.first > skipped ? reach.first - skipped : 0, reach.last - skipped};
	if (rule->anchored && (starts.from > 0 || !bs_prefilter_may_begin(rule, text, skipped)))
		return false;
	*ret_starts = starts;
	return starts.from <= starts.to;
}

size_t bs_prefilter_blind(const struct bs_prefilter *prefilter)
{
	return prefilter->blind_count;
}
