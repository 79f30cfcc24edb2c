// SPDX-License-Identifier: MIT
// Every rule proves itself by its own examples, through the prefilter as in earnest.
#include "core/rules/pack.h"
#include "core/rules/prefilter.h"

// Whether the prefilter lets the rule at this place see the line, and its pattern matches.
static bool sees(const struct bs_rules *rules, size_t at, struct bs_str line)
{
	struct bs_candidates candidates;
	struct bs_span starts;
	struct bs_regex *unless = rules->order[at]->unless_regex;
	bs_prefilter_find(rules->prefilter, line, 0, &candidates);
	return bs_candidates_have(&candidates, at) &&
	       bs_prefilter_reach(candidates.reach[at], rules->order[at], line, 0, &starts) &&
	       bs_regex_find_from(rules->order[at]->regex, line, starts, false, NULL, 0) ==
		       BS_MATCH_YES &&
	       (!unless || bs_regex_find(unless, line, 0, NULL, 0) != BS_MATCH_YES);
}

enum bs_status bs_rules_test(struct bs_rules *rules,
	void (*fail)(void *ctx, const struct bs_rule *rule, const struct bs_example *example,
		bool should_match),
	void *ctx, size_t *ret_tried, struct bs_err *err)
{
	size_t tried = 0;
	for (size_t i = 0; i < rules->rules_count; i++) {
		struct bs_rule *rule = rules->order[i];
		enum bs_status status = bs_rule_compile(rule, err);
		if (status != BS_OK)
			return status;
		const struct bs_example *example = rule->matches;
		for (; example; example = example->next, tried++)
			if (!sees(rules, i, example->text))
				fail(ctx, rule, example, true);
		for (example = rule->ignores; example; example = example->next, tried++)
			if (sees(rules, i, example->text))
				fail(ctx, rule, example, false);
	}
	*ret_tried = tried;
	return BS_OK;
}
