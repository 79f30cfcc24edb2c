// SPDX-License-Identifier: MIT
// From the text of a complete answer to a summary that may be shown: JSON, repair, schema, ground.
#ifndef BS_LLM_VALIDATE_H
#define BS_LLM_VALIDATE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/llm/ending.h"
#include "core/llm/outcome.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

struct bs_validated {
	enum bs_outcome outcome;   // OK, EMPTY, INVALID_JSON or INVALID_SUMMARY
	bool repaired;             // it did not fit as it came
	struct bs_summary summary; // when OK; in the arena
};

// excerpt is the one that was sent (after bs_shrink_excerpt). When the outcome is not OK, `errors`
// (initialised by the caller) holds the violations, a line each, for the re-ask and for people.
// Fails only for memory.
enum bs_status bs_validate_answer(struct bs_str text, const struct bs_excerpt *excerpt,
	const struct bs_ending *ending, struct bs_arena *arena, struct bs_validated *ret_validated,
	struct bs_buf *errors, struct bs_err *err) BS_MUST_USE;

#endif
