// SPDX-License-Identifier: MIT
// Lines on their way out: the newest, and those that wait until what began in them has ended.
#ifndef BS_RULES_REDACT_HOLD_H
#define BS_RULES_REDACT_HOLD_H

#include "core/rules/redact_marks.h"
#include "core/text/line.h"

#define BS_HOLD_NONE UINT64_MAX // no line has to wait

struct bs_held {
	struct bs_line line; // its text borrowed for the newest, owned by the hold when it waits
	char *copy;
	struct bs_marks marks;
};

// Lines are told apart by a sequence number that never comes again. Zeroed is empty.
struct bs_hold {
	struct bs_held *lines; // a ring would save moving them: at most BS_HELD_LINES_MAX are there
	size_t count, cap;
	size_t bytes;      // of copies
	uint64_t first;    // sequence number of lines[0]
	struct bs_buf out; // a rendered line
	uint64_t redactions;
	bool failed;
};

void bs_hold_init(struct bs_hold *hold);
void bs_hold_release(struct bs_hold *hold);

// Takes the next line, its text borrowed; *ret_seq is its number.
enum bs_status bs_hold_push(struct bs_hold *hold, const struct bs_line *line, uint64_t *ret_seq,
	struct bs_err *err) BS_MUST_USE;
// The text of a line still held.
struct bs_str bs_hold_text(const struct bs_hold *hold, uint64_t seq);
struct bs_marks *bs_hold_marks(struct bs_hold *hold, uint64_t seq);
void bs_hold_mark(struct bs_hold *hold, uint64_t seq, size_t from, size_t to, const char *kind,
	uint32_t number);
// A known value.
void bs_hold_mark_value(
	struct bs_hold *hold, uint64_t seq, size_t from, size_t to, struct bs_str value);
// Whether another line may wait.
bool bs_hold_has_room(const struct bs_hold *hold);

// Hands on every line before keep_from, rendered; copies what stays.
enum bs_status bs_hold_flush(struct bs_hold *hold, uint64_t keep_from, struct bs_numbers *numbers,
	struct bs_line_sink sink, struct bs_err *err) BS_MUST_USE;

#endif
