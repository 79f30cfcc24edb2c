// SPDX-License-Identifier: MIT
// One row of a terminal: what is written, overwritten and erased on a line, in bounded memory.
#ifndef BS_TEXT_SCREEN_H
#define BS_TEXT_SCREEN_H

#include "core/base/limits.h"
#include "core/base/str.h"

// A character has at least one byte, so that a line that may stay whole fits here.
#define BS_SCREEN_HEAD BS_LINE_HEAD_BYTES // first columns, held for good
#define BS_SCREEN_TAIL BS_LINE_TAIL_BYTES // last columns, held as a ring; a power of two

struct bs_screen {
	size_t cursor;        // column the next character goes to
	size_t base;          // first column that '\r' goes back to: 0 unless redraws are kept
	size_t len;           // columns in use
	size_t ring_from;     // first column at or after BS_SCREEN_HEAD that is still held
	size_t evicted_bytes; // of the columns between
	bool redraw;          // redraws are kept: a space goes before the next character
	uint32_t cells[BS_SCREEN_HEAD + BS_SCREEN_TAIL];
};

// An empty row; before anything else, and for each line.
void bs_screen_clear(struct bs_screen *screen);
void bs_screen_put(struct bs_screen *screen, uint32_t point);
// The same for printable ASCII.
void bs_screen_put_ascii(struct bs_screen *screen, struct bs_str s);
// '\r': back to the first column. keep: what stands there stays, and the new follows it.
void bs_screen_return(struct bs_screen *screen, bool keep);
// The cursor goes to a column counted from `base`, or by so many columns.
void bs_screen_go(struct bs_screen *screen, size_t column);
void bs_screen_move(struct bs_screen *screen, long columns);
// CSI n K: 0 from the cursor on, 1 up to the cursor, 2 all.
void bs_screen_erase(struct bs_screen *screen, unsigned what);

// At most BS_LINE_BYTES_MAX bytes of UTF-8. A longer row keeps its head and its tail with a
// marker between, and *ret_cut says so.
size_t bs_screen_text(const struct bs_screen *screen, char text[BS_LINE_BYTES_MAX], bool *ret_cut);

#endif
