// SPDX-License-Identifier: MIT
// core/llm/health and breaker: what holds whatever happened, in any order, on any clock.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/config/config.h"
#include "core/llm/health.h"

#define WALL_MS INT64_C(1700000000000)
#define ROUTES 3

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

static struct bs_health_ids ids_of(uint64_t run)
{
	struct bs_health_ids ids = {.run = run, .routes_count = ROUTES};
	for (size_t i = 0; i < ROUTES; i++)
		ids.routes[i] = (struct bs_health_ids_route){
			.route = i + 1, .keys = {100 + i, 200 + i}, .keys_count = 2};
	return ids;
}

static struct bs_router_config config_of_routes(void)
{
	struct bs_router_config config = {.routes_count = ROUTES, .hedge_ms = BS_HEDGE_AUTO};
	for (size_t i = 0; i < ROUTES; i++)
		config.routes[i] = (struct bs_router_route){.keys_count = 2,
			.modes = (1u << BS_SCHEMA_MODE_COUNT) - 1,
			.first_token_ms = 4000,
			.attempt_ms = 15000};
	return config;
}

// --- the breaker against a second reading of its rules, from all that ever happened

struct call {
	int64_t at_ms;
	unsigned halves;
};

static bool should_open(const struct call *calls, size_t count, int64_t now_ms)
{
	unsigned streak = 0, window_calls = 0, window_halves = 0;
	for (size_t i = count; i > 0 && calls[i - 1].halves; i--)
		if (now_ms - calls[i - 1].at_ms <= 120000)
			streak += calls[i - 1].halves;
	for (size_t i = 0; i < count; i++)
		if (now_ms / 60000 - calls[i].at_ms / 60000 < 5) {
			window_calls++;
			window_halves += calls[i].halves;
		}
	return streak >= 3 || (window_calls >= 6 && window_halves >= window_calls);
}

static void breaker_opens_exactly_by_its_two_rules(void **state)
{
	(void)state;
	static const enum bs_breaker_note notes[] = {
		BS_BREAKER_SUCCESS, BS_BREAKER_HALF, BS_BREAKER_FAILURE};
	unsigned openings = 0;
	for (uint64_t seed = 1; seed < 20000; seed++) {
		struct bs_breaker breaker = {0};
		struct call calls[64];
		int64_t now_ms = WALL_MS + (int64_t)seed * 977;
		chance_state = seed * 0x9e3779b97f4a7c15u;
		uint64_t pace_ms = 1 + chance(120000);
		for (size_t i = 0; i < 64; i++) {
			unsigned halves = (unsigned)(one_in(2) ? 0 : 1 + chance(2));
			now_ms += (int64_t)chance(pace_ms);
			calls[i] = (struct call){now_ms, halves};
			bs_breaker_note(&breaker, notes[halves], true, now_ms, chance(UINT64_MAX));
			bool open = bs_breaker_state(&breaker, now_ms) == BS_BREAKER_OPEN;
			assert_int_equal(open, halves && should_open(calls, i + 1, now_ms));
			if (open) {
				openings++;
				assert_true(breaker.open_until_ms - now_ms >= 4000);
				assert_true(breaker.open_until_ms - now_ms <= 6000);
				break;
			}
		}
	}
	assert_true(openings > 1000);
}

