// SPDX-License-Identifier: MIT
// core/observe: a run becomes series, series add up, and both text formats say the same.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/ext/json.h"
#include "core/observe/metrics.h"

static struct bs_arena arena;

static int set_up(void **state)
{
	(void)state;
	bs_arena_init(&arena, 8 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bs_arena_release(&arena);
	return 0;
}

static struct bs_attempt_record attempts[] = {
	{.route = "openai/gpt/x",
		.key = "OPENAI_KEY_A",
		.outcome = BS_OUTCOME_RATE_LIMITED,
		.http_status = 429,
		.started_ms = 0,
		.first_token_ms = -1,
		.elapsed_ms = 41,
		.reason = "HTTP 429: a word of the provider's"},
	{.route = "anthropic/claude",
		.outcome = BS_OUTCOME_OK,
		.started_ms = 50,
		.first_token_ms = 350,
		.elapsed_ms = 700,
		.input_tokens = 1200,
		.cached_tokens = 200,
		.output_tokens = 80,
		.hedge = true,
		.cost = {true, 1500000000}},
};

static struct bs_run_facts facts(bool by_llm)
{
	static const struct bs_trail trail = {attempts, 2};
	return (struct bs_run_facts){.by_llm = by_llm,
		.route = by_llm ? "anthropic/claude" : "local",
		.trail = &trail,
		.elapsed_ms = 760,
		.wall_ms = 1795600000123,
		.log_bytes = 9000,
		.excerpt_bytes = 800,
		.redactions = 3};
}

static bool has_line(const struct bs_buf *text, const char *line)
{
	struct bs_str rest = bs_buf_str(text), one;
	while (bs_str_split(&rest, '\n', &one))
		if (bs_str_eq_c(one, line))
			return true;
	return false;
}

static void run_that_asks_nobody_is_counted_as_such(void **state)
{
	(void)state;
	struct bs_series *series = bs_series_new(&arena);
	struct bs_run_facts of = facts(true);
	struct bs_buf text;
	of.trail = NULL;
	of.reused_from = "build";
	bs_buf_init(&text, BS_SERIES_TEXT_BYTES_MAX);
	bs_metrics_of(&of, series);
	bs_series_print(series, &text);
	assert_true(has_line(&text, "buildsum_runs_total{outcome=\"reused\"} 1"));
	assert_true(has_line(&text, "buildsum_reuses_total{from=\"build\"} 1"));
	assert_null(strstr(text.ptr, "outcome=\"llm\""));
	assert_null(strstr(text.ptr, "buildsum_attempts_total"));
	assert_null(strstr(text.ptr, "buildsum_fallbacks_total{"));
	bs_buf_release(&text);
}

static void run_is_counted_by_what_happened(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"# TYPE buildsum_attempts_total counter",
		"buildsum_runs_total{outcome=\"llm\"} 1",
		"buildsum_attempts_total{provider=\"openai\",model=\"gpt/x\",outcome=\"rate_limited\"} 1",
		"buildsum_attempts_total{provider=\"anthropic\",model=\"claude\",outcome=\"ok\"} 1",
		"buildsum_hedges_total{provider=\"anthropic\",model=\"claude\"} 1",
		"buildsum_fallbacks_total{from=\"openai\",to=\"anthropic\"} 1",
		"buildsum_first_token_seconds_sum{provider=\"anthropic\",model=\"claude\"} 0.3",
		"buildsum_first_token_seconds_bucket{provider=\"anthropic\",model=\"claude\",le=\"0.25\"} 0",
		"buildsum_first_token_seconds_bucket{provider=\"anthropic\",model=\"claude\",le=\"0.5\"} 1",
		"buildsum_first_token_seconds_bucket{provider=\"anthropic\",model=\"claude\",le=\"+Inf\"} 1",
		"buildsum_tokens_total{provider=\"anthropic\",model=\"claude\",type=\"input\"} 1200",
		"buildsum_tokens_total{provider=\"anthropic\",model=\"claude\",type=\"cached_input\"} 200",
		"buildsum_cost_usd_total{provider=\"anthropic\",model=\"claude\"} 0.0015",
		"buildsum_last_run_timestamp_seconds 1795600000",
		"buildsum_redactions_total 3",
	};
	struct bs_series *series = bs_series_new(&arena);
	struct bs_run_facts of = facts(true);
	struct bs_buf text;
	bs_buf_init(&text, BS_SERIES_TEXT_BYTES_MAX);
	bs_metrics_of(&of, series);
	bs_series_print(series, &text);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!has_line(&text, lines[i]))
			fail_msg("no line %s in\n%s", lines[i], text.ptr);
	assert_false(bs_str_has(bs_buf_str(&text), BS_LIT("OPENAI_KEY_A")));
	assert_false(bs_str_has(bs_buf_str(&text), BS_LIT("word of the provider")));
	bs_buf_release(&text);
}

