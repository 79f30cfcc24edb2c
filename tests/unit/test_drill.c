// SPDX-License-Identifier: MIT
// core/drill: what a scenario does to whom, and what its runs come to.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/drill/live.h"
#include "core/drill/tally.h"
#include "core/fault/server.h"

static struct bs_drill_run run_of(enum bs_drill_ending ending, int64_t elapsed_ms)
{
	struct bs_drill_run run = {.ending = ending, .elapsed_ms = elapsed_ms};
	(void)snprintf(run.route, sizeof(run.route), "%s", ending == BS_DRILL_MODEL ? "b/m" : "");
	return run;
}

// --- scenarios

static void every_scenario_is_a_script_that_can_be_read(void **state)
{
	(void)state;
	const struct bs_drill_scenario *scenario;
	size_t count = 0;
	for (; (scenario = bs_drill_scenario_at(count)); count++) {
		struct bs_buf text;
		struct bs_err err = {0};
		struct bs_fault_server *server = NULL;
		bs_buf_init(&text, 64 * 1024);
		bs_drill_scenario_script(scenario, 3, 100, &text);
		const struct bs_fault_options options = {
			.text = bs_buf_str(&text), .lifetime_ms = 1};
		if (bs_fault_server_start(&options, &server, &err) != BS_OK)
			fail_msg("%s: %s", scenario->name, err.msg);
		assert_int_equal(bs_fault_server_count(server), 3);
		bs_fault_server_stop(server);
		bs_buf_release(&text);
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(bs_drill_scenario_at(i)->name, scenario->name);
	}
	assert_true(count >= 20);
}

static void scenario_hurts_whom_it_says(void **state)
{
	(void)state;
	const struct bs_drill_scenario scenario = {
		"x", "", "* status=503", "* answer=broken", "refuse", 8000};
	struct bs_buf text;
	bs_buf_init(&text, 1000);
	bs_drill_scenario_script(&scenario, 2, 70, &text);
	assert_str(bs_buf_str(&text), "server p0 latency=70ms refuse\n* status=503 until=8000ms\n"
				      "server p1 latency=70ms \n* answer=broken\n");
	bs_buf_release(&text);
}

static enum bs_status find(const char *text, struct bs_arena *arena,
	const struct bs_drill_scenario **ret_scenario, struct bs_err *err)
{
	return bs_drill_scenario_find(bs_str_c(text), arena, ret_scenario, err);
}

static void scenario_is_found_by_name_or_made_of_a_line(void **state)
{
	(void)state;
	const struct bs_drill_scenario *scenario = NULL;
	struct bs_arena arena;
	struct bs_err err = {0};
	bs_arena_init(&arena, 64 * 1024);
	assert_int_equal(find("stall", &arena, &scenario, &err), BS_OK);
	assert_string_equal(scenario->name, "stall");
	assert_int_equal(find("mine=* status=418 latency=2s", &arena, &scenario, &err), BS_OK);
	assert_string_equal(scenario->name, "mine");
	assert_string_equal(scenario->first, "* status=418 latency=2s");
	assert_null(scenario->others);
	assert_int_equal(find("hard-502", &arena, &scenario, &err), BS_USAGE);
	assert_non_null(strstr(err.msg, "did you mean hard-503?"));
	assert_int_equal(find("mine=* statis=500", &arena, &scenario, &err), BS_USAGE);
	assert_non_null(strstr(err.msg, "--scenario mine:"));
	assert_non_null(strstr(err.msg, "statis=500"));
	assert_int_equal(find("mine=* ok\nserver q\n* ok", &arena, &scenario, &err), BS_USAGE);
	bs_arena_release(&arena);
}

// --- the tally

static void percentile_is_by_nearest_rank(void **state)
{
	(void)state;
	struct bs_drill_run runs[20];
	for (size_t i = 0; i < 20; i++)
		runs[i] = run_of(BS_DRILL_MODEL, (int64_t)((i * 7) % 20 + 1)); // 1 to 20, mixed
	assert_int_equal(bs_drill_percentile_ms(runs, 20, 50), 10);
	assert_int_equal(bs_drill_percentile_ms(runs, 20, 95), 19);
	assert_int_equal(bs_drill_percentile_ms(runs, 20, 100), 20);
	assert_int_equal(bs_drill_percentile_ms(runs, 1, 95), 1);
	assert_int_equal(bs_drill_percentile_ms(runs, 0, 95), 0);
}

static struct bs_drill_result tallied(const struct bs_drill_scenario *scenario,
	struct bs_drill_run *runs, size_t count, int64_t back_ms)
{
	struct bs_drill_result result = {.scenario = scenario,
		.runs = runs,
		.runs_count = count,
		.back_ms = back_ms,
		.played = true};
	const struct bs_config config = {.deadline_ms = 1000};
	bs_drill_tally(&result, "a", &config);
	return result;
}

static void verdict_is_the_worst_that_happened(void **state)
{
	(void)state;
	const struct bs_drill_scenario plain = {.name = "plain"};
	struct bs_drill_run runs[3];
	for (size_t i = 0; i < 3; i++)
		runs[i] = run_of(BS_DRILL_MODEL, 1000);
	struct bs_drill_result result = tallied(&plain, runs, 3, -1);
	assert_int_equal(result.verdict, BS_DRILL_OK);
	assert_int_equal(result.answered_by_models, 3);
	assert_false(bs_drill_failed(&result));
	runs[1] = run_of(BS_DRILL_LOCAL, 10);
	result = tallied(&plain, runs, 3, -1);
	assert_int_equal(result.verdict, BS_DRILL_FELL_BACK);
	assert_false(bs_drill_failed(&result));
	runs[2].elapsed_ms = 1001;
	result = tallied(&plain, runs, 3, -1);
	assert_int_equal(result.verdict, BS_DRILL_TOO_LATE);
	assert_true(bs_drill_failed(&result));
	runs[0] = run_of(BS_DRILL_LOST, 10);
	result = tallied(&plain, runs, 3, -1);
	assert_int_equal(result.verdict, BS_DRILL_NO_SUMMARY);
	assert_true(bs_drill_failed(&result));
}

