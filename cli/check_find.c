// SPDX-License-Identifier: MIT
// `buildsum check`: finds out what a run would use, and what is wrong with it.
#include <stdio.h>

#include "cli/check.h"
#include "core/base/clock.h"
#include "core/config/duration.h"
#include "core/ext/file.h"
#include "core/llm/aws_credentials.h"
#include "core/llm/policy.h"
#include "core/llm/prompt.h"
#include "core/reading.h"
#include "core/rules/pack.h"
#include "core/run.h"

#define CA_FILE_BYTES_MAX (8 * 1024 * 1024) // distributions' bundles have 200 to 700 KiB

static void add_problem(struct bs_check *check, const char *fmt, ...) BS_PRINTF(2, 3);
static void add_problem(struct bs_check *check, const char *fmt, ...)
{
	struct bs_err text;
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text.msg, sizeof(text.msg), fmt, args);
	va_end(args);
	const char *kept = bs_arena_cstr(check->cli->arena, bs_str_c(text.msg));
	if (check->problems_count < BS_CHECK_PROBLEMS_MAX)
		check->problems[check->problems_count++] = kept ? kept : "out of memory";
}

// --- routes

static void list_bad_keys(const struct bs_survey_route *route, struct bs_buf *out)
{
	for (size_t i = 0; i < route->keys_count; i++)
		if (route->keys[i].wrong)
			bs_buf_addf(out, "%s%s%s%s", out->len ? ", " : "", route->keys[i].name,
				strcmp(route->keys[i].name, BS_AWS_KEY) == 0 ? ": " : " ",
				route->keys[i].wrong);
}

static void judge_keys(struct bs_check *check, const struct bs_survey_route *route)
{
	struct bs_buf bad;
	bs_buf_init(&bad, BS_ERR_MSG_BYTES);
	list_bad_keys(route, &bad);
	bool of_aws = bs_route_any_takes(&route->route, 1, BS_AWS_KEY);
	if (!route->has_key && check->survey.usable_count == 0 && of_aws)
		add_problem(check,
			"%s: no credentials of AWS were found (%s): set AWS_BEARER_TOKEN_BEDROCK or "
			"AWS_ACCESS_KEY_ID, or give this host a role",
			route->name, bad.len ? bad.ptr : "");
	else if (!route->has_key && check->survey.usable_count == 0)
		add_problem(check,
			"%s: none of its keys can be used (%s): export the key under that name, or name "
			"another variable in providers.%s.keys",
			route->name, bad.len ? bad.ptr : "", route->route.provider);
	else if (!route->has_key)
		bs_diag_warn(check->cli->diag,
			"%s is left out: none of its keys can be used (%s): export one, or take it "
			"out of the route",
			route->name, bad.len ? bad.ptr : "");
	else if (bad.len)
		bs_diag_warn(check->cli->diag, "%s: a key is left out: %s", route->name, bad.ptr);
	bs_buf_release(&bad);
}

// What the ceiling on costs makes of it, said as a run would say it, but for the largest excerpt.
static void judge_costs(struct bs_check *check, const struct bs_survey_route *route)
{
	struct bs_buf words;
	uint64_t ceiling = (uint64_t)check->cli->config.cost_usd_max * 1000000;
	bool none_left = check->survey.usable_count == 0;
	if (route->affordable_bytes == SIZE_MAX)
		return;
	bs_buf_init(&words, BS_ERR_MSG_BYTES);
	bs_buf_addf(&words, "%s is left out", route->name);
	if (!route->route.priced) {
		bs_buf_addf(&words,
			": there is a ceiling on costs (cost_usd_max) and its price is not known; "
			"set providers.%s.price_input and price_output",
			route->route.provider);
	} else {
		if (route->affordable_bytes > 0)
			bs_buf_addf(&words, " of runs with more than %zu bytes of excerpt",
				route->affordable_bytes);
		bs_buf_add_c(&words, ": a request may cost up to ");
		bs_check_put_usd(bs_cost_request_most(&route->most), &words);
		bs_buf_add_c(&words, ", and cost_usd_max is ");
		bs_check_put_usd(ceiling, &words);
	}
	if (none_left)
		add_problem(check, "%s", words.len ? words.ptr : "out of memory");
	else
		bs_diag_warn(check->cli->diag, "%s", words.len ? words.ptr : "out of memory");
	bs_buf_release(&words);
}

