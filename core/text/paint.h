// SPDX-License-Identifier: MIT
// Lines that are plain but for colours, links, stamps and what they overwrite: what most tools
// print on a terminal.
#ifndef BS_TEXT_PAINT_H
#define BS_TEXT_PAINT_H

#include "core/text/batch.h"

enum bs_paint_verdict {
	BS_PAINT_DONE,
	BS_PAINT_OPEN, // no newline came
	BS_PAINT_ODD,  // there is more to it than this can say: row.c has the word that counts
};

struct bs_painted {
	size_t bytes;  // read, with the newline
	size_t len;    // of text
	bool is_red;   // some of it
	unsigned seen; // what may be in it (enum bs_utf8_seen)
};

// Writes the line at the front of `bytes` to text, which has room as bs_batch_room says. plain: so
// many bytes of it are known to be plain, and `seen` to be among them. keep_redraws: a line that
// overwrites itself is odd.
enum bs_paint_verdict bs_paint_strip(struct bs_str bytes, size_t plain, unsigned seen,
	bool keep_redraws, char *text, struct bs_painted *ret_painted);

#endif
