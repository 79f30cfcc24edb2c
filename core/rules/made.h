// SPDX-License-Identifier: MIT
// What the build made of the patterns of our own packs, so that they need not be compiled.
#ifndef BS_RULES_MADE_H
#define BS_RULES_MADE_H

#include "core/rules/pack.h"

enum bs_made_kind {
	BS_MADE_MATCH,
	BS_MADE_UNLESS,
	BS_MADE_WHILE,
	BS_MADE_UNTIL,
	BS_MADE_RELAXED,
	BS_MADE_KINDS
};

struct bs_made_place {
	uint32_t at, count; // bytes; count 0: there is nothing
};

// Generated: build/packs.c. The lead stands before what was made of any pattern.
struct bs_made {
	const uint64_t *bytes;
	struct bs_made_place lead, probe;
	const struct bs_made_place (*rules)[BS_MADE_KINDS]; // as in bs_rules_builtin
};

extern const struct bs_made bs_rules_builtin_made;

// A pattern with something of all that PCRE2 writes down in several ways.
#define BS_MADE_PROBE \
	"^(?<word>[^\\W_]++|(?i:\\bx[a-f\u00E9]{2,3}?\u212A))(?!.*\\d)(?<=a|bc) \\S+?(?>\\h*)(?:x|yz){3}\\1$"

// Whether PCRE2 as it is here makes the same of the probe as the one of the build: then it may take
// over the rest, too. Version, pointers, links and tables all show in that.
bool bs_made_fits(void);

// What was made of a pattern of a rule of our own.
struct bs_regex_made bs_made_of(const struct bs_rule *rule, enum bs_made_kind kind);

#endif
