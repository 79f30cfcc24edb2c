// SPDX-License-Identifier: MIT
// The fallback router: what to do next. Which route gets it: router_choose.c; what an outcome
// changes: router_done.c.
#include "core/llm/router.h"

#include <assert.h>

#include "core/config/config.h"
#include "core/llm/policy.h"
#include "core/llm/router_state.h"

// What earlier runs found out about the route and its keys.
static void recall(struct bs_router *router, size_t route)
{
	const struct bs_router_route *config = &router->config.routes[route];
	router->routes[route].dropped = config->dropped;
	router->routes[route].output_tokens_max = config->output_tokens_max;
	for (size_t i = 0; i < bs_router_keys_count(router, route); i++) {
		struct bs_router_key *key = bs_router_key(router, route, i);
		if (key->warm_at_ms < config->key_warm_ms[i])
			key->warm_at_ms = config->key_warm_ms[i];
		if (key->dead_until_ms < config->key_dead_ms[i])
			key->dead_until_ms = config->key_dead_ms[i];
	}
}

void bs_router_init(struct bs_router *router, const struct bs_router_config *config, int64_t now_ms)
{
	size_t cooling_count = 0;
	assert(config->routes_count <= BS_ROUTES_MAX);
	*router = (struct bs_router){
		.config = *config,
		.deadline = bs_deadline_in(now_ms, config->deadline_ms),
		.accepted = -1,
		.last_outcome = BS_OUTCOME_OUT_OF_TIME,
		.jitter = config->seed,
		.retries_left = config->retries_max,
	};
	if (router->config.attempts_max > BS_ATTEMPTS_MAX)
		router->config.attempts_max = BS_ATTEMPTS_MAX;
	for (size_t i = 0; i < config->routes_count; i++) {
		assert(config->routes[i].keys_count <= BS_KEYS_MAX);
		router->routes[i].mode = config->routes[i].best_mode;
		router->routes[i].output_scale = 1;
		router->routes[i].excerpt_percent = 100;
		recall(router, i);
		if (bs_router_warm_ms(router, i, false) > now_ms)
			cooling_count++;
	}
	if (cooling_count && cooling_count == config->routes_count)
		router->last_outcome = BS_OUTCOME_RATE_LIMITED; // of an earlier run
}

// --- starting

// What the attempt may take at most. While another route is open, that one keeps the time for a
// first token (but never more than half of what is left): a primary that drips to the very end of a
// short deadline must not be the only one asked.
static int64_t share_ms(struct bs_router *router, size_t route, int64_t now_ms)
{
	int64_t left_ms = bs_deadline_left_ms(router->deadline, now_ms);
	int64_t kept_ms = 0;
	if (router->attempts_count + 1 < router->config.attempts_max)
		for (size_t i = 0; i < router->config.routes_count && !kept_ms; i++)
			if (i != route && bs_router_is_fresh(router, i, now_ms))
				kept_ms = router->config.routes[i].first_token_ms;
	return left_ms - (kept_ms > left_ms / 2 ? left_ms / 2 : kept_ms);
}

static int64_t at_most(int64_t limit_ms, int64_t ceiling_ms)
{
	return limit_ms > 0 && limit_ms < ceiling_ms ? limit_ms : ceiling_ms;
}

static struct bs_action start(struct bs_router *router, size_t route, bool hedge, int64_t now_ms)
{
	const struct bs_router_route *config = &router->config.routes[route];
	struct bs_router_state *state = &router->routes[route];
	assert(router->attempts_count < router->config.attempts_max);
	size_t key = bs_router_choose_key(router, route, now_ms);

	int64_t attempt_ms = at_most(config->attempt_ms, share_ms(router, route, now_ms));
	struct bs_try order = {
		.id = router->attempts_count++,
		.route = route,
		.key = key,
		.mode = state->mode,
		.output_scale = state->output_scale,
		.excerpt_percent = state->excerpt_percent,
		.reask = state->reask,
		.fresh_connection = state->refreshed,
		.hedge = hedge,
		.retry = state->retrying,
		.output_tokens_max = state->output_tokens_max,
		.dropped = state->dropped,
		.params = config->params & ~state->dropped,
		.keep_limit = router->config.cost_max_pico_usd > 0,
		.last_mode = config->modes >> state->mode <= 1,
		.connect_ms = at_most(config->connect_ms, attempt_ms),
		.first_token_ms = at_most(config->first_token_ms, attempt_ms),
		.idle_ms = at_most(config->idle_ms, attempt_ms),
		.attempt_ms = attempt_ms,
	};
	uint64_t pico_usd;
	bool paid = bs_router_can_pay(router, route, &pico_usd);
	assert(paid);
	(void)paid;
	router->attempts[order.id] = (struct bs_router_attempt){
		order, now_ms, pico_usd, true, false};
	if (!state->free_send)
		state->sends++;
	if (state->retrying)
		router->retries_left--;
	state->free_send = state->retrying = false;
	// Whoever was passed over has lost its place: it comes again when no untried route is left.
	for (size_t i = 0; i < router->config.routes_count; i++)
		router->routes[i].staying = false;
	return (struct bs_action){.kind = BS_ACTION_START, .attempt = order};
}

