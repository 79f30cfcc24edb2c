// SPDX-License-Identifier: MIT
// Candidates of the prefilter, tried in their order; once for each kind of line where that will do.
#include "core/rules/scan.h"

#include <stdlib.h>

#include "core/rules/peel.h"
#include "core/rules/prefilter.h"
#include "core/rules/told.h"
#include "core/rules/try.h"

#define LONG_BYTES 512
#define OPENED_BYTES 200   // from here on looking at how a line begins costs less than at all of it
#define OPENER_TRIES 8     // for nothing, for each hit; then only …
#define OPENER_AGAIN 16    // … one long line of so many
#define WEIGHT_SILENCE 100 // of noise that takes back whatever another rule sees

enum bs_status bs_scan_init(
	struct bs_scan *scan, struct bs_rules *rules, struct bs_diag *diag, struct bs_err *err)
{
	int64_t *spent_ns = calloc(rules->rules_count + 1, sizeof(*spent_ns));
	if (!spent_ns)
		return bs_fail_nomem(err);
	*scan = (struct bs_scan){.rules = rules, .diag = diag, .spent_ns = spent_ns};
	for (size_t i = 0; i < rules->rules_count; i++)
		scan->users_count += !rules->order[i]->literals_known;
	for (uint16_t i = 0; i < rules->noise_count && scan->openers_count < BS_SCAN_OPENERS_MAX;
		i++)
		if (rules->order[i]->weight == WEIGHT_SILENCE && rules->order[i]->anchored)
			scan->openers[scan->openers_count++].at = i;
	return BS_OK; // cppcheck-suppress memleak
}

void bs_scan_release(struct bs_scan *scan)
{
	if (!scan)
		return;
	free(scan->spent_ns);
	free(scan->told);
	*scan = (struct bs_scan){0};
}

// Whether the rule at this place matches.
static bool matches(struct bs_scan *scan, uint16_t at, struct bs_str text, struct bs_str peeled,
	const struct bs_reach *reach, struct bs_span *spans)
{
	struct bs_rule *rule = scan->rules->order[at];
	if (rule->broken ||
		(!rule->digits_alike && !bs_try_relaxed(scan, at, text, peeled, reach)) ||
		!bs_try_ready(scan, rule))
		return false;
	scan->told_digits |= scan->relaxes && !rule->digits_alike;
	return bs_try(scan, at, rule->regex, text, peeled, reach, spans);
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
			const struct bs_rule *rule = scan->rules->order[at];
			const struct bs_reach *reach = &candidates->reach[at];
			if (!bs_prefilter_reach(*reach, rule, text, 0, &starts) &&
				!bs_prefilter_reach(
					*reach, rule, text, text.len - peeled.len, &starts))
				continue; // most, and they need not even be compiled
			if (matches(scan, (uint16_t)at, text, peeled, reach, spans))
				return (uint16_t)at;
		}
	}
	return BS_SCAN_NOBODY;
}

// Who speaks, of what was found and the noise that may take it back.
static uint16_t speaker(const struct bs_scan *scan, uint16_t found, uint16_t noise)
{
	struct bs_rule *const *order = scan->rules->order;
	if (noise == BS_SCAN_NOBODY)
		return found;
	bool stands = found != BS_SCAN_NOBODY && order[found]->weight > order[noise]->weight;
	return stands ? found : noise;
}

static uint16_t look(struct bs_scan *scan, const struct bs_line *line, struct bs_str peeled,
	const struct bs_candidates *candidates, struct bs_span spans[BS_REGEX_GROUPS_MAX + 1])
{
	const struct bs_rules *rules = scan->rules;
	uint16_t noise = BS_SCAN_NOBODY;
	size_t from = rules->noise_count, to = rules->rules_count;
	// Commands of compilers and linkers hold every word there is: noise first says so at once.
	if (line->text.len > LONG_BYTES) {
		noise = first_match(scan, candidates, 0, from, line->text, peeled, NULL);
		while (noise != BS_SCAN_NOBODY && to > from &&
			rules->order[to - 1]->weight <= rules->order[noise]->weight)
			to--;
	}
	uint16_t found = first_match(scan, candidates, from, to, line->text, peeled, spans);
	if (found == BS_SCAN_NOBODY && noise == BS_SCAN_NOBODY && !(line->flags & BS_LINE_RED))
		return BS_SCAN_NOBODY;
	// Noise is looked for only where there is something to take back: most lines are dull.
	if (noise == BS_SCAN_NOBODY)
		noise = first_match(scan, candidates, 0, from, line->text, peeled, NULL);
	return speaker(scan, found, noise);
}

// --- by kinds

static bool has_digit(struct bs_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (bs_is_digit(s.ptr[i]))
			return true;
	return false;
}

#define TOLD_FIRST 64

// Draws up which rules the digits of a kind decide; without memory or room its lines are looked at
// one by one.
static void survey(struct bs_scan *scan, const struct bs_line *line, struct bs_str peeled,
	const struct bs_candidates *candidates)
{
	if (scan->told_count == scan->told_cap) {
		size_t cap = scan->told_cap ? scan->told_cap * 2 : TOLD_FIRST;
		struct bs_told *grown = cap > BS_TOLD_KINDS_MAX
						? NULL
						: realloc(scan->told, cap * sizeof(*grown));
		if (!grown)
			return;
		scan->told = grown;
		scan->told_cap = cap;
	}
	struct bs_told *told = &scan->told[scan->told_count];
	if (!bs_told_survey(scan, candidates, line->text, peeled, told))
		return;
	line->kind->rule = (uint16_t)scan->told_count++;
	line->kind->is_told = true;
}