static void breaker_rests_longer_each_time_and_a_minute_in_an_old_outage(void **state)
{
	(void)state;
	static const int64_t rests_ms[] = {5000, 10000, 20000, 20000, 20000};
	struct bs_breaker breaker = {0};
	int64_t now_ms = WALL_MS;
	bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, now_ms, 0);
	for (unsigned i = 0; i < 40; i++) {
		bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, now_ms, chance(UINT64_MAX));
		int64_t rest_ms = breaker.open_until_ms - now_ms;
		int64_t base_ms = now_ms - WALL_MS >= 300000 ? 60000 : rests_ms[i < 4 ? i : 4];
		assert_true(rest_ms >= base_ms * 4 / 5 && rest_ms <= base_ms * 6 / 5);
		bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, now_ms + 1, 7);
		assert_int_equal(breaker.open_until_ms - now_ms, rest_ms); // known already
		now_ms = breaker.open_until_ms;
		assert_int_equal(bs_breaker_state(&breaker, now_ms), BS_BREAKER_HALF_OPEN);
	}
	bs_breaker_note(&breaker, BS_BREAKER_NEUTRAL, false, now_ms, 0);
	assert_int_equal(bs_breaker_state(&breaker, now_ms), BS_BREAKER_HALF_OPEN);
	bs_breaker_note(&breaker, BS_BREAKER_SUCCESS, true, now_ms, 0);
	assert_int_equal(bs_breaker_state(&breaker, now_ms), BS_BREAKER_CLOSED);
	bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, now_ms, 0);
	assert_int_equal(bs_breaker_state(&breaker, now_ms), BS_BREAKER_CLOSED);
}

static void breaker_lends_its_probe_to_one_run_at_a_time(void **state)
{
	(void)state;
	struct bs_breaker breaker = {0};
	bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, WALL_MS, 0);
	bs_breaker_note(&breaker, BS_BREAKER_FAILURE, false, WALL_MS, 0);
	int64_t now_ms = breaker.open_until_ms;
	assert_true(bs_breaker_claim(&breaker, 7, 30000, now_ms));
	assert_true(bs_breaker_claim(&breaker, 7, 30000, now_ms));
	assert_false(bs_breaker_claim(&breaker, 8, 30000, now_ms));
	assert_false(bs_breaker_claim(&breaker, 8, 30000, now_ms + 29999));
	bs_breaker_release(&breaker, 8); // not its own
	assert_true(bs_breaker_is_leased(&breaker, 8, now_ms));
	assert_true(bs_breaker_claim(&breaker, 8, INT64_C(1) << 40, now_ms + 30000));
	assert_false(bs_breaker_is_leased(
		&breaker, 9, now_ms + 30000 + BS_BREAKER_LEASE_MS_MAX)); // however long it asked
	bs_breaker_release(&breaker, 8);
	assert_true(bs_breaker_claim(&breaker, 9, 30000, now_ms + 30000));
}

// --- an outage as many runs see it

// Fifteen runs, `pace_ms` apart, on a dead primary: how often it is asked.
static unsigned asked_in_outage(uint64_t seed, int64_t pace_ms)
{
	struct bs_health health;
	unsigned asked = 0;
	bs_health_init(&health, &(struct bs_salt){{1, seed}});
	for (uint64_t run = 1; run <= 15; run++) {
		struct bs_health_ids ids = ids_of(run);
		int64_t wall_ms = WALL_MS + (int64_t)run * pace_ms;
		struct bs_router_config config = config_of_routes();
		bs_health_settle(&health, wall_ms);
		bs_health_claim(&health, &ids, 28500, wall_ms);
		bs_health_advise(&health, &ids, wall_ms, 0, &config);
		unsigned sends = config.routes[0].skip_until_ms > 0 ? 0
				 : config.routes[0].probe           ? 1
								    : 2;
		for (unsigned i = 0; i < sends; i++, asked++) {
			struct bs_health_event event = {.at_ms = wall_ms + i,
				.chance = (seed + asked) * 0x9e3779b97f4a7c15u,
				.order = {.retry = i > 0},
				.result = {.outcome = BS_OUTCOME_SERVER_ERROR,
					.http_status = 503,
					.first_token_ms = -1,
					.retry_after_ms = -1}};
			bs_health_note(&health, &ids, &event);
		}
		bs_health_release(&health, &ids);
		health.saved_ms = wall_ms;
	}
	return asked;
}

