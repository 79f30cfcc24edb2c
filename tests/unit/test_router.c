// SPDX-License-Identifier: MIT
// core/llm/router: what holds for every run, whatever the providers do. Cases: tests/router/*.txt.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/config/config.h"
#include "core/llm/policy.h"
#include "core/llm/router.h"

// --- chance, the same in every run

static uint64_t chance_state;

static uint64_t chance(uint64_t below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (chance_state >> 11) % below;
}

static bool one_in(uint64_t n)
{
	return chance(n) == 0;
}

// --- a world of providers that do what they like, and what it may be held to

struct flight {
	struct bs_try order;
	bool running;
	int64_t ends_ms, first_token_ms; // first_token_ms: when it is told, -1: never
	bool told;
};

struct world {
	struct bs_router router;
	struct bs_router_config config;
	int64_t now_ms, deadline_ms;
	struct flight flights[BS_ATTEMPTS_MAX];
	unsigned starts, hedges, retries;
	// Not used before the one, surely usable after the other.
	int64_t cool_until_ms[BS_PROVIDERS_MAX * BS_KEYS_MAX + BS_ROUTES_MAX];
	int64_t warm_by_ms[BS_PROVIDERS_MAX * BS_KEYS_MAX + BS_ROUTES_MAX];
	bool dead[BS_PROVIDERS_MAX * BS_KEYS_MAX + BS_ROUTES_MAX];
	bool gone[BS_ROUTES_MAX], tried[BS_ROUTES_MAX], failed_probe[BS_ROUTES_MAX];
	unsigned charged[BS_ROUTES_MAX]; // sends that count: a first one and plain retries
	enum bs_outcome last[BS_ROUTES_MAX];
	unsigned excerpt_limit[BS_ROUTES_MAX]; // the next excerpt must be smaller than that
	enum bs_schema_mode lowest_mode[BS_ROUTES_MAX];
	unsigned dropped[BS_ROUTES_MAX], output_tokens[BS_ROUTES_MAX]; // of the last request
	bool answered, cancelled,
		search_ended; // search_ended: some rule stops before the last route
	unsigned answered_id;
	uint64_t steps;
};

static size_t key_slot(const struct world *world, const struct bs_try *order)
{
	const struct bs_router_route *route = &world->config.routes[order->route];
	return route->keys_count ? route->key_ids[order->key]
				 : BS_PROVIDERS_MAX * BS_KEYS_MAX + order->route;
}

static void make_world(struct world *world)
{
	struct bs_router_config *config = &world->config;
	*world = (struct world){.now_ms = (int64_t)chance(1000000)};
	config->routes_count = 1 + chance(5);
	config->deadline_ms = one_in(10) ? (int64_t)chance(700) : (int64_t)(1000 + chance(30000));
	config->attempts_max = (unsigned)(one_in(4) ? chance(33) : 1 + chance(8));
	config->sends_per_route_max = (unsigned)(one_in(4) ? 1 + chance(5) : 2);
	config->retries_max = (unsigned)(one_in(3) ? chance(4) : BS_ATTEMPTS_MAX);
	config->hedge_ms = one_in(2)   ? BS_HEDGE_AUTO
			   : one_in(2) ? BS_HEDGE_OFF
				       : (int64_t)chance(4000);
	config->refusal_goes_next = one_in(2);
	config->seed = chance(UINT64_MAX);
	for (size_t i = 0; i < config->routes_count; i++) {
		struct bs_router_route *route = &config->routes[i];
		size_t like = one_in(3) ? chance(i + 1) : i; // shares host and keys with that one
		route->host = (unsigned)(one_in(5) ? chance(3) : like);
		route->keys_count = chance(4);
		for (unsigned k = 0; k < route->keys_count; k++)
			route->key_ids[k] = (unsigned)like * BS_KEYS_MAX + k;
		route->params = (unsigned)chance(BS_PARAMS_ALL + 1);
		route->dropped = one_in(4) ? (unsigned)chance(BS_PARAMS_ALL + 1) : 0;
		route->modes = 1 + (unsigned)chance(15);
		while (!(route->modes & (1u << route->best_mode)))
			route->best_mode++;
		route->connect_ms = 2000;
		route->first_token_ms = (int64_t)(500 + chance(6000));
		route->idle_ms = 4000;
		route->attempt_ms = (int64_t)(1000 + chance(15000));
		route->window_bytes = one_in(2) ? 0 : 1000 * (1 + chance(3));
		route->skip_until_ms = one_in(8) ? world->now_ms + (int64_t)chance(20000) : 0;
		route->probe = one_in(8);
		route->p95_ms = one_in(3) ? (int64_t)chance(8000) : 0;
		for (unsigned k = 0; k < BS_KEYS_MAX; k++)
			route->key_dead_ms[k] = like != i   ? config->routes[like].key_dead_ms[k]
						: one_in(8) ? world->now_ms + (int64_t)chance(20000)
							    : 0;
		world->excerpt_limit[i] = 1000;
	}
	world->deadline_ms = world->now_ms + config->deadline_ms;
	bs_router_init(&world->router, config, world->now_ms);
}

