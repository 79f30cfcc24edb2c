// SPDX-License-Identifier: MIT
// core/llm/router, health and breaker together: several runs at once share what is remembered,
// providers go down and come back, runs are killed, and the wall clock jumps.
#include "tests/unit/unit.h"

#include "core/config/config.h"
#include "core/llm/health.h"

#define WALL_MS INT64_C(1700000000000)
#define ROUTES 3
#define KEYS 2
#define AT_ONCE 3
#define ATTEMPTS 6
#define DEADLINE_MS 28500
#define LIMIT_MS 20000 // of a rate-limited key, as its host says

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

enum mood {
	WELL,
	DOWN, // an error at once
	MUTE, // nothing, until the limit of the first token
	MOOD_COUNT
};

struct flight {
	struct bs_try order;
	bool running, told;
	int64_t started_ms, token_ms, ends_ms;
	struct bs_try_result result;
};

struct run {
	bool live;
	uint64_t id;
	int64_t started_ms, wakes_ms;
	unsigned jumps; // of the clock, before it began
	struct bs_router_config config;
	struct bs_health_ids ids;
	struct bs_router router;
	struct flight flights[ATTEMPTS];
	unsigned starts;
};

struct fleet {
	int64_t now_ms, skew_ms; // monotonic; the wall clock is both together
	unsigned jumps;
	struct bs_health health;
	struct run runs[AT_ONCE];
	uint64_t begun, killed, hedges, retries, successes;
	enum mood moods[ROUTES];
	int64_t limited_until_ms[ROUTES][KEYS]; // the truth, on the monotonic clock
	int64_t told_ms[ROUTES][KEYS];          // when it was noted last …
	int64_t told_until_ms[ROUTES][KEYS];    // … and until then the key rests
};

static int64_t wall_ms(const struct fleet *f)
{
	return f->now_ms + f->skew_ms;
}

// What a file does between two runs: prints, parses, settles.
static void through_the_file(struct fleet *f)
{
	struct bs_buf text;
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	f->health.saved_ms = wall_ms(f);
	bs_health_print(&f->health, &text);
	assert_int_equal(bs_health_parse(bs_buf_str(&text), &f->health, NULL), BS_OK);
	bs_health_settle(&f->health, wall_ms(f));
	bs_buf_release(&text);
}

static void settle(struct fleet *f)
{
	bs_health_settle(&f->health, wall_ms(f));
}

// --- runs

static void begin(struct fleet *f, struct run *run)
{
	*run = (struct run){.live = true,
		.id = ++f->begun,
		.started_ms = f->now_ms,
		.wakes_ms = f->now_ms,
		.jumps = f->jumps};
	run->config = (struct bs_router_config){.routes_count = ROUTES,
		.deadline_ms = DEADLINE_MS,
		.attempts_max = ATTEMPTS,
		.sends_per_route_max = 2,
		.retries_max = BS_ATTEMPTS_MAX,
		.hedge_ms = BS_HEDGE_AUTO,
		.seed = chance(UINT64_MAX)};
	run->ids = (struct bs_health_ids){.run = run->id, .routes_count = ROUTES};
	for (unsigned i = 0; i < ROUTES; i++) {
		run->config.routes[i] = (struct bs_router_route){.host = i,
			.keys_count = KEYS,
			.key_ids = {i * KEYS, i * KEYS + 1},
			.modes = (1u << BS_SCHEMA_MODE_COUNT) - 1,
			.connect_ms = 2000,
			.first_token_ms = 4000,
			.idle_ms = 4000,
			.attempt_ms = 15000};
		run->ids.routes[i] = (struct bs_health_ids_route){.route = i + 1,
			.keys = {100 + i * KEYS, 101 + i * KEYS},
			.keys_count = KEYS};
	}
	settle(f);
	if (bs_health_wants_claim(&f->health, &run->ids, wall_ms(f)))
		bs_health_claim(&f->health, &run->ids, DEADLINE_MS, wall_ms(f));
	bs_health_advise(&f->health, &run->ids, wall_ms(f), f->now_ms, &run->config);
	bs_router_init(&run->router, &run->config, f->now_ms);
}

static void note(struct fleet *f, struct run *run, struct flight *flight, enum bs_outcome outcome)
{
	struct bs_health_event event = {.order = flight->order,
		.result = flight->result,
		.elapsed_ms = f->now_ms - flight->started_ms,
		.at_ms = wall_ms(f),
		.chance = chance(UINT64_MAX),
		.streams = true};
	event.result.outcome = outcome;
	event.result.first_token_ms = flight->told ? flight->token_ms - flight->started_ms : -1;
	flight->running = false;
	if (outcome == BS_OUTCOME_RATE_LIMITED) {
		int64_t *until_ms = &f->told_until_ms[flight->order.route][flight->order.key];
		int64_t rest_ms = flight->result.retry_after_ms;
		f->told_ms[flight->order.route][flight->order.key] = f->now_ms;
		*until_ms = *until_ms > f->now_ms + rest_ms ? *until_ms : f->now_ms + rest_ms;
	}
	settle(f);
	bs_health_note(&f->health, &run->ids, &event);
	f->successes += outcome == BS_OUTCOME_OK;
}

