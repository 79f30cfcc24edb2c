// SPDX-License-Identifier: MIT
// Spends the budget: the end, the telling lines, their blocks, their headers, the rest backwards.
#include "core/rules/choose.h"

#include "core/rules/commands.h"

#define END_LINES 15      // of the log, always kept: how it ended
#define END_SHARE 8       // … in an eighth of the budget at most
#define TOTALS_MAX 6      // lines that count what failed
#define TOTALS_PERCENT 4  // … in this share of the budget
#define WEIGHT_TOTAL 50   // … of rules that know their tool
#define LINES_PERCENT 58  // of the budget for telling lines alone, before their blocks
#define RULE_SHARE 3      // … of which the lines of one rule get a third before others had theirs
#define BLOCKS_PERCENT 85 // and with their blocks
#define BLOCK_SHARE 6     // one block takes a sixth of the budget at most
#define REPORT_SCORES 12  // what scores this much less than the best is no rival of it
#define REPORT_BEFORE 6   // lines around the first of the strongest failures
#define REPORT_AFTER 20   // …
#define REPORT_SHARE 32   // … in this share of the budget
#define HEADERS_PERCENT 93 // and with the headers of the groups they stand in
#define HEADER_LINES_AWAY 4000
#define HEADER_BYTES_MAX 300
#define SCORE_ECHO 50    // and what scores less than this adds little to a log that was understood
#define ECHO_PERCENT 30  // … so only a small excerpt has room for it
#define REST_SHARE 16    // of the budget for the tail of a log that was understood
#define REST_SHARE_FAR 4 // … or where the cause stands far from its end
#define REST_BYTES_FAR 6000
#define AROUND_SHARE 3 // else what stands around telling lines gets a third of what is left
#define AROUND_MARKS 8 // … around so many of them
#define AROUND_LINES 12
#define HEAD_SHARE 16 // how a log began that nobody understood gets this share of the budget
#define HEAD_BYTES_MAX 1500
#define HEAD_LINES 10          // … for its first lines
#define HEAD_ODD_LINES 200     // … and odd ones among so many
#define ODD_SHARE 3            // and odd lines a third of what is left then
#define ODD_SHARE_EXPLAINED 16 // or this share of the budget, where much is left

static void take_end(struct bs_choice *choice)
{
	size_t limit = choice->bytes_max / END_SHARE;
	choice->kept_for = BS_KEPT_END;
	bs_purse_take_said_before(choice, choice->store->count, END_LINES, limit);
}

// The last line of each kind that counts what failed: among many failures it would be crowded out.
static void take_totals(struct bs_choice *choice)
{
	size_t limit = choice->bytes + bs_purse_share(choice, TOTALS_PERCENT);
	uint16_t seen[TOTALS_MAX];
	size_t count = 0;
	for (size_t i = choice->marks->count; i > 0 && count < TOTALS_MAX; i--) {
		const struct bs_mark *mark = &choice->marks->items[i - 1];
		if (bs_mark_role(choice->rules, mark) != BS_ROLE_SUMMARY ||
			bs_mark_weight(choice->rules, mark) < WEIGHT_TOTAL)
			continue;
		size_t k = 0;
		while (k < count && seen[k] != mark->rule)
			k++;
		size_t index = mark->at;
		if (k < count || index == choice->store->count)
			continue;
		seen[count++] = mark->rule;
		(void)bs_purse_take(choice, index, limit);
	}
}

// The lines that tell most, alone, so that no long block hides a second failure. What one rule sees
// again and again waits behind what others see: the first round takes no more than its share.
static void take_telling_lines(struct bs_choice *choice)
{
	size_t limit = bs_purse_share(choice, LINES_PERCENT), each = limit / RULE_SHARE;
	size_t spent_by_rule[BS_RULES_MAX + 1] = {0};
	choice->kept_for = BS_KEPT_FAILURE;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < choice->ranked_count; i++) {
			if (choice->ranked[i].score.total < BS_SCORE_TELLING)
				break;
			const struct bs_mark *mark = &choice->marks->items[choice->ranked[i].mark];
			size_t rule = mark->rule == BS_SCAN_NOBODY ? BS_RULES_MAX : mark->rule;
			size_t index = mark->at, before = choice->bytes;
			if (index == choice->store->count ||
				(round == 0 && spent_by_rule[rule] >= each))
				continue;
			(void)bs_purse_take(choice, index, limit);
			spent_by_rule[rule] += choice->bytes > before ? choice->bytes - before : 0;
		}
}