static unsigned running_count(const struct world *world)
{
	unsigned count = 0;
	for (unsigned i = 0; i < world->starts; i++)
		count += world->flights[i].running;
	return count;
}

// --- what is told

static void cool(struct world *world, size_t key, int64_t hint_ms)
{
	int64_t until_ms = world->now_ms + (hint_ms >= 0 ? hint_ms : BS_POLICY_COOL_MS);
	int64_t by_ms = until_ms + (hint_ms >= 0 ? 0 : BS_POLICY_COOL_JITTER_MS);
	if (world->cool_until_ms[key] < until_ms)
		world->cool_until_ms[key] = until_ms;
	if (world->warm_by_ms[key] < by_ms)
		world->warm_by_ms[key] = by_ms;
}

// The test's own reading of the table: what must not happen after an outcome.
static void remember(
	struct world *world, const struct bs_try *order, const struct bs_try_result *result)
{
	size_t key = key_slot(world, order);
	world->last[order->route] = result->outcome;
	enum bs_breaker_note note = bs_policy_of(result->outcome).breaker;
	world->failed_probe[order->route] |= world->config.routes[order->route].probe &&
					     note != BS_BREAKER_NEUTRAL &&
					     note != BS_BREAKER_SUCCESS;
	if (result->outcome == BS_OUTCOME_RATE_LIMITED || result->remaining_zero)
		cool(world, key, result->retry_after_ms);
	switch (result->outcome) {
	case BS_OUTCOME_OK:
		world->answered = true;
		world->answered_id = order->id;
		return;
	case BS_OUTCOME_QUOTA:
	case BS_OUTCOME_CREDENTIAL:
		world->dead[key] = true;
		return;
	case BS_OUTCOME_CONTEXT_TOO_LONG:
		world->excerpt_limit[order->route] = order->excerpt_percent;
		world->search_ended = true; // smaller windows are not tried
		return;
	case BS_OUTCOME_REFUSED:
		world->gone[order->route] = true;
		if (!world->config.refusal_goes_next)
			world->search_ended = true;
		return;
	case BS_OUTCOME_UNREACHABLE:
	case BS_OUTCOME_REJECTED:
	case BS_OUTCOME_STALE_CONNECTION:
		world->search_ended = true; // a host or the request itself may be given up
		return;
	case BS_OUTCOME_TIMEOUT:
		world->gone[order->route] = true;
		world->search_ended |= !result->connected;
		return;
	case BS_OUTCOME_CAPABILITY: // what is named was not sent
		if (result->parameter_refused && !result->output_tokens_max && result->params)
			world->gone[order->route] |= !(result->params & order->params);
		return;
	case BS_OUTCOME_CANCELLED:
		world->cancelled = true;
		return;
	case BS_OUTCOME_MODEL_GONE:
	case BS_OUTCOME_BAD_GATEWAY_PAGE:
	case BS_OUTCOME_EMPTY:
	case BS_OUTCOME_OUT_OF_TIME:
		world->gone[order->route] = true;
		return;
	case BS_OUTCOME_RATE_LIMITED:
	case BS_OUTCOME_SERVER_ERROR:
	case BS_OUTCOME_OVERLOADED:
	case BS_OUTCOME_TRUNCATED:
	case BS_OUTCOME_ERROR_IN_BODY:
	case BS_OUTCOME_CUT:
	case BS_OUTCOME_INVALID_JSON:
	case BS_OUTCOME_INVALID_SUMMARY:
	case BS_OUTCOME_HEDGE_LOST:
	case BS_OUTCOME_COUNT:
		return;
	}
}

