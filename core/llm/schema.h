// SPDX-License-Identifier: MIT
// JSON against the summary's field table (core/llm/summary.c): reading an answer, printing the
// JSON Schema.
#ifndef BS_LLM_SCHEMA_H
#define BS_LLM_SCHEMA_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/ext/json.h"
#include "core/llm/summary.h"

enum bs_schema_flags {
	// Bend what can be bent without losing or inventing anything: "12" for 12, one object for
	// a list of one, an enum's name in another spelling, text over its limit, members too many.
	BS_SCHEMA_COERCE = 1 << 0,
};

// Fills a summary from an answer. BS_FORMAT when the answer does not fit: `errors` (not NULL) then
// holds one line per violation, each opened by a JSON pointer: "/failures/2/line: expected an
// integer or null, got a string". *ret_repaired tells whether anything was bent.
enum bs_status bs_schema_read(const struct bs_json *json, unsigned flags, struct bs_arena *arena,
	struct bs_summary *ret_summary, bool *ret_repaired, struct bs_buf *errors,
	struct bs_err *err) BS_MUST_USE;

// How hosts differ in what they take.
enum bs_schema_dialect {
	BS_SCHEMA_COMMON,
	BS_SCHEMA_ORDERED, // with propertyOrdering: Gemini writes members by the alphabet otherwise
};

// Writes the JSON Schema in the subset that every provider's strict mode takes: all members
// required, null by anyOf, no further members, limits only in descriptions.
void bs_schema_put(struct bs_json_writer *w, enum bs_schema_dialect dialect);

#endif
