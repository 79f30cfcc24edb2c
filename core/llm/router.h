// SPDX-License-Identifier: MIT
// The fallback router: pure policy. Events and the time go in, actions come out; no I/O, no clock,
// no allocation.
//
// The loop that obeys it (core/llm/chain.c) calls bs_router_next until it answers WAIT, ACCEPT or
// GIVE_UP, tells what happened with bs_router_done and bs_router_first_token, and calls again.
// ACCEPT and GIVE_UP are the end: exactly one of them comes, and next is not called after it.
// At most two attempts are under way at once: one, and its hedge. Budgets and the decision table:
// core/llm/policy.h and policy.c.
#ifndef BS_LLM_ROUTER_H
#define BS_LLM_ROUTER_H

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/llm/outcome.h"
#include "core/llm/param.h"

#define BS_ROUTER_COST_UNKNOWN UINT64_MAX

// What the router knows of a route. Strings stay with the caller; the router speaks in indexes.
struct bs_router_route {
	unsigned host;                 // routes with the same number share one host (base URL)
	size_t keys_count;             // 0: no credential is needed, one anonymous key is assumed
	unsigned key_ids[BS_KEYS_MAX]; // routes of one provider share keys: equal ids are the same
				       // key
	enum bs_schema_mode best_mode; // where the ladder starts
	unsigned modes;                // bit set of enum bs_schema_mode that the wire format has
	int64_t connect_ms, first_token_ms, idle_ms, attempt_ms;
	uint64_t window_bytes; // rough size of the context window in bytes of log; 0: unknown
	// What an attempt costs at the very most: of input, of output at output_scale 1, and of
	// the input that a re-ask adds. Counts only under a ceiling.
	uint64_t cost_input_pico_usd, cost_output_pico_usd, cost_reask_pico_usd;
	// … of output that no parameter bounds; BS_ROUTER_COST_UNKNOWN: nobody knows.
	uint64_t cost_unbounded_pico_usd;
	unsigned params; // enum bs_param: what a request to it holds that it may refuse

	// What earlier runs found out (core/llm/health.h); zeroed: nothing. Times are monotonic.
	// Down until then. When nothing else is left, the route that wakes soonest gets one
	// attempt all the same.
	int64_t skip_until_ms;
	bool probe;                 // half-open: the first failure is enough
	unsigned dropped;           // enum bs_param: those that it refuses
	unsigned output_tokens_max; // an answer may have no more there; 0: nobody said
	int64_t p95_ms;             // 95 of 100 first tokens came within so long; 0: unknown
	// By key, the anonymous one's at 0: cooling until then, as the host said …
	int64_t key_warm_ms[BS_KEYS_MAX];
	int64_t key_dead_ms[BS_KEYS_MAX]; // … or dead until then: like a route that is down
};

struct bs_router_config {
	struct bs_router_route routes[BS_ROUTES_MAX];
	size_t routes_count;
	int64_t deadline_ms; // from bs_router_init's now; already without the reserve for rendering
	unsigned attempts_max;
	unsigned sends_per_route_max; // 2
	// Plain retries that the host's budget has left for this run; without any, no hedge either.
	unsigned retries_max;
	uint64_t cost_max_pico_usd; // of all attempts together; 0: no ceiling
	int64_t hedge_ms;           // BS_HEDGE_OFF, BS_HEDGE_AUTO or a delay (core/config/config.h)
	bool refusal_goes_next;     // on_refusal: next
	uint64_t seed;              // of the jitter
};

// One attempt as the router orders it.
struct bs_try {
	unsigned id; // 0, 1, 2 … in order of starting
	size_t route, key;
	enum bs_schema_mode mode;
	unsigned output_scale;      // 1, or 2 after `truncated`
	unsigned output_tokens_max; // … but no more output tokens than these; 0: no such bound
	unsigned excerpt_percent;   // 100, or 60 after `context_too_long`
	bool reask;                 // send the errors of the last answer with it
	bool fresh_connection;
	bool hedge;
	bool retry;       // the same request again, after a failure: costs the retry budget
	unsigned dropped; // enum bs_param: without these, which the host refused …
	unsigned params;  // … and with these
	bool keep_limit;  // there is a ceiling on costs (bs_params_refused)
	bool last_mode;   // the route has no lower schema mode
	// Each at most what is left of the deadline; the attempt's also leaves another route its
	// chance.
	int64_t connect_ms, first_token_ms, idle_ms, attempt_ms;
};

enum bs_action_kind {
	BS_ACTION_START = 1, // start `attempt`
	BS_ACTION_CANCEL,    // stop the attempt `attempt.id`; bs_router_done is not called for it
	BS_ACTION_WAIT,      // until something happens or `until_ms` (monotonic, always after now)
	BS_ACTION_ACCEPT,    // the answer of `attempt.id` is the summary
	BS_ACTION_GIVE_UP,   // the local summary, because of `reason`
};

