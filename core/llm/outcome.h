// SPDX-License-Identifier: MIT
// How an attempt at a model ended: the closed list of classes, as JSON and metrics name them.
#ifndef BS_LLM_OUTCOME_H
#define BS_LLM_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BS_OUTCOMES(X)                                     \
	X(BS_OUTCOME_OK, "ok")                             \
	X(BS_OUTCOME_STALE_CONNECTION, "stale_connection") \
	X(BS_OUTCOME_UNREACHABLE, "unreachable")           \
	X(BS_OUTCOME_SERVER_ERROR, "server_error")         \
	X(BS_OUTCOME_OVERLOADED, "overloaded")             \
	X(BS_OUTCOME_TIMEOUT, "timeout")                   \
	X(BS_OUTCOME_RATE_LIMITED, "rate_limited")         \
	X(BS_OUTCOME_QUOTA, "quota")                       \
	X(BS_OUTCOME_CREDENTIAL, "credential")             \
	X(BS_OUTCOME_MODEL_GONE, "model_gone")             \
	X(BS_OUTCOME_BAD_GATEWAY_PAGE, "bad_gateway_page") \
	X(BS_OUTCOME_CONTEXT_TOO_LONG, "context_too_long") \
	X(BS_OUTCOME_CAPABILITY, "capability")             \
	X(BS_OUTCOME_REJECTED, "rejected")                 \
	X(BS_OUTCOME_REFUSED, "refused")                   \
	X(BS_OUTCOME_TRUNCATED, "truncated")               \
	X(BS_OUTCOME_EMPTY, "empty")                       \
	X(BS_OUTCOME_ERROR_IN_BODY, "error_in_body")       \
	X(BS_OUTCOME_CUT, "cut")                           \
	X(BS_OUTCOME_INVALID_JSON, "invalid_json")         \
	X(BS_OUTCOME_INVALID_SUMMARY, "invalid_summary")   \
	X(BS_OUTCOME_HEDGE_LOST, "hedge_lost")             \
	X(BS_OUTCOME_CANCELLED, "cancelled")               \
	X(BS_OUTCOME_OUT_OF_TIME, "out_of_time")

enum bs_outcome {
#define X(name, id) name,
	BS_OUTCOMES(X)
#undef X
	BS_OUTCOME_COUNT
};

const char *bs_outcome_id(enum bs_outcome outcome); // "rate_limited"

// How an answer may be made to fit the schema, best first. What a host refuses, the next one is
// tried.
#define BS_SCHEMA_MODES(X)                                                                \
	X(BS_SCHEMA_STRICT, "strict")           /* constrained decoding by JSON Schema */ \
	X(BS_SCHEMA_TOOL, "tool")               /* one forced tool call */                \
	X(BS_SCHEMA_JSON_OBJECT, "json_object") /* valid JSON, shape by prompt */         \
	X(BS_SCHEMA_PROMPT, "prompt")           /* by prompt alone */

enum bs_schema_mode {
#define X(name, id) name,
	BS_SCHEMA_MODES(X)
#undef X
	BS_SCHEMA_MODE_COUNT
};

const char *bs_schema_mode_id(enum bs_schema_mode mode);

// In US dollars by list price; a zeroed one is not known.
struct bs_cost {
	bool known;
	uint64_t pico_usd; // 10^-12
};

// One attempt as it went, for the trail. Times are milliseconds since the run began, -1: did not
// happen.
struct bs_attempt_record {
	const char *route; // "openai/gpt-6-luna"
	const char *key;   // name of the variable; NULL: no credential was sent
	enum bs_outcome outcome;
	int http_status; // 0: none came
	int64_t started_ms, first_token_ms, elapsed_ms;
	uint64_t input_tokens, output_tokens;
	bool hedge; // ran beside another one
	const char *
		reason; // one redacted line for people: "HTTP 429: rate limit reached"; may be NULL
	uint64_t cached_tokens; // of the input
	struct bs_cost cost;
	const char *request_id;   // the provider's name for the request; NULL: it gave none
	enum bs_schema_mode mode; // how the answer was asked for
};

struct bs_trail {
	struct bs_attempt_record *attempts;
	size_t count;
};

#endif
