// SPDX-License-Identifier: MIT
// Candidates of the prefilter, tried in their order, each on a purse of time.
#include "core/rules/scan.h"

#include <stdlib.h>
#include <time.h>

#include "core/rules/peel.h"
#include "core/rules/prefilter.h"

enum bs_status bs_scan_init(
	struct bs_scan *scan, struct bs_rules *rules, struct bs_diag *diag, struct bs_err *err)
{
	int64_t *spent_ns = calloc(rules->rules_count + 1, sizeof(*spent_ns));
	if (!spent_ns)
		return bs_fail_nomem(err);
	*scan = (struct bs_scan){.rules = rules, .diag = diag, .spent_ns = spent_ns};
	return BS_OK; // cppcheck-suppress memleak
}

void bs_scan_release(struct bs_scan *scan)
{
	if (!scan)
		return;
	free(scan->spent_ns);
	*scan = (struct bs_scan){0};
}

// A coarse clock is enough: over many lines its ticks fall on the rules that take the time.
static int64_t now_ns(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
	const clockid_t clock = CLOCK_MONOTONIC_COARSE;
#else
	const clockid_t clock = CLOCK_MONOTONIC;
#endif
	struct timespec now = {0};
	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Compiles a rule when a line first needs it; a rule that cannot be is told of once.
static bool ready(struct bs_scan *scan, struct bs_rule *rule)
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

// What a rule may take of the time so far: a fixed sum, and for long logs a share of what every
// byte costs.
static int64_t purse_ns(const struct bs_scan *scan)
{
	return (int64_t)BS_RULE_TIME_MS_MAX * 1000000 +
	       (int64_t)(scan->bytes * BS_RULE_NS_PER_BYTE_MAX);
}

static enum bs_match find(struct bs_scan *scan, uint16_t at, struct bs_regex *regex,
	struct bs_str text, struct bs_span starts, struct bs_span *spans)
{
	size_t spans_max = spans ? BS_REGEX_GROUPS_MAX + 1 : 0;
	int64_t weight = text.len > SHORT_BYTES ? 1 : scan->calls++ % SAMPLE == 0 ? SAMPLE : 0;
	if (weight == 0)
		return bs_regex_find_from(regex, text, starts, spans, spans_max);
	int64_t before_ns = now_ns();
	enum bs_match match = bs_regex_find_from(regex, text, starts, spans, spans_max);
	scan->spent_ns[at] += (now_ns() - before_ns) * weight;
	struct bs_rule *rule = scan->rules->order[at];
	if (scan->spent_ns[at] > purse_ns(scan) && !rule->broken) {
		rule->broken = true;
		bs_diag_warn(scan->diag,
			"rule %s (%s) takes too long on this log; it is left out from here on",
			rule->id, rule->place);
	}
	return match;
}

#define ANYWHERE ((struct bs_span){0, SIZE_MAX})

// Spans of a peeled line → of the line itself.
static void shift(struct bs_span *spans, size_t bytes)
{
	for (size_t i = 0; i <= BS_REGEX_GROUPS_MAX; i++)
		if (spans[i].from != SIZE_MAX) {
			spans[i].from += bytes;
			spans[i].to += bytes;
		}
}

// Tries the line as it stands, then without what others put before it. candidates: NULL when the
// pattern is not the one that the prefilter knows.
static bool matches(struct bs_scan *scan, uint16_t at, struct bs_regex *regex, struct bs_str text,
	struct bs_str peeled, const struct bs_candidates *candidates, struct bs_span *spans)
{
	const struct bs_rule *rule = scan->rules->order[at];
	size_t skipped = text.len - peeled.len;
	struct bs_span starts = ANYWHERE;
	if ((!candidates || bs_prefilter_reach(candidates, rule, at, text, 0, &starts)) &&
		find(scan, at, regex, text, starts, spans) == BS_MATCH_YES)
		return true;
	if (skipped == 0 ||
		(candidates && !bs_prefilter_reach(candidates, rule, at, text, skipped, &starts)) ||
		find(scan, at, regex, peeled, starts, spans) != BS_MATCH_YES)
		return false;
	if (spans)
		shift(spans, skipped);
	return true;
}

// Whether a rule that tells digits apart would match a line that differs in digits alone.
static bool may_match(struct bs_scan *scan, uint16_t at, struct bs_str text, struct bs_str peeled,
	const struct bs_candidates *candidates)
{
	struct bs_rule *rule = scan->rules->order[at];
	if (!rule->is_relaxed)
		bs_rule_relax(rule);
	return !rule->relaxed_regex ||
	       matches(scan, at, rule->relaxed_regex, text, peeled, candidates, NULL);
}

// The first of the candidates in order[from, to) that matches, or BS_SCAN_NOBODY.
static uint16_t first_match(struct bs_scan *scan, const struct bs_candidates *candidates,
	size_t from, size_t to, struct bs_str text, struct bs_str peeled, struct bs_span *spans)
{
	struct bs_span starts;
	for (size_t word = from / 64; word * 64 < to; word++) {
		uint64_t left = candidates->bits[word];
		if (word == from / 64)
			left &= ~(uint64_t)0 << (from % 64);
		for (; left; left &= left - 1) {
			size_t at = word * 64 + (size_t)__builtin_ctzll(left);
			if (at >= to)
				break;
			struct bs_rule *rule = scan->rules->order[at];
			if (!bs_prefilter_reach(candidates, rule, at, text, 0, &starts) &&
				!bs_prefilter_reach(
					candidates, rule, at, text, text.len - peeled.len, &starts))
				continue; // most, and they need not even be compiled
			if (!ready(scan, rule))
				continue;
			bool found = matches(
				scan, (uint16_t)at, rule->regex, text, peeled, candidates, spans);
			if (scan->relaxes && !rule->digits_alike && !scan->told_digits)
				scan->told_digits = found || may_match(scan, (uint16_t)at, text,
								     peeled, candidates);
			if (found)
				return (uint16_t)at;
		}
	}
	return BS_SCAN_NOBODY;
}

static uint16_t look(struct bs_scan *scan, const struct bs_line *line,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1])
{
	const struct bs_rules *rules = scan->rules;
	struct bs_candidates candidates;
	struct bs_str peeled = bs_peel(line->text);
	bs_prefilter_find(rules->prefilter, line->text, line->text.len - peeled.len, &candidates);
	uint16_t noise = BS_SCAN_NOBODY;
	size_t from = rules->noise_count, to = rules->rules_count;
	// Commands of compilers and linkers hold every word there is: noise first says so at once.
	if (line->text.len > SHORT_BYTES) {
		noise = first_match(
			scan, &candidates, 0, rules->noise_count, line->text, peeled, NULL);
		while (noise != BS_SCAN_NOBODY && to > from &&
			rules->order[to - 1]->weight <= rules->order[noise]->weight)
			to--;
	}
	uint16_t found = first_match(scan, &candidates, from, to, line->text, peeled, spans);
	if (found == BS_SCAN_NOBODY && noise == BS_SCAN_NOBODY && !(line->flags & BS_LINE_RED))
		return BS_SCAN_NOBODY;
	// Noise is looked for only where there is something to take back: most lines are dull.
	if (noise == BS_SCAN_NOBODY)
		noise = first_match(
			scan, &candidates, 0, rules->noise_count, line->text, peeled, NULL);
	if (noise == BS_SCAN_NOBODY)
		return found;
	bool stands = found != BS_SCAN_NOBODY &&
		      rules->order[found]->weight > rules->order[noise]->weight;
	return stands ? found : noise;
}