static void take_block(struct bs_choice *choice, const struct bs_mark *mark, size_t limit)
{
	const struct bs_rule *rule = bs_mark_rule(choice->rules, mark);
	size_t index = mark->at;
	if (index == choice->store->count)
		return;
	size_t own = choice->bytes + choice->bytes_max / BLOCK_SHARE;
	if (own > limit)
		own = limit;
	choice->kept_for = BS_KEPT_FAILURE;
	if (!bs_purse_take(choice, index, limit))
		return;
	choice->kept_for = BS_KEPT_BLOCK;
	bs_purse_take_after(choice, index, mark->extent, own);
	bs_purse_take_before(choice, index, rule ? rule->before : 1, own);
}

bool bs_choice_is_weak(const struct bs_choice *choice, const struct bs_ranked *ranked)
{
	return choice->is_explained && ranked->score.total < SCORE_ECHO;
}

static void take_blocks(struct bs_choice *choice)
{
	for (size_t i = 0; i < choice->ranked_count; i++) {
		bool echo = bs_choice_is_weak(choice, &choice->ranked[i]);
		size_t limit = bs_purse_share(choice, echo ? ECHO_PERCENT : BLOCKS_PERCENT);
		if (choice->bytes >= limit)
			return;
		take_block(choice, &choice->marks->items[choice->ranked[i].mark], limit);
	}
}

// The first in the log of the failures that score about as much as the strongest.
static const struct bs_mark *first_of_strongest(const struct bs_choice *choice)
{
	const struct bs_mark *first = NULL;
	for (size_t i = 0; i < choice->ranked_count; i++) {
		int score = choice->ranked[i].score.total;
		if (score < BS_SCORE_TELLING ||
			score + REPORT_SCORES < choice->ranked[0].score.total)
			break;
		const struct bs_mark *mark = &choice->marks->items[choice->ranked[i].mark];
		if (!first || mark->number < first->number)
			first = mark;
	}
	return first;
}

// Around that one more than its rule asks for: most rules know a line, not the report it stands in.
static void take_report(struct bs_choice *choice)
{
	const struct bs_mark *mark = first_of_strongest(choice);
	const struct bs_rule *rule = mark ? bs_mark_rule(choice->rules, mark) : NULL;
	size_t index = mark ? mark->at : choice->store->count;
	bool knows_its_block = rule && (rule->block_while.ptr || rule->block_until.ptr);
	if (index == choice->store->count || knows_its_block)
		return;
	size_t limit = choice->bytes + choice->bytes_max / REPORT_SHARE;
	if (limit > bs_purse_share(choice, HEADERS_PERCENT))
		limit = bs_purse_share(choice, HEADERS_PERCENT);
	choice->kept_for = BS_KEPT_BLOCK;
	bs_purse_take_before(choice, index, REPORT_BEFORE, limit);
	bs_purse_take_after(choice, index, REPORT_AFTER, limit);
}

// The group or command in whose output something was kept.
static void take_headers(struct bs_choice *choice)
{
	size_t limit = bs_purse_share(choice, HEADERS_PERCENT);
	choice->kept_for = BS_KEPT_HEADER;
	size_t next = choice->store->count; // lines from here on have been looked at
	for (size_t i = choice->marks->count; i > 0; i--) {
		const struct bs_mark *mark = &choice->marks->items[i - 1];
		if (bs_mark_role(choice->rules, mark) != BS_ROLE_CONTEXT)
			continue;
		size_t index = mark->at;
		bool wanted = false;
		for (size_t k = index; k < next && k < index + HEADER_LINES_AWAY && !wanted; k++)
			wanted = choice->keep[k];
		if (wanted && index < choice->store->count &&
			choice->store->lines[index].len <= HEADER_BYTES_MAX)
			(void)bs_purse_take(choice, index, limit);
		next = index;
	}
}

// With the log of a passing run: what it did not say. All of it stays, or no more than three
// quarters of the rest, so that the end is not lost to a log that differs everywhere.
static void take_new(struct bs_choice *choice, size_t limit)
{
	if (!choice->has_baseline)
		return;
	limit = choice->bytes + (limit - choice->bytes) / 4 * 3;
	choice->kept_for = BS_KEPT_NEW;
	for (size_t i = choice->store->count; i > 0; i--)
		if (!(choice->store->lines[i - 1].flags & BS_LINE_KNOWN) &&
			!bs_purse_take(choice, i - 1, limit))
			return;
}

