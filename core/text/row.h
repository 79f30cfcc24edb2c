// SPDX-License-Identifier: MIT
// One line of raw bytes → its clean text: the careful path, for lines that are not plain.
#ifndef BS_TEXT_ROW_H
#define BS_TEXT_ROW_H

#include "core/text/escape.h"
#include "core/text/line.h"
#include "core/text/screen.h"
#include "core/text/utf8.h"

struct bs_row {
	bool keep_redraws;
	bool red, saw_red;
	bool maybe_csi;     // a lone byte 0x9B: CSI of 8-bit terminals, if what follows agrees
	size_t eaten_count; // characters held back that may be a stamp whose ESC was eaten
	struct bs_utf8 utf8;
	struct bs_escape escape;
	struct bs_screen screen;
};

void bs_row_init(struct bs_row *row, bool keep_redraws);
// Part of a line, without its newline, however cut.
void bs_row_take(struct bs_row *row, struct bs_str part);
// The line's text and flags (enum bs_line_flags); the row is empty again.
size_t bs_row_end(struct bs_row *row, char text[BS_LINE_BYTES_MAX], unsigned *ret_flags);

// A plain line that must take the careful path all the same.
bool bs_row_begins_stamp(struct bs_str line);

static inline bool bs_row_may_begin_stamp(struct bs_str line)
{
	return line.len > 0 && line.ptr[0] == '_' && bs_row_begins_stamp(line);
}

#endif
