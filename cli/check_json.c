// SPDX-License-Identifier: MIT
// `buildsum check --format json`: the same as one object; times are RFC 3339, null where there is
// none.
#include <inttypes.h>
#include <time.h>

#include "cli/check.h"
#include "core/config/duration.h"
#include "core/ext/json.h"
#include "core/run.h"

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_number(struct bs_json_writer *w, const char *key, int64_t number)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, number);
}

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

// What is over is no time any more.
static void put_time(struct bs_json_writer *w, const char *key, int64_t at_ms, int64_t wall_ms)
{
	time_t when = (time_t)(at_ms / 1000);
	struct tm utc;
	char text[64];
	bs_json_put_key(w, key);
	if (at_ms > wall_ms && gmtime_r(&when, &utc) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) > 0)
		bs_json_put_c(w, text);
	else
		bs_json_put_null(w);
}

static void put_texts(
	struct bs_json_writer *w, const char *key, const char *const *texts, size_t count)
{
	bs_json_put_key(w, key);
	bs_json_open(w, '[');
	for (size_t i = 0; i < count; i++)
		bs_json_put_c(w, texts[i]);
	bs_json_close(w, ']');
}

// --- routes

// key NULL: none is sent.
static void put_key(struct bs_json_writer *w, const struct bs_survey_key *key,
	const struct bs_health_key *health, int64_t wall_ms)
{
	const char *wrong = key ? key->wrong : NULL;
	struct bs_buf words;
	bs_buf_init(&words, BS_LINE_BYTES_MAX);
	if (!wrong)
		bs_check_put_key(health, wall_ms, &words);
	bs_json_open(w, '{');
	put_text(w, "name", key ? key->name : NULL);
	put_text(w, "from", key ? key->from : NULL);
	put_flag(w, "usable", !wrong);
	put_time(w, "cooling_until", health->cold_until_ms, wall_ms);
	put_time(w, "left_out_until", health->dead_until_ms, wall_ms);
	put_text(w, "left_out_as",
		health->dead_until_ms > wall_ms && health->dead_as
			? bs_outcome_id((enum bs_outcome)health->dead_as)
			: NULL);
	bs_json_put_key(w, "words");
	bs_json_put_str(w, wrong ? bs_str_c(wrong) : bs_buf_str(&words));
	bs_json_close(w, '}');
	bs_buf_release(&words);
}

static void put_modes(struct bs_json_writer *w, const char *key, unsigned modes)
{
	const char *ids[BS_SCHEMA_MODE_COUNT];
	size_t count = 0;
	for (unsigned mode = 0; mode < BS_SCHEMA_MODE_COUNT; mode++)
		if (modes & (1u << mode))
			ids[count++] = bs_schema_mode_id((enum bs_schema_mode)mode);
	put_texts(w, key, ids, count);
}

static void put_params(struct bs_json_writer *w, const char *key, unsigned params)
{
	const char *ids[8], *name;
	unsigned param;
	size_t count = 0;
	for (size_t i = 0; (name = bs_param_at(i, &param)); i++)
		if (params & param)
			ids[count++] = name;
	put_texts(w, key, ids, count);
}

static void put_health(
	struct bs_json_writer *w, const struct bs_survey_route *route, int64_t wall_ms)
{
	static const char *const states[] = {[BS_BREAKER_CLOSED] = "closed",
		[BS_BREAKER_OPEN] = "open",
		[BS_BREAKER_HALF_OPEN] = "half-open"};
	const struct bs_health_route *health = &route->health;
	int64_t p95_ms = bs_health_p95_ms(health);
	struct bs_buf words;
	bs_buf_init(&words, BS_LINE_BYTES_MAX);
	bs_check_put_breaker(route, wall_ms, &words);
	bs_json_put_key(w, "health");
	bs_json_open(w, '{');
	put_text(w, "breaker", states[bs_breaker_state(&health->breaker, wall_ms)]);
	bs_json_put_key(w, "words");
	bs_json_put_str(w, bs_buf_str(&words));
	put_time(w, "open_until", health->breaker.open_until_ms, wall_ms);
	put_time(w, "left_out_until", health->gone_until_ms, wall_ms);
	put_text(w, "last_failure",
		health->failed_as ? bs_outcome_id((enum bs_outcome)health->failed_as) : NULL);
	bs_json_put_key(w, "first_token_p95_ms");
	if (p95_ms)
		bs_json_put_i64(w, p95_ms);
	else
		bs_json_put_null(w);
	bool learnt = health->refused_until_ms > wall_ms;
	put_modes(w, "refused_schema_modes", learnt ? (unsigned)health->refused_modes : 0);
	put_flag(w, "parameters_left_out", health->dropped_until_ms > wall_ms && health->dropped);
	put_params(w, "refused_parameters",
		health->dropped_until_ms > wall_ms ? (unsigned)health->dropped : 0);
	bs_json_put_key(w, "output_tokens_max");
	if (health->dropped_until_ms > wall_ms && health->output_tokens_max)
		bs_json_put_i64(w, health->output_tokens_max);
	else
		bs_json_put_null(w);
	bs_json_close(w, '}');
	bs_buf_release(&words);
}