// What was found holds for the whole kind, unless a pattern that tells digits apart saw some. Many
// kinds have one line only: it is at the second that the rules are drawn up.
static void remember(struct bs_scan *scan, const struct bs_line *line, struct bs_str peeled,
	const struct bs_candidates *candidates, uint16_t rule, const struct bs_span *name)
{
	struct bs_kind *kind = line->kind;
	if (!kind)
		return;
	if (scan->told_digits) {
		if (kind->is_odd)
			survey(scan, line, peeled, candidates);
		kind->is_odd = true;
		return;
	}
	kind->rule = rule;
	kind->name_from = (uint16_t)name->from;
	kind->name_to = (uint16_t)name->to;
	kind->is_scanned = true;
}

// A line of a kind whose digits matter.
static uint16_t decide(struct bs_scan *scan, const struct bs_line *line, struct bs_span *ret_name)
{
	const struct bs_told *told = &scan->told[line->kind->rule];
	struct bs_str peeled = bs_str_from(line->text, told->skipped);
	uint16_t found = bs_told_found(scan, told, line->text, peeled, ret_name);
	if (found == BS_SCAN_NOBODY && !(line->flags & BS_LINE_RED))
		return BS_SCAN_NOBODY;
	uint16_t speaks = speaker(scan, found, bs_told_noise(scan, told, line->text, peeled));
	if (speaks != found)
		*ret_name = (struct bs_span){0, 0};
	return speaks;
}

// Commands of compilers and linkers are the longest lines of most logs, and how they begin says
// that nothing in them counts.
static uint16_t find_opener(struct bs_scan *scan, struct bs_str text, struct bs_str peeled)
{
	size_t skipped = text.len - peeled.len;
	for (size_t i = 0; i < scan->openers_count; i++) {
		struct bs_opener *opener = &scan->openers[i];
		struct bs_rule *rule = scan->rules->order[opener->at];
		bool is_useless = opener->tries > (opener->hits + 1) * OPENER_TRIES;
		if ((is_useless && ++opener->passed % OPENER_AGAIN != 0) ||
			(!bs_prefilter_may_begin(rule, text, 0) &&
				!bs_prefilter_may_begin(rule, text, skipped)) ||
			!bs_try_ready(scan, rule) || !rule->digits_alike)
			continue;
		opener->tries++;
		if (bs_try(scan, opener->at, rule->regex, text, peeled, NULL, NULL)) {
			opener->hits++;
			return opener->at;
		}
	}
	return BS_SCAN_NOBODY;
}

// A line of a kind of which nothing is known yet.
static uint16_t look_and_learn(
	struct bs_scan *scan, const struct bs_line *line, struct bs_span *ret_name)
{
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1];
	struct bs_candidates candidates;
	struct bs_str peeled = bs_peel(line->text);
	uint16_t opener = line->text.len > OPENED_BYTES ? find_opener(scan, line->text, peeled)
							: BS_SCAN_NOBODY;
	if (opener != BS_SCAN_NOBODY) {
		*ret_name = (struct bs_span){0, 0};
		scan->told_digits = false;
		remember(scan, line, peeled, NULL, opener, ret_name);
		return opener;
	}
	bs_prefilter_find(
		scan->rules->prefilter, line->text, line->text.len - peeled.len, &candidates);
	scan->is_ascii = candidates.is_ascii;
	scan->relaxes = line->kind && has_digit(line->text);
	scan->told_digits = false;
	uint16_t found = look(scan, line, peeled, &candidates, spans);
	scan->relaxes = false;
	*ret_name = found == BS_SCAN_NOBODY ? (struct bs_span){0, 0}
					    : bs_told_name(scan->rules->order[found], spans);
	remember(scan, line, peeled, &candidates, found, ret_name);
	return found;
}

_Static_assert(BS_LINE_BYTES_MAX <= UINT16_MAX, "a place in a line fits the record of its kind");

uint16_t bs_scan_line(struct bs_scan *scan, const struct bs_line *line, struct bs_str *ret_name)
{
	struct bs_span name;
	const struct bs_kind *kind = line->kind;
	uint16_t found;
	scan->bytes += line->text.len;
	scan->is_ascii = line->flags & BS_LINE_ASCII;
	if (kind && kind->is_scanned) {
		name = (struct bs_span){kind->name_from, kind->name_to};
		found = kind->rule;
	} else if (kind && kind->is_told) {
		found = decide(scan, line, &name);
	} else {
		found = look_and_learn(scan, line, &name);
	}
	scan->is_ascii = false;
	*ret_name = bs_str_sub(line->text, name.from, name.to - name.from);
	return found;
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

bool bs_scan_goes_on(struct bs_scan *scan, uint16_t at, const struct bs_line *line)
{
	struct bs_rule *rule = scan->rules->order[at];
	if (rule->broken || (!rule->while_regex && !rule->until_regex))
		return false;
	struct bs_str text = line->text, peeled = bs_peel(text);
	scan->is_ascii = line->flags & BS_LINE_ASCII;
	bool ends = rule->until_regex &&
		    bs_try(scan, at, rule->until_regex, text, peeled, NULL, NULL);
	bool goes_on = !ends && (!rule->while_regex || bs_try(scan, at, rule->while_regex, text,
							       peeled, NULL, NULL));
	scan->is_ascii = false;
	return goes_on;
}
