// SPDX-License-Identifier: MIT
// Rule packs: YAML data → rules. A rule says how a tool prints a failure, and proves it by
// examples.
//
// A pack:
//
//     pack: gcc
//     about: GNU and LLVM compilers for C and C++
//     rules:
//       - id: gcc-error
//         category: compile_error
//         weight: 90
//         match: '^(?<file>[^:\s]+):(?<line>\d+):(?:\d+:)? error: (?<message>.+)'
//         after: 6
//         while: '^\s'
//         matches: ["src/a.c:3:5: error: expected ';'"]
//         ignores: ["0 errors generated", "log: error: none"]
//
//     id        unique in a pack; a rule of a later pack (the user's) replaces one of the same id
//     role      cause (default), summary, wrapper, context, noise: core/text/excerpt.h
//     category  core/base/category.h; unknown when absent
//     weight    1 to 100, how much the line tells; 70 60 20 10 by role when absent. Of noise:
//               up to which weight it silences other rules; 100, which is all, when absent
//     match     the pattern: PCRE2 over one clean line of UTF-8. The named groups name, file, line
//               and message fill the finding
//     unless    what must not stand in the line beside it: a pattern of its own, asked only where
//               `match` is found, costs less than (?!.*…) in it
//     caseless  true or false (default), for all patterns of the rule
//     said_before  true: where the pattern takes no message, the line before is it; false (default)
//     before    lines of context kept before the line (default 1)
//     after     and after it (default 2)
//     while     the block goes on behind the line as long as lines match this …
//     until     … or to the line (not included) that matches this
//     lines     ceiling of the block (default 40, 400 at most)
//     matches, ignores   lines that the rule must and must not match. Our own packs have one of
//               each at least for every rule; a test holds it
//
// A noise rule takes back what other rules saw in its line, if they weigh no more. `disable: [id,
// …]` beside `rules` switches rules of earlier packs off.
#ifndef BS_RULES_PACK_H
#define BS_RULES_PACK_H

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/ext/regex.h"
#include "core/text/excerpt.h"

struct bs_example {
	struct bs_str text;
	unsigned line, column; // in the pack
	const struct bs_example *next;
};

struct bs_rule {
	const char *id;
	uint64_t id_hash;
	const char *pack;  // name of the pack
	const char *place; // "gcc.yml:6:5"
	enum bs_role role;
	enum bs_category category;
	unsigned weight;
	bool caseless, said_before;
	unsigned before, after, lines_max;
	struct bs_str match, unless, block_while, block_until; // patterns; ptr NULL when absent
	const struct bs_example *matches, *ignores;
	// of which one must be in a line that matches; drawn from the pattern when not yet known
	size_t literals_count;
	bool needs_also;  // one of other literals as well (struct bs_factor_pair)
	bool anchored;    // struct bs_factor
	bool first_known; // of an anchored rule: a match begins with one of the bytes of `first`
	unsigned char first[BS_REGEX_BYTE_SET];
	bool literals_known;
	uint16_t builtin; // place in bs_rules_builtin, where literals_known
	bool takes_made;  // what the build made of the patterns holds here (core/rules/made.h)
	// compiled at first use, freed by bs_rules_release
	struct bs_regex *regex, *unless_regex, *while_regex, *until_regex;
	size_t group_name, group_file, group_line,
		group_message; // 0: the pattern has no such group
	bool digits_alike;     // neither `match` nor `unless` tells digits apart (digits.h)
	bool unless_alike;     // `unless` does not
	bool is_relaxed;       // as far as that can be done
	struct bs_regex *relaxed_regex; // `match` for a line of which only the kind is known
	bool broken; // could not be compiled or took too long: skipped, warned about once
};

struct bs_prefilter;
struct bs_factor_literal;

// Our own packs, as the build read them from core/rules/packs (generated: build/packs.c).
extern const struct bs_rule bs_rules_builtin[];
extern const size_t bs_rules_builtin_count;

struct bs_rules {
	struct bs_rule **rules; // in order of loading
	size_t rules_count;
	// The same in the order in which they may speak for a line, the first that matches does:
	// noise, then by weight, where a wrapper stands above causes weaker than BS_RULE_STRONG.
	struct bs_rule **order;
	size_t noise_count;             // of order[]: they stand first
	struct bs_prefilter *prefilter; // over the literals of all patterns, in that order
};

#define BS_RULE_STRONG 60 // from this weight on a cause is no mere word that failures share

// Takes our own packs, then the files named (paths; may be none). Everything lives in the
// arena except the compiled patterns. Errors in a pack are BS_USAGE with "file:line:column: what,
// what was expected".
enum bs_status bs_rules_load(struct bs_rules *rules, const char *const *paths, size_t paths_count,
	struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;
void bs_rules_release(struct bs_rules *rules);

// Compiles a rule's patterns if that has not been done. BS_USAGE names the place of a bad one.
enum bs_status bs_rule_compile(struct bs_rule *rule, struct bs_err *err) BS_MUST_USE;
// Makes relaxed_regex of a rule that tells digits apart; it stays NULL where that cannot be done.
void bs_rule_relax(struct bs_rule *rule);

// Every rule's own examples; each failure is told to `fail` with the example's place. Compares as
// the trimmer would: the prefilter takes part. Returns the number of examples tried by *ret_tried.
enum bs_status bs_rules_test(struct bs_rules *rules,
	void (*fail)(void *ctx, const struct bs_rule *rule, const struct bs_example *example,
		bool should_match),
	void *ctx, size_t *ret_tried, struct bs_err *err) BS_MUST_USE;

#endif