static void put_usd(struct bs_json_writer *w, const char *key, bool known, uint64_t pico_usd)
{
	bs_json_put_key(w, key);
	if (known)
		bs_json_put_double(w, (double)pico_usd / 1e12);
	else
		bs_json_put_null(w);
}

static void put_costs(
	struct bs_json_writer *w, const struct bs_check *check, const struct bs_survey_route *route)
{
	const struct bs_price *price = &route->route.price;
	const uint64_t million = 1000000;
	bool priced = route->route.priced;
	bs_json_put_key(w, "price_usd_per_million");
	if (priced) {
		bs_json_open(w, '{');
		put_usd(w, "input", true, price->input * million);
		put_usd(w, "cached", true,
			(price->cached ? price->cached : price->input) * million);
		put_usd(w, "output", true, price->output * million);
		put_flag(w, "own", route->route.own_price);
		bs_json_close(w, '}');
	} else {
		bs_json_put_null(w);
	}
	put_usd(w, "request_usd_max", priced, bs_cost_request_most(&route->most));
	put_usd(w, "run_usd_max", priced, bs_check_run_most(check, route));
	put_flag(w, "within_cost_usd_max", route->affordable_bytes > 0);
}

static void put_route(struct bs_json_writer *w, const struct bs_check *check, size_t index)
{
	const struct bs_survey_route *route = &check->survey.routes[index];
	int64_t wall_ms = check->survey.wall_ms;
	const struct bs_limits *limits = &route->route.limits;
	bs_json_open(w, '{');
	put_text(w, "route", route->name);
	put_flag(w, "usable", route->usable);
	put_text(w, "trouble", route->broken);
	if (!route->broken) {
		put_text(w, "url", route->route.url);
		put_text(w, "api", route->route.wire->name);
		put_text(w, "model", route->route.model);
		put_number(w, "window_bytes", (int64_t)route->route.window_bytes);
		put_flag(w, "window_known", route->route.window_bytes > 0);
		put_costs(w, check, route);
		put_modes(w, "schema_modes", route->route.modes);
		put_params(w, "parameters", bs_route_params(&route->route));
		put_texts(w, "own_members", (const char *const *)route->route.body.items,
			route->route.body.count);
		put_number(w, "connect_ms", limits->connect_ms);
		put_number(w, "first_token_ms", limits->first_token_ms);
		put_number(w, "idle_ms", limits->idle_ms);
		put_number(w, "attempt_ms", limits->attempt_ms);
		bs_json_put_key(w, "keys");
		bs_json_open(w, '[');
		for (size_t i = 0; i < route->keys_count; i++)
			put_key(w, &route->keys[i], &route->keys[i].health, wall_ms);
		if (route->keys_count == 0)
			put_key(w, NULL, &route->anonymous, wall_ms);
		bs_json_close(w, ']');
		put_health(w, route, wall_ms);
		bs_json_put_key(w, "live");
		bs_check_put_live_json(check->runs[index], w);
	}
	bs_json_close(w, '}');
}