// --- while attempts run

// How late a first token may be before a hedge starts; never when no hedge may.
static int64_t hedge_delay_ms(const struct bs_router *router, const struct bs_try *order)
{
	if (router->config.hedge_ms == BS_HEDGE_OFF)
		return BS_ROUTER_NEVER_MS;
	if (router->config.hedge_ms != BS_HEDGE_AUTO)
		return router->config.hedge_ms;
	int64_t p95_ms = router->config.routes[order->route].p95_ms;
	if (p95_ms)
		return p95_ms > BS_POLICY_HEDGE_MS_MIN ? p95_ms : BS_POLICY_HEDGE_MS_MIN;
	// Without remembered latencies: halfway between the earliest useful moment and the one at
	// which the attempt fails anyway. Earlier pays twice for what is merely ordinary, later
	// leaves the hedge no lead over the next attempt.
	if (order->first_token_ms <= BS_POLICY_HEDGE_MS_MIN)
		return BS_ROUTER_NEVER_MS;
	return (BS_POLICY_HEDGE_MS_MIN + order->first_token_ms) / 2;
}

static struct bs_action watch(
	struct bs_router *router, const struct bs_router_attempt *only, int64_t now_ms)
{
	struct bs_action wait = {.kind = BS_ACTION_WAIT, .until_ms = router->deadline.at_ms};
	bool may_hedge = only && !only->first_token && !router->hedged && router->retries_left &&
			 router->attempts_count < router->config.attempts_max;
	if (!may_hedge)
		return wait;
	int64_t delay_ms = hedge_delay_ms(router, &only->order);
	size_t route = bs_router_first_fresh(router, now_ms);
	if (delay_ms >= router->deadline.at_ms - BS_POLICY_USEFUL_MS - only->started_ms ||
		route == router->config.routes_count)
		return wait;
	int64_t due_ms = only->started_ms + delay_ms;
	if (due_ms > now_ms) {
		wait.until_ms = due_ms;
		return wait;
	}
	if (bs_deadline_left_ms(router->deadline, now_ms) < BS_POLICY_USEFUL_MS)
		return wait;
	router->hedged = true;
	return start(router, route, true, now_ms);
}

static struct bs_action cancel(struct bs_router_attempt *attempt, enum bs_outcome reason)
{
	attempt->running = false;
	return (struct bs_action){
		.kind = BS_ACTION_CANCEL, .attempt = attempt->order, .reason = reason};
}

static struct bs_action give_up(struct bs_router *router, enum bs_outcome reason)
{
	router->ended = true;
	return (struct bs_action){.kind = BS_ACTION_GIVE_UP, .reason = reason};
}

struct bs_action bs_router_next(struct bs_router *router, int64_t now_ms)
{
	assert(!router->ended);
	struct bs_router_attempt *running = NULL;
	unsigned running_count = 0;
	for (unsigned i = 0; i < router->attempts_count; i++)
		if (router->attempts[i].running) {
			running = &router->attempts[i];
			running_count++;
		}
	assert(running_count <= BS_POLICY_RUNNING_MAX);

	// An answer that is there is taken, whatever else has happened meanwhile.
	if (router->accepted >= 0) {
		if (running)
			return cancel(running, BS_OUTCOME_HEDGE_LOST);
		router->ended = true;
		return (struct bs_action){.kind = BS_ACTION_ACCEPT,
			.attempt = router->attempts[router->accepted].order};
	}
	int64_t left_ms = bs_deadline_left_ms(router->deadline, now_ms);
	if (router->cancelled || !left_ms) {
		enum bs_outcome reason = router->cancelled ? BS_OUTCOME_CANCELLED
							   : BS_OUTCOME_OUT_OF_TIME;
		return running ? cancel(running, reason) : give_up(router, reason);
	}
	if (running)
		return watch(router, running_count == 1 ? running : NULL, now_ms);
	if (router->stopped)
		return give_up(router, router->last_outcome);
	if (left_ms < BS_POLICY_USEFUL_MS)
		return give_up(router, BS_OUTCOME_OUT_OF_TIME);

	struct bs_router_choice choice = bs_router_choose(router, now_ms);
	if (choice.route == router->config.routes_count)
		return give_up(router, router->last_outcome);
	if (router->attempts_count >= router->config.attempts_max)
		return give_up(router, BS_OUTCOME_OUT_OF_TIME);
	if (choice.at_ms > now_ms)
		return (struct bs_action){.kind = BS_ACTION_WAIT, .until_ms = choice.at_ms};
	if (bs_router_recovery_ms(router, choice.route) > now_ms)
		router->probed = true;
	return start(router, choice.route, false, now_ms);
}

void bs_router_first_token(struct bs_router *router, unsigned id, int64_t now_ms)
{
	(void)now_ms;
	assert(id < router->attempts_count);
	router->attempts[id].first_token = true;
}

void bs_router_cancel(struct bs_router *router, int64_t now_ms)
{
	(void)now_ms;
	router->cancelled = true;
}
