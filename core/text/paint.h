// SPDX-License-Identifier: MIT
// Lines that are plain but for colours, links and stamps: what most tools print on a terminal.
#ifndef BS_TEXT_PAINT_H
#define BS_TEXT_PAINT_H

#include "core/base/limits.h"
#include "core/base/str.h"

// Copies the line without its escape sequences to text and tells whether some of it was red. False
// when there is more to it than this can say: then row.c takes it, whose word is the one that
// counts.
bool bs_paint_strip(
	struct bs_str line, char text[BS_LINE_BYTES_MAX], size_t *ret_len, bool *ret_red);

#endif