static bool has_digit(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (bs_is_digit(s.ptr[i]))
			return true;
	return false;
}

// What was found holds for the whole kind, unless a pattern that tells digits apart saw some.
static void remember(const struct bs_scan *scan, const struct bs_line *line, uint16_t rule,
	const struct bs_span *name)
{
	struct bs_kind *kind = line->kind;
	if (!kind || scan->told_digits)
		return;
	kind->rule = rule;
	kind->name_from = (uint16_t)name->from;
	kind->name_to = (uint16_t)name->to;
	kind->is_scanned = true;
}

_Static_assert(BS_LINE_BYTES_MAX <= UINT16_MAX, "a place in a line fits the record of its kind");

uint16_t bs_scan_line(struct bs_scan *scan, const struct bs_line *line, struct bs_str *ret_name)
{
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1], name = {0, 0};
	const struct bs_kind *kind = line->kind;
	scan->bytes += line->text.len;
	if (kind && kind->is_scanned) {
		*ret_name = bs_str_sub(
			line->text, kind->name_from, (size_t)kind->name_to - kind->name_from);
		return kind->rule;
	}
	scan->relaxes = kind && has_digit(line->text);
	scan->told_digits = false;
	uint16_t found = look(scan, line, spans);
	const struct bs_rule *rule = found == BS_SCAN_NOBODY ? NULL : scan->rules->order[found];
	if (rule && rule->role != BS_ROLE_NOISE && rule->group_name > 0 &&
		spans[rule->group_name].from != SIZE_MAX)
		name = spans[rule->group_name];
	remember(scan, line, found, &name);
	scan->relaxes = false;
	*ret_name = bs_str_sub(line->text, name.from, name.to - name.from);
	return found;
}

bool bs_scan_rule(struct bs_scan *scan, uint16_t at, struct bs_str text,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1])
{
	struct bs_rule *rule = scan->rules->order[at];
	struct bs_str peeled = bs_peel(text);
	if (!rule->regex)
		return false;
	// Without what others put before it the line gives cleaner captures, when it matches so.
	if (find(scan, at, rule->regex, peeled, ANYWHERE, spans) != BS_MATCH_YES)
		return peeled.len < text.len &&
		       find(scan, at, rule->regex, text, ANYWHERE, spans) == BS_MATCH_YES;
	shift(spans, text.len - peeled.len);
	return true;
}

uint16_t bs_scan_next(struct bs_scan *scan, uint16_t after, struct bs_str text,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1])
{
	struct bs_candidates candidates;
	struct bs_str peeled = bs_peel(text);
	bs_prefilter_find(scan->rules->prefilter, text, text.len - peeled.len, &candidates);
	return first_match(
		scan, &candidates, after + 1u, scan->rules->rules_count, text, peeled, spans);
}

bool bs_scan_goes_on(struct bs_scan *scan, uint16_t at, struct bs_str text)
{
	struct bs_rule *rule = scan->rules->order[at];
	if (rule->broken || (!rule->while_regex && !rule->until_regex))
		return false;
	struct bs_str peeled = bs_peel(text);
	if (rule->until_regex && matches(scan, at, rule->until_regex, text, peeled, NULL, NULL))
		return false;
	return !rule->while_regex || matches(scan, at, rule->while_regex, text, peeled, NULL, NULL);
}
