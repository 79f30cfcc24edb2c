// SPDX-License-Identifier: MIT
// Between the two halves of an attempt: sending and watching (attempt.c), judging (attempt_end.c).
#ifndef BS_LLM_ATTEMPT_OWN_H
#define BS_LLM_ATTEMPT_OWN_H

#include "core/llm/attempt.h"
#include "core/llm/classify.h"

// The exchange is over, or we have seen enough: decides what it was. `reason` may be NULL.
void bs_attempt_conclude(
	struct bs_attempt *attempt, enum bs_transport transport, const char *reason);
// The end of an attempt whose request never left.
void bs_attempt_not_sent(
	struct bs_attempt *attempt, enum bs_outcome outcome, const struct bs_err *why);

#endif
