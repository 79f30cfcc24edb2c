// SPDX-License-Identifier: MIT
// The chosen lines → the excerpt's text, with markers where lines were left out.
#ifndef BS_RULES_RENDER_H
#define BS_RULES_RENDER_H

#include "core/base/arena.h"
#include "core/rules/purse.h"
#include "core/text/excerpt.h"

// Fills text, lines and lines_count with the lines that `choice` keeps. A line longer than its
// line_bytes_max is cut in its middle. The text has at most bytes_max bytes.
enum bs_status bs_render(const struct bs_choice *choice, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err) BS_MUST_USE;

#endif
