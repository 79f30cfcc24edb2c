// SPDX-License-Identifier: MIT
// A drill as JSON: the table, and every run with its attempts.
#include "core/drill/tally.h"
#include "core/ext/json.h"

static void put_number(struct bs_json_writer *w, const char *key, int64_t number)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, number);
}

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

// -1 means that it did not happen.
static void put_time(struct bs_json_writer *w, const char *key, int64_t ms)
{
	bs_json_put_key(w, key);
	if (ms < 0)
		bs_json_put_null(w);
	else
		bs_json_put_i64(w, ms);
}

void bs_drill_put_run(struct bs_json_writer *w, const struct bs_drill_run *run)
{
	bs_json_open(w, '{');
	put_text(w, "outcome", bs_drill_ending_id(run->ending));
	put_text(w, "route", run->route[0] ? run->route : NULL);
	put_number(w, "at_ms", run->at_ms);
	put_number(w, "elapsed_ms", run->elapsed_ms);
	put_number(w, "cpu_us", run->cpu_us);
	put_flag(w, "repaired", run->repaired);
	put_flag(w, "reasked", run->reasked);
	bs_json_put_key(w, "attempts");
	bs_json_open(w, '[');
	for (size_t i = 0; i < run->attempts_count; i++) {
		const struct bs_drill_attempt *attempt = &run->attempts[i];
		bs_json_open(w, '{');
		put_text(w, "route", attempt->route);
		put_text(w, "key", attempt->key[0] ? attempt->key : NULL);
		put_text(w, "schema_mode", bs_schema_mode_id(attempt->mode));
		put_text(w, "outcome", bs_outcome_id(attempt->outcome));
		bs_json_put_key(w, "http_status");
		if (attempt->http_status)
			bs_json_put_i64(w, attempt->http_status);
		else
			bs_json_put_null(w);
		put_number(w, "started_ms", attempt->started_ms);
		put_time(w, "first_token_ms", attempt->first_token_ms);
		put_number(w, "elapsed_ms", attempt->elapsed_ms);
		put_number(w, "input_tokens", (int64_t)attempt->input_tokens);
		put_number(w, "output_tokens", (int64_t)attempt->output_tokens);
		put_flag(w, "hedge", attempt->hedge);
		put_text(w, "reason", attempt->reason[0] ? attempt->reason : NULL);
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
	bs_json_close(w, '}');
}

static void put_result(struct bs_json_writer *w, const struct bs_drill_result *result)
{
	bs_json_open(w, '{');
	put_text(w, "name", result->scenario->name);
	put_text(w, "about", result->scenario->about);
	put_text(w, "verdict", result->played ? bs_drill_verdict_id(result->verdict) : NULL);
	put_flag(w, "failed", bs_drill_failed(result));
	put_text(w, "trouble", result->trouble[0] ? result->trouble : NULL);
	put_number(w, "answered_by_models", result->answered_by_models);
	put_number(w, "attempts_max", result->attempts_max);
	put_number(w, "first_provider_attempts", result->first_provider_sends);
	put_number(w, "first_ms", result->first_ms);
	put_number(w, "p50_ms", result->p50_ms);
	put_number(w, "p95_ms", result->p95_ms);
	put_time(w, "back_ms", result->back_ms);
	bs_json_put_key(w, "without_fallback");
	if (result->alone_played)
		bs_drill_put_run(w, &result->alone);
	else
		bs_json_put_null(w);
	bs_json_put_key(w, "runs");
	bs_json_open(w, '[');
	for (size_t i = 0; i < result->runs_count; i++)
		bs_drill_put_run(w, &result->runs[i]);
	bs_json_close(w, ']');
	bs_json_close(w, '}');
}

void bs_drill_print_json(const struct bs_drill *drill, struct bs_buf *out)
{
	struct bs_json_writer w;
	const struct bs_drill_options *options = drill->options;
	struct bs_drill_totals totals = bs_drill_total(drill);
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	put_number(&w, "version", 1);
	bs_json_put_key(&w, "route");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < drill->routes_count; i++)
		bs_json_put_c(&w, drill->routes[i].name);
	bs_json_close(&w, ']');
	put_flag(&w, "borrowed_route", drill->borrowed_route);
	put_number(&w, "deadline_ms", options->config->deadline_ms);
	put_number(&w, "latency_ms", options->latency_ms);
	put_number(&w, "elapsed_ms", drill->elapsed_ms);
	put_flag(&w, "passed", totals.failed == 0);
	put_number(&w, "lost", (int64_t)totals.lost);
	put_number(&w, "late", (int64_t)totals.late);
	put_number(&w, "lost_without_fallback", (int64_t)totals.alone_lost);
	bs_json_put_key(&w, "scenarios");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < drill->results_count; i++)
		put_result(&w, &drill->results[i]);
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}