// The host's answer, and when it comes.
static void answer(struct fleet *f, struct flight *flight)
{
	const struct bs_try *order = &flight->order;
	int64_t limited_ms = f->limited_until_ms[order->route][order->key] - f->now_ms;
	flight->result = (struct bs_try_result){.outcome = BS_OUTCOME_OK,
		.http_status = 200,
		.retry_after_ms = -1,
		.first_token_ms = -1,
		.connected = true,
		.should_retry = -1};
	flight->token_ms = INT64_MAX;
	flight->ends_ms = f->now_ms + 20;
	if (f->moods[order->route] == MUTE) {
		flight->result.outcome = BS_OUTCOME_TIMEOUT;
		flight->result.http_status = 0;
		flight->ends_ms = f->now_ms + order->first_token_ms;
	} else if (f->moods[order->route] == DOWN) {
		flight->result.outcome = BS_OUTCOME_SERVER_ERROR;
		flight->result.http_status = 500;
	} else if (limited_ms > 0 || one_in(40)) {
		if (limited_ms <= 0)
			limited_ms = 1 + (int64_t)chance(LIMIT_MS);
		f->limited_until_ms[order->route][order->key] = f->now_ms + limited_ms;
		flight->result.outcome = BS_OUTCOME_RATE_LIMITED;
		flight->result.http_status = 429;
		// As it is when the answer arrives.
		flight->result.retry_after_ms = limited_ms > 20 ? limited_ms - 20 : 0;
	} else {
		flight->token_ms = f->now_ms + 50 + (int64_t)chance(one_in(8) ? 3900 : 400);
		flight->ends_ms = flight->token_ms + (int64_t)chance(1500);
	}
}

// --- what is held

// Nobody uses a key that was known to rest when its run began.
static void hold_rest(const struct fleet *f, const struct run *run, const struct bs_try *order)
{
	bool known = f->told_ms[order->route][order->key] &&
		     f->told_ms[order->route][order->key] < run->started_ms;
	if (known && f->jumps == 0)
		assert_true(f->told_until_ms[order->route][order->key] <= f->now_ms);
}

// One run at a time tries a route that was down: its lease outlasts it. When the clock jumps, a
// lease may end early.
static void hold_probes(const struct fleet *f, size_t route)
{
	unsigned probes = 0;
	for (size_t i = 0; i < AT_ONCE; i++) {
		const struct run *run = &f->runs[i];
		const struct bs_router_route *config = &run->config.routes[route];
		bool lends = run->live && run->jumps == f->jumps && config->probe &&
			     config->skip_until_ms <= run->started_ms;
		for (unsigned n = 0; lends && n < run->starts; n++)
			probes += run->flights[n].running && run->flights[n].order.route == route;
	}
	assert_true(probes <= 1);
}

static void end(struct fleet *f, struct run *run)
{
	for (unsigned i = 0; i < run->starts; i++)
		assert_false(run->flights[i].running);
	assert_true(f->now_ms - run->started_ms <= DEADLINE_MS);
	settle(f);
	bs_health_release(&f->health, &run->ids);
	for (size_t i = 0; i < f->health.routes_count; i++)
		assert_true(f->health.routes[i].breaker.lease_run != run->id);
	run->live = false;
	through_the_file(f);
}

// --- time

static void take_arrivals(struct fleet *f, struct run *run)
{
	for (unsigned i = 0; i < run->starts; i++) {
		struct flight *flight = &run->flights[i];
		if (flight->running && !flight->told && flight->token_ms <= f->now_ms) {
			flight->told = true;
			bs_router_first_token(&run->router, i, f->now_ms);
		}
		if (!flight->running || flight->ends_ms > f->now_ms)
			continue;
		note(f, run, flight, flight->result.outcome);
		bs_router_done(&run->router, i, &flight->result, f->now_ms);
	}
}

static void step(struct fleet *f, struct run *run)
{
	take_arrivals(f, run);
	for (unsigned here = 0; run->live; here++) {
		assert_true(here < 4 * ATTEMPTS);
		struct bs_action action = bs_router_next(&run->router, f->now_ms);
		struct flight *flight = &run->flights[action.attempt.id];
		switch (action.kind) {
		case BS_ACTION_START:
			assert_true(run->starts < ATTEMPTS && action.attempt.id == run->starts);
			hold_rest(f, run, &action.attempt);
			*flight = (struct flight){
				.order = action.attempt, .running = true, .started_ms = f->now_ms};
			run->starts++;
			f->hedges += action.attempt.hedge;
			f->retries += action.attempt.retry;
			answer(f, flight);
			hold_probes(f, action.attempt.route);
			break;
		case BS_ACTION_CANCEL:
			note(f, run, flight, action.reason);
			break;
		case BS_ACTION_WAIT:
			assert_true(action.until_ms > f->now_ms);
			run->wakes_ms = action.until_ms;
			return;
		case BS_ACTION_ACCEPT:
		case BS_ACTION_GIVE_UP:
			end(f, run);
			break;
		}
	}
}