static void local_summary_is_a_fallback_too(void **state)
{
	(void)state;
	struct bs_series *series = bs_series_new(&arena);
	struct bs_run_facts of = facts(false);
	struct bs_buf text;
	bs_buf_init(&text, BS_SERIES_TEXT_BYTES_MAX);
	bs_metrics_of(&of, series);
	bs_series_print(series, &text);
	assert_true(has_line(&text, "buildsum_fallbacks_total{from=\"openai\",to=\"local\"} 1"));
	bs_buf_release(&text);
}

static void sums_survive_being_written_and_read(void **state)
{
	(void)state;
	struct bs_run_facts of = facts(true);
	struct bs_series *run = bs_series_new(&arena), *host = bs_series_new(&arena);
	struct bs_buf text, again;
	bs_buf_init(&text, BS_SERIES_TEXT_BYTES_MAX);
	bs_buf_init(&again, BS_SERIES_TEXT_BYTES_MAX);
	bs_metrics_of(&of, run);
	for (int i = 0; i < 5; i++) {
		*host = (struct bs_series){.count = 0};
		assert_int_equal(bs_series_parse(host, bs_buf_str(&text), NULL), BS_OK);
		bs_series_merge(host, run);
		bs_buf_clear(&text);
		bs_series_print(host, &text);
	}
	assert_true(has_line(&text, "buildsum_runs_total{outcome=\"llm\"} 5"));
	assert_true(has_line(&text, "buildsum_log_bytes_total{state=\"read\"} 45000"));
	assert_true(has_line(&text, "buildsum_run_duration_seconds_count{outcome=\"llm\"} 5"));
	assert_true(has_line(&text, "buildsum_run_duration_seconds_sum{outcome=\"llm\"} 3.8"));
	assert_true(has_line(&text, "buildsum_build_info{version=\"" BS_VERSION "\"} 1"));
	bs_buf_release(&text);
	bs_buf_release(&again);
}

static void damaged_text_is_told_and_foreign_series_are_let_go(void **state)
{
	(void)state;
	static const char *const damaged[] = {"buildsum_runs_total{outcome=\"llm\"} many\n",
		"buildsum_runs_total{outcome=\"llm\"}\n", "buildsum_redactions_total -1\n",
		"buildsum_redactions_total nan\n", "\x01\x02\n"};
	struct bs_series *series = bs_series_new(&arena);
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++)
		assert_int_equal(bs_series_parse(series, bs_str_c(damaged[i]), NULL), BS_FORMAT);
	assert_int_equal(bs_series_parse(series,
				 BS_LIT("node_load1 0.5\n# a comment\n\n"
					"buildsum_future_total 7\n"),
				 NULL),
		BS_OK);
	assert_int_equal(series->count, 0);
}

