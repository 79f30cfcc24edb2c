// SPDX-License-Identifier: MIT
// The chosen lines → the excerpt's text, with markers where lines were left out.
#ifndef BS_RULES_RENDER_H
#define BS_RULES_RENDER_H

#include "core/base/arena.h"
#include "core/rules/store.h"
#include "core/text/excerpt.h"

// Fills text, lines and lines_count. keep: a byte for each line of the store. A line longer than
// line_bytes_max is cut in its middle. The text has at most bytes_max bytes.
enum bs_status bs_render(const struct bs_store *store, const unsigned char *keep,
	uint64_t lines_seen, size_t line_bytes_max, size_t bytes_max, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err) BS_MUST_USE;

#endif