static void fifteen_runs_ask_a_dead_primary_at_most_six_times(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++)
		for (int64_t pace_ms = 0; pace_ms <= 5000; pace_ms += 500)
			assert_true(asked_in_outage(seed, pace_ms) <= 6);
	assert_int_equal(asked_in_outage(1, 0), 2);
	assert_true(asked_in_outage(1, 300000) == 16); // one an old outage's run, no retry
}

// --- everything by chance

static struct bs_health_event make_event(int64_t wall_ms)
{
	static const int64_t hints_ms[] = {-1, 0, 900, 60000, 86400000, INT64_C(1) << 50};
	struct bs_health_event event = {.at_ms = wall_ms - (int64_t)chance(2000),
		.chance = chance(UINT64_MAX),
		.elapsed_ms = (int64_t)chance(20000),
		.streams = !one_in(4),
		.cut_short = one_in(8)};
	event.order = (struct bs_try){.id = (unsigned)chance(3),
		.route = chance(ROUTES),
		.key = chance(2),
		.mode = (enum bs_schema_mode)chance(BS_SCHEMA_MODE_COUNT),
		.hedge = one_in(4),
		.retry = one_in(3),
		.dropped = one_in(4) ? (unsigned)chance(BS_PARAMS_ALL + 1) : 0,
		.params = (unsigned)chance(BS_PARAMS_ALL + 1),
		.first_token_ms = 4000};
	event.result = (struct bs_try_result){.outcome = (enum bs_outcome)chance(BS_OUTCOME_COUNT),
		.http_status = one_in(2) ? 200 : 0,
		.retry_after_ms = hints_ms[chance(sizeof(hints_ms) / sizeof(hints_ms[0]))],
		.first_token_ms = one_in(2) ? -1 : (int64_t)chance(INT64_C(1) << (1 + chance(40))),
		.parameter_refused = one_in(2),
		.output_tokens_max = one_in(4) ? 1 + (unsigned)chance(8000) : 0,
		.params = (unsigned)chance(BS_PARAMS_ALL + 1),
		.remaining_zero = one_in(10)};
	return event;
}

static void hold_advice(const struct bs_health *health, uint64_t run, int64_t wall_ms)
{
	struct bs_router_config config = config_of_routes();
	struct bs_health_ids ids = ids_of(run);
	int64_t now_ms = (int64_t)chance(1000000);
	bs_health_advise(health, &ids, wall_ms, now_ms, &config);
	assert_true(config.retries_max <= 5);
	for (size_t i = 0; i < ROUTES; i++) {
		const struct bs_router_route *route = &config.routes[i];
		assert_true(!route->skip_until_ms || route->skip_until_ms > now_ms);
		assert_true(route->skip_until_ms <= now_ms + BS_HEALTH_GONE_MS);
		assert_true(route->modes & (1u << route->best_mode));
		assert_true(route->p95_ms >= 0 && route->p95_ms <= BS_HEALTH_SAMPLE_MS_MAX);
		for (size_t k = 0; k < 2; k++) {
			assert_true(route->key_warm_ms[k] <= now_ms + BS_RETRY_AFTER_MS_MAX);
			assert_true(route->key_dead_ms[k] <= now_ms + BS_HEALTH_QUOTA_MS);
		}
	}
}

// Whoever may ask a half-open route now; at most one of the runs.
static void hold_leases(struct bs_health *health, int64_t wall_ms, uint64_t run)
{
	struct bs_health_ids ids = ids_of(run);
	bs_health_claim(health, &ids, 1 + (int64_t)chance(40000), wall_ms);
	for (size_t i = 0; i < ROUTES; i++) {
		unsigned may_ask = 0;
		bool probe = false;
		for (uint64_t other = 1; other <= 5; other++) {
			struct bs_router_config config = config_of_routes();
			struct bs_health_ids others = ids_of(other);
			bs_health_advise(health, &others, wall_ms, 1000, &config);
			probe |= config.routes[i].probe;
			may_ask += config.routes[i].skip_until_ms <= 1000;
		}
		if (probe)
			assert_true(may_ask <= 1);
	}
}

