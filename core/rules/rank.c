// SPDX-License-Identifier: MIT
// Scores: the rule's weight, then rarity, place in the log, what stood there before, and whether it
// was there when the job passed.
#include "core/rules/rank.h"

#include <assert.h>

// Lines of one shape: of a word that failures share, the only one tells more than one of thousands.
// What a strong rule sees again and again is no less a cause: one broken header, a thousand files.
static int of_rarity(const struct bs_mark *mark, unsigned weight, uint32_t total)
{
	if (weight >= BS_RULE_STRONG && mark->ordinal == 0)
		return 10;
	static const struct {
		uint32_t up_to;
		int points;
	} steps[] = {{1, 10}, {2, 8}, {4, 5}, {10, 2}, {40, 0}, {200, -6}};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (total <= steps[i].up_to)
			return steps[i].points;
	return -14;
}

// Both ends of a frequent shape count; its middle says the same again.
static int of_repetition(uint32_t ordinal, uint32_t total)
{
	uint32_t from_end = total > ordinal ? total - 1 - ordinal : 0;
	uint32_t inside = ordinal < from_end ? ordinal : from_end;
	if (inside == 0)
		return 0;
	return inside == 1 ? -12 : inside < 4 ? -24 : -40;
}

// Later is nearer to the failure.
static int of_place(uint64_t number, uint64_t lines_seen)
{
	return lines_seen ? (int)(number * 8 / lines_seen) : 0;
}

// The n-th mark of the same rule: the first ones show what is wrong. A compiler's first error is
// the cause of many that follow.
static int of_sameness(uint32_t nth, enum bs_category category)
{
	if (category == BS_CATEGORY_COMPILE_ERROR && nth < 3)
		return 8;
	return nth < 4 ? 0 : nth < 40 ? -(int)(nth / 4) : -10;
}

// What was said when the job passed, too, is not why it failed. A line that a strong rule names
// stays telling all the same: the same words may have had another end.
static int of_baseline(bool is_known, unsigned weight, int score)
{
	if (!is_known)
		return 0;
	if (weight < BS_RULE_STRONG)
		return -40;
	int above = score - BS_SCORE_TELLING;
	return above <= 0 ? 0 : above < 12 ? -above : -12;
}

static struct bs_score score_of(const struct bs_mark *mark, const struct bs_rule *rule,
	unsigned weight, uint32_t total, uint32_t nth, uint64_t lines_seen)
{
	struct bs_score score = {
		.weight = (int)weight,
		.rarity = of_rarity(mark, weight, total),
		.repetition = of_repetition(mark->ordinal, total),
		.place = of_place(mark->number, lines_seen),
		.sameness = of_sameness(nth, rule ? rule->category : BS_CATEGORY_UNKNOWN),
	};
	score.total = score.weight + score.rarity + score.repetition + score.place + score.sameness;
	score.baseline = of_baseline(mark->is_known, weight, score.total);
	score.total += score.baseline;
	return score;
}

// All that a weight and what is added to it can come to.
#define TOTAL_MIN (-128)
#define TOTAL_MAX 255

// One walk over the marks, in their order.
struct walk {
	const struct bs_rules *rules;
	const struct bs_marks *marks;
	const struct bs_templates *templates;
	uint64_t lines_seen;
	size_t next;
	uint32_t nth_of_rule[BS_RULES_MAX + 1];
};

// The next mark that may spend the budget. False when there is none.
static bool next_ranked(struct walk *walk, struct bs_ranked *ret_ranked)
{
	while (walk->next < walk->marks->count) {
		size_t i = walk->next++;
		const struct bs_mark *mark = &walk->marks->items[i];
		enum bs_role role = bs_mark_role(walk->rules, mark);
		if (role != BS_ROLE_CAUSE && role != BS_ROLE_SUMMARY)
			continue;
		const struct bs_rule *rule = bs_mark_rule(walk->rules, mark);
		uint32_t total = bs_templates_total(walk->templates, mark->slot);
		uint32_t nth = walk->nth_of_rule[rule ? mark->rule : BS_RULES_MAX]++;
		*ret_ranked = (struct bs_ranked){
			(uint32_t)i, score_of(mark, rule, bs_mark_weight(walk->rules, mark), total,
					     nth, walk->lines_seen)};
		assert(ret_ranked->score.total >= TOTAL_MIN &&
			ret_ranked->score.total <= TOTAL_MAX);
		return true;
	}
	return false;
}

// Scores are few: how many marks have each one tells where they go. Of equals, the first mark is
// first.
size_t bs_rank(const struct bs_rules *rules, const struct bs_marks *marks,
	const struct bs_templates *templates, uint64_t lines_seen, struct bs_ranked *ranked)
{
	size_t places[TOTAL_MAX - TOTAL_MIN + 1] = {0}, count = 0;
	struct bs_ranked next;
	struct walk walk = {rules, marks, templates, lines_seen, 0, {0}};
	while (next_ranked(&walk, &next))
		places[TOTAL_MAX - next.score.total]++;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t these = places[i];
		places[i] = count;
		count += these;
	}
	walk = (struct walk){rules, marks, templates, lines_seen, 0, {0}};
	while (next_ranked(&walk, &next))
		ranked[places[TOTAL_MAX - next.score.total]++] = next;
	return count;
}
