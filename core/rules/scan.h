// SPDX-License-Identifier: MIT
// One line → the rule that speaks for it.
#ifndef BS_RULES_SCAN_H
#define BS_RULES_SCAN_H

#include "core/base/diag.h"
#include "core/rules/pack.h"
#include "core/text/line.h"

struct bs_told;

#define BS_SCAN_OPENERS_MAX 32

// Noise that silences all by how a line begins; without success it is seldom asked.
struct bs_opener {
	uint16_t at; // in order[]
	uint64_t tries, hits, passed;
};

struct bs_scan {
	struct bs_rules *rules;
	struct bs_diag *diag;
	int64_t *spent_ns; // by each rule of rules->order
	int64_t users_ns;  // by those that are not ours
	size_t users_count;
	uint64_t calls;
	bool is_ascii;        // the line at hand, as far as is known
	bool relaxes;         // what is found for the line at hand may hold for its kind …
	bool told_digits;     // … but not this time: a pattern told its digits from others
	struct bs_told *told; // of kinds whose digits matter (core/rules/told.h)
	size_t told_count, told_cap;
	struct bs_opener openers[BS_SCAN_OPENERS_MAX];
	size_t openers_count;
	uint64_t bytes; // looked at so far
};

#define BS_SCAN_NOBODY UINT16_MAX

enum bs_status bs_scan_init(struct bs_scan *scan, struct bs_rules *rules, struct bs_diag *diag,
	struct bs_err *err) BS_MUST_USE;
void bs_scan_release(struct bs_scan *scan);

// The place in rules->order of the rule that speaks for the line, or BS_SCAN_NOBODY: noise if
// another rule that weighs no more matches too, else the first that matches. *ret_name is what its
// group `name` took, empty without one and for noise. A rule that errs or takes too long is skipped
// and, in time, switched off.
uint16_t bs_scan_line(struct bs_scan *scan, const struct bs_line *line, struct bs_str *ret_name);

// The next rule behind `after` in rules->order that matches, or BS_SCAN_NOBODY: what else is known
// of a line.
uint16_t bs_scan_next(struct bs_scan *scan, uint16_t after, struct bs_str text,
	struct bs_span spans[BS_REGEX_GROUPS_MAX + 1]);

// Whether the block of a rule that spoke goes on with this line.
bool bs_scan_goes_on(struct bs_scan *scan, uint16_t rule, const struct bs_line *line);

#endif
