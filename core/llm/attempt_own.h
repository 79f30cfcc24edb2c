// SPDX-License-Identifier: MIT
// Between the parts of an attempt: sending (attempt_send.c), watching (attempt.c), judging
// (attempt_end.c).
#ifndef BS_LLM_ATTEMPT_OWN_H
#define BS_LLM_ATTEMPT_OWN_H

#include "core/llm/attempt.h"
#include "core/llm/classify.h"

// Sends attempt->body; `take` gets the reply's as it comes.
enum bs_status bs_attempt_send(struct bs_attempt *attempt, struct bs_http *client,
	bool (*take)(void *ctx, struct bs_str bytes), struct bs_err *err) BS_MUST_USE;
// The exchange is over, or we have seen enough: decides what it was. `reason` may be NULL.
void bs_attempt_conclude(
	struct bs_attempt *attempt, enum bs_transport transport, const char *reason);
// The end of an attempt whose request never left.
void bs_attempt_not_sent(
	struct bs_attempt *attempt, enum bs_outcome outcome, const struct bs_err *why);

#endif
