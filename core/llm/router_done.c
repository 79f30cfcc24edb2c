// SPDX-License-Identifier: MIT
// The fallback router: what the outcome of an attempt changes. The table is policy.c.
#include <assert.h>

#include "core/llm/policy.h"
#include "core/llm/router.h"
#include "core/llm/router_state.h"

// splitmix64 (Steele, Lea, Flood 2014): any seed will do. A number in 0 … bound.
static int64_t jitter(struct bs_router *router, int64_t bound)
{
	uint64_t z = router->jitter += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return (int64_t)(z % ((uint64_t)bound + 1));
}

static int64_t backoff_ms(struct bs_router *router, struct bs_router_state *state)
{
	int64_t ceiling_ms = BS_POLICY_BACKOFF_MS;
	for (unsigned i = 0; i < state->retry_count && ceiling_ms < BS_POLICY_BACKOFF_MS_MAX; i++)
		ceiling_ms *= 2;
	state->retry_count++;
	if (ceiling_ms > BS_POLICY_BACKOFF_MS_MAX)
		ceiling_ms = BS_POLICY_BACKOFF_MS_MAX;
	return jitter(router, ceiling_ms);
}

// The route's next attempt is another request (a key, a mode, a size): it costs an attempt and
// time, but none of the sends.
static void again_free(struct bs_router_state *state, int64_t now_ms)
{
	state->staying = state->free_send = true;
	state->ready_ms = now_ms;
}

// The same route again if it has sends left. false: it has none and is out.
static bool again(const struct bs_router *router, struct bs_router_state *state, int64_t ready_ms)
{
	if (state->sends >= router->config.sends_per_route_max) {
		state->gone = true;
		return false;
	}
	state->staying = true;
	state->ready_ms = ready_ms;
	return true;
}

static void retry(struct bs_router *router, struct bs_router_state *state, int64_t retry_after_ms,
	int64_t now_ms)
{
	int64_t delay_ms = backoff_ms(router, state);
	if (!router->retries_left)
		state->gone = true;
	else if (again(router, state, now_ms + (retry_after_ms >= 0 ? retry_after_ms : delay_ms)))
		state->retrying = true;
}

// --- the moves that need more than a line

static void cool(
	struct bs_router *router, struct bs_router_key *key, int64_t retry_after_ms, int64_t now_ms)
{
	int64_t cool_ms = BS_POLICY_COOL_MS + jitter(router, BS_POLICY_COOL_JITTER_MS);
	int64_t warm_at_ms = now_ms + (retry_after_ms >= 0 ? retry_after_ms : cool_ms);
	if (key->warm_at_ms < warm_at_ms)
		key->warm_at_ms = warm_at_ms;
}

static void rotate_cooling(struct bs_router *router, const struct bs_try *order,
	const struct bs_try_result *result, int64_t now_ms)
{
	struct bs_router_state *state = &router->routes[order->route];
	cool(router, bs_router_key(router, order->route, order->key), result->retry_after_ms,
		now_ms);
	for (size_t i = 0; i < bs_router_keys_count(router, order->route); i++) {
		const struct bs_router_key *key = bs_router_key(router, order->route, i);
		if (i != order->key && !key->dead && key->warm_at_ms <= now_ms &&
			key->dead_until_ms <= now_ms) {
			again_free(state, now_ms);
			return;
		}
	}
	if (result->should_retry == 0 || !router->retries_left)
		state->gone = true;
	else
		state->retrying = again(router, state, now_ms); // its keys say when
}

static void rotate_dead(struct bs_router *router, const struct bs_try *order, int64_t now_ms)
{
	bs_router_key(router, order->route, order->key)->dead = true;
	again_free(&router->routes[order->route], now_ms);
	if (bs_router_warm_ms(router, order->route, false) == BS_ROUTER_NEVER_MS)
		router->routes[order->route].gone = true;
}

struct bs_lesson bs_router_lesson(const struct bs_try *order, const struct bs_try_result *result)
{
	struct bs_lesson lesson = {0};
	unsigned allowed = result->output_tokens_max;
	if (!result->parameter_refused)
		return lesson;
	if (allowed && allowed < bs_try_output_tokens(order))
		lesson.output_tokens_max = allowed;
	else if (allowed)
		lesson.dropped = order->params & BS_PARAM_LIMIT;
	else if (result->params && !(result->params & order->params))
		lesson.not_sent = true;
	else
		lesson.dropped = bs_params_refused(
			order->params, order->dropped, result->params, order->keep_limit);
	return lesson;
}

static void lower(struct bs_router *router, const struct bs_try *order,
	const struct bs_try_result *result, int64_t now_ms)
{
	struct bs_router_state *state = &router->routes[order->route];
	struct bs_lesson lesson = bs_router_lesson(order, result);
	state->dropped |= lesson.dropped;
	if (lesson.output_tokens_max)
		state->output_tokens_max = lesson.output_tokens_max;
	if (lesson.dropped || lesson.output_tokens_max) {
		again_free(state, now_ms);
		return;
	}
	// Another mode would ask for as many tokens, and lack the same parameter.
	if (result->output_tokens_max || lesson.not_sent) {
		state->gone = true;
		return;
	}
	for (unsigned mode = order->mode + 1; mode < BS_SCHEMA_MODE_COUNT; mode++)
		if (router->config.routes[order->route].modes & (1u << mode)) {
			state->mode = (enum bs_schema_mode)mode;
			again_free(state, now_ms);
			return;
		}
	state->gone = true;
}