static void put_passed(struct bs_json_writer *w, const struct bs_survey *survey)
{
	bs_json_put_key(w, "not_used");
	bs_json_open(w, '[');
	for (size_t i = 0; i < survey->passed_count; i++) {
		bs_json_open(w, '{');
		put_text(w, "key", survey->passed[i].variable);
		put_text(w, "provider", survey->passed[i].provider);
		put_text(w, "words", survey->passed[i].why);
		put_flag(w, "incomplete", survey->passed[i].incomplete);
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
}

// --- the rest

static void put_memory(struct bs_json_writer *w, const struct bs_survey *survey)
{
	int64_t spare = survey->retry_tenths - BS_HEALTH_RETRY_TENTHS_KEPT;
	bs_json_put_key(w, "remembered");
	bs_json_open(w, '{');
	put_text(w, "folder", survey->folder);
	put_number(w, "retries_left", spare > 0 ? (spare + 9) / 10 : 0);
	put_number(w, "hedges_left", survey->hedge_tenths / 10);
	bs_json_close(w, '}');
}

static void put_network(struct bs_json_writer *w, const struct bs_check *check)
{
	char version[128];
	const struct bs_http_proxy *proxy = check->has_proxy ? &check->proxy : NULL;
	bs_json_put_key(w, "network");
	bs_json_open(w, '{');
	put_text(w, "libcurl", bs_http_version(version, sizeof(version)));
	put_flag(w, "resolves_in_background", bs_http_resolves_in_background());
	put_text(w, "certificates", check->ca_file);
	put_number(w, "certificates_count", (int64_t)check->ca_count);
	put_text(w, "proxy", proxy && proxy->place[0] ? proxy->place : NULL);
	put_text(w, "proxy_variable", proxy ? proxy->variable : NULL);
	put_text(w, "proxy_exceptions", proxy ? proxy->exceptions : NULL);
	bs_json_close(w, '}');
}

static void put_excerpt(struct bs_json_writer *w, const struct bs_check *check)
{
	const struct bs_config *config = &check->cli->config;
	bs_json_put_key(w, "excerpt");
	bs_json_open(w, '{');
	put_number(w, "bytes_max", config->excerpt_bytes);
	put_number(w, "rules", (int64_t)check->rules_count);
	put_number(w, "own_rules", (int64_t)check->own_rules_count);
	put_texts(w, "own_packs", config->rules.items, config->rules.count);
	put_texts(w, "own_patterns", config->redact_patterns.items, config->redact_patterns.count);
	put_texts(w, "own_variables", config->redact_env.items, config->redact_env.count);
	put_text(w, "prompts", config->prompts);
	bs_json_close(w, '}');
}

static void put_job(struct bs_json_writer *w, const struct bs_check *check)
{
	bs_json_put_key(w, "buildkite");
	if (!check->in_job) {
		bs_json_put_null(w);
		return;
	}
	bs_json_open(w, '{');
	put_text(w, "trouble", check->job_trouble);
	put_text(w, "job", check->job.id);
	put_text(w, "endpoint", check->job.endpoint);
	put_text(w, "context", check->job.context);
	put_text(w, "log", check->job.log_path);
	put_flag(w, "log_there", check->log_there);
	bs_json_close(w, '}');
}

void bs_check_put_json(const struct bs_check *check, struct bs_buf *out)
{
	struct bs_json_writer w;
	const struct bs_config *config = &check->cli->config;
	const struct bs_diag *diag = check->cli->diag;
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	put_number(&w, "version", 1);
	put_flag(&w, "works", check->problems_count == 0);
	put_texts(&w, "problems", check->problems, check->problems_count);
	bs_json_put_key(&w, "warnings");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < diag->notes_count; i++)
		bs_json_put_c(&w, diag->notes[i]);
	bs_json_close(&w, ']');
	put_flag(&w, "offline", config->offline);
	bs_json_put_key(&w, "routes");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < check->survey.routes_count; i++)
		put_route(&w, check, i);
	bs_json_close(&w, ']');
	put_passed(&w, &check->survey);
	put_usd(&w, "cost_usd_max", config->cost_usd_max > 0,
		(uint64_t)config->cost_usd_max * 1000000);
	put_number(&w, "deadline_ms", config->deadline_ms);
	put_number(&w, "reserve_ms", BS_RUN_RESERVE_MS);
	put_number(&w, "attempts", config->attempts);
	put_memory(&w, &check->survey);
	put_network(&w, check);
	put_excerpt(&w, check);
	put_job(&w, check);
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}
