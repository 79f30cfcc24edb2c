// SPDX-License-Identifier: MIT
// Escape sequences of terminals (ECMA-48), taken apart one character at a time.
#ifndef BS_TEXT_ESCAPE_H
#define BS_TEXT_ESCAPE_H

#include "core/base/str.h"

#define BS_ESCAPE_PARAMS_MAX 16

enum bs_escape_event {
	BS_ESCAPE_TEXT,  // not part of a sequence
	BS_ESCAPE_EATEN, // part of one, or the end of one that does nothing to a line
	BS_ESCAPE_CSI,   // a control sequence is complete: `final` and `params` say which
};

// Zeroed: outside of any sequence.
struct bs_escape {
	unsigned state;  // see escape.c
	size_t bytes;    // of the sequence so far
	bool is_private; // CSI ? … and the like: none of our business
	unsigned params_count;
	unsigned params[BS_ESCAPE_PARAMS_MAX]; // a missing one is 0
	char final;                            // 'm' of CSI 31 m
};

// A newline must not be offered: it ends every sequence (bs_escape_reset). A sequence that never
// ends is given up after BS_ESCAPE_BYTES_MAX.
enum bs_escape_event bs_escape_take(struct bs_escape *escape, uint32_t point);

static inline void bs_escape_reset(struct bs_escape *escape)
{
	*escape = (struct bs_escape){0};
}

static inline bool bs_escape_is_open(const struct bs_escape *escape)
{
	return escape->state != 0;
}

// Inside an OSC, DCS, APC, PM or SOS string.
bool bs_escape_in_string(const struct bs_escape *escape);

// What SGR (CSI … m) makes of the colour: red writing begins, ends, or stays as it was.
bool bs_escape_red(const struct bs_escape *escape, bool was_red);

#endif
