// SPDX-License-Identifier: MIT
// Between the chain and what is remembered: recalls it before the first attempt, adds every
// attempt.
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/llm/chain_own.h"
#include "core/llm/policy.h"

// A run that was told to stop, or that has more to do, does not wait for others.
#define HURRY_MS 20

// --- who is who

// Fingerprints depend on the salt of the file, which another run may have begun meanwhile.
static void identify(struct bs_chain *chain, const struct bs_salt *salt)
{
	struct bs_memory *memory = &chain->memory;
	struct bs_health_ids *ids = &memory->ids;
	bool same = memcmp(&memory->salt, salt, sizeof(*salt)) == 0;
	if (same && ids->routes_count == chain->routes_count)
		return;
	memory->salt = *salt;
	ids->routes_count = chain->routes_count;
	for (size_t i = 0; i < chain->routes_count; i++) {
		const struct bs_route *route = &chain->routes[i];
		const struct bs_router_route *config = &chain->config.routes[i];
		struct bs_str host = bs_str_c(route->base_url);
		ids->routes[i].route = bs_health_route_id(salt, host, bs_str_c(route->name));
		ids->routes[i].keys_count = config->keys_count ? config->keys_count : 1;
		for (size_t k = 0; k < ids->routes[i].keys_count; k++)
			ids->routes[i].keys[k] = bs_fingerprint_secret(salt, host,
				config->keys_count ? chain->ring.keys[config->key_ids[k]].value
						   : BS_LIT(""));
	}
}

// --- before the first attempt

static void claim(void *ctx, struct bs_health *health)
{
	struct bs_chain *chain = ctx;
	identify(chain, &health->salt);
	bs_health_claim(health, &chain->memory.ids,
		bs_deadline_left_ms(
			(struct bs_deadline){chain->ask->deadline_at_ms}, bs_clock_ms()),
		bs_clock_wall_ms());
}

static void claim_probes(struct bs_chain *chain, struct bs_health *health, int64_t wall_ms)
{
	struct bs_memory *memory = &chain->memory;
	enum bs_status status = bs_health_file_change(
		&memory->file, BS_HEALTH_LOCK_MS_MAX, wall_ms, claim, chain, health);
	memory->claimed = status == BS_OK;
	if (status != BS_TIMEOUT) // one that cannot be written must not keep a route closed
		return;
	// As many runs as that are at it: one of them will ask.
	memory->ids.run = ~memory->ids.run;
	claim(chain, health);
	memory->ids.run = ~memory->ids.run;
}

static const char *key_name(const struct bs_chain *chain, size_t route, size_t key)
{
	const struct bs_router_route *config = &chain->config.routes[route];
	return config->keys_count ? chain->ring.keys[config->key_ids[key]].name : "it";
}

// Until when a key is not used in this run, and why: its host said so in an earlier one.
static void tell_rest(const struct bs_chain *chain, size_t route, size_t key, int64_t rest_ms)
{
	time_t until = (time_t)((bs_clock_wall_ms() + rest_ms + 999) / 1000);
	struct tm utc;
	char text[64] = "?";
	if (gmtime_r(&until, &utc))
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &utc);
	bs_diag_warn(chain->ask->diag,
		"%s: %s rests until %s, longer than a run waits: its rate limit was reached, or "
		"the provider said that nothing of it remains",
		chain->routes[route].name, key_name(chain, route, key), text);
}

static void tell_resting_keys(const struct bs_chain *chain, size_t route, int64_t now_ms)
{
	const struct bs_router_route *config = &chain->config.routes[route];
	int64_t run_ms = chain->ask->deadline_at_ms - now_ms;
	int64_t wait_ms = run_ms < BS_POLICY_LAST_WAIT_MS ? run_ms : BS_POLICY_LAST_WAIT_MS;
	size_t count = config->keys_count ? config->keys_count : 1; // without one, the host
	for (size_t k = 0; k < count; k++) {
		int64_t left_ms = config->key_dead_ms[k] - now_ms;
		int64_t cold_ms = config->key_warm_ms[k] - now_ms;
		if (left_ms <= 0 && cold_ms > wait_ms) // a shorter rest is waited for
			tell_rest(chain, route, k, cold_ms);
		if (left_ms > 0)
			bs_diag_warn(chain->ask->diag,
				"%s of %s is left out for %lld min more: in an earlier run it was "
				"refused",
				key_name(chain, route, k), chain->routes[route].provider,
				(long long)(left_ms + 59999) / 60000);
	}
}

