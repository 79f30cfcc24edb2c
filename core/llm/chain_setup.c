// SPDX-License-Identifier: MIT
// What a run of the chain knows before it starts: prompts, routes, keys, and the router's view.
#include <assert.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/llm/aws_credentials.h"
#include "core/llm/chain_own.h"
#include "core/llm/cost.h"

#define SENDS_PER_ROUTE_MAX 2 // one retry on the same route

// The keys of a route that can be used. False when it names some and none of them can.
static bool find_keys(
	struct bs_chain *chain, const struct bs_route *route, struct bs_router_route *ret_config)
{
	const struct bs_ask *ask = chain->ask;
	size_t count = 0;
	for (size_t i = 0; i < route->keys.count && count < BS_KEYS_MAX; i++) {
		unsigned id;
		if (bs_keyring_add(&chain->ring, chain->environ, route->provider,
			    route->keys.items[i], route->signs_for != NULL, ask->diag, &id))
			ret_config->key_ids[count++] = id;
	}
	ret_config->keys_count = count;
	return count > 0 || route->keys.count == 0;
}

// Routes with one base URL share a host, and with it its failures.
static unsigned host_of(const struct bs_chain *chain, size_t route)
{
	for (size_t i = 0; i < route; i++)
		if (bs_str_eq_c(bs_str_c(chain->routes[i].base_url), chain->routes[route].base_url))
			return (unsigned)i;
	return (unsigned)route;
}

static struct bs_router_route describe(const struct bs_chain *chain, const struct bs_route *route)
{
	struct bs_cost_parts most = bs_cost_most_of(
		&route->price, &chain->prompts.of[route->family], chain->ask->excerpt->text.len);
	uint64_t unbounded = bs_cost_most(&route->price, most.input_bytes, route->output_tokens) -
			     most.input;
	return (struct bs_router_route){
		.params = bs_route_params(route),
		.cost_unbounded_pico_usd = route->output_tokens || !route->price.output
						   ? unbounded
						   : BS_ROUTER_COST_UNKNOWN,
		.cost_input_pico_usd = most.input,
		.cost_output_pico_usd = most.output,
		.cost_reask_pico_usd = most.reask,
		.best_mode = route->mode,
		.modes = route->modes,
		.connect_ms = route->limits.connect_ms,
		.first_token_ms = route->limits.first_token_ms,
		.idle_ms = route->limits.idle_ms,
		.attempt_ms = route->limits.attempt_ms,
		.window_bytes = route->window_bytes,
	};
}

// Under a ceiling: what costs nobody knows how much, or too much at once, is not asked.
static bool is_affordable(const struct bs_chain *chain, const struct bs_route *route,
	const struct bs_router_route *config)
{
	uint64_t max = chain->config.cost_max_pico_usd;
	uint64_t most = config->cost_input_pico_usd + config->cost_output_pico_usd;
	if (!max)
		return true;
	if (!route->priced)
		bs_diag_warn(chain->ask->diag,
			"%s is left out: there is a ceiling on costs and its price is not known; set "
			"providers.%s.price_input and price_output",
			route->name, route->provider);
	else if (most > max)
		bs_diag_warn(chain->ask->diag,
			"%s is left out: a request may cost up to $%.6f, and cost_usd_max is $%.6f",
			route->name, (double)most / 1e12, (double)max / 1e12);
	return route->priced && most <= max;
}

// Credentials of AWS that no variable holds, for the route that takes them.
static enum bs_status look_for_aws(
	struct bs_chain *chain, const struct bs_route *routes, size_t count, struct bs_err *err)
{
	const struct bs_ask *ask = chain->ask;
	struct bs_aws_credentials found;
	struct bs_err trouble;
	int64_t now_ms = bs_clock_ms();
	int64_t left_ms = bs_deadline_left_ms((struct bs_deadline){ask->deadline_at_ms}, now_ms);
	const struct bs_aws_ask search = {
		.environ = ask->environ,
		.until_ms = now_ms + (left_ms / 2 < BS_AWS_MS_MAX ? left_ms / 2 : BS_AWS_MS_MAX),
		.cancelled = ask->cancelled,
		.arena = chain->arena,
	};
	if (!bs_route_any_takes(routes, count, BS_AWS_KEY))
		return BS_OK;
	enum bs_status status = bs_aws_find(&search, &found, &trouble);
	if (status == BS_OK)
		return bs_aws_add(&search, &found, &chain->environ, err);
	if (status == BS_NOMEM)
		return bs_fail_nomem(err);
	bs_diag_warn(ask->diag, "no credentials of AWS were found: %s", trouble.msg);
	return BS_OK;
}