static void land(struct world *world, struct flight *flight)
{
	static const int64_t hints[] = {
		-1, 0, 1, 50, 299, 300, 301, 1000, 2500, 2501, 60000, 86400000};
	struct bs_try_result result = {
		.outcome = (enum bs_outcome)chance(BS_OUTCOME_COUNT),
		.retry_after_ms = hints[chance(sizeof(hints) / sizeof(hints[0]))],
		.first_token_ms = -1,
		.connected = !one_in(4),
		.parameter_refused = one_in(2),
		.output_tokens_max = one_in(4) ? 1 + (unsigned)chance(8000) : 0,
		.params = (unsigned)chance(BS_PARAMS_ALL + 1),
		.remaining_zero = one_in(10),
		.should_retry = one_in(3) ? (int)chance(2) : -1,
	};
	// The endings that end everything are rarer, so that runs are long.
	if ((result.outcome == BS_OUTCOME_OK || result.outcome == BS_OUTCOME_CANCELLED ||
		    result.outcome == BS_OUTCOME_HEDGE_LOST) &&
		!one_in(4))
		result.outcome = BS_OUTCOME_SERVER_ERROR;
	flight->running = false;
	bool first = !world->answered;
	bs_router_done(&world->router, flight->order.id, &result, world->now_ms);
	if (first)
		remember(world, &flight->order, &result);
}

// Everything that is due at this instant.
static void tell(struct world *world)
{
	for (unsigned i = 0; i < world->starts; i++) {
		struct flight *flight = &world->flights[i];
		if (!flight->running)
			continue;
		if (flight->first_token_ms >= 0 && flight->first_token_ms <= world->now_ms &&
			!flight->told) {
			flight->told = true;
			bs_router_first_token(&world->router, i, world->now_ms);
		}
		if (flight->ends_ms <= world->now_ms)
			land(world, flight);
	}
	if (one_in(200)) {
		world->cancelled = true;
		bs_router_cancel(&world->router, world->now_ms);
	}
}

// --- what is held

// Whether an attempt after this one on the same route is a plain retry, which counts.
static bool is_charged(enum bs_outcome last)
{
	static const bool charged[BS_OUTCOME_COUNT] = {
		[BS_OUTCOME_UNREACHABLE] = true,
		[BS_OUTCOME_SERVER_ERROR] = true,
		[BS_OUTCOME_OVERLOADED] = true,
		[BS_OUTCOME_ERROR_IN_BODY] = true,
		[BS_OUTCOME_CUT] = true,
		[BS_OUTCOME_TRUNCATED] = true,
		[BS_OUTCOME_INVALID_JSON] = true,
		[BS_OUTCOME_INVALID_SUMMARY] = true,
	};
	return charged[last];
}

