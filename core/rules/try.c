// SPDX-License-Identifier: MIT
// One pattern tried on one line, on a purse of time.
#include "core/rules/try.h"

#include <time.h>

#include "core/rules/peel.h"

static int64_t read_ns(clockid_t clock)
{
	struct timespec now = {0};
	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// A coarse clock is enough: over many lines its ticks fall on the rules that take the time.
static int64_t now_ns(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
	return read_ns(CLOCK_MONOTONIC_COARSE);
#else
	return read_ns(CLOCK_MONOTONIC);
#endif
}

bool bs_try_ready(struct bs_scan *scan, struct bs_rule *rule)
{
	if (rule->broken)
		return false;
	if (rule->regex)
		return true;
	struct bs_err err = {0};
	if (bs_rule_compile(rule, &err) == BS_OK)
		return true;
	rule->broken = true;
	bs_diag_warn(scan->diag, "%s; the rule is left out", err.msg);
	return false;
}

// One short line in SAMPLE stands for all: reading the clock costs as much as most matches.
#define SAMPLE 16
#define SHORT_BYTES 512

// What may be taken of the time so far: a fixed sum, and for long logs a share of what every byte
// costs.
static int64_t purse_ns(const struct bs_scan *scan, int64_t ms, uint64_t ns_per_byte)
{
	return ms * 1000000 + (int64_t)(scan->bytes * ns_per_byte);
}

// Whether the rule has had more time than it may, or the user's rules have together and it is one
// of those that took the most. On a busy machine others' time falls on whoever is at work: all that
// this process has had is the most that rules can have taken.
static bool is_overdue(const struct bs_scan *scan, uint16_t at)
{
	int64_t own_ns = purse_ns(scan, BS_RULE_TIME_MS_MAX, BS_RULE_NS_PER_BYTE_MAX);
	int64_t users_ns = purse_ns(scan, BS_USER_RULES_TIME_MS_MAX, BS_USER_RULES_NS_PER_BYTE_MAX);
	if (scan->spent_ns[at] > own_ns)
		return read_ns(CLOCK_PROCESS_CPUTIME_ID) > own_ns;
	return !scan->rules->order[at]->literals_known && scan->users_ns > users_ns &&
	       scan->spent_ns[at] > users_ns / (int64_t)(2 * scan->users_count) &&
	       read_ns(CLOCK_PROCESS_CPUTIME_ID) > users_ns;
}

static enum bs_match find(struct bs_scan *scan, uint16_t at, struct bs_regex *regex,
	struct bs_str text, struct bs_span starts, struct bs_span *spans)
{
	size_t spans_max = spans ? BS_REGEX_GROUPS_MAX + 1 : 0;
	int64_t weight = text.len > SHORT_BYTES ? 1 : scan->calls++ % SAMPLE == 0 ? SAMPLE : 0;
	if (weight == 0)
		return bs_regex_find_from(regex, text, starts, scan->is_ascii, spans, spans_max);
	int64_t before_ns = now_ns();
	enum bs_match match = bs_regex_find_from(
		regex, text, starts, scan->is_ascii, spans, spans_max);
	int64_t took_ns = (now_ns() - before_ns) * weight;
	struct bs_rule *rule = scan->rules->order[at];
	scan->spent_ns[at] += took_ns;
	scan->users_ns += rule->literals_known ? 0 : took_ns;
	if (!rule->broken && is_overdue(scan, at)) {
		rule->broken = true;
		bs_diag_warn(scan->diag,
			"rule %s (%s) takes too long on this log; it is left out from here on",
			rule->id, rule->place);
	}
	return match;
}

#define ANYWHERE ((struct bs_span){0, SIZE_MAX})

// What must not stand beside a match of this pattern of the rule; NULL: whatever likes.
static struct bs_regex *unless_of(const struct bs_rule *rule, const struct bs_regex *regex)
{
	bool asks = regex == rule->regex || (regex == rule->relaxed_regex && rule->unless_alike);
	return asks ? rule->unless_regex : NULL;
}

static enum bs_match judge(struct bs_scan *scan, uint16_t at, struct bs_regex *regex,
	struct bs_str text, struct bs_span starts, struct bs_span *spans)
{
	struct bs_regex *unless = unless_of(scan->rules->order[at], regex);
	enum bs_match match = find(scan, at, regex, text, starts, spans);
	bool refused = match == BS_MATCH_YES && unless &&
		       find(scan, at, unless, text, ANYWHERE, NULL) == BS_MATCH_YES;
	return refused ? BS_MATCH_NO : match;
}

// Spans of a peeled line → of the line itself.
static void shift(struct bs_span *spans, size_t bytes)
{
	for (size_t i = 0; i <= BS_REGEX_GROUPS_MAX; i++)
		if (spans[i].from != SIZE_MAX) {
			spans[i].from += bytes;
			spans[i].to += bytes;
		}
}

// A match in the peeled line, told as one of the line.
static enum bs_match find_peeled(struct bs_scan *scan, uint16_t at, struct bs_regex *regex,
	struct bs_str text, struct bs_str peeled, struct bs_span starts, struct bs_span *spans)
{
	enum bs_match match = judge(scan, at, regex, peeled, starts, spans);
	if (match == BS_MATCH_YES && spans)
		shift(spans, text.len - peeled.len);
	return match;
}

static enum bs_match try_both(struct bs_scan *scan, uint16_t at, struct bs_regex *regex,
	struct bs_str text, struct bs_str peeled, const struct bs_reach *reach,
	struct bs_span *spans)
{
	const struct bs_rule *rule = scan->rules->order[at];
	size_t skipped = text.len - peeled.len;
	struct bs_span starts = ANYWHERE;
	enum bs_match whole = BS_MATCH_NO, rest = BS_MATCH_NO;
	if (!reach || bs_prefilter_reach(*reach, rule, text, 0, &starts))
		whole = judge(scan, at, regex, text, starts, spans);
	if (whole != BS_MATCH_YES && skipped > 0 &&
		(!reach || bs_prefilter_reach(*reach, rule, text, skipped, &starts)))
		rest = find_peeled(scan, at, regex, text, peeled, starts, spans);
	return rest != BS_MATCH_NO ? rest : whole;
}

bool bs_try(struct bs_scan *scan, uint16_t at, struct bs_regex *regex, struct bs_str text,
	struct bs_str peeled, const struct bs_reach *reach, struct bs_span *spans)
{
	return try_both(scan, at, regex, text, peeled, reach, spans) == BS_MATCH_YES;
}

bool bs_try_relaxed(struct bs_scan *scan, uint16_t at, struct bs_str text, struct bs_str peeled,
	const struct bs_reach *reach)
{
	struct bs_rule *rule = scan->rules->order[at];
	if (!rule->is_relaxed)
		bs_rule_relax(rule);
	return !rule->relaxed_regex ||
	       try_both(scan, at, rule->relaxed_regex, text, peeled, reach, NULL) != BS_MATCH_NO;
}

bool bs_try_captures(struct bs_scan *scan, uint16_t at, struct bs_str text,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1])
{
	struct bs_regex *regex = scan->rules->order[at]->regex;
	struct bs_str peeled = bs_peel(text);
	if (!regex)
		return false;
	return find_peeled(scan, at, regex, text, peeled, ANYWHERE, spans) == BS_MATCH_YES ||
	       (peeled.len < text.len &&
		       judge(scan, at, regex, text, ANYWHERE, spans) == BS_MATCH_YES);
}
