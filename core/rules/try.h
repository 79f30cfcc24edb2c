// SPDX-License-Identifier: MIT
// One pattern tried on one line: as it stands, and without what others put before it.
#ifndef BS_RULES_TRY_H
#define BS_RULES_TRY_H

#include "core/rules/prefilter.h"
#include "core/rules/scan.h"

// Compiles a rule when a line first needs it; false for one that cannot be, which is told of once,
// or that is switched off.
bool bs_try_ready(struct bs_scan *scan, struct bs_rule *rule);

// Whether a pattern of order[at] matches, and of `match` that nothing stands beside it that must
// not; peeled is bs_peel(text). reach: NULL when the pattern is not the one that the prefilter
// knows. spans may be NULL. A rule whose patterns take too long is switched off.
bool bs_try(struct bs_scan *scan, uint16_t at, struct bs_regex *regex, struct bs_str text,
	struct bs_str peeled, const struct bs_reach *reach, struct bs_span *spans);

// Whether a line of the same kind (core/text/kind.h) may match a rule that tells digits apart:
// where none does, nor does this one, and the rule itself need not even be compiled.
bool bs_try_relaxed(struct bs_scan *scan, uint16_t at, struct bs_str text, struct bs_str peeled,
	const struct bs_reach *reach);

// The captures of order[at]: of the peeled line where it matches so, because they are cleaner.
bool bs_try_captures(struct bs_scan *scan, uint16_t at, struct bs_str text,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1]);

#endif