static bool usable_key(const struct world *world, size_t route)
{
	struct bs_try order = {.route = route};
	size_t count = world->config.routes[route].keys_count;
	for (order.key = 0; order.key < (count ? count : 1); order.key++) {
		size_t key = key_slot(world, &order);
		bool rests = world->config.routes[route].key_dead_ms[order.key] > world->now_ms;
		if (!rests && !world->dead[key] && world->warm_by_ms[key] <= world->now_ms)
			return true;
	}
	return false;
}

static bool is_untried(const struct world *world, size_t route)
{
	return !world->tried[route] && !world->gone[route] && usable_key(world, route) &&
	       world->config.routes[route].skip_until_ms <= world->now_ms;
}

// As long as nothing has ended the search, no route is asked twice at the price of another that
// could be asked.
static void hold_chances(const struct world *world, const struct bs_try *order)
{
	unsigned untried = 0;
	for (size_t i = 0; i < world->config.routes_count; i++)
		untried += is_untried(world, i);
	if (world->tried[order->route] && !world->search_ended)
		assert_true(world->starts + untried < world->config.attempts_max);
}

static void hold_start(struct world *world, const struct bs_try *order)
{
	size_t route = order->route;
	int64_t left_ms = world->deadline_ms - world->now_ms;
	assert_int_equal(order->id, world->starts);
	assert_true(world->starts < world->config.attempts_max);
	assert_true(left_ms >= BS_POLICY_USEFUL_MS);
	assert_false(world->answered || world->cancelled);
	assert_true(route < world->config.routes_count);
	assert_false(world->gone[route]);
	size_t key = key_slot(world, order);
	assert_false(world->dead[key]);
	assert_true(world->cool_until_ms[key] <= world->now_ms);
	for (unsigned i = 0; i < world->starts; i++)
		assert_false(world->flights[i].running && world->flights[i].order.route == route);
	assert_true(running_count(world) == (order->hedge ? 1 : 0));
	world->hedges += order->hedge;
	assert_true(world->hedges <= 1);
	assert_false(order->hedge && world->retries == world->config.retries_max);
	world->retries += order->retry;
	assert_true(world->retries <= world->config.retries_max);
	assert_false(order->retry && !world->tried[route]);
	assert_false(world->failed_probe[route]);
	assert_true(order->attempt_ms > 0 && order->attempt_ms <= left_ms);
	assert_true(order->connect_ms > 0 && order->connect_ms <= order->attempt_ms);
	assert_true(order->first_token_ms > 0 && order->first_token_ms <= order->attempt_ms);
	assert_true(order->idle_ms > 0 && order->idle_ms <= order->attempt_ms);
	assert_true(world->config.routes[route].modes & (1u << order->mode));
	assert_true(order->mode >= world->lowest_mode[route]);
	// Nothing that was refused is sent again, neither alone nor as it was.
	assert_int_equal(order->params & order->dropped, 0);
	assert_int_equal(order->params, world->config.routes[route].params & ~order->dropped);
	assert_int_equal(world->dropped[route] & ~order->dropped, 0);
	if (world->tried[route] && world->last[route] == BS_OUTCOME_CAPABILITY)
		assert_true(order->mode != world->lowest_mode[route] ||
			    bs_try_output_tokens(order) < world->output_tokens[route] ||
			    order->params !=
				    (world->config.routes[route].params & ~world->dropped[route]));
	world->dropped[route] = order->dropped;
	world->output_tokens[route] = bs_try_output_tokens(order);
	world->lowest_mode[route] = order->mode;
	assert_true(order->excerpt_percent < world->excerpt_limit[route]);
	assert_true(order->output_scale == 1 || order->output_scale == 2);

	hold_chances(world, order);
	if (!world->tried[route] || is_charged(world->last[route]))
		world->charged[route]++;
	assert_true(world->charged[route] <= world->config.sends_per_route_max);
	world->tried[route] = true;
	struct flight *flight = &world->flights[world->starts++];
	*flight = (struct flight){.order = *order, .running = true, .first_token_ms = -1};
	int64_t takes_ms = one_in(3) ? 0 : (int64_t)chance((uint64_t)order->attempt_ms + 200);
	flight->ends_ms = world->now_ms + takes_ms;
	if (one_in(2))
		flight->first_token_ms = world->now_ms + (int64_t)chance((uint64_t)takes_ms + 1);
}