static void fallback_must_not_make_it_worse(void **state)
{
	(void)state;
	const struct bs_drill_scenario plain = {.name = "plain"};
	struct bs_config config = {.deadline_ms = 1000};
	struct bs_drill_run run = run_of(BS_DRILL_LOCAL, 10);
	struct bs_drill_result result = tallied(&plain, &run, 1, -1);
	result.alone = run_of(BS_DRILL_MODEL, 10);
	result.alone_played = true;
	bs_drill_tally(&result, "a", &config);
	assert_int_equal(result.verdict, BS_DRILL_WORSE);
	assert_true(bs_drill_failed(&result));
	result.alone.ending = BS_DRILL_LOCAL;
	bs_drill_tally(&result, "a", &config);
	assert_int_equal(result.verdict, BS_DRILL_FELL_BACK);
	config.require_llm = true;
	bs_drill_tally(&result, "a", &config);
	assert_int_equal(result.verdict, BS_DRILL_NO_MODEL);
	assert_true(bs_drill_failed(&result));
}

static void recovery_has_its_bound(void **state)
{
	(void)state;
	const struct bs_drill_scenario outage = {.name = "outage", .outage_ms = 8000};
	struct bs_drill_run run = run_of(BS_DRILL_MODEL, 10);
	assert_int_equal(tallied(&outage, &run, 1, 30000).verdict, BS_DRILL_OK);
	assert_int_equal(tallied(&outage, &run, 1, 30001).verdict, BS_DRILL_NOT_BACK);
	struct bs_drill_result never = tallied(&outage, &run, 1, -1);
	assert_int_equal(never.verdict, BS_DRILL_NOT_BACK);
	assert_true(bs_drill_failed(&never));
}

static void sends_of_the_first_provider_are_counted(void **state)
{
	(void)state;
	const struct bs_drill_scenario plain = {.name = "plain"};
	struct bs_drill_run run = run_of(BS_DRILL_MODEL, 10);
	static const char *const routes[] = {"a/m", "a/other", "ab/m", "b/m"};
	for (size_t i = 0; i < 4; i++)
		(void)snprintf(run.attempts[run.attempts_count++].route, BS_DRILL_NAME_BYTES, "%s",
			routes[i]);
	struct bs_drill_result result = tallied(&plain, &run, 1, -1);
	assert_int_equal(result.first_provider_sends, 2);
	assert_int_equal(result.attempts_max, 4);
}

static void unfinished_scenario_has_failed(void **state)
{
	(void)state;
	const struct bs_drill_scenario plain = {.name = "plain"};
	struct bs_drill_run run = run_of(BS_DRILL_MODEL, 10);
	struct bs_drill_result result = tallied(&plain, &run, 1, -1);
	result.played = false;
	assert_true(bs_drill_failed(&result));
}

static void answerers_are_named_once(void **state)
{
	(void)state;
	struct bs_drill_run runs[] = {run_of(BS_DRILL_MODEL, 1), run_of(BS_DRILL_LOCAL, 1),
		run_of(BS_DRILL_MODEL, 1), run_of(BS_DRILL_LOST, 1)};
	const struct bs_drill_result result = {.runs = runs, .runs_count = 4};
	struct bs_buf out;
	bs_buf_init(&out, 1000);
	bs_drill_add_answerers(&result, false, &out);
	assert_str(bs_buf_str(&out), "b/m, rules, nobody");
	bs_buf_clear(&out);
	bs_drill_add_answerers(&result, true, &out);
	assert_str(bs_buf_str(&out), "b, rules, nobody");
	bs_buf_release(&out);
}

// --- the rehearsal with real providers

static void lifeboat_is_judged_by_what_had_to_be_done(void **state)
{
	(void)state;
	struct bs_drill_run run = run_of(BS_DRILL_MODEL, 10);
	run.attempts_count = 1;
	run.attempts[0].outcome = BS_OUTCOME_OK;
	assert_int_equal(bs_live_verdict_of(&run), BS_LIVE_KEEPS);
	run.attempts[0].outcome = BS_OUTCOME_CAPABILITY;
	assert_int_equal(bs_live_verdict_of(&run), BS_LIVE_LEARNT);
	run.repaired = true;
	assert_int_equal(bs_live_verdict_of(&run), BS_LIVE_MENDED);
	run.ending = BS_DRILL_LOCAL;
	assert_int_equal(bs_live_verdict_of(&run), BS_LIVE_FAILED);
	run.attempts[0].outcome = BS_OUTCOME_INVALID_SUMMARY;
	assert_int_equal(bs_live_verdict_of(&run), BS_LIVE_BREAKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scenario_is_a_script_that_can_be_read),
		cmocka_unit_test(scenario_hurts_whom_it_says),
		cmocka_unit_test(scenario_is_found_by_name_or_made_of_a_line),
		cmocka_unit_test(percentile_is_by_nearest_rank),
		cmocka_unit_test(verdict_is_the_worst_that_happened),
		cmocka_unit_test(fallback_must_not_make_it_worse),
		cmocka_unit_test(recovery_has_its_bound),
		cmocka_unit_test(sends_of_the_first_provider_are_counted),
		cmocka_unit_test(unfinished_scenario_has_failed),
		cmocka_unit_test(answerers_are_named_once),
		cmocka_unit_test(lifeboat_is_judged_by_what_had_to_be_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
