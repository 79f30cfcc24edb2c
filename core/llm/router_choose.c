// SPDX-License-Identifier: MIT
// The fallback router: which route is asked next, when, and with which key.
//
// A route that has earned another attempt ("staying") goes first, when it need not be waited for
// longer than a healthy other route deserves and leaves each of those an attempt; then the first
// untried route, in the user's order; then the one that wakes soonest, when that is soon; then
// none.
#include <assert.h>

#include "core/llm/policy.h"
#include "core/llm/router_state.h"

// What the route's next attempt costs at the most.
static uint64_t next_cost(const struct bs_router *router, size_t route)
{
	const struct bs_router_route *config = &router->config.routes[route];
	const struct bs_router_state *state = &router->routes[route];
	uint64_t input = config->cost_input_pico_usd;
	const struct bs_try next = {
		.output_scale = state->output_scale, .output_tokens_max = state->output_tokens_max};
	uint64_t tokens = bs_try_output_tokens(&next);
	uint64_t output = config->cost_output_pico_usd / BS_OUTPUT_TOKENS * tokens +
			  config->cost_output_pico_usd % BS_OUTPUT_TOKENS * tokens /
				  BS_OUTPUT_TOKENS;
	if (state->reask)
		input += config->cost_reask_pico_usd;
	// Without the parameter nothing bounds the answer but the model itself.
	if ((state->dropped & BS_PARAM_LIMIT) && (config->params & BS_PARAM_LIMIT))
		output = config->cost_unbounded_pico_usd;
	return output < BS_ROUTER_COST_UNKNOWN - input ? input + output : BS_ROUTER_COST_UNKNOWN;
}

bool bs_router_can_pay(const struct bs_router *router, size_t route, uint64_t *ret_pico_usd)
{
	uint64_t spent = 0;
	*ret_pico_usd = next_cost(router, route);
	if (!router->config.cost_max_pico_usd)
		return true;
	for (unsigned i = 0; i < router->attempts_count; i++)
		spent += router->attempts[i].cost_pico_usd;
	return spent <= router->config.cost_max_pico_usd &&
	       *ret_pico_usd <= router->config.cost_max_pico_usd - spent;
}

bool bs_router_costs_too_much(const struct bs_router *router, size_t route, uint64_t *ret_pico_usd)
{
	return !router->routes[route].gone && !bs_router_can_pay(router, route, ret_pico_usd);
}

// When the route may send, as far as its keys, its backoff and (`known_down`) an earlier run's
// word are concerned; never when it is out of this run.
static int64_t wake_ms(struct bs_router *router, size_t route, bool known_down)
{
	const struct bs_router_state *state = &router->routes[route];
	uint64_t pico_usd;
	bool may_send = (state->free_send || state->sends < router->config.sends_per_route_max) &&
			bs_router_can_pay(router, route, &pico_usd);
	if (state->gone || !may_send || (state->retrying && !router->retries_left))
		return BS_ROUTER_NEVER_MS;
	int64_t wake = bs_router_warm_ms(router, route, known_down);
	if (wake < state->ready_ms)
		wake = state->ready_ms;
	if (known_down && wake < router->config.routes[route].skip_until_ms)
		wake = router->config.routes[route].skip_until_ms;
	return wake;
}

bool bs_router_is_fresh(struct bs_router *router, size_t route, int64_t now_ms)
{
	return !router->routes[route].sends && wake_ms(router, route, true) <= now_ms;
}

size_t bs_router_first_fresh(struct bs_router *router, int64_t now_ms)
{
	size_t route = 0;
	while (route < router->config.routes_count && !bs_router_is_fresh(router, route, now_ms))
		route++;
	return route;
}

// The routes that are not fresh, soonest first; of two that may send now, a staying one.
static struct bs_router_choice choose_soonest(
	struct bs_router *router, bool staying_only, int64_t until_ms, int64_t now_ms)
{
	struct bs_router_choice best = {router->config.routes_count, until_ms};
	bool best_staying = false;
	for (size_t i = 0; i < router->config.routes_count; i++) {
		bool staying = router->routes[i].staying;
		int64_t wake = wake_ms(router, i, true);
		if (wake < now_ms)
			wake = now_ms;
		if (wake > until_ms || (staying_only && !staying))
			continue;
		bool none_yet = best.route == router->config.routes_count;
		if (none_yet || wake < best.at_ms ||
			(wake == best.at_ms && staying && !best_staying)) {
			best = (struct bs_router_choice){i, wake};
			best_staying = staying;
		}
	}
	return best;
}

int64_t bs_router_recovery_ms(struct bs_router *router, size_t route)
{
	int64_t keys_ms = bs_router_warm_ms(router, route, true);
	int64_t route_ms = router->config.routes[route].skip_until_ms;
	return route_ms > keys_ms ? route_ms : keys_ms;
}

// When every route is known to be down from before, the one that wakes soonest gets one attempt.
static struct bs_router_choice choose_probe(struct bs_router *router, int64_t now_ms)
{
	struct bs_router_choice best = {router->config.routes_count, now_ms};
	int64_t soonest = BS_ROUTER_NEVER_MS;
	for (size_t i = 0; i < router->config.routes_count && !router->probed; i++) {
		int64_t at_ms = bs_router_recovery_ms(router, i);
		if (at_ms > now_ms && at_ms < soonest && wake_ms(router, i, false) <= now_ms) {
			soonest = at_ms;
			best.route = i;
		}
	}
	return best;
}

// As many attempts are left as there are routes that nobody has asked: whatever else is tried on
// one that failed (a retry, another key, mode or size, a re-ask) would cost one of them its chance.
static bool none_can_be_spared(struct bs_router *router, int64_t now_ms)
{
	size_t fresh_count = 0;
	for (size_t i = 0; i < router->config.routes_count; i++)
		fresh_count += bs_router_is_fresh(router, i, now_ms);
	return router->attempts_count + fresh_count >= router->config.attempts_max;
}

struct bs_router_choice bs_router_choose(struct bs_router *router, int64_t now_ms)
{
	size_t none = router->config.routes_count;
	size_t fresh = bs_router_first_fresh(router, now_ms);
	int64_t until_ms = now_ms +
			   (fresh == none ? BS_POLICY_LAST_WAIT_MS : BS_POLICY_PATIENCE_MS);
	if (until_ms > router->deadline.at_ms - BS_POLICY_USEFUL_MS)
		until_ms = router->deadline.at_ms - BS_POLICY_USEFUL_MS;
	struct bs_router_choice choice = choose_soonest(router, fresh != none, until_ms, now_ms);
	if (fresh != none && (choice.route == none || none_can_be_spared(router, now_ms)))
		choice = (struct bs_router_choice){fresh, now_ms};
	if (choice.route == none)
		choice = choose_probe(router, now_ms);
	return choice;
}

size_t bs_router_choose_key(struct bs_router *router, size_t route, int64_t now_ms)
{
	size_t best = bs_router_keys_count(router, route), count = best;
	int64_t soonest = BS_ROUTER_NEVER_MS;
	for (size_t i = 0; i < count; i++) {
		const struct bs_router_key *key = bs_router_key(router, route, i);
		int64_t revived_ms = key->dead_until_ms > now_ms ? key->dead_until_ms : now_ms;
		if (!key->dead && key->warm_at_ms <= now_ms && revived_ms < soonest) {
			soonest = revived_ms;
			best = i;
		}
	}
	assert(best < count);
	return best;
}
