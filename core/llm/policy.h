// SPDX-License-Identifier: MIT
// The router's budgets and its decision table: what each class of outcome leads to.
//
// Nothing is committed until an answer has been validated, so every fault, also one in mid-stream,
// is a plain failed attempt that restarts clean. The table says where.
#ifndef BS_LLM_POLICY_H
#define BS_LLM_POLICY_H

#include "core/llm/outcome.h"

// --- budgets that are not settings
#define BS_POLICY_USEFUL_MS 300     // with less left no model answers: do not start
#define BS_POLICY_PATIENCE_MS 300   // waited for a route in place while another one is open
#define BS_POLICY_LAST_WAIT_MS 2500 // waited when no route is open: after that people notice
#define BS_POLICY_BACKOFF_MS 200    // doubles with every retry of a route; full jitter below it
#define BS_POLICY_BACKOFF_MS_MAX 2000
// A 429 without a hint cools its key for one to two seconds: within BS_POLICY_LAST_WAIT_MS, so that
// a lone key gets its one retry; jittered, so that many jobs do not come back together.
#define BS_POLICY_COOL_MS 1000
#define BS_POLICY_COOL_JITTER_MS 1000
#define BS_POLICY_HEDGE_MS_MIN 1500 // an earlier hedge doubles the cost of ordinary days
#define BS_POLICY_SHRUNK_PERCENT 60 // of the excerpt, after context_too_long
#define BS_POLICY_REJECTED_MAX 2    // two hosts that reject a request: it is the request
#define BS_POLICY_HOSTS_DOWN_MAX 2  // two hosts in a row not reached: it is our network
#define BS_POLICY_RUNNING_MAX 2     // an attempt and its hedge

// R: the same route again. K: its next key, at once. N: the next route. L: the local summary.
enum bs_move {
	BS_MOVE_ACCEPT = 1,
	BS_MOVE_RETRY,           // R once, N
	BS_MOVE_RETRY_FRESH,     // R on a new connection, free, once; then as RETRY_HOST
	BS_MOVE_RETRY_HOST,      // R once, N; two hosts in a row: L
	BS_MOVE_RETRY_LAST,      // N, else R
	BS_MOVE_RETRY_LONGER,    // R once with twice the output tokens, N
	BS_MOVE_RETRY_SHORTER,   // R once with a smaller excerpt, then a larger window
	BS_MOVE_RETRY_LOWER,     // R without the refused parameter or in the next schema mode, N
	BS_MOVE_REASK,           // R once with the errors of the answer, N
	BS_MOVE_NEXT,            // N
	BS_MOVE_NEXT_ONCE,       // N; the second time: L
	BS_MOVE_NEXT_IF_ALLOWED, // L, or N when the setting says so
	BS_MOVE_ROTATE_COOL,     // K; else wait for a key if that is short, R once; else N
	BS_MOVE_ROTATE_DEAD,     // K, N; the key is not used again
	BS_MOVE_CANCEL,          // stop all, L
	BS_MOVE_NONE,            // somebody else has decided already
};

// What a route's circuit breaker learns from it.
enum bs_breaker_note {
	BS_BREAKER_NEUTRAL,
	BS_BREAKER_SUCCESS,
	BS_BREAKER_FAILURE,
	BS_BREAKER_HALF,
};

struct bs_policy {
	enum bs_move move;
	enum bs_breaker_note breaker;
};

struct bs_policy bs_policy_of(enum bs_outcome outcome);

// The move after x-should-retry (-1: not said, 0: false, 1: true): the provider's own word goes
// before the table where the table is about trying the same route again.
enum bs_move bs_policy_move(enum bs_outcome outcome, int should_retry);

#endif