// The same again has nothing to offer when the first one failed, and takes attempts from others.
static bool is_there(const struct bs_chain *chain, const struct bs_route *route)
{
	for (size_t i = 0; i < chain->routes_count; i++)
		if (strcmp(chain->routes[i].name, route->name) == 0)
			return true;
	return false;
}

static void find_routes(
	struct bs_chain *chain, const struct bs_route *routes, size_t count, bool with_keys)
{
	for (size_t i = 0; i < count; i++) {
		struct bs_router_route config = describe(chain, &routes[i]);
		if (is_there(chain, &routes[i])) {
			bs_diag_warn(chain->ask->diag,
				"%s stands in the route twice: the second one is left out",
				routes[i].name);
			continue;
		}
		if (!is_affordable(chain, &routes[i], &config))
			continue;
		if (with_keys && !find_keys(chain, &routes[i], &config)) {
			bs_diag_warn(chain->ask->diag, "%s is left out: none of its keys is there",
				routes[i].name);
			continue;
		}
		chain->routes[chain->routes_count] = routes[i];
		config.host = host_of(chain, chain->routes_count);
		chain->config.routes[chain->routes_count++] = config;
	}
	chain->config.routes_count = chain->routes_count;
}

static enum bs_status draw_numbers(struct bs_chain *chain, struct bs_err *err)
{
	uint64_t numbers[3];
	// The nonce marks where the log ends in the prompt: whoever wrote the log must not guess
	// it.
	if (getentropy(numbers, sizeof(numbers)) != 0)
		return bs_fail(err, BS_SYSTEM, "the system gives no random numbers");
	chain->nonce[0] = numbers[0];
	chain->nonce[1] = numbers[1];
	chain->config.seed = numbers[2];
	return BS_OK;
}

enum bs_status bs_chain_init(struct bs_chain *chain, const struct bs_ask *ask, bool with_keys,
	struct bs_arena *arena, struct bs_err *err)
{
	const struct bs_config *config = ask->config;
	struct bs_route routes[BS_ROUTES_MAX];
	size_t count = 0;
	chain->ask = ask;
	chain->arena = arena;
	chain->environ = ask->environ;
	for (size_t i = 0; i < BS_ROUTES_MAX; i++) {
		bs_buf_init(&chain->last[i].answer, BS_ANSWER_BYTES_MAX);
		bs_buf_init(&chain->last[i].errors, BS_ANSWER_BYTES_MAX);
	}
	enum bs_status status = bs_routes_resolve(config, ask->environ, arena, routes, &count, err);
	if (status == BS_OK)
		status = bs_prompts_load(config->prompts, arena, &chain->prompts, err);
	if (status == BS_OK)
		status = draw_numbers(chain, err);
	if (status == BS_OK && with_keys)
		status = look_for_aws(chain, routes, count, err);
	if (status != BS_OK)
		return status;
	assert(count <= BS_ROUTES_MAX && config->attempts > 0);
	chain->config.cost_max_pico_usd = (uint64_t)config->cost_usd_max * 1000000;
	find_routes(chain, routes, count, with_keys);
	chain->config.attempts_max = config->attempts < BS_ATTEMPTS_MAX ? (unsigned)config->attempts
									: BS_ATTEMPTS_MAX;
	chain->config.sends_per_route_max = SENDS_PER_ROUTE_MAX;
	chain->config.retries_max = BS_ATTEMPTS_MAX;
	chain->config.hedge_ms = config->hedge_ms;
	chain->config.refusal_goes_next = config->on_refusal == BS_ON_REFUSAL_NEXT;
	chain->trail.attempts = BS_NEW_ARRAY(arena, struct bs_attempt_record, BS_ATTEMPTS_MAX);
	if (!chain->trail.attempts)
		return bs_fail_nomem(err);
	return BS_OK;
}

void bs_chain_release(struct bs_chain *chain)
{
	for (size_t i = 0; i < BS_ATTEMPTS_MAX; i++)
		bs_attempt_free(chain->slots[i].attempt);
	bs_health_file_close(&chain->memory.file);
	bs_http_free(chain->client);
	for (size_t i = 0; i < BS_ROUTES_MAX; i++) {
		bs_buf_release(&chain->last[i].answer);
		bs_buf_release(&chain->last[i].errors);
	}
}