static void judge_route(struct bs_check *check, size_t index)
{
	struct bs_err err;
	struct bs_http_place place;
	const struct bs_survey_route *route = &check->survey.routes[index];
	if (route->broken) {
		add_problem(check, "%s", route->broken);
		return;
	}
	if (route->repeated) {
		bs_diag_warn(check->cli->diag,
			"%s stands in the route twice: the second one is left out", route->name);
		return;
	}
	judge_keys(check, route);
	judge_costs(check, route);
	if (bs_http_place(route->route.url, true, &place, &err) != BS_OK)
		add_problem(check, "%s: %s: correct providers.%s.base_url", route->name, err.msg,
			route->route.provider);
	else if (route->usable && !check->has_proxy)
		check->has_proxy = bs_http_proxy(&place, &check->proxy);
}

static void judge_models(struct bs_check *check)
{
	const struct bs_config *config = &check->cli->config;
	size_t usable = check->survey.usable_count;
	bool none = check->survey.routes_count == 0;
	for (size_t i = 0; i < check->survey.routes_count; i++)
		judge_route(check, i);
	for (size_t i = 0; i < check->survey.passed_count; i++)
		if (check->survey.passed[i].incomplete)
			bs_diag_warn(check->cli->diag, "%s is set, but not used: %s",
				check->survey.passed[i].variable, check->survey.passed[i].why);
	if (none && config->require_llm)
		add_problem(check,
			"no model is configured, but require_llm (%s) wants one: set a provider's "
			"key, such as OPENAI_API_KEY, or name a route",
			bs_config_origin(config, "require_llm"));
	else if (none && !config->offline)
		bs_diag_warn(check->cli->diag,
			"no model is configured: summaries are local until a provider's key, such as "
			"OPENAI_API_KEY or ANTHROPIC_API_KEY, is set or a route is named");
	else if (usable == 1 && !config->offline)
		bs_diag_warn(check->cli->diag,
			"there is one usable route: when it fails the summary is local; name a second "
			"provider to fall back to");
	if (config->attempts < (int64_t)usable)
		bs_diag_warn(check->cli->diag,
			"%s: attempts is %lld, but there are %zu routes: the last ones may never be "
			"asked",
			bs_config_origin(config, "attempts"), (long long)config->attempts, usable);
}

static void judge_deadline(struct bs_check *check)
{
	const struct bs_config *config = &check->cli->config;
	char text[BS_DURATION_BYTES];
	if (config->offline || check->survey.usable_count == 0 ||
		config->deadline_ms >= BS_RUN_RESERVE_MS + BS_POLICY_USEFUL_MS)
		return;
	add_problem(check,
		"%s: deadline is %s, which leaves no time to ask a model: %d ms of it are kept for "
		"rendering and posting; give it 5s or more, or set offline",
		bs_config_origin(config, "deadline"), bs_duration_print(config->deadline_ms, text),
		BS_RUN_RESERVE_MS);
}

// --- the network

static size_t count_certificates(struct bs_arena *arena, const char *path)
{
	const struct bs_str begin = BS_LIT("-----BEGIN ");
	struct bs_str text;
	struct bs_err err;
	size_t count = 0, at;
	if (bs_file_load(path, CA_FILE_BYTES_MAX, arena, &text, &err) != BS_OK)
		return 0;
	while ((at = bs_str_find(text, begin)) != SIZE_MAX) {
		text = bs_str_from(text, at + begin.len);
		// OpenSSL's TRUSTED and X509 forms count as well, keys and parameters do not
		struct bs_str line = bs_str_sub(text, 0, bs_str_find_char(text, '\n'));
		count += bs_str_has(line, BS_LIT("CERTIFICATE-----"));
	}
	return count;
}

