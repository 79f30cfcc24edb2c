// SPDX-License-Identifier: MIT
// Health between runs: entries, what an attempt teaches, what the router is told.
#include "core/llm/health.h"

#include <assert.h>
#include <string.h>

#include "core/config/config.h"

uint64_t bs_health_route_id(const struct bs_salt *salt, struct bs_str host, struct bs_str route)
{
	const struct bs_salt there = {{salt->words[0], bs_fingerprint(salt, host)}};
	return bs_fingerprint(&there, route);
}

// --- entries: the last used first, the longest unused makes room

const struct bs_health_route *bs_health_find_route(const struct bs_health *health, uint64_t id)
{
	for (size_t i = 0; i < health->routes_count; i++)
		if (health->routes[i].id == id)
			return &health->routes[i];
	return NULL;
}

const struct bs_health_key *bs_health_find_key(const struct bs_health *health, uint64_t id)
{
	for (size_t i = 0; i < health->keys_count; i++)
		if (health->keys[i].id == id)
			return &health->keys[i];
	return NULL;
}

static struct bs_health_route *touch_route(struct bs_health *health, uint64_t id, int64_t at_ms)
{
	const struct bs_health_route *found = bs_health_find_route(health, id);
	struct bs_health_route entry = found ? *found : (struct bs_health_route){.id = id};
	size_t place = found ? (size_t)(found - health->routes) : health->routes_count;
	if (!found && place < BS_HEALTH_ROUTES_MAX)
		health->routes_count++;
	else if (!found)
		place--;
	memmove(health->routes + 1, health->routes, place * sizeof(entry));
	if (entry.touched_ms < at_ms)
		entry.touched_ms = at_ms;
	health->routes[0] = entry;
	return health->routes;
}

static struct bs_health_key *touch_key(struct bs_health *health, uint64_t id, int64_t at_ms)
{
	const struct bs_health_key *found = bs_health_find_key(health, id);
	struct bs_health_key entry = found ? *found : (struct bs_health_key){.id = id};
	size_t place = found ? (size_t)(found - health->keys) : health->keys_count;
	if (!found && place < BS_HEALTH_KEYS_MAX)
		health->keys_count++;
	else if (!found)
		place--;
	memmove(health->keys + 1, health->keys, place * sizeof(entry));
	if (entry.touched_ms < at_ms)
		entry.touched_ms = at_ms;
	health->keys[0] = entry;
	return health->keys;
}

void bs_health_init(struct bs_health *health, const struct bs_salt *salt)
{
	*health = (struct bs_health){.salt = *salt,
		.retry_tenths = BS_HEALTH_RETRY_TENTHS_MAX,
		.hedge_tenths = BS_HEALTH_HEDGE_TENTHS_MAX};
}

// --- the one probe of a half-open route

static bool is_half_open(const struct bs_health_route *route, int64_t wall_ms)
{
	return route && bs_breaker_state(&route->breaker, wall_ms) == BS_BREAKER_HALF_OPEN;
}

bool bs_health_wants_claim(
	const struct bs_health *health, const struct bs_health_ids *ids, int64_t wall_ms)
{
	for (size_t i = 0; i < ids->routes_count; i++)
		if (is_half_open(bs_health_find_route(health, ids->routes[i].route), wall_ms))
			return true;
	return false;
}

void bs_health_claim(struct bs_health *health, const struct bs_health_ids *ids, int64_t lease_ms,
	int64_t wall_ms)
{
	for (size_t i = 0; i < ids->routes_count; i++) {
		if (!is_half_open(bs_health_find_route(health, ids->routes[i].route), wall_ms))
			continue;
		struct bs_health_route *route = touch_route(health, ids->routes[i].route, wall_ms);
		(void)bs_breaker_claim(&route->breaker, ids->run, lease_ms, wall_ms);
	}
}

void bs_health_release(struct bs_health *health, const struct bs_health_ids *ids)
{
	for (size_t i = 0; i < health->routes_count; i++)
		bs_breaker_release(&health->routes[i].breaker, ids->run);
}

// --- advice

