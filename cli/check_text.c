// SPDX-License-Identifier: MIT
// `buildsum check` as text: a paragraph for each part, the problems last.
#include <inttypes.h>
#include <stdio.h>

#include "cli/check.h"
#include "core/config/duration.h"
#include "core/config/value.h"
#include "core/rules/pack.h"
#include "core/run.h"
#include "core/text/clean.h"

#define LABEL_COLUMNS 12

// A line "  label     text". What comes from files and variables is made inert.
static void put_line(struct bs_buf *out, const char *label, const char *fmt, ...) BS_PRINTF(3, 4);
static void put_line(struct bs_buf *out, const char *label, const char *fmt, ...)
{
	char text[2 * BS_ERR_MSG_BYTES];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	bs_buf_addf(out, "  %-*s", LABEL_COLUMNS, label);
	bs_clean_inline(bs_str_clip_utf8(bs_str_c(text), sizeof(text) - 1), out);
	bs_buf_add_char(out, '\n');
}

static void put_words(struct bs_buf *out, const char *label, struct bs_buf *words)
{
	if (words->len)
		put_line(out, label, "%s", words->ptr);
	if (words->failed != BS_OK && out->failed == BS_OK)
		out->failed = words->failed;
	bs_buf_clear(words);
}

static const char *duration(int64_t ms, char text[BS_DURATION_BYTES])
{
	return bs_duration_print(ms, text);
}

// --- routes

static void put_modes(const struct bs_route *route, struct bs_buf *words)
{
	const char *between = "";
	for (unsigned mode = 0; mode < BS_SCHEMA_MODE_COUNT; mode++) {
		if (!(route->modes & (1u << mode)))
			continue;
		bs_buf_addf(words, "%s%s", between, bs_schema_mode_id((enum bs_schema_mode)mode));
		between = ", then ";
	}
}

static void put_keys(const struct bs_survey_route *route, int64_t wall_ms, struct bs_buf *words,
	struct bs_buf *out)
{
	if (route->keys_count == 0) {
		bs_buf_add_c(words, "none is sent; ");
		bs_check_put_key(&route->anonymous, wall_ms, words);
		put_words(out, "key", words);
	}
	for (size_t i = 0; i < route->keys_count; i++) {
		const struct bs_survey_key *key = &route->keys[i];
		bs_buf_addf(words, "%s%s%s: ", key->name, key->from ? " from " : "",
			key->from ? key->from : "");
		if (key->wrong)
			bs_buf_add_c(words, key->wrong);
		else
			bs_check_put_key(&key->health, wall_ms, words);
		put_words(out, "key", words);
	}
}

static void put_route(
	const struct bs_check *check, size_t index, struct bs_buf *words, struct bs_buf *out)
{
	char a[BS_DURATION_BYTES], b[BS_DURATION_BYTES], c[BS_DURATION_BYTES], d[BS_DURATION_BYTES];
	const struct bs_survey_route *route = &check->survey.routes[index];
	const struct bs_limits *limits = &route->route.limits;
	int64_t wall_ms = check->survey.wall_ms;
	bs_buf_addf(out, "%zu. ", index + 1);
	bs_clean_inline(bs_str_c(route->name), out);
	bs_buf_add_c(out, route->broken     ? ": cannot be asked\n"
			  : route->repeated ? ": left out, it stands above already\n"
			  : !route->has_key ? ": left out, it has no key\n"
			  : !route->usable  ? ": left out, it may cost too much\n"
					    : "\n");
	if (route->broken)
		return;
	put_line(out, "asks", "%s (wire format %s)", route->route.url, route->route.wire->name);
	put_keys(route, wall_ms, words, out);
	put_modes(&route->route, words);
	put_words(out, "schema", words);
	bs_check_put_sent(&route->route, words);
	put_words(out, "sends", words);
	bs_check_put_window(&route->route, words);
	put_words(out, "window", words);
	bs_check_put_price(&route->route, words);
	put_words(out, "price", words);
	bs_check_put_costs(check, route, words);
	put_words(out, "costs", words);
	put_line(out, "limits", "connect %s, first token %s, idle %s, attempt %s",
		duration(limits->connect_ms, a), duration(limits->first_token_ms, b),
		duration(limits->idle_ms, c), duration(limits->attempt_ms, d));
	if (!check->survey.folder)
		return;
	if (!route->health.id) {
		put_line(out, "health", "nothing is remembered of it");
		return;
	}
	bs_check_put_breaker(route, wall_ms, words);
	put_words(out, "breaker", words);
	bs_check_put_latency(route, words);
	put_words(out, "latency", words);
	bs_check_put_learnt(route, wall_ms, words);
	put_words(out, "learnt", words);
}

static void put_routes(const struct bs_check *check, struct bs_buf *words, struct bs_buf *out)
{
	const struct bs_config *config = &check->cli->config;
	bs_buf_addf(out, "Route (%s)%s\n",
		config->route.count ? bs_config_origin(config, "route")
				    : "by the keys that are set",
		config->offline ? ": offline, nobody is asked" : "");
	for (size_t i = 0; i < check->survey.routes_count; i++) {
		put_route(check, i, words, out);
		if (!check->runs[i])
			continue;
		bs_check_put_live(check->runs[i], words);
		put_words(out, "live", words);
	}
	bs_buf_addf(out, "%zu. the local summary, when nobody above answers\n",
		check->survey.routes_count + 1);
	for (size_t i = 0; i < check->survey.passed_count; i++) {
		const struct bs_survey_passed *passed = &check->survey.passed[i];
		put_line(out, "not used", "%s (%s): %s", passed->variable, passed->provider,
			passed->why);
	}
}

