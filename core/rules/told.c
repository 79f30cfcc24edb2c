// SPDX-License-Identifier: MIT
// A survey of the rules that could match some line of a kind, and verdicts by it.
#include "core/rules/told.h"

#include "core/rules/try.h"

struct bs_span bs_told_name(const struct bs_rule *rule, const struct bs_span *spans)
{
	bool there = rule->role != BS_ROLE_NOISE && rule->group_name > 0 &&
		     spans[rule->group_name].from != SIZE_MAX;
	return there ? spans[rule->group_name] : (struct bs_span){0, 0};
}

// One candidate more. False when there is no room for it.
static bool survey_rule(struct bs_scan *scan, uint16_t at, const struct bs_reach *reach,
	struct bs_str text, struct bs_str peeled, struct bs_told *told, bool *ret_sure)
{
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1];
	struct bs_rule *rule = scan->rules->order[at];
	bool may = rule->digits_alike
			   ? bs_try_ready(scan, rule) &&
				     bs_try(scan, at, rule->regex, text, peeled, reach, spans)
			   : !rule->broken && bs_try_relaxed(scan, at, text, peeled, reach);
	*ret_sure = rule->digits_alike && may;
	if (!may)
		return true;
	if (told->count == BS_TOLD_RULES_MAX)
		return false;
	told->rules[told->count++] = (struct bs_told_rule){at, *reach, *ret_sure};
	if (*ret_sure && rule->role != BS_ROLE_NOISE) {
		struct bs_span name = bs_told_name(rule, spans);
		told->name_from = (uint16_t)name.from;
		told->name_to = (uint16_t)name.to;
	}
	return true;
}

static bool survey_range(struct bs_scan *scan, const struct bs_candidates *candidates, size_t from,
	size_t to, struct bs_str text, struct bs_str peeled, struct bs_told *told)
{
	struct bs_span starts;
	bool sure = false;
	for (size_t at = from; at < to && !sure; at++) {
		const struct bs_reach *reach = &candidates->reach[at];
		const struct bs_rule *rule = scan->rules->order[at];
		if (!bs_candidates_have(candidates, at) ||
			(!bs_prefilter_reach(*reach, rule, text, 0, &starts) &&
				!bs_prefilter_reach(
					*reach, rule, text, text.len - peeled.len, &starts)))
			continue;
		if (!survey_rule(scan, (uint16_t)at, reach, text, peeled, told, &sure))
			return false;
	}
	return true;
}

bool bs_told_survey(struct bs_scan *scan, const struct bs_candidates *candidates,
	struct bs_str text, struct bs_str peeled, struct bs_told *ret_told)
{
	const struct bs_rules *rules = scan->rules;
	*ret_told = (struct bs_told){.skipped = (uint16_t)(text.len - peeled.len)};
	bool fits = survey_range(scan, candidates, 0, rules->noise_count, text, peeled, ret_told);
	ret_told->noise_count = ret_told->count;
	return fits && survey_range(scan, candidates, rules->noise_count, rules->rules_count, text,
			       peeled, ret_told);
}

// The first in rules[from, to) that matches; `to` when none does.
static size_t first_of(struct bs_scan *scan, const struct bs_told *told, size_t from, size_t to,
	struct bs_str text, struct bs_str peeled, struct bs_span *spans)
{
	for (size_t i = from; i < to; i++) {
		const struct bs_told_rule *told_rule = &told->rules[i];
		struct bs_rule *rule = scan->rules->order[told_rule->at];
		if (!bs_try_ready(scan, rule))
			continue;
		if (told_rule->is_sure || bs_try(scan, told_rule->at, rule->regex, text, peeled,
						  &told_rule->reach, spans))
			return i;
	}
	return to;
}

uint16_t bs_told_noise(
	struct bs_scan *scan, const struct bs_told *told, struct bs_str text, struct bs_str peeled)
{
	size_t i = first_of(scan, told, 0, told->noise_count, text, peeled, NULL);
	return i < told->noise_count ? told->rules[i].at : BS_SCAN_NOBODY;
}

uint16_t bs_told_found(struct bs_scan *scan, const struct bs_told *told, struct bs_str text,
	struct bs_str peeled, struct bs_span *ret_name)
{
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1];
	size_t i = first_of(scan, told, told->noise_count, told->count, text, peeled, spans);
	*ret_name = (struct bs_span){0, 0};
	if (i == told->count)
		return BS_SCAN_NOBODY;
	uint16_t at = told->rules[i].at;
	*ret_name = told->rules[i].is_sure ? (struct bs_span){told->name_from, told->name_to}
					   : bs_told_name(scan->rules->order[at], spans);
	return at;
}