static void table_is_bounded_and_labels_are_escaped(void **state)
{
	(void)state;
	struct bs_series *series = bs_series_new(&arena);
	struct bs_buf text;
	char name[32];
	bs_buf_init(&text, BS_SERIES_TEXT_BYTES_MAX);
	const struct bs_label odd[] = {{"from", "a\"b\\c\nd"}, {"to", "x"}};
	bs_series_add(series, "buildsum_fallbacks_total", odd, 2, 1);
	for (unsigned i = 0; i < BS_SERIES_MAX + 50; i++) {
		(void)snprintf(name, sizeof(name), "p%u", i);
		const struct bs_label labels[] = {{"from", name}, {"to", "x"}};
		bs_series_add(series, "buildsum_fallbacks_total", labels, 2, 1);
	}
	assert_int_equal(series->count, BS_SERIES_MAX);
	assert_int_equal(series->dropped_count, 51);
	bs_series_print(series, &text);
	assert_true(
		has_line(&text, "buildsum_fallbacks_total{from=\"a\\\"b\\\\c\\nd\",to=\"x\"} 1"));
	bs_buf_release(&text);
}

// --- OTLP

static const struct bs_json *metric(const struct bs_json *root, const char *name)
{
	const struct bs_json *scope = bs_json_at(
		bs_json_get(bs_json_at(bs_json_get(root, "resourceMetrics"), 0), "scopeMetrics"),
		0);
	const struct bs_json *one = bs_json_first(bs_json_get(scope, "metrics"));
	while (one && !bs_str_eq_c(bs_json_text(bs_json_get(one, "name")), name))
		one = bs_json_next(one);
	return one;
}

static void otlp_says_the_same_as_the_text(void **state)
{
	(void)state;
	struct bs_run_facts of = facts(true);
	struct bs_series *run = bs_series_new(&arena);
	struct bs_json *root = NULL;
	struct bs_buf body;
	uint64_t number;
	double value;
	bs_buf_init(&body, 1 << 20);
	bs_metrics_of(&of, run);
	bs_metrics_otlp(run, 1000, 1760, &body);
	assert_int_equal(bs_json_parse(bs_buf_str(&body), &root, NULL), BS_OK);
	const struct bs_json *sum = bs_json_get(metric(root, "buildsum_attempts_total"), "sum");
	assert_true(bs_json_u64(bs_json_get(sum, "aggregationTemporality"), &number));
	assert_int_equal(number, 1);
	const struct bs_json *points = bs_json_get(sum, "dataPoints");
	assert_int_equal(bs_json_count(points), 2);
	const struct bs_json *first = bs_json_at(points, 0);
	assert_str(bs_json_text(bs_json_get(first, "timeUnixNano")), "1760000000");
	assert_int_equal(bs_json_count(bs_json_get(first, "attributes")), 3);
	assert_str(bs_json_text(bs_json_get(
			   bs_json_get(bs_json_at(bs_json_get(first, "attributes"), 1), "value"),
			   "stringValue")),
		"gpt/x");
	const struct bs_json *histogram = bs_json_at(
		bs_json_get(
			bs_json_get(metric(root, "buildsum_attempt_duration_seconds"), "histogram"),
			"dataPoints"),
		0);
	assert_str(bs_json_text(bs_json_get(histogram, "count")), "1");
	assert_int_equal(bs_json_count(bs_json_get(histogram, "bucketCounts")), BS_BUCKETS + 1);
	assert_int_equal(bs_json_count(bs_json_get(histogram, "explicitBounds")), BS_BUCKETS);
	assert_str(bs_json_text(bs_json_at(bs_json_get(histogram, "bucketCounts"), 0)), "1");
	assert_str(bs_json_text(bs_json_at(bs_json_get(histogram, "bucketCounts"), 1)), "0");
	assert_true(bs_json_number(bs_json_get(histogram, "sum"), &value));
	assert_true(value > 0.0409 && value < 0.0411);
	assert_int_equal(bs_json_count(bs_json_get(histogram, "attributes")), 2);
	bs_json_free(root);
	bs_buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			run_that_asks_nobody_is_counted_as_such, set_up, tear_down),
		cmocka_unit_test_setup_teardown(run_is_counted_by_what_happened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(local_summary_is_a_fallback_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sums_survive_being_written_and_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			damaged_text_is_told_and_foreign_series_are_let_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			table_is_bounded_and_labels_are_escaped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(otlp_says_the_same_as_the_text, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