int64_t bs_health_p95_ms(const struct bs_health_route *route)
{
	int64_t sorted[BS_HEALTH_SAMPLES];
	size_t count = 0;
	for (size_t i = 0; i < BS_HEALTH_SAMPLES && route->first_token_ms[i]; i++) {
		size_t at = count++;
		for (; at > 0 && sorted[at - 1] > route->first_token_ms[i]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = route->first_token_ms[i];
	}
	if (count < BS_HEALTH_SAMPLES_MIN)
		return 0;
	return sorted[(count * 95 + 99) / 100 - 1]; // the nearest rank
}

// The best mode that the host has not refused. When it refused them all it was left out for a
// while; what it refuses by now is anybody's guess.
static enum bs_schema_mode best_mode(
	const struct bs_router_route *config, const struct bs_health_route *route)
{
	for (unsigned mode = config->best_mode; mode < BS_SCHEMA_MODE_COUNT; mode++)
		if ((config->modes & (1u << mode)) && !(route->refused_modes & (1 << mode)))
			return (enum bs_schema_mode)mode;
	return config->best_mode;
}

static void advise_route(const struct bs_health_route *route, uint64_t run, int64_t wall_ms,
	int64_t now_ms, struct bs_router_route *config)
{
	const struct bs_breaker *breaker = &route->breaker;
	int64_t skip_until_ms = 0;
	switch (bs_breaker_state(breaker, wall_ms)) {
	case BS_BREAKER_CLOSED:
		break;
	case BS_BREAKER_OPEN:
		config->probe = true; // should it be asked all the same
		skip_until_ms = breaker->open_until_ms;
		break;
	case BS_BREAKER_HALF_OPEN:
		config->probe = true;
		if (bs_breaker_is_leased(breaker, run, wall_ms))
			skip_until_ms = breaker->lease_until_ms;
		break;
	}
	if (skip_until_ms < route->gone_until_ms)
		skip_until_ms = route->gone_until_ms;
	if (skip_until_ms > wall_ms)
		config->skip_until_ms = now_ms + (skip_until_ms - wall_ms);
	if (route->refused_until_ms > wall_ms)
		config->best_mode = best_mode(config, route);
	if (route->dropped_until_ms > wall_ms) {
		config->dropped = (unsigned)route->dropped;
		config->output_tokens_max = (unsigned)route->output_tokens_max;
	}
	config->p95_ms = bs_health_p95_ms(route);
}

static void advise_keys(const struct bs_health *health, const struct bs_health_ids_route *ids,
	int64_t wall_ms, int64_t now_ms, struct bs_router_route *config)
{
	for (size_t i = 0; i < ids->keys_count; i++) {
		const struct bs_health_key *key = bs_health_find_key(health, ids->keys[i]);
		if (key && key->cold_until_ms > wall_ms)
			config->key_warm_ms[i] = now_ms + (key->cold_until_ms - wall_ms);
		if (key && key->dead_until_ms > wall_ms)
			config->key_dead_ms[i] = now_ms + (key->dead_until_ms - wall_ms);
	}
}

void bs_health_advise(const struct bs_health *health, const struct bs_health_ids *ids,
	int64_t wall_ms, int64_t now_ms, struct bs_router_config *config)
{
	assert(ids->routes_count == config->routes_count);
	for (size_t i = 0; i < ids->routes_count; i++) {
		const struct bs_health_route *route = bs_health_find_route(
			health, ids->routes[i].route);
		if (route)
			advise_route(route, ids->run, wall_ms, now_ms, &config->routes[i]);
		advise_keys(health, &ids->routes[i], wall_ms, now_ms, &config->routes[i]);
	}
	int64_t spare_tenths = health->retry_tenths - BS_HEALTH_RETRY_TENTHS_KEPT;
	config->retries_max = spare_tenths > 0 ? (unsigned)(spare_tenths + 9) / 10 : 0;
	if (health->hedge_tenths < 10)
		config->hedge_ms = BS_HEDGE_OFF;
}

// --- learning

static enum bs_breaker_note note_of(const struct bs_health_event *event)
{
	enum bs_outcome outcome = event->result.outcome;
	if (outcome == BS_OUTCOME_TIMEOUT && event->cut_short)
		return BS_BREAKER_HALF;
	if (outcome != BS_OUTCOME_HEDGE_LOST)
		return bs_policy_of(outcome).breaker;
	// Another route was faster. That says little of one that had only begun, and enough of one
	// that had no token when an attempt fails anyway.
	bool late = event->streams && event->elapsed_ms >= event->order.first_token_ms;
	if (late && event->result.first_token_ms < 0)
		return BS_BREAKER_FAILURE;
	return event->elapsed_ms < BS_POLICY_HEDGE_MS_MIN ? BS_BREAKER_NEUTRAL : BS_BREAKER_HALF;
}

static void add_sample(struct bs_health_route *route, int64_t first_token_ms)
{
	if (first_token_ms < 1)
		first_token_ms = 1;
	if (first_token_ms > BS_HEALTH_SAMPLE_MS_MAX)
		first_token_ms = BS_HEALTH_SAMPLE_MS_MAX;
	memmove(route->first_token_ms + 1, route->first_token_ms,
		(BS_HEALTH_SAMPLES - 1) * sizeof(route->first_token_ms[0]));
	route->first_token_ms[0] = first_token_ms;
}

static void leave_out(struct bs_health_route *route, const struct bs_health_event *event)
{
	route->gone_until_ms = event->at_ms + BS_HEALTH_GONE_MS;
	route->failed_as = (int64_t)event->result.outcome;
}

// What it refused: parameters, the length of an answer, or else the schema mode. After the lowest
// mode the route is of no use.
static void learn_refusal(struct bs_health_route *route, const struct bs_health_event *event)
{
	struct bs_lesson lesson = bs_router_lesson(&event->order, &event->result);
	if (lesson.dropped || lesson.output_tokens_max) {
		if (route->dropped_until_ms <= event->at_ms)
			route->dropped = route->output_tokens_max = 0;
		route->dropped |= event->order.dropped | lesson.dropped;
		if (lesson.output_tokens_max)
			route->output_tokens_max = lesson.output_tokens_max;
		route->dropped_until_ms = event->at_ms + BS_HEALTH_LEARNT_MS;
	} else if (!event->result.output_tokens_max && !lesson.not_sent) {
		bool rested = route->gone_until_ms && route->gone_until_ms <= event->at_ms;
		if (rested || route->refused_until_ms <= event->at_ms)
			route->refused_modes = route->gone_until_ms = 0;
		route->refused_modes |= INT64_C(1) << event->order.mode;
		route->refused_until_ms = event->at_ms + BS_HEALTH_LEARNT_MS;
		if (event->order.last_mode)
			leave_out(route, event);
	}
}

static void learn_route(struct bs_health_route *route, const struct bs_health_event *event)
{
	const struct bs_try *order = &event->order;
	const struct bs_try_result *result = &event->result;
	enum bs_breaker_note note = note_of(event);
	bs_breaker_note(
		&route->breaker, note, result->http_status != 0, event->at_ms, event->chance);
	if (note == BS_BREAKER_FAILURE || note == BS_BREAKER_HALF)
		route->failed_as = (int64_t)result->outcome;
	// One that lost before its first token would have taken longer still: left out, the
	// slow ones would be missing and the hedges would come ever earlier.
	if (result->first_token_ms >= 0)
		add_sample(route, result->first_token_ms);
	else if (result->outcome == BS_OUTCOME_HEDGE_LOST && event->streams && !order->hedge)
		add_sample(route, event->elapsed_ms);

	if (result->outcome == BS_OUTCOME_OK) {
		route->gone_until_ms = route->failed_as = 0;
		route->refused_modes &= ~(INT64_C(1) << order->mode);
	} else if (result->outcome == BS_OUTCOME_MODEL_GONE) {
		leave_out(route, event);
	} else if (result->outcome == BS_OUTCOME_CAPABILITY) {
		learn_refusal(route, event);
	}
}

static void learn_key(struct bs_health_key *key, const struct bs_health_event *event)
{
	const struct bs_try_result *result = &event->result;
	// A rest ends when the host said: a success that began before it says nothing about it.
	if (result->outcome == BS_OUTCOME_OK)
		key->dead_until_ms = key->dead_as = 0;
	if (result->outcome == BS_OUTCOME_QUOTA || result->outcome == BS_OUTCOME_CREDENTIAL) {
		bool quota = result->outcome == BS_OUTCOME_QUOTA;
		key->dead_until_ms = event->at_ms +
				     (quota ? BS_HEALTH_QUOTA_MS : BS_HEALTH_CREDENTIAL_MS);
		key->dead_as = (int64_t)result->outcome;
	}
	if (result->outcome != BS_OUTCOME_RATE_LIMITED && !result->remaining_zero)
		return;
	int64_t cool_ms = result->retry_after_ms >= 0 ? result->retry_after_ms : BS_POLICY_COOL_MS;
	if (cool_ms > BS_RETRY_AFTER_MS_MAX)
		cool_ms = BS_RETRY_AFTER_MS_MAX;
	if (key->cold_until_ms < event->at_ms + cool_ms)
		key->cold_until_ms = event->at_ms + cool_ms;
}

static void add_tenths(int64_t *tenths, int64_t change, int64_t max)
{
	*tenths += change;
	if (*tenths > max)
		*tenths = max;
	if (*tenths < 0)
		*tenths = 0;
}

void bs_health_note(struct bs_health *health, const struct bs_health_ids *ids,
	const struct bs_health_event *event)
{
	const struct bs_try *order = &event->order;
	assert(order->route < ids->routes_count);
	const struct bs_health_ids_route *route = &ids->routes[order->route];
	assert(order->key < route->keys_count);
	bool ok = event->result.outcome == BS_OUTCOME_OK;
	learn_route(touch_route(health, route->route, event->at_ms), event);
	learn_key(touch_key(health, route->keys[order->key], event->at_ms), event);
	add_tenths(&health->retry_tenths, (order->retry ? -10 : 0) + (ok ? 1 : 0),
		BS_HEALTH_RETRY_TENTHS_MAX);
	add_tenths(&health->hedge_tenths, (order->hedge ? -10 : 0) + (order->id == 0 ? 1 : 0),
		BS_HEALTH_HEDGE_TENTHS_MAX);
}
