// SPDX-License-Identifier: MIT
// The summary without a model: from the excerpt's findings alone, and honest about being so.
#ifndef BS_LLM_LOCAL_H
#define BS_LLM_LOCAL_H

#include "core/base/arena.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// Never fails but for memory. exit_status of the failed command, -1: unknown; it decides the
// category where the log is silent (137 out of memory, 139 crash, 124 and 143 timeout, 126
// permission, 127 not found).
enum bs_status bs_local_summary(const struct bs_excerpt *excerpt, int exit_status,
	struct bs_arena *arena, struct bs_summary *ret_summary, struct bs_err *err) BS_MUST_USE;

#endif
