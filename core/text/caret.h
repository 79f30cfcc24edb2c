// SPDX-License-Identifier: MIT
// Colours that a dump has already turned into letters: "^[[31m" as `cat -v` prints it.
#ifndef BS_TEXT_CARET_H
#define BS_TEXT_CARET_H

#include "core/base/limits.h"
#include "core/base/str.h"

// Whether there is something to strip; quick on the lines that have nothing.
bool bs_caret_is_in(struct bs_str line);

// The line without "^[[…m" and "^[[…K", in `text` (which may hold the line itself). *ret_red: some
// of it was red.
struct bs_str bs_caret_strip(struct bs_str line, char text[BS_LINE_BYTES_MAX], bool *ret_red);

#endif