// The next moment at which anything happens, or `until_ms`.
static int64_t next_moment(const struct fleet *f, int64_t until_ms)
{
	for (size_t i = 0; i < AT_ONCE; i++) {
		const struct run *run = &f->runs[i];
		if (run->live && run->wakes_ms < until_ms)
			until_ms = run->wakes_ms;
		for (unsigned n = 0; run->live && n < run->starts; n++) {
			const struct flight *flight = &run->flights[n];
			if (flight->running && !flight->told && flight->token_ms < until_ms)
				until_ms = flight->token_ms;
			if (flight->running && flight->ends_ms < until_ms)
				until_ms = flight->ends_ms;
		}
	}
	return until_ms > f->now_ms ? until_ms : f->now_ms;
}

static void pass(struct fleet *f, int64_t until_ms)
{
	while (f->now_ms < until_ms) {
		f->now_ms = next_moment(f, until_ms);
		for (size_t i = 0; i < AT_ONCE; i++)
			if (f->runs[i].live)
				step(f, &f->runs[i]);
		if (f->now_ms == next_moment(f, until_ms))
			f->now_ms++; // what is due now has been seen to
	}
}

static void act(struct fleet *f, bool jumps)
{
	struct run *run = &f->runs[chance(AT_ONCE)];
	if (one_in(12))
		f->moods[chance(ROUTES)] = one_in(2) ? WELL : (enum mood)chance(MOOD_COUNT);
	if (jumps && one_in(40)) {
		static const int64_t far_ms[] = {1000, 70000, 3600000, 86400000, 31536000000};
		int64_t jump_ms = far_ms[chance(sizeof(far_ms) / sizeof(far_ms[0]))];
		f->skew_ms += one_in(2) ? jump_ms : -jump_ms;
		f->jumps++;
	}
	if (run->live && one_in(15)) { // as SIGKILL does: nothing is given back
		run->live = false;
		f->killed++;
	} else if (!run->live) {
		begin(f, run);
		step(f, run);
	}
}

// All is well again, and no clock jumps: soon the first route answers, and by itself.
static void hold_recovery(struct fleet *f)
{
	pass(f, f->now_ms + DEADLINE_MS + 1);
	for (size_t i = 0; i < ROUTES; i++)
		f->moods[i] = WELL;
	memset(f->limited_until_ms, 0, sizeof(f->limited_until_ms));
	f->jumps = 1; // the keys that rest are let off
	f->now_ms += BS_BREAKER_OPEN_MS_MAX + LIMIT_MS + 1;
	struct run *run = &f->runs[0];
	begin(f, run);
	step(f, run);
	assert_int_equal(run->starts, 1);
	assert_int_equal(run->flights[0].order.route, 0);
	pass(f, f->now_ms + DEADLINE_MS + 1);
	assert_false(run->live);
	for (size_t i = 0; i < f->health.routes_count; i++)
		assert_true(f->health.routes[i].breaker.lease_until_ms <= wall_ms(f));
}

static void play(uint64_t seed, bool jumps, uint64_t *total)
{
	static struct fleet f; // large
	chance_state = seed * 0x9e3779b97f4a7c15u + 1;
	f = (struct fleet){.now_ms = 1000000, .skew_ms = WALL_MS};
	bs_health_init(&f.health, &(struct bs_salt){{seed, 1}});
	for (unsigned i = 0; i < 300; i++) {
		act(&f, jumps);
		pass(&f, f.now_ms + (int64_t)chance(one_in(5) ? 20000 : 1500));
	}
	// Three in hand and one for ten runs; those at once may each take the last one, and a run
	// that was killed tells of none.
	assert_true(f.hedges <= 3 + f.begun / 10 + f.killed + AT_ONCE);
	assert_true(f.retries <= 5 + f.successes / 10 + (f.killed + AT_ONCE) * ATTEMPTS);
	*total += f.begun;
	hold_recovery(&f);
}

static void runs_that_share_a_memory_hold_their_bounds(void **state)
{
	(void)state;
	uint64_t runs = 0;
	for (uint64_t seed = 1; seed <= 100; seed++)
		play(seed, false, &runs);
	print_message("# %llu runs\n", (unsigned long long)runs);
}

static void and_whatever_the_wall_clock_does(void **state)
{
	(void)state;
	uint64_t runs = 0;
	for (uint64_t seed = 1001; seed <= 1100; seed++)
		play(seed, true, &runs);
	print_message("# %llu runs\n", (unsigned long long)runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_that_share_a_memory_hold_their_bounds),
		cmocka_unit_test(and_whatever_the_wall_clock_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
