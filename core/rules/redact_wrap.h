// SPDX-License-Identifier: MIT
// Tokens and values that the width of a terminal broke into lines.
#ifndef BS_RULES_REDACT_WRAP_H
#define BS_RULES_REDACT_WRAP_H

#include "core/rules/redact_engine.h"
#include "core/rules/redact_hold.h"

#define BS_WRAP_LINES_MAX 64
#define BS_WRAP_WALKS_MAX 64
#define BS_WRAP_WIDTH_MIN 40 // no terminal breaks a line earlier
#define BS_WRAP_WIDTHS 8     // lines whose widths are remembered

// A known value that a line ended inside of.
struct bs_wrap_walk {
	struct bs_needle_walk walk;
	uint64_t seq; // of the line it began in
	size_t from;
};

struct bs_wrap {
	struct bs_buf text; // lines that wait, without their newlines
	size_t starts[BS_WRAP_LINES_MAX];
	size_t count;
	uint64_t first;
	struct bs_wrap_walk walks[BS_WRAP_WALKS_MAX];
	size_t walks_count;
	char tail[2]; // of the line before: a prefix may be cut after its first bytes
	size_t tail_bytes;
	uint32_t widths[BS_WRAP_WIDTHS]; // of the lines before
	size_t newest;
};

void bs_wrap_init(struct bs_wrap *wrap);
// Forgets what waited.
void bs_wrap_reset(struct bs_wrap *wrap);
void bs_wrap_release(struct bs_wrap *wrap);

// Whether what begins at text[from] may go on in the next line.
bool bs_wrap_may_go_on(struct bs_str text, size_t from);
// A known value that goes on. Without room for it, what there is of it is marked at once.
void bs_wrap_add_walk(struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_hold *hold,
	struct bs_wrap_walk walk);
// Takes a line in which nothing begins, unless something of the lines before may go on in it: then
// false, and nothing was done.
bool bs_wrap_pass(struct bs_wrap *wrap, const struct bs_engine *engine, struct bs_str text);
// Looks at the newest line as what the lines before go on with. open: a token may go on after it.
// *ret_wait is the first line that has to wait, after a failure too.
enum bs_status bs_wrap_take(struct bs_wrap *wrap, const struct bs_engine *engine,
	struct bs_hold *hold, uint64_t seq, bool open, uint64_t *ret_wait,
	struct bs_err *err) BS_MUST_USE;

#endif
