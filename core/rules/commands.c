// SPDX-License-Identifier: MIT
// Wrappers, first, last and between: their lines and what was said just before them.
#include "core/rules/commands.h"

#define COMMANDS_PERCENT 5         // of the budget for failed commands between first and last
#define COMMANDS_PERCENT_SILENT 25 // … where nothing else says why
#define COMMANDS_OF_SHAPE 4        // … the first of each shape
#define COMMAND_LINES 3            // … each with what was said just before
#define WEIGHT_COMMAND_SURE 26     // … a build tool's word for it before
#define WEIGHT_COMMAND 20          // … a program's mere status
#define WRAPPER_LINES 40           // before the last wrapper: what the failing command said last
#define SCORE_EXPLAINED 90         // a tool's own words for a failure
#define SCORE_CAUSE 80             // … far from it, too
#define EXPLAINED_LINES 1000       // … within reach of the command that failed

static bool is_wrapper(const struct bs_choice *choice, const struct bs_mark *mark)
{
	return bs_mark_role(choice->rules, mark) == BS_ROLE_WRAPPER;
}

static const struct bs_mark *find_last(const struct bs_choice *choice)
{
	for (size_t i = choice->marks->count; i > 0; i--)
		if (is_wrapper(choice, &choice->marks->items[i - 1]))
			return &choice->marks->items[i - 1];
	return NULL;
}

static bool says_what(const struct bs_rule *rule)
{
	return rule && (rule->group_message || !rule->group_name);
}

bool bs_commands_are_explained(const struct bs_choice *choice)
{
	const struct bs_mark *last = find_last(choice);
	uint64_t end = last ? last->number : choice->lines_seen;
	for (size_t i = 0; i < choice->ranked_count; i++) {
		if (choice->ranked[i].score.total < SCORE_EXPLAINED)
			return false;
		const struct bs_mark *mark = &choice->marks->items[choice->ranked[i].mark];
		if (says_what(bs_mark_rule(choice->rules, mark)) &&
			mark->number + EXPLAINED_LINES >= end)
			return true;
	}
	return false;
}

bool bs_commands_have_cause(const struct bs_choice *choice)
{
	for (size_t i = 0; i < choice->ranked_count; i++) {
		if (choice->ranked[i].score.total < SCORE_CAUSE)
			return false;
		const struct bs_mark *mark = &choice->marks->items[choice->ranked[i].mark];
		if (says_what(bs_mark_rule(choice->rules, mark)))
			return true;
	}
	return false;
}

// The first wrapper behind the most telling line says which command that line failed.
static void take_first(struct bs_choice *choice)
{
	if (choice->ranked_count == 0)
		return;
	choice->kept_for = BS_KEPT_COMMAND;
	for (size_t i = choice->ranked[0].mark + 1u; i < choice->marks->count; i++) {
		const struct bs_mark *mark = &choice->marks->items[i];
		if (!is_wrapper(choice, mark))
			continue;
		size_t index = mark->at;
		if (index < choice->store->count)
			(void)bs_purse_take(choice, index, choice->bytes_max);
		return;
	}
}

// The last wrapper says how it ended; just before it the failing command spoke last.
static void take_last(struct bs_choice *choice, size_t limit)
{
	const struct bs_mark *last = find_last(choice);
	size_t index = last ? last->at : choice->store->count;
	if (index == choice->store->count)
		return;
	choice->kept_for = BS_KEPT_LAST_WORDS;
	(void)bs_purse_take(choice, index, choice->bytes_max);
	bs_purse_take_said_before(choice, index, WRAPPER_LINES, limit);
}

static void take_one(struct bs_choice *choice, const struct bs_mark *mark, size_t limit)
{
	if (!is_wrapper(choice, mark) || mark->ordinal >= COMMANDS_OF_SHAPE)
		return;
	size_t index = mark->at;
	if (index < choice->store->count && bs_purse_take(choice, index, limit))
		bs_purse_take_before(choice, index, COMMAND_LINES, limit);
}

// Commands between those two, as a make that keeps going has many: what failed without a word that
// a rule knows stands right before its wrapper.
static void take_others(struct bs_choice *choice, size_t limit)
{
	size_t percent = choice->is_explained ? COMMANDS_PERCENT : COMMANDS_PERCENT_SILENT;
	size_t own = choice->bytes + bs_purse_share(choice, percent);
	if (own > limit)
		own = limit;
	choice->kept_for = BS_KEPT_COMMAND;
	for (unsigned weight = WEIGHT_COMMAND_SURE;; weight = WEIGHT_COMMAND) {
		for (size_t i = 0; i < choice->marks->count && choice->bytes < own; i++)
			if (bs_mark_weight(choice->rules, &choice->marks->items[i]) >= weight)
				take_one(choice, &choice->marks->items[i], own);
		if (weight == WEIGHT_COMMAND)
			return;
	}
}

void bs_commands_take(struct bs_choice *choice, size_t limit)
{
	take_first(choice);
	take_last(choice, limit);
	take_others(choice, limit);
}