static void judge_network(struct bs_check *check)
{
	static const char *const variables[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE"};
	struct bs_diag *diag = check->cli->diag;
	check->ca_file = bs_http_ca_file();
	if (check->ca_file)
		check->ca_count = count_certificates(check->cli->arena, check->ca_file);
	if (!check->ca_file)
		add_problem(check,
			"no file of trusted certificates was found: install your system's "
			"ca-certificates, or name a file in SSL_CERT_FILE");
	else if (check->ca_count == 0)
		add_problem(check,
			"%s holds no certificates: install your system's ca-certificates, or name "
			"another file in SSL_CERT_FILE",
			check->ca_file);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *path = bs_env_get(check->cli->environ, variables[i]);
		if (path && *path && !bs_file_exists(path))
			bs_diag_warn(diag, "%s names %s, which is not there: it is ignored",
				variables[i], path);
	}
	if (check->has_proxy && !check->proxy.place[0])
		add_problem(check,
			"%s is no proxy's address: expected http://HOST:PORT; correct or unset it",
			check->proxy.variable);
	if (!bs_http_resolves_in_background())
		bs_diag_warn(diag,
			"this libcurl looks names up in a blocking way: a dead name server can hold a "
			"run up beyond its deadline; use one with AsynchDNS");
}

// --- the excerpt

static enum bs_status no_line(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	(void)ctx, (void)line, (void)err;
	return BS_OK;
}

static bool is_own_rule(const struct bs_strings *paths, const struct bs_rule *rule)
{
	for (size_t i = 0; i < paths->count; i++)
		if (bs_str_starts(bs_str_c(rule->place), bs_str_c(paths->items[i])))
			return true;
	return false;
}

static void judge_rules(struct bs_check *check)
{
	struct bs_err err;
	struct bs_rules rules;
	const struct bs_strings *paths = &check->cli->config.rules;
	enum bs_status status = bs_rules_load(
		&rules, paths->items, paths->count, check->cli->arena, &err);
	if (status == BS_OK)
		check->rules_count = rules.rules_count;
	for (size_t i = 0; status == BS_OK && i < rules.rules_count; i++) {
		if (!is_own_rule(paths, rules.rules[i]))
			continue; // ours are tested where they are built
		check->own_rules_count++;
		status = bs_rule_compile(rules.rules[i], &err);
	}
	if (status != BS_OK)
		add_problem(check, "%s", err.msg);
	bs_rules_release(&rules);
}

static void judge_excerpt(struct bs_check *check)
{
	struct bs_err err;
	struct bs_prompts prompts;
	struct bs_reading *reading = NULL;
	const struct bs_config *config = &check->cli->config;
	judge_rules(check);
	if (bs_reading_new_filter(config, check->cli->environ, (struct bs_line_sink){no_line, NULL},
		    check->cli->diag, &reading, &err) != BS_OK)
		add_problem(check, "%s", err.msg);
	bs_reading_free(reading);
	if (bs_prompts_load(config->prompts, check->cli->arena, &prompts, &err) != BS_OK)
		add_problem(check, "%s", err.msg);
}

// --- the job

static void judge_job(struct bs_check *check)
{
	struct bs_err err;
	const char *const *env = check->cli->environ;
	struct bs_diag *diag = check->cli->diag;
	check->in_job = bs_env_get(env, "BUILDKITE_JOB_ID") != NULL;
	if (!check->in_job)
		return;
	if (bs_job_read(env, check->cli->config.annotation_context, check->cli->arena, &check->job,
		    &err) != BS_OK) {
		const char *kept = bs_arena_cstr(check->cli->arena, bs_str_c(err.msg));
		check->job_trouble = kept ? kept : "out of memory";
		bs_diag_warn(diag, "in this job nothing can be posted: %s", check->job_trouble);
		return;
	}
	check->log_there = check->job.log_path && bs_file_exists(check->job.log_path);
	if (!check->log_there)
		bs_diag_warn(diag,
			"the agent writes no job log that could be read (%s): start it with "
			"--enable-job-log-tmpfile, or use `buildsum run -- CMD`",
			check->job.log_path ? "BUILDKITE_JOB_LOG_TMPFILE names no file"
					    : "BUILDKITE_JOB_LOG_TMPFILE is not set");
}

enum bs_status bs_check_find(struct bs_check *check, struct bs_err *err)
{
	const struct bs_cli *cli = check->cli;
	enum bs_status status = bs_survey_make(&cli->config, cli->environ, bs_clock_wall_ms(),
		cli->arena, cli->diag, &check->survey, err);
	if (status != BS_OK)
		return status;
	judge_models(check);
	judge_deadline(check);
	judge_network(check);
	judge_excerpt(check);
	judge_job(check);
	if (check->survey.folder_trouble)
		bs_diag_warn(cli->diag, "nothing new is remembered of providers: %s",
			check->survey.folder_trouble);
	return BS_OK;
}