struct bs_action {
	enum bs_action_kind kind;
	struct bs_try attempt;
	int64_t until_ms;
	enum bs_outcome reason; // CANCEL: what to record (hedge_lost, cancelled, out_of_time)
};

// How an attempt ended.
struct bs_try_result {
	enum bs_outcome outcome;
	int http_status;        // 0: none
	int64_t retry_after_ms; // -1: no hint; nonsense has been filtered out
	int64_t first_token_ms; // after the attempt's start; -1: none came
	// A connection had been made. Two hosts in a row that were not even connected to
	// (unreachable or timeout) end the search: it is our own network.
	bool connected;
	bool parameter_refused; // `capability` is about an optional parameter, not the schema mode
	unsigned params;        // enum bs_param: those that it names
	// `capability`: so many output tokens are allowed, and the request asked for more (or for
	// as many, when fewer are of no use); 0: it is not that.
	unsigned output_tokens_max;
	bool remaining_zero; // a reply said that nothing is left of the key's rate limit
	// x-should-retry: -1 not said, 0 false, 1 true. 0 also for what a retry cannot mend, such
	// as a certificate that is not trusted.
	int should_retry;
	struct bs_cost cost; // not known: it may have cost what it could at the most
};

static inline unsigned bs_try_output_tokens(const struct bs_try *order)
{
	unsigned tokens = BS_OUTPUT_TOKENS * order->output_scale;
	bool less = order->output_tokens_max && order->output_tokens_max < tokens;
	return less ? order->output_tokens_max : tokens;
}

// What a refused request teaches of its route: requests leave out and hold less from now on.
struct bs_lesson {
	unsigned dropped;           // enum bs_param; 0: none
	unsigned output_tokens_max; // 0: as before
	// What it names was not in the request: no other request to it is any better.
	bool not_sent;
};

// Of a `capability`. Zeroed: another schema mode, if anything, may help.
struct bs_lesson bs_router_lesson(const struct bs_try *order, const struct bs_try_result *result);

struct bs_router_key {
	int64_t warm_at_ms;    // cooling until then
	int64_t dead_until_ms; // by an earlier run's word
	bool dead;             // in this run it is not used again
};

struct bs_router_state {
	unsigned sends;   // that count against sends_per_route_max
	bool gone;        // no further attempt in this run
	bool staying;     // its next attempt goes before untried routes, when it need not wait long
	bool retrying;    // its next attempt is a plain retry
	bool free_send;   // its next attempt does not count against sends_per_route_max
	int64_t ready_ms; // not before then
	enum bs_schema_mode mode;
	unsigned output_scale, excerpt_percent, retry_count;
	bool reask, refreshed;               // as the next attempt is sent
	unsigned dropped, output_tokens_max; // likewise
	struct bs_router_key anonymous;      // of a route without keys
};

struct bs_router {
	struct bs_router_config config;
	struct bs_deadline deadline;
	struct bs_router_state routes[BS_ROUTES_MAX];
	struct bs_router_key keys[BS_PROVIDERS_MAX * BS_KEYS_MAX]; // by key id
	struct bs_router_attempt {
		struct bs_try order;
		int64_t started_ms;
		uint64_t cost_pico_usd; // set aside for it, or what it was
		bool running, first_token;
	} attempts[BS_ATTEMPTS_MAX];
	unsigned attempts_count, retries_left;
	bool cancelled, hedged, probed, ended;
	int accepted; // id of the validated answer, -1: none yet
	// Nothing is started any more: what still runs may answer, then it is given up because of
	// last_outcome.
	bool stopped;
	enum bs_outcome last_outcome;
	unsigned hosts_down, last_host_down, rejected;
	uint64_t jitter;
};

void bs_router_init(
	struct bs_router *router, const struct bs_router_config *config, int64_t now_ms);
struct bs_action bs_router_next(struct bs_router *router, int64_t now_ms);
void bs_router_done(
	struct bs_router *router, unsigned id, const struct bs_try_result *result, int64_t now_ms);
// The first byte of an answer came: attempt `id` needs no hedge. An attempt that does not stream
// never says so and is hedged when its answer is late.
void bs_router_first_token(struct bs_router *router, unsigned id, int64_t now_ms);
// Is it only the ceiling on costs that keeps the route from another attempt? Then *ret_pico_usd is
// what that may cost at the most, or BS_ROUTER_COST_UNKNOWN.
bool bs_router_costs_too_much(const struct bs_router *router, size_t route, uint64_t *ret_pico_usd);
// SIGTERM, SIGINT, job cancelled: next answers CANCEL for whatever runs, then GIVE_UP (or ACCEPT,
// when an answer had been validated before).
void bs_router_cancel(struct bs_router *router, int64_t now_ms);

#endif
