// SPDX-License-Identifier: MIT
// Grounding: what a model says it read must stand in the excerpt it was sent.
#ifndef BS_LLM_GROUND_H
#define BS_LLM_GROUND_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/llm/ending.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// Checks a summary against the excerpt sent and the exit status (-1: unknown), and sets the true
// line number of each evidence; a quote over several lines becomes several. BS_FORMAT when it does
// not hold: `errors` then has one line per violation, in the form of bs_schema_read's.
enum bs_status bs_ground_check(const struct bs_excerpt *excerpt, const struct bs_ending *ending,
	struct bs_arena *arena, struct bs_summary *summary, struct bs_buf *errors,
	struct bs_err *err) BS_MUST_USE;

#endif
