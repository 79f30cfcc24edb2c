// SPDX-License-Identifier: MIT
// What is to be replaced in a line, and the placeholders that replace it.
#ifndef BS_RULES_REDACT_MARKS_H
#define BS_RULES_REDACT_MARKS_H

#include "core/base/buf.h"

struct bs_mark {
	size_t from, to;
	const char *kind;    // of static storage
	uint32_t number;     // 0: the one of value
	struct bs_str value; // as long-lived as the redactor; ptr NULL: the marked text itself
};

// Zeroed is empty.
struct bs_marks {
	struct bs_mark *items;
	size_t count, cap;
	bool failed; // memory ran out: the marks are not complete
};

void bs_marks_release(struct bs_marks *marks);
void bs_marks_add(struct bs_marks *marks, struct bs_mark mark);

// Which number a value has. Bounded: past its ceiling every value is new.
struct bs_numbers;

enum bs_status bs_numbers_new(struct bs_numbers **ret_numbers, struct bs_err *err) BS_MUST_USE;
void bs_numbers_free(struct bs_numbers *numbers);
uint32_t bs_numbers_of(struct bs_numbers *numbers, struct bs_str value);

// Writes text with its marks replaced, overlapping ones by one placeholder; sorts the marks.
// Placeholders that already stand in the text are not marked again. Returns how many were written.
size_t bs_marks_render(
	struct bs_marks *marks, struct bs_str text, struct bs_numbers *numbers, struct bs_buf *out);

// The length of the placeholder text begins with, ours or the agent's; 0 when it does not.
size_t bs_marks_placeholder(struct bs_str text);

#endif
