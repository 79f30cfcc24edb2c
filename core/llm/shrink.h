// SPDX-License-Identifier: MIT
// A smaller excerpt out of an excerpt, for a model whose window it does not fit.
#ifndef BS_LLM_SHRINK_H
#define BS_LLM_SHRINK_H

#include "core/base/arena.h"
#include "core/text/excerpt.h"

// An excerpt of at most bytes_max bytes of text (markers included; at least one line is kept, cut
// if need be): the lines around the most telling findings and the end. Borrows what it can from
// `excerpt`. When it fits already, *ret_excerpt is a plain copy.
enum bs_status bs_shrink_excerpt(const struct bs_excerpt *excerpt, size_t bytes_max,
	struct bs_arena *arena, struct bs_excerpt *ret_excerpt, struct bs_err *err) BS_MUST_USE;

#endif
