// SPDX-License-Identifier: MIT
// What a host remembers of its providers between runs: numbers and the time in, advice to the
// router out. No I/O, no clock, no allocation; the file is core/llm/health_file.h.
//
// Times are wall-clock milliseconds, for a file outlives a boot and may be shared with containers
// that know no boot id; what a jump of that clock could do is bounded by bs_health_settle.
#ifndef BS_LLM_HEALTH_H
#define BS_LLM_HEALTH_H

#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/llm/breaker.h"
#include "core/llm/fingerprint.h"
#include "core/llm/router.h"

#define BS_HEALTH_SAMPLES 20    // the fewest of which one may be an exception to "95 of 100"
#define BS_HEALTH_SAMPLES_MIN 8 // fewer say nothing about the slow ones
#define BS_HEALTH_SAMPLE_MS_MAX (60 * 60 * 1000)
#define BS_HEALTH_GONE_MS (60 * 60 * 1000)                     // a model of no use
#define BS_HEALTH_QUOTA_MS (60 * 60 * 1000)                    // a key without credit
#define BS_HEALTH_CREDENTIAL_MS (15 * 60 * 1000)               // a key that is not accepted
#define BS_HEALTH_LEARNT_MS (24 * 60 * 60 * 1000)              // hosts learn, too
#define BS_HEALTH_UNUSED_MS (7 * 24 * 60 * 60 * (int64_t)1000) // then an entry is forgotten
#define BS_HEALTH_SKEW_MS (60 * 1000) // hosts that share a file differ by less
// The host's budget of retries, in tenths of one: each costs ten, each success gives one back.
#define BS_HEALTH_RETRY_TENTHS_MAX 100
#define BS_HEALTH_RETRY_TENTHS_KEPT 50 // with that left or less nothing is tried twice
// Hedges: one for ten runs, three in hand.
#define BS_HEALTH_HEDGE_TENTHS_MAX 30

struct bs_health_route { // a model at a host
	uint64_t id;     // fingerprint
	int64_t touched_ms;
	struct bs_breaker breaker;
	int64_t gone_until_ms;     // it does not know the model, or refused every schema mode
	int64_t refused_modes;     // bit set of enum bs_schema_mode …
	int64_t refused_until_ms;  // … until then
	int64_t dropped;           // bit set of enum bs_param: left out …
	int64_t output_tokens_max; // and an answer may have no more; 0: nobody said …
	int64_t dropped_until_ms;  // … until then
	int64_t failed_as;         // enum bs_outcome of the last failure, for people; 0: none.
				   // CAPABILITY: that is why it is gone
	int64_t first_token_ms[BS_HEALTH_SAMPLES]; // newest first, 0: none
};

struct bs_health_key { // at a host
	uint64_t id;
	int64_t touched_ms;
	int64_t cold_until_ms; // the host said when to come again
	int64_t dead_until_ms; // refused or without credit: only as the last resort
	int64_t dead_as;       // enum bs_outcome that says which of the two; 0: neither
};

struct bs_health {
	struct bs_salt salt;
	int64_t saved_ms;
	int64_t retry_tenths, hedge_tenths;                  // what is left
	struct bs_health_route routes[BS_HEALTH_ROUTES_MAX]; // the last used first
	size_t routes_count;
	struct bs_health_key keys[BS_HEALTH_KEYS_MAX];
	size_t keys_count;
};

// The fingerprints of a run's routes, by the indexes of its router. A route that needs no
// credential has one anonymous key.
struct bs_health_ids {
	uint64_t run; // random
	size_t routes_count;
	struct bs_health_ids_route {
		uint64_t route, keys[BS_KEYS_MAX];
		size_t keys_count;
	} routes[BS_ROUTES_MAX];
};

// The mark of a model at a host; a key's is bs_fingerprint_secret(salt, host, key), an anonymous
// one's that of no text.
uint64_t bs_health_route_id(const struct bs_salt *salt, struct bs_str host, struct bs_str route);
// NULL: nothing is remembered of it.
const struct bs_health_route *bs_health_find_route(const struct bs_health *health, uint64_t id);
const struct bs_health_key *bs_health_find_key(const struct bs_health *health, uint64_t id);

// An attempt that ended.
struct bs_health_event {
	struct bs_try order;
	struct bs_try_result result; // with the outcome that the trail shows
	int64_t elapsed_ms;
	int64_t at_ms;   // wall
	uint64_t chance; // of the jitter
	bool streams;    // silence before the first token is the host's, not the model's
	bool cut_short;  // the deadline left it less time than a first token may take
};

// Knows nothing, full budgets.
void bs_health_init(struct bs_health *health, const struct bs_salt *salt);

// Makes a health from a file one that could be true at this time: nothing in the future, no rest
// longer than its own bound, nothing unused for long. A file saved in the future was written before
// the clock jumped: its times mean nothing and are forgotten.
void bs_health_settle(struct bs_health *health, int64_t wall_ms);

// True when a route of the run is half-open, so that the run should claim it before it asks.
bool bs_health_wants_claim(
	const struct bs_health *health, const struct bs_health_ids *ids, int64_t wall_ms);
// Takes the leases of the run's half-open routes that are free.
void bs_health_claim(struct bs_health *health, const struct bs_health_ids *ids, int64_t lease_ms,
	int64_t wall_ms);
// The other end of it: what the run still holds is given back.
void bs_health_release(struct bs_health *health, const struct bs_health_ids *ids);

// Tells the router what is known. now_ms: the same instant as wall_ms on the router's clock.
void bs_health_advise(const struct bs_health *health, const struct bs_health_ids *ids,
	int64_t wall_ms, int64_t now_ms, struct bs_router_config *config);

// Learns from an attempt.
void bs_health_note(struct bs_health *health, const struct bs_health_ids *ids,
	const struct bs_health_event *event);

// 95 of 100 first tokens of the route came within so many milliseconds; 0: too few were seen.
int64_t bs_health_p95_ms(const struct bs_health_route *route);

// --- as text (health_text.c)

// BS_FORMAT: damaged, or of another version, as the message says. *ret_health is whole or
// untouched.
enum bs_status bs_health_parse(
	struct bs_str text, struct bs_health *ret_health, struct bs_err *err) BS_MUST_USE;
void bs_health_print(const struct bs_health *health, struct bs_buf *out);

#endif