static void hold_text(const struct bs_health *health)
{
	static struct bs_health again;
	struct bs_buf text, second;
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	bs_buf_init(&second, BS_HEALTH_BYTES_MAX);
	bs_health_print(health, &text);
	assert_int_equal(text.failed, BS_OK);
	assert_int_equal(bs_health_parse(bs_buf_str(&text), &again, NULL), BS_OK);
	bs_health_print(&again, &second);
	assert_true(bs_str_eq(bs_buf_str(&text), bs_buf_str(&second)));
	bs_buf_release(&text);
	bs_buf_release(&second);
}

static void health_holds_its_bounds_whatever_happens(void **state)
{
	(void)state;
	static struct bs_health health;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		chance_state = seed * 0x9e3779b97f4a7c15u;
		int64_t wall_ms = WALL_MS;
		bs_health_init(&health, &(struct bs_salt){{1, 2}});
		for (unsigned i = 0; i < 200; i++) {
			struct bs_health_ids ids = ids_of(1 + chance(5));
			wall_ms += (int64_t)chance(1u << chance(22));
			if (one_in(50)) // the clock jumps
				wall_ms += (int64_t)chance(200000000) - 100000000;
			bs_health_settle(&health, wall_ms);
			if (one_in(3))
				hold_leases(&health, wall_ms, 1 + chance(5));
			struct bs_health_event event = make_event(wall_ms);
			bs_health_note(&health, &ids, &event);
			if (one_in(4))
				bs_health_release(&health, &ids);
			assert_true(health.retry_tenths >= 0 && health.retry_tenths <= 100);
			assert_true(health.hedge_tenths >= 0 && health.hedge_tenths <= 30);
			hold_advice(&health, 1 + chance(5), wall_ms);
			health.saved_ms = wall_ms;
		}
		hold_text(&health);
	}
}

static void health_settles_every_rest_however_long_it_is_said_to_be(void **state)
{
	(void)state;
	static struct bs_health health;
	const int64_t far_ms = INT64_C(1) << 45;
	struct bs_health_ids ids = ids_of(1);
	struct bs_router_config config = config_of_routes();
	bs_health_init(&health, &(struct bs_salt){{1, 2}});
	health.saved_ms = WALL_MS;
	health.routes_count = ROUTES;
	health.keys_count = 1;
	for (size_t i = 0; i < ROUTES; i++)
		health.routes[i] = (struct bs_health_route){.id = i + 1, .touched_ms = far_ms};
	health.routes[0].breaker = (struct bs_breaker){
		.outage_ms = far_ms, .open_until_ms = far_ms, .lease_until_ms = far_ms};
	health.routes[1].breaker = (struct bs_breaker){
		.outage_ms = 1, .open_until_ms = 1, .lease_until_ms = far_ms, .lease_run = 9};
	health.routes[2].gone_until_ms = far_ms;
	health.routes[2].refused_until_ms = health.routes[2].dropped_until_ms = far_ms;
	health.keys[0] = (struct bs_health_key){100, far_ms, far_ms, far_ms, 0};
	bs_health_settle(&health, WALL_MS);
	bs_health_advise(&health, &ids, WALL_MS, 0, &config);
	assert_int_equal(config.routes[0].skip_until_ms, BS_BREAKER_OPEN_MS_MAX);
	assert_int_equal(config.routes[1].skip_until_ms, BS_BREAKER_LEASE_MS_MAX);
	assert_int_equal(config.routes[2].skip_until_ms, BS_HEALTH_GONE_MS);
	assert_int_equal(config.routes[0].key_warm_ms[0], BS_RETRY_AFTER_MS_MAX);
	assert_int_equal(config.routes[0].key_dead_ms[0], BS_HEALTH_QUOTA_MS);
	assert_int_equal(health.routes[2].refused_until_ms, WALL_MS + BS_HEALTH_LEARNT_MS);
	assert_int_equal(health.routes[2].dropped_until_ms, WALL_MS + BS_HEALTH_LEARNT_MS);
}