// Nobody gives up while there is time, an attempt, and a route that was never asked.
static void hold_give_up(struct world *world)
{
	assert_false(world->answered);
	if (world->cancelled || world->search_ended ||
		world->starts >= world->config.attempts_max ||
		world->deadline_ms - world->now_ms < BS_POLICY_USEFUL_MS)
		return;
	for (size_t i = 0; i < world->config.routes_count; i++)
		assert_false(is_untried(world, i));
}

// One call of next and all that must hold of its answer. false: the run has ended.
static bool step(struct world *world, int64_t *ret_until_ms)
{
	struct bs_action action = bs_router_next(&world->router, world->now_ms);
	world->steps++;
	*ret_until_ms = world->now_ms;
	switch (action.kind) {
	case BS_ACTION_START:
		hold_start(world, &action.attempt);
		return true;
	case BS_ACTION_CANCEL:
		assert_true(world->flights[action.attempt.id].running);
		assert_true(
			world->answered || world->cancelled || world->now_ms >= world->deadline_ms);
		world->flights[action.attempt.id].running = false;
		return true;
	case BS_ACTION_WAIT:
		assert_true(action.until_ms > world->now_ms);
		assert_true(action.until_ms <= world->deadline_ms);
		assert_false(world->answered || world->cancelled);
		*ret_until_ms = action.until_ms;
		return true;
	case BS_ACTION_ACCEPT:
		assert_true(world->answered && action.attempt.id == world->answered_id);
		assert_int_equal(running_count(world), 0);
		return false;
	case BS_ACTION_GIVE_UP:
		assert_int_equal(running_count(world), 0);
		hold_give_up(world);
		return false;
	}
	fail();
	return false;
}

static uint64_t run_world(void)
{
	static struct world world; // large
	int64_t until_ms;
	unsigned here = 0; // answers at one instant
	make_world(&world);
	while (step(&world, &until_ms)) {
		assert_true(++here < 4 * BS_ATTEMPTS_MAX + 8);
		if (until_ms == world.now_ms) {
			if (one_in(3))
				tell(&world);
			continue;
		}
		for (unsigned i = 0; i < world.starts; i++) {
			const struct flight *flight = &world.flights[i];
			if (flight->running && flight->ends_ms < until_ms)
				until_ms = flight->ends_ms;
			if (flight->running && !flight->told && flight->first_token_ms >= 0 &&
				flight->first_token_ms < until_ms)
				until_ms = flight->first_token_ms;
		}
		if (one_in(20)) // woken for nothing
			until_ms = world.now_ms +
				   (int64_t)chance((uint64_t)(until_ms - world.now_ms) + 1);
		if (one_in(50)) // the machine slept
			until_ms += (int64_t)chance(5000);
		if (until_ms > world.now_ms)
			here = 0;
		world.now_ms = until_ms > world.now_ms ? until_ms : world.now_ms;
		tell(&world);
	}
	return world.steps;
}

static void router_holds_its_bounds_whatever_providers_do(void **state)
{
	(void)state;
	uint64_t steps = 0, runs = 0;
	for (; steps < 1500000; runs++) {
		chance_state = runs * 0x9e3779b97f4a7c15u + 1;
		steps += run_world();
	}
	print_message(
		"# %llu runs, %llu steps\n", (unsigned long long)runs, (unsigned long long)steps);
}

static void every_outcome_has_a_row_in_the_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < BS_OUTCOME_COUNT; i++)
		assert_true(bs_policy_of((enum bs_outcome)i).move);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_has_a_row_in_the_table),
		cmocka_unit_test(router_holds_its_bounds_whatever_providers_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