static size_t left(const struct bs_choice *choice)
{
	return choice->bytes_max > choice->bytes ? choice->bytes_max - choice->bytes : 0;
}

// Where no rule knows the tool, the line that one did see is seldom all that tells: the test's name
// stands above it, the difference below.
static void take_around(struct bs_choice *choice)
{
	if (choice->is_explained)
		return;
	size_t limit = choice->bytes + left(choice) / AROUND_SHARE;
	choice->kept_for = BS_KEPT_AROUND;
	for (size_t i = 0; i < choice->ranked_count && i < AROUND_MARKS; i++) {
		size_t index = choice->marks->items[choice->ranked[i].mark].at;
		if (index == choice->store->count)
			continue;
		bs_purse_take_before(choice, index, AROUND_LINES, limit);
		bs_purse_take_after(choice, index, AROUND_LINES, limit);
	}
}

// Where nobody knows why it failed: what is odd in how the log began, and its first lines. A step
// may go on for long after what broke it.
static void take_head(struct bs_choice *choice)
{
	if (choice->is_explained || choice->has_cause)
		return;
	const struct bs_store *store = choice->store;
	size_t bytes = choice->bytes_max / HEAD_SHARE;
	size_t limit = choice->bytes + (bytes < HEAD_BYTES_MAX ? bytes : HEAD_BYTES_MAX);
	if (limit > choice->bytes_max)
		limit = choice->bytes_max;
	choice->kept_for = BS_KEPT_ODD;
	for (size_t i = 0; choice->odd && i < store->count && i < HEAD_ODD_LINES; i++)
		if (choice->odd[i] && !bs_purse_take(choice, i, limit))
			return;
	choice->kept_for = BS_KEPT_REST;
	for (size_t i = 0; i < store->count && i < HEAD_LINES; i++)
		if (!bs_purse_take(choice, i, limit))
			return;
}

// What is unlike all around it, the latest first: failures that no rule knows, or not all of which
// a rule knows.
static void take_odd(struct bs_choice *choice)
{
	size_t bytes = left(choice) / ODD_SHARE;
	if (choice->is_explained)
		bytes = left(choice) > choice->bytes_max / 4
				? choice->bytes_max / ODD_SHARE_EXPLAINED
				: 0;
	size_t limit = choice->bytes + bytes;
	choice->kept_for = BS_KEPT_ODD;
	for (size_t i = choice->store->count; choice->odd && i > 0; i--)
		if (choice->odd[i - 1] && !bs_purse_take(choice, i - 1, limit))
			return;
}

// In a log that was understood, what is spared buys nothing but the lines that are said again.
static void take_tail(struct bs_choice *choice, size_t limit)
{
	size_t spared = 0, behind = BS_SAME_PERIOD_MAX; // lines since one was spared
	choice->kept_for = BS_KEPT_REST;
	for (size_t i = choice->store->count; i > 0; i--) {
		size_t less = behind < BS_SAME_PERIOD_MAX ? 0 : spared;
		if (!bs_purse_take(choice, i - 1, limit > less ? limit - less : 0))
			return;
		if (choice->keep[i - 1] != BS_KEPT_NOT) {
			behind++;
			continue;
		}
		behind = 0;
		spared += choice->is_explained || choice->has_cause
				  ? choice->store->lines[i - 1].len + 1u
				  : 0;
	}
}

// From the end backwards: to the budget where no rule that knows its tool has spoken, else no more
// than a little of what the failing command said last. A short excerpt is read better, by people
// and models alike.
static void take_rest(struct bs_choice *choice)
{
	size_t limit = choice->bytes_max;
	size_t far = choice->bytes_max / REST_SHARE_FAR;
	if (choice->is_explained)
		limit = choice->bytes + choice->bytes_max / REST_SHARE;
	else if (choice->has_cause)
		limit = choice->bytes + (far < REST_BYTES_FAR ? far : REST_BYTES_FAR);
	if (limit > choice->bytes_max)
		limit = choice->bytes_max;
	take_new(choice, limit);
	take_tail(choice, limit);
}

void bs_choose(struct bs_choice *choice)
{
	choice->bytes = bs_marker_bytes_max(choice->lines_seen);
	take_end(choice);
	take_totals(choice);
	take_telling_lines(choice);
	take_blocks(choice);
	take_report(choice);
	bs_commands_take(choice, bs_purse_share(choice, HEADERS_PERCENT));
	take_headers(choice);
	take_around(choice);
	take_head(choice);
	take_odd(choice);
	take_rest(choice);
}
