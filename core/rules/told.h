// SPDX-License-Identifier: MIT
// Kinds of lines whose digits matter: which rules are to be tried on each of their lines.
//
// "12 failed" is a failure and "0 failed" is none, though they are of one kind (core/text/kind.h).
// For such a kind it is drawn up once which rules could match some line of it; of those, the ones
// that do not tell digits apart are known to match.
#ifndef BS_RULES_TOLD_H
#define BS_RULES_TOLD_H

#include "core/rules/prefilter.h"
#include "core/rules/scan.h"

#define BS_TOLD_RULES_MAX 8

struct bs_told {
	struct bs_told_rule {
		uint16_t at; // in order[]
		struct bs_reach reach;
		bool is_sure; // it matches every line of the kind: what stands behind it does not
			      // count
	} rules[BS_TOLD_RULES_MAX]; // noise, then the others, each in their order
	uint8_t noise_count, count;
	uint16_t skipped;            // bytes that bs_peel takes off every line of the kind
	uint16_t name_from, name_to; // what the group `name` of a sure rule took; both 0: nothing
};

// False when too many rules could match.
bool bs_told_survey(struct bs_scan *scan, const struct bs_candidates *candidates,
	struct bs_str text, struct bs_str peeled, struct bs_told *ret_told);

// What rules->order holds first, of noise and of others, that matches this line of the kind;
// BS_SCAN_NOBODY when none does.
uint16_t bs_told_noise(
	struct bs_scan *scan, const struct bs_told *told, struct bs_str text, struct bs_str peeled);
uint16_t bs_told_found(struct bs_scan *scan, const struct bs_told *told, struct bs_str text,
	struct bs_str peeled, struct bs_span *ret_name);

// What the group `name` of a rule took; {0, 0}: nothing.
struct bs_span bs_told_name(const struct bs_rule *rule, const struct bs_span *spans);

#endif
