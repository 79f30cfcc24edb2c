// SPDX-License-Identifier: MIT
// The summary without a model: from the excerpt's findings alone, and honest about being so.
#ifndef BS_LLM_LOCAL_H
#define BS_LLM_LOCAL_H

#include "core/base/arena.h"
#include "core/llm/ending.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// Never fails but for memory. The ending of the failed command decides the category where the log
// is silent, and where it says more than what the log shows (core/llm/ending.h).
enum bs_status bs_local_summary(const struct bs_excerpt *excerpt, const struct bs_ending *ending,
	struct bs_arena *arena, struct bs_summary *ret_summary, struct bs_err *err) BS_MUST_USE;

#endif