static int64_t skip_of_first(const struct bs_health *health, uint64_t run, int64_t wall_ms)
{
	struct bs_health_ids ids = ids_of(run);
	struct bs_router_config config = config_of_routes();
	bs_health_advise(health, &ids, wall_ms, 0, &config);
	return config.routes[0].skip_until_ms;
}

static void health_gives_back_what_a_run_did_not_use(void **state)
{
	(void)state;
	static struct bs_health health;
	struct bs_health_ids first = ids_of(1);
	bs_health_init(&health, &(struct bs_salt){{1, 2}});
	health.routes_count = 1;
	health.routes[0] = (struct bs_health_route){.id = 1,
		.touched_ms = WALL_MS,
		.breaker = {.outage_ms = WALL_MS - 9000, .open_until_ms = WALL_MS - 1}};
	assert_true(bs_health_wants_claim(&health, &first, WALL_MS));
	bs_health_claim(&health, &first, 20000, WALL_MS);
	assert_int_equal(skip_of_first(&health, 1, WALL_MS), 0);
	assert_int_equal(skip_of_first(&health, 2, WALL_MS), 20000);
	bs_health_release(&health, &first);
	assert_int_equal(skip_of_first(&health, 2, WALL_MS), 0);
}

static void health_keeps_the_last_used_when_it_is_full(void **state)
{
	(void)state;
	static struct bs_health health;
	bs_health_init(&health, &(struct bs_salt){{1, 2}});
	for (uint64_t i = 0; i < 3 * BS_HEALTH_KEYS_MAX; i++) {
		struct bs_health_ids ids = {.run = 1,
			.routes_count = 1,
			.routes = {{.route = i + 1, .keys = {i + 1}, .keys_count = 1}}};
		struct bs_health_event event = {.at_ms = WALL_MS + (int64_t)i,
			.result = {.outcome = BS_OUTCOME_QUOTA, .retry_after_ms = -1}};
		event.result.first_token_ms = 100;
		bs_health_note(&health, &ids, &event);
	}
	assert_int_equal(health.routes_count, BS_HEALTH_ROUTES_MAX);
	assert_int_equal(health.keys_count, BS_HEALTH_KEYS_MAX);
	assert_int_equal(health.routes[0].id, 3 * BS_HEALTH_KEYS_MAX);
	assert_int_equal(health.keys[BS_HEALTH_KEYS_MAX - 1].id, 2 * BS_HEALTH_KEYS_MAX + 1);
	hold_text(&health);
	bs_health_settle(&health, WALL_MS + BS_HEALTH_UNUSED_MS + 1000);
	assert_int_equal(health.routes_count + health.keys_count, 0);
}

static void the_longest_file_fits_into_its_bound(void **state)
{
	(void)state;
	static struct bs_health health;
	struct bs_buf text;
	memset(&health, 0xff, sizeof(health)); // negative: as wide as any time that is read
	health.routes_count = BS_HEALTH_ROUTES_MAX;
	health.keys_count = BS_HEALTH_KEYS_MAX;
	for (size_t i = 0; i < BS_HEALTH_ROUTES_MAX; i++) {
		struct bs_health_route *route = &health.routes[i];
		int64_t *numbers[] = {&route->touched_ms, &route->gone_until_ms,
			&route->refused_until_ms, &route->dropped_until_ms,
			&route->breaker.outage_ms, &route->breaker.open_until_ms,
			&route->breaker.lease_until_ms};
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			*numbers[k] = INT64_C(1) << 45;
		for (size_t k = 0; k < BS_BREAKER_STREAK_HALVES; k++)
			route->breaker.failed_ms[k] = INT64_C(1) << 45;
		for (size_t k = 0; k < BS_BREAKER_WINDOW_MINUTES; k++) {
			route->breaker.window_minute[k] = INT64_C(1) << 45;
			route->breaker.window_calls[k] = BS_BREAKER_COUNT_MAX;
			route->breaker.window_halves[k] = 2 * BS_BREAKER_COUNT_MAX;
		}
		for (size_t k = 0; k < BS_HEALTH_SAMPLES; k++)
			route->first_token_ms[k] = BS_HEALTH_SAMPLE_MS_MAX;
	}
	for (size_t i = 0; i < BS_HEALTH_KEYS_MAX; i++)
		health.keys[i].touched_ms = health.keys[i].cold_until_ms =
			health.keys[i].dead_until_ms = INT64_C(1) << 45;
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	bs_health_print(&health, &text);
	assert_int_equal(text.failed, BS_OK);
	print_message("# %zu bytes at most\n", text.len);
	bs_buf_release(&text);
}

