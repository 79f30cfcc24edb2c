// SPDX-License-Identifier: MIT
// One clean line of a log, and whoever takes lines one after the other.
#ifndef BS_TEXT_LINE_H
#define BS_TEXT_LINE_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/text/kind.h"

enum bs_line_flags {
	BS_LINE_RED = 1 << 0,   // some of it was printed in red: a signal for tools no rule knows
	BS_LINE_CUT = 1 << 1,   // its middle was left out for its length
	BS_LINE_KNOWN = 1 << 2, // such a line was there when the job passed
	BS_LINE_ASCII = 1 << 3, // known to hold nothing else; no part of the line's kind
};

struct bs_line {
	uint64_t number; // in the input, from 1: the count of '\n' before it, plus one
	struct bs_str
		text;   // valid UTF-8, no control bytes but '\t', no newline; borrowed for the call
	unsigned flags; // enum bs_line_flags
	struct bs_kind *kind; // of exactly this text, borrowed for the call; NULL: not known
};

// Takes lines in order. A failure stops the flow and travels up.
struct bs_line_sink {
	enum bs_status (*take)(void *ctx, const struct bs_line *line, struct bs_err *err);
	void *ctx;
};

#endif
