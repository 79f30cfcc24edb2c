// SPDX-License-Identifier: MIT
// The decision table of the router, one row a class of outcome.
#include "core/llm/policy.h"

#include <assert.h>

static const struct bs_policy table[BS_OUTCOME_COUNT] = {
	[BS_OUTCOME_OK] = {BS_MOVE_ACCEPT, BS_BREAKER_SUCCESS},
	[BS_OUTCOME_STALE_CONNECTION] = {BS_MOVE_RETRY_FRESH, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_UNREACHABLE] = {BS_MOVE_RETRY_HOST, BS_BREAKER_FAILURE},
	[BS_OUTCOME_SERVER_ERROR] = {BS_MOVE_RETRY, BS_BREAKER_FAILURE},
	[BS_OUTCOME_OVERLOADED] = {BS_MOVE_RETRY_LAST, BS_BREAKER_FAILURE},
	[BS_OUTCOME_TIMEOUT] = {BS_MOVE_NEXT, BS_BREAKER_FAILURE},
	// A limit says that the provider is well: it must not open the breaker.
	[BS_OUTCOME_RATE_LIMITED] = {BS_MOVE_ROTATE_COOL, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_QUOTA] = {BS_MOVE_ROTATE_DEAD, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_CREDENTIAL] = {BS_MOVE_ROTATE_DEAD, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_MODEL_GONE] = {BS_MOVE_NEXT, BS_BREAKER_NEUTRAL},
	// Whatever its status: who is behind a portal or a wrong address is not asked again and
	// again.
	[BS_OUTCOME_BAD_GATEWAY_PAGE] = {BS_MOVE_NEXT, BS_BREAKER_HALF},
	[BS_OUTCOME_CONTEXT_TOO_LONG] = {BS_MOVE_RETRY_SHORTER, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_CAPABILITY] = {BS_MOVE_RETRY_LOWER, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_REJECTED] = {BS_MOVE_NEXT_ONCE, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_REFUSED] = {BS_MOVE_NEXT_IF_ALLOWED, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_TRUNCATED] = {BS_MOVE_RETRY_LONGER, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_EMPTY] = {BS_MOVE_NEXT, BS_BREAKER_HALF},
	// The reader of the reply classifies again by the error's own code; what it cannot name is
	// an error of the server.
	[BS_OUTCOME_ERROR_IN_BODY] = {BS_MOVE_RETRY, BS_BREAKER_FAILURE},
	[BS_OUTCOME_CUT] = {BS_MOVE_RETRY, BS_BREAKER_FAILURE},
	[BS_OUTCOME_INVALID_JSON] = {BS_MOVE_REASK, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_INVALID_SUMMARY] = {BS_MOVE_REASK, BS_BREAKER_NEUTRAL},
	[BS_OUTCOME_HEDGE_LOST] = {BS_MOVE_NONE, BS_BREAKER_HALF},
	[BS_OUTCOME_CANCELLED] = {BS_MOVE_CANCEL, BS_BREAKER_NEUTRAL},
	// Of one attempt: its share of the deadline was used up. The router looks at the clock
	// itself.
	[BS_OUTCOME_OUT_OF_TIME] = {BS_MOVE_NEXT, BS_BREAKER_NEUTRAL},
};

struct bs_policy bs_policy_of(enum bs_outcome outcome)
{
	assert(outcome < BS_OUTCOME_COUNT);
	assert(table[outcome].move);
	return table[outcome];
}

enum bs_move bs_policy_move(enum bs_outcome outcome, int should_retry)
{
	enum bs_move move = bs_policy_of(outcome).move;
	if (should_retry < 0)
		return move;
	switch (move) {
	case BS_MOVE_RETRY:
	case BS_MOVE_RETRY_LAST:
	case BS_MOVE_NEXT_ONCE:
		return should_retry                ? BS_MOVE_RETRY
		       : move == BS_MOVE_NEXT_ONCE ? move
						   : BS_MOVE_NEXT;
	case BS_MOVE_RETRY_HOST:
		return should_retry ? move : BS_MOVE_NEXT;
	case BS_MOVE_ACCEPT:
	case BS_MOVE_RETRY_FRESH:
	case BS_MOVE_RETRY_LONGER:
	case BS_MOVE_RETRY_SHORTER:
	case BS_MOVE_RETRY_LOWER:
	case BS_MOVE_REASK:
	case BS_MOVE_NEXT:
	case BS_MOVE_NEXT_IF_ALLOWED:
	case BS_MOVE_ROTATE_COOL:
	case BS_MOVE_ROTATE_DEAD:
	case BS_MOVE_CANCEL:
	case BS_MOVE_NONE:
		return move;
	}
	return move;
}
