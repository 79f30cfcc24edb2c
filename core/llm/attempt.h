// SPDX-License-Identifier: MIT
// One try at one route: build → look → send → read → validate → an outcome.
//
// An attempt never fails: whatever goes wrong is an outcome of the decision table, with one line
// for people. The exception is a secret in the request, which stops the whole run.
#ifndef BS_LLM_ATTEMPT_H
#define BS_LLM_ATTEMPT_H

#include "core/ext/http.h"
#include "core/llm/chain.h"
#include "core/llm/frames.h"
#include "core/llm/providers.h"
#include "core/llm/router.h"
#include "core/llm/stream.h"
#include "core/llm/validate.h"

// What an attempt is made of. Everything stays with the caller and outlives the attempt.
struct bs_attempt_plan {
	const struct bs_route *route;
	struct bs_try order;
	struct bs_str key;                   // its value; empty: no credential is sent
	struct bs_str secret, session_token; // a secret: the request is signed with it
	const struct bs_prompts *prompts;
	const struct bs_excerpt *excerpt; // the whole one: `order` says how much of it is sent
	struct bs_ending ending;
	uint64_t nonce[2];
	struct bs_str last_answer, errors; // of the route's last attempt, for a re-ask
	const struct bs_guard *guard;
};

// Is the answer asked for as a stream?
static inline bool bs_attempt_streams(const struct bs_attempt_plan *plan)
{
	return plan->route->stream && !(plan->order.dropped & BS_PARAM_STREAM);
}

struct bs_attempt {
	struct bs_attempt_plan plan;
	struct bs_arena arena;
	struct bs_excerpt excerpt; // what was sent of it
	struct bs_buf body;        // of the request

	struct bs_http_exchange *exchange;
	enum bs_body_kind {
		BS_BODY_UNKNOWN, // nothing of it has come
		BS_BODY_STREAM,  // events or lines, read as they come
		BS_BODY_WHOLE,   // anything else, read at its end
	} kind;
	struct bs_stream stream;
	struct bs_frames frames; // instead of it, where the format has them
	struct bs_reply reply;
	struct bs_buf whole;
	struct bs_err trouble; // why reading stopped; status BS_OK: it did not

	int64_t started_ms;        // monotonic, as all below; -1: did not happen
	int64_t first_token_at_ms; // the first byte of an answer; pings and comments are none
	int64_t progress_at_ms;    // the last byte of an answer
	int64_t finish_at_ms;      // the stop reason of a stream
	int64_t window_at_ms;      // of the lowest rate
	uint64_t progress_bytes, window_bytes;

	bool done; // from here on the rest is set
	struct bs_try_result result;
	struct bs_validated validated; // its summary when result.outcome is OK
	struct bs_buf errors;          // what was wrong with the answer otherwise
	bool own_refused;              // the host refused what the user added to the body
	const char *request_id;        // NULL: none was given
	const char *reason;            // one redacted line; NULL when OK
};

// The request's body, as it would be sent. BS_LIMIT: over BS_REQUEST_BYTES_MAX.
// *ret_excerpt is what is left of the plan's in it.
enum bs_status bs_attempt_build(const struct bs_attempt_plan *plan, struct bs_arena *arena,
	struct bs_buf *out, struct bs_excerpt *ret_excerpt, struct bs_err *err) BS_MUST_USE;

// Starts it; it may be done at once. BS_SECRET: nothing was sent, and nothing must be.
enum bs_status bs_attempt_start(struct bs_http *client, const struct bs_attempt_plan *plan,
	struct bs_attempt **ret_attempt, struct bs_err *err) BS_MUST_USE;
// After each bs_http_poll: notices the end and keeps the limits of the order.
void bs_attempt_step(struct bs_attempt *attempt, int64_t now_ms);
// Stops it when it still runs; accepts NULL.
void bs_attempt_free(struct bs_attempt *attempt);

#endif
