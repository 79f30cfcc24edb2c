// SPDX-License-Identifier: MIT
// What came back → the class of the router's decision table, with the hints for it.
#ifndef BS_LLM_CLASSIFY_H
#define BS_LLM_CLASSIFY_H

#include "core/llm/outcome.h"
#include "core/llm/provider.h"

// How the transfer itself ended, before anything is read.
enum bs_transport {
	BS_TRANSPORT_DONE,        // to its proper end
	BS_TRANSPORT_STALE,       // a reused connection died before a byte
	BS_TRANSPORT_UNREACHABLE, // DNS, refused, TLS, proxy, reset before headers
	BS_TRANSPORT_TIMEOUT,     // headers, first token, idle, drip, or the attempt's own limit
	BS_TRANSPORT_CUT,         // ended early after headers
	BS_TRANSPORT_TOO_LARGE,   // over our ceiling of headers, body or answer
	BS_TRANSPORT_CANCELLED,
};

struct bs_exchange {
	enum bs_transport transport;
	const char *transport_reason; // "connection refused"; may be NULL
	int http_status;              // 0: no headers came
	const struct bs_header *headers;
	size_t headers_count;
	struct bs_str body;           // of anything but a 2xx stream; may be its beginning only
	bool read_failed;             // a 2xx body that wire->read refused
	const struct bs_reply *reply; // what wire->read or read_event made of a 2xx; else NULL
	int64_t wall_ms;              // for dates in headers
	const struct bs_strings *own; // "name: …", what the user added to the request; may be NULL
	unsigned output_tokens;       // that the request asked for at the most; 0: it did not say
};

// Of what a provider says, as far as it is read; it is shortened for people only after redaction,
// for half a secret is not recognised.
#define BS_REASON_BYTES 4096
#define BS_REASON_SHOWN_BYTES 240

struct bs_class {
	enum bs_outcome outcome; // OK: complete and not empty; bs_validate_answer has the last word
	int64_t retry_after_ms;  // -1: no hint, or nonsense
	int should_retry;        // x-should-retry: -1 not said, 0 false, 1 true
	bool parameter_refused;  // `capability`: an optional parameter, not the schema mode
	unsigned params;         // enum bs_param: those that it names
	bool own_refused;        // `rejected` for what the user added
	// So many output tokens are allowed, and the request asked for more; 0: it is not that.
	unsigned output_tokens_max;
	bool remaining_zero;      // a success that says the key's limit is used up
	struct bs_str request_id; // that an error's body names; in the arena, maybe empty
	// One line for people: "HTTP 429: Rate limit reached". Cleaned, but not redacted: a
	// provider may quote a key. The caller does that before it leaves the attempt.
	char reason[BS_REASON_BYTES];
};

// Never fails: short of memory it judges by the status alone.
struct bs_class bs_classify(const struct bs_exchange *exchange, struct bs_arena *arena);

// A retry hint in the headers (then in `error`, which may be NULL), milliseconds; -1 when there is
// none or it is nonsense: negative, not a number, over a day.
int64_t bs_retry_after_ms(const struct bs_header *headers, size_t count,
	const struct bs_api_error *error, int64_t wall_ms);

// Does any bucket of a rate limit say that nothing remains?
bool bs_rate_limit_used_up(const struct bs_header *headers, size_t count);

#endif
