// SPDX-License-Identifier: MIT
// Looks things up in what the build made, and whether that holds here.
#include "core/rules/made.h"

#define PROBE_BYTES_MAX (64 * 1024)

static struct bs_str bytes_at(struct bs_made_place place)
{
	const char *bytes = (const char *)bs_rules_builtin_made.bytes;
	return place.count > 0 ? bs_str(bytes + place.at, place.count) : bs_str(NULL, 0);
}

bool bs_made_fits(void)
{
	struct bs_arena arena;
	struct bs_regex *regex = NULL;
	struct bs_str made = {0}, lead = bytes_at(bs_rules_builtin_made.lead),
		      probe = bytes_at(bs_rules_builtin_made.probe);
	bs_arena_init(&arena, PROBE_BYTES_MAX);
	bool fits = bs_regex_new(BS_LIT(BS_MADE_PROBE), 0, &regex, NULL) == BS_OK &&
		    bs_regex_make(regex, &arena, &made, NULL) == BS_OK &&
		    made.len == lead.len + probe.len && bs_str_starts(made, lead) &&
		    bs_str_ends(made, probe);
	bs_regex_free(regex);
	bs_arena_release(&arena);
	return fits;
}

struct bs_regex_made bs_made_of(const struct bs_rule *rule, enum bs_made_kind kind)
{
	struct bs_regex_made made = {0};
	if (rule->takes_made)
		made = (struct bs_regex_made){bytes_at(bs_rules_builtin_made.lead),
			bytes_at(bs_rules_builtin_made.rules[rule->builtin][kind])};
	return made;
}