// Smaller once; then only a window that is larger, or of unknown size, is worth another attempt.
static void shrink(struct bs_router *router, const struct bs_try *order, int64_t now_ms)
{
	struct bs_router_state *state = &router->routes[order->route];
	if (state->excerpt_percent > BS_POLICY_SHRUNK_PERCENT) {
		state->excerpt_percent = BS_POLICY_SHRUNK_PERCENT;
		again_free(state, now_ms);
		return;
	}
	uint64_t too_small = router->config.routes[order->route].window_bytes;
	for (size_t i = 0; i < router->config.routes_count; i++) {
		uint64_t window = router->config.routes[i].window_bytes;
		if (i == order->route || (window && window <= too_small))
			router->routes[i].gone = true;
	}
}

static void stop(struct bs_router *router, struct bs_router_state *state)
{
	state->gone = true;
	router->stopped = true;
}

// Counts the hosts in a row that were not even connected to.
static void note_reach(struct bs_router *router, unsigned host, const struct bs_try_result *result)
{
	bool down = result->outcome == BS_OUTCOME_UNREACHABLE ||
		    result->outcome == BS_OUTCOME_TIMEOUT;
	if (!down || result->connected || result->http_status) {
		router->hosts_down = 0;
		return;
	}
	if (!router->hosts_down || router->last_host_down != host)
		router->hosts_down++;
	router->last_host_down = host;
	if (router->hosts_down >= BS_POLICY_HOSTS_DOWN_MAX)
		router->stopped = true;
}

// R once, N; and no other route of a host that was tried in vain.
static void retry_host(struct bs_router *router, const struct bs_try *order,
	const struct bs_try_result *result, int64_t now_ms)
{
	struct bs_router_state *state = &router->routes[order->route];
	retry(router, state, result->retry_after_ms, now_ms);
	if (!state->gone || result->connected)
		return;
	for (size_t i = 0; i < router->config.routes_count; i++)
		if (router->config.routes[i].host == router->config.routes[order->route].host)
			router->routes[i].gone = true;
}

static void apply(struct bs_router *router, const struct bs_try *order,
	const struct bs_try_result *result, int64_t now_ms)
{
	struct bs_router_state *state = &router->routes[order->route];
	switch (bs_policy_move(result->outcome, result->should_retry)) {
	case BS_MOVE_ACCEPT:
		router->accepted = (int)order->id;
		return;
	case BS_MOVE_RETRY:
		retry(router, state, result->retry_after_ms, now_ms);
		return;
	case BS_MOVE_RETRY_LAST:
		retry(router, state, result->retry_after_ms, now_ms);
		state->staying = false;
		return;
	case BS_MOVE_RETRY_FRESH:
		if (state->refreshed)
			retry_host(router, order, result, now_ms);
		else
			again_free(state, now_ms);
		state->refreshed = true;
		return;
	case BS_MOVE_RETRY_HOST:
		retry_host(router, order, result, now_ms);
		return;
	case BS_MOVE_RETRY_LONGER:
		// An answer that may not be longer would be cut off again.
		if (state->output_scale > 1 ||
			(order->output_tokens_max && order->output_tokens_max <= BS_OUTPUT_TOKENS))
			state->gone = true;
		else if (again(router, state, now_ms))
			state->output_scale = 2;
		return;
	case BS_MOVE_RETRY_SHORTER:
		shrink(router, order, now_ms);
		return;
	case BS_MOVE_RETRY_LOWER:
		lower(router, order, result, now_ms);
		return;
	case BS_MOVE_REASK:
		if (state->reask)
			state->gone = true;
		else
			state->reask = again(router, state, now_ms);
		return;
	case BS_MOVE_NEXT:
	case BS_MOVE_NONE:
		state->gone = true;
		return;
	case BS_MOVE_NEXT_ONCE:
		state->gone = true;
		if (++router->rejected >= BS_POLICY_REJECTED_MAX)
			stop(router, state);
		return;
	case BS_MOVE_NEXT_IF_ALLOWED:
		state->gone = true;
		if (!router->config.refusal_goes_next)
			stop(router, state);
		return;
	case BS_MOVE_ROTATE_COOL:
		rotate_cooling(router, order, result, now_ms);
		return;
	case BS_MOVE_ROTATE_DEAD:
		rotate_dead(router, order, now_ms);
		return;
	case BS_MOVE_CANCEL:
		router->cancelled = true;
		return;
	}
}

void bs_router_done(
	struct bs_router *router, unsigned id, const struct bs_try_result *result, int64_t now_ms)
{
	assert(id < router->attempts_count);
	struct bs_router_attempt *attempt = &router->attempts[id];
	assert(attempt->running && !router->ended);
	attempt->running = false;
	if (result->cost.known)
		attempt->cost_pico_usd = result->cost.pico_usd;
	if (router->accepted >= 0)
		return; // it came second
	if (!router->stopped)
		router->last_outcome = result->outcome;

	struct bs_router_route *route = &router->config.routes[attempt->order.route];
	if (result->remaining_zero)
		cool(router, bs_router_key(router, attempt->order.route, attempt->order.key),
			result->retry_after_ms, now_ms);
	enum bs_breaker_note note = bs_policy_of(result->outcome).breaker;
	// A route that was thought to be down and is not is like any other.
	if (note != BS_BREAKER_FAILURE) {
		route->skip_until_ms = 0;
		bs_router_key(router, attempt->order.route, attempt->order.key)->dead_until_ms = 0;
	}
	note_reach(router, route->host, result);
	apply(router, &attempt->order, result, now_ms);
	if (route->probe && (note == BS_BREAKER_FAILURE || note == BS_BREAKER_HALF))
		router->routes[attempt->order.route].gone = true;
}