// --- the rest

static void put_setting(const struct bs_config *config, const char *name, struct bs_buf *words)
{
	const struct bs_setting *row = bs_setting_by_name(bs_settings, bs_str_c(name));
	bs_buf_addf(words, "%s%s ", words->len ? ", " : "", name);
	bs_value_print(row, config, words);
	if (strcmp(bs_config_origin(config, name), "default") != 0)
		bs_buf_addf(words, " (%s)", bs_config_origin(config, name));
}

static void put_budgets(const struct bs_check *check, struct bs_buf *words, struct bs_buf *out)
{
	static const char *const names[] = {
		"deadline", "attempts", "cost_usd_max", "hedge", "stream", "on_refusal"};
	bs_buf_add_c(out, "\nBudgets\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put_setting(&check->cli->config, names[i], words);
	put_words(out, "a run", words);
	put_line(out, "reserve", "%d ms of the deadline are kept for rendering and posting",
		BS_RUN_RESERVE_MS);
	bs_check_put_budget(&check->survey, words);
	put_words(out, "this host", words);
	put_line(out, "remembered", "%s%s", check->survey.folder ? "in " : "nothing: ",
		check->survey.folder       ? check->survey.folder
		: check->cli->config.state ? "there is no folder for it"
					   : "state is off");
}

static void put_network(const struct bs_check *check, struct bs_buf *out)
{
	char version[128];
	bs_buf_add_c(out, "\nNetwork\n");
	put_line(out, "libcurl", "%s", bs_http_version(version, sizeof(version)));
	put_line(out, "resolver", "%s",
		bs_http_resolves_in_background()
			? "looks names up in the background, under the deadline"
			: "looks names up in a blocking way");
	if (check->ca_file)
		put_line(out, "trusts", "%zu certificates in %s", check->ca_count, check->ca_file);
	else
		put_line(out, "trusts", "no certificates were found");
	if (!check->has_proxy)
		put_line(out, "proxy", "none");
	else
		put_line(out, "proxy", "%s (%s)%s%s",
			check->proxy.place[0] ? check->proxy.place : "no address",
			check->proxy.variable,
			check->proxy.exceptions ? ", but not for the hosts in " : "",
			check->proxy.exceptions ? check->proxy.exceptions : "");
}

static void put_list(const char *label, const struct bs_strings *list, const char *none,
	struct bs_buf *words, struct bs_buf *out)
{
	for (size_t i = 0; i < list->count; i++)
		bs_buf_addf(words, "%s%s", i ? ", " : "", list->items[i]);
	if (list->count == 0)
		bs_buf_add_c(words, none);
	put_words(out, label, words);
}

static void put_excerpt(const struct bs_check *check, struct bs_buf *words, struct bs_buf *out)
{
	const struct bs_config *config = &check->cli->config;
	bs_buf_add_c(out, "\nExcerpt and redaction\n");
	put_line(out, "size", "at most %" PRId64 " bytes of the log are sent",
		config->excerpt_bytes);
	put_line(out, "rules", "%zu, of them %zu of your own", check->rules_count,
		check->own_rules_count);
	put_list("own packs", &config->rules, "none", words, out);
	put_list("own secrets", &config->redact_patterns, "no patterns", words, out);
	put_list(
		"own vars", &config->redact_env, "no variables beyond the usual names", words, out);
	put_line(out, "prompts", "%s", config->prompts ? config->prompts : "built in");
}

static void put_job(const struct bs_check *check, struct bs_buf *out)
{
	bs_buf_add_c(out, "\nBuildkite\n");
	if (!check->in_job) {
		put_line(out, "job", "none: this is no Buildkite job");
		return;
	}
	if (check->job_trouble) {
		put_line(out, "job", "%s", check->job_trouble);
		return;
	}
	put_line(out, "job", "%s", check->job.id);
	put_line(out, "posts to", "%s, as %s on the %s's page", check->job.endpoint,
		check->job.context, check->cli->config.annotation_scope);
	put_line(out, "log", "%s%s", check->job.log_path ? check->job.log_path : "none",
		check->log_there ? "" : " (not there)");
}

static void put_findings(const struct bs_check *check, struct bs_buf *out)
{
	const struct bs_diag *diag = check->cli->diag;
	bs_buf_add_char(out, '\n');
	for (size_t i = 0; i < diag->notes_count; i++)
		put_line(out, "warning:", "%s", diag->notes[i]);
	for (size_t i = 0; i < check->problems_count; i++)
		put_line(out, "problem:", "%s", check->problems[i]);
	if (check->problems_count)
		bs_buf_addf(out, "This cannot work: %zu problem%s.\n", check->problems_count,
			check->problems_count == 1 ? "" : "s");
	else if (!check->asked_count)
		bs_buf_add_c(out, "Nothing is wrong that could be seen without asking anybody.\n");
	if (check->asked_count)
		bs_buf_addf(out, "Asked live: %zu of %zu routes answered.\n", check->answered_count,
			check->asked_count);
}

void bs_check_put_text(const struct bs_check *check, struct bs_buf *out)
{
	struct bs_buf words;
	bs_buf_init(&words, BS_LINE_BYTES_MAX);
	put_routes(check, &words, out);
	put_budgets(check, &words, out);
	put_network(check, out);
	put_excerpt(check, &words, out);
	put_job(check, out);
	put_findings(check, out);
	bs_buf_release(&words);
}