static void tell_skipped(const struct bs_chain *chain, int64_t now_ms)
{
	for (size_t i = 0; i < chain->routes_count; i++) {
		int64_t left_ms = chain->config.routes[i].skip_until_ms - now_ms;
		if (left_ms > 0)
			bs_diag_warn(chain->ask->diag,
				"%s is left out for %lld s more: it failed in earlier runs",
				chain->routes[i].name, (long long)(left_ms + 999) / 1000);
		tell_resting_keys(chain, i, now_ms);
	}
}

void bs_chain_recall(struct bs_chain *chain)
{
	struct bs_memory *memory = &chain->memory;
	int64_t now_ms = bs_clock_ms(), wall_ms = bs_clock_wall_ms();
	struct bs_health *health = BS_NEW(chain->arena, struct bs_health);
	if (!health || getentropy(&memory->ids.run, sizeof(memory->ids.run)) != 0)
		return;
	bs_health_file_open(&memory->file, chain->ask->config, chain->ask->environ, chain->arena,
		chain->ask->diag);
	if (!memory->file.on)
		return;
	memory->health = health;
	bs_health_file_read(&memory->file, wall_ms, health);
	identify(chain, &health->salt);
	if (bs_health_wants_claim(health, &memory->ids, wall_ms))
		claim_probes(chain, health, wall_ms);
	bs_health_advise(health, &memory->ids, wall_ms, now_ms, &chain->config);
	tell_skipped(chain, now_ms);
}

// --- after each attempt, and at the end

void bs_chain_note(
	struct bs_chain *chain, const struct bs_attempt *attempt, enum bs_outcome outcome)
{
	struct bs_memory *memory = &chain->memory;
	const struct bs_try *order = &attempt->plan.order;
	const struct bs_router_route *config = &chain->config.routes[order->route];
	if (!memory->file.on || memory->events_count == BS_ATTEMPTS_MAX)
		return;
	struct bs_health_event *event = &memory->events[memory->events_count++];
	*event = (struct bs_health_event){
		.order = *order,
		.result = attempt->result,
		.elapsed_ms = bs_clock_ms() - attempt->started_ms,
		.at_ms = bs_clock_wall_ms(),
		.chance = bs_str_hash(bs_str((const char *)&memory->ids.run, sizeof(uint64_t)),
			memory->events_count),
		.streams = bs_attempt_streams(&attempt->plan),
		.cut_short = order->attempt_ms < config->attempt_ms &&
			     order->attempt_ms < config->first_token_ms,
	};
	event->result.outcome = outcome;
	if (attempt->first_token_at_ms >= 0)
		event->result.first_token_ms = attempt->first_token_at_ms - attempt->started_ms;
}

static void add_events(void *ctx, struct bs_health *health)
{
	struct bs_chain *chain = ctx;
	struct bs_memory *memory = &chain->memory;
	identify(chain, &health->salt);
	for (size_t i = memory->events_saved; i < memory->events_count; i++)
		bs_health_note(health, &memory->ids, &memory->events[i]);
	if (memory->ending)
		bs_health_release(health, &memory->ids);
}

static void save(struct bs_chain *chain, int64_t wait_ms)
{
	struct bs_memory *memory = &chain->memory;
	enum bs_status status = bs_health_file_change(
		&memory->file, wait_ms, bs_clock_wall_ms(), add_events, chain, memory->health);
	if (status == BS_OK)
		memory->events_saved = memory->events_count;
}

void bs_chain_remember(struct bs_chain *chain)
{
	if (chain->memory.file.on)
		save(chain, 0);
}

void bs_chain_remember_all(struct bs_chain *chain, bool hurry)
{
	struct bs_memory *memory = &chain->memory;
	memory->ending = true;
	if (memory->file.on && (memory->claimed || memory->events_saved < memory->events_count))
		save(chain, hurry ? HURRY_MS : BS_HEALTH_LOCK_MS_MAX);
	bs_health_file_close(&memory->file);
}
