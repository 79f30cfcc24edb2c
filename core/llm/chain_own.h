// SPDX-License-Identifier: MIT
// Between the parts of the chain: what it knows (chain_setup.c), its loop (chain.c), its account
// of it (chain_trail.c).
#ifndef BS_LLM_CHAIN_OWN_H
#define BS_LLM_CHAIN_OWN_H

#include "core/llm/attempt.h"
#include "core/llm/health_file.h"
#include "core/llm/keys.h"

struct bs_chain {
	const struct bs_ask *ask;
	struct bs_arena *arena; // of the run
	struct bs_prompts prompts;
	uint64_t nonce[2];

	const char *const *environ; // the caller's, with what was looked for elsewhere
	struct bs_keyring ring;
	struct bs_route routes[BS_ROUTES_MAX];
	size_t routes_count;
	struct bs_router_config config;       // its routes have the same indexes
	struct bs_last {                      // of each route, for its next attempt
		struct bs_buf answer, errors; // for a re-ask
		bool cut;                     // bytes of that reply may still be on its connection
		bool told_cost;               // that the ceiling on costs leaves it out
	} last[BS_ROUTES_MAX];

	struct bs_http *client;
	struct bs_router router;
	struct bs_slot {                         // by the id of the attempt
		struct bs_attempt *attempt;      // NULL: none, or over; one that succeeded stays
		bool told_first_token, told_end; // … to the router
	} slots[BS_ATTEMPTS_MAX];
	struct bs_trail trail; // a record for each id
	bool hedged;

	struct bs_memory {
		struct bs_health_file file; // not on: nothing is remembered, and nothing was
		struct bs_health *health;   // as last seen; in the run's arena
		struct bs_health_ids ids;   // under …
		struct bs_salt salt;        // … this salt
		bool claimed, ending;       // leases may be held; and are to be given back
		struct bs_health_event events[BS_ATTEMPTS_MAX];
		size_t events_count, events_saved;
	} memory;
};

// --- chain_setup.c
// Fills a zeroed chain. with_keys: routes whose keys are not set are left out, with warnings.
enum bs_status bs_chain_init(struct bs_chain *chain, const struct bs_ask *ask, bool with_keys,
	struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;
void bs_chain_release(struct bs_chain *chain);

// --- chain_trail.c
void bs_trail_start(struct bs_chain *chain, const struct bs_attempt *attempt);
void bs_trail_end(
	struct bs_chain *chain, const struct bs_attempt *attempt, enum bs_outcome outcome);
void bs_trail_warn(struct bs_chain *chain, const struct bs_attempt *attempt);
// Names the routes that only the ceiling on costs keeps from an attempt, each once a run.
void bs_trail_warn_costs(struct bs_chain *chain);
// A summary whose slices live in `arena`.
enum bs_status bs_chain_copy_summary(const struct bs_summary *summary, struct bs_arena *arena,
	struct bs_summary *ret_summary, struct bs_err *err) BS_MUST_USE;

// --- chain_health.c: what is remembered between runs. Never fails, never takes long.
// Before the router starts: completes its configuration.
void bs_chain_recall(struct bs_chain *chain);
// An attempt ended with what the trail shows as its outcome.
void bs_chain_note(
	struct bs_chain *chain, const struct bs_attempt *attempt, enum bs_outcome outcome);
// Saves what was noted, if that needs no waiting.
void bs_chain_remember(struct bs_chain *chain);
// The same at the end of the run, with a short wait, shorter in a hurry.
void bs_chain_remember_all(struct bs_chain *chain, bool hurry);

#endif
