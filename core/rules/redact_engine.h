// SPDX-License-Identifier: MIT
// What every flow of a redactor shares: the values, the patterns, and the one set of literals over
// all.
#ifndef BS_RULES_REDACT_ENGINE_H
#define BS_RULES_REDACT_ENGINE_H

#include "core/rules/literals.h"
#include "core/rules/redact_marks.h"
#include "core/rules/redact_patterns.h"
#include "core/rules/redact_values.h"

// Ids of the literals: what they belong to, and which one of those.
enum bs_literal_owner {
	BS_OWNER_VALUE = 1 << 24,   // needle
	BS_OWNER_PATTERN = 2 << 24, // row
	BS_OWNER_WORD = 3 << 24,    // of a name
	BS_OWNER_PEM = 4 << 24,
	BS_OWNER_KUBE = 5 << 24,
	BS_OWNER_ENCODED = 6 << 24, // beginning
};
#define BS_OWNER_OF(id) ((id)&0xff000000u)
#define BS_OWNED_OF(id) ((id)&0x00ffffffu)

struct bs_engine {
	struct bs_values *values;
	struct bs_patterns *patterns;
	struct bs_literals *literals;
	struct bs_numbers *numbers;
};

// Rows that a text gave reason to try.
struct bs_rows {
	uint64_t bits[BS_PATTERN_ROWS_MAX / 64];
	bool any;
};

static inline void bs_rows_set(struct bs_rows *rows, uint32_t row)
{
	rows->bits[row / 64] |= (uint64_t)1 << (row % 64);
	rows->any = true;
}

// Marks what the rows find in text.
enum bs_status bs_engine_mark_rows(const struct bs_engine *engine, const struct bs_rows *rows,
	struct bs_str text, struct bs_marks *marks, struct bs_err *err) BS_MUST_USE;
// Whether one of the rows would find something if the digits of text were others.
bool bs_engine_rows_could_mark(
	const struct bs_engine *engine, const struct bs_rows *rows, struct bs_str text);
// The same as bs_engine_mark_rows for the rows of prefixes whose literals stand in text: all that a
// wrap or the tripwire asks.
enum bs_status bs_engine_mark_prefixes(const struct bs_engine *engine, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err) BS_MUST_USE;

enum bs_status bs_engine_init(struct bs_engine *engine, struct bs_err *err) BS_MUST_USE;
void bs_engine_release(struct bs_engine *engine);

#endif
