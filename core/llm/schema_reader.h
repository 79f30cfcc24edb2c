// SPDX-License-Identifier: MIT
// The reader that walks an answer by the field table: where it is, what was wrong, what was bent.
#ifndef BS_LLM_SCHEMA_READER_H
#define BS_LLM_SCHEMA_READER_H

#include "core/llm/schema.h"

#define BS_POINTER_BYTES 96 // "/failures/9/message": names come from our own table

struct bs_reader {
	bool coerce;
	struct bs_arena *arena;
	struct bs_buf *errors;
	struct bs_err *err; // keeps the first violation
	struct bs_buf scratch;
	bool repaired;
	size_t violations;
	char pointer[BS_POINTER_BYTES];
	size_t pointer_len;
};

// Notes "/pointer: what name".
void bs_reader_violation(struct bs_reader *r, const char *what, struct bs_str name);
void bs_reader_wrong_type(
	struct bs_reader *r, const struct bs_field *field, const struct bs_json *json);

// Each takes one value. A value that does not fit is a violation, not a failure.
enum bs_status bs_reader_text(struct bs_reader *r, const struct bs_field *field,
	const struct bs_json *json, struct bs_str *ret_text) BS_MUST_USE;
void bs_reader_line(struct bs_reader *r, const struct bs_field *field, const struct bs_json *json,
	uint64_t *ret_line);
void bs_reader_enum(struct bs_reader *r, const struct bs_field *field, const struct bs_json *json,
	unsigned *ret_value);

#endif
