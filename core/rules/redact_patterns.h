// SPDX-License-Identifier: MIT
// The table of what secrets look like, and its patterns, compiled when first needed.
#ifndef BS_RULES_REDACT_PATTERNS_H
#define BS_RULES_REDACT_PATTERNS_H

#include "core/rules/literals.h"
#include "core/rules/redact_marks.h"

enum bs_pattern_flags {
	// A prefix of its own tells it: sought in encodings, across wraps and by the tripwire too.
	BS_PATTERN_PREFIX = 1 << 0,
	BS_PATTERN_CASELESS = 1 << 1,
	BS_PATTERN_SAMPLES = 1 << 2, // what looks like a sample is one of its secrets as well
	BS_PATTERN_VALUE = 1 << 3,   // the group is a value a person chose: "<password>" is none
	// What follows the literal: cheap to see, and most literals that are words end here.
	BS_PATTERN_AT = 1 << 4,    // an '@', sooner or later
	BS_PATTERN_SPACE = 1 << 5, // white space at once
	BS_PATTERN_PURE = 1 << 6,  // no '_' nor '-' within BS_PATTERN_RUN
};
// So many letters, digits, '_' or '-' follow the literal at least.
#define BS_PATTERN_RUN(bytes) ((unsigned)(bytes) << 8)
#define BS_PATTERN_RUN_OF(flags) ((flags) >> 8)

struct bs_pattern {
	const char *kind;     // of the placeholder: lower case, digits, '-'
	const char *literals; // separated by '|': a line without any of them is not tried
	const char *pattern;  // PCRE2; group 1, or the whole match, is the secret
	unsigned flags;       // enum bs_pattern_flags and BS_PATTERN_RUN
};

// Both end with a row whose kind is NULL.
extern const struct bs_pattern bs_patterns_tokens[];
extern const struct bs_pattern bs_patterns_shapes[];

#define BS_PATTERN_ROWS_MAX 256

struct bs_patterns;

enum bs_status bs_patterns_new(struct bs_patterns **ret_patterns, struct bs_err *err) BS_MUST_USE;
void bs_patterns_free(struct bs_patterns *patterns);

// Rows are numbered from 0 through both tables.
size_t bs_patterns_rows(const struct bs_patterns *patterns);
const struct bs_pattern *bs_patterns_row(const struct bs_patterns *patterns, size_t row);
// The literals of all rows, with ids id_base + row.
enum bs_status bs_patterns_sow(const struct bs_patterns *patterns, struct bs_literals *literals,
	uint32_t id_base, struct bs_err *err) BS_MUST_USE;

// Whether what follows the row's literal, which ends at text[to], may make it a secret. Which
// digits stand there does not matter.
bool bs_patterns_may_mark(
	const struct bs_patterns *patterns, size_t row, struct bs_str text, size_t to);

// Marks what the row finds in text. BS_LIMIT: a limit of the matcher was hit, the text must go
// whole.
enum bs_status bs_patterns_mark(struct bs_patterns *patterns, size_t row, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err) BS_MUST_USE;

// Whether the row would find something if the digits of text were others; true when that is not
// known.
bool bs_patterns_could_mark(struct bs_patterns *patterns, size_t row, struct bs_str text);

// Patterns of the user's, tried on every text.
enum bs_status bs_patterns_add(
	struct bs_patterns *patterns, struct bs_str pattern, struct bs_err *err) BS_MUST_USE;
size_t bs_patterns_added(const struct bs_patterns *patterns);
enum bs_status bs_patterns_mark_added(struct bs_patterns *patterns, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err) BS_MUST_USE;

// Whether a placeholder may bear this kind.
bool bs_patterns_is_kind(struct bs_str kind);

#endif