static void p95_is_the_nearest_rank_and_needs_enough(void **state)
{
	(void)state;
	struct bs_health_route route = {0};
	for (int i = 0; i < BS_HEALTH_SAMPLES_MIN - 1; i++)
		route.first_token_ms[i] = 100 * (i + 1);
	assert_int_equal(bs_health_p95_ms(&route), 0);
	route.first_token_ms[BS_HEALTH_SAMPLES_MIN - 1] = 50;
	assert_int_equal(bs_health_p95_ms(&route), 700);
	for (int i = 0; i < BS_HEALTH_SAMPLES; i++)
		route.first_token_ms[i] = i == 3 ? 9000 : 100 + i;
	assert_int_equal(bs_health_p95_ms(&route), 119); // one of twenty may be an exception
}

// --- fingerprints

static void fingerprint_is_siphash(void **state)
{
	(void)state;
	// the paper's example: key 00 01 … 0f, text 00 01 … 0e
	const struct bs_salt salt = {{0x0706050403020100u, 0x0f0e0d0c0b0a0908u}};
	char text[15];
	for (char i = 0; i < 15; i++)
		text[(int)i] = i;
	assert_true(bs_fingerprint(&salt, bs_str(text, 15)) == 0xa129ca6149be45e5u);
}

static void fingerprint_of_a_secret_is_short_and_depends_on_salt_and_place(void **state)
{
	(void)state;
	const struct bs_salt salt = {{1, 2}}, other = {{1, 3}};
	uint64_t mark = bs_fingerprint_secret(&salt, BS_LIT("a"), BS_LIT("x"));
	assert_true(mark >> BS_FINGERPRINT_SECRET_BITS == 0);
	assert_true(mark == bs_fingerprint_secret(&salt, BS_LIT("a"), BS_LIT("x")));
	assert_true(mark != bs_fingerprint_secret(&other, BS_LIT("a"), BS_LIT("x")));
	assert_true(mark != bs_fingerprint_secret(&salt, BS_LIT("b"), BS_LIT("x")));
	assert_true(mark != bs_fingerprint_secret(&salt, BS_LIT("a"), BS_LIT("y")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breaker_opens_exactly_by_its_two_rules),
		cmocka_unit_test(breaker_rests_longer_each_time_and_a_minute_in_an_old_outage),
		cmocka_unit_test(breaker_lends_its_probe_to_one_run_at_a_time),
		cmocka_unit_test(fifteen_runs_ask_a_dead_primary_at_most_six_times),
		cmocka_unit_test(health_holds_its_bounds_whatever_happens),
		cmocka_unit_test(health_settles_every_rest_however_long_it_is_said_to_be),
		cmocka_unit_test(health_gives_back_what_a_run_did_not_use),
		cmocka_unit_test(health_keeps_the_last_used_when_it_is_full),
		cmocka_unit_test(the_longest_file_fits_into_its_bound),
		cmocka_unit_test(p95_is_the_nearest_rank_and_needs_enough),
		cmocka_unit_test(fingerprint_is_siphash),
		cmocka_unit_test(fingerprint_of_a_secret_is_short_and_depends_on_salt_and_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
