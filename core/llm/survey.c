// SPDX-License-Identifier: MIT
// A run as it would begin, looked at without beginning it.
#include "core/llm/survey.h"

#include "core/base/clock.h"
#include "core/llm/aws_credentials.h"
#include "core/llm/keys.h"

// --- routes

// AWS's credentials are looked for as a run would, unless nobody takes them.
static enum bs_status look_for_aws(const struct bs_config *config, struct bs_arena *arena,
	struct bs_survey *survey, struct bs_err *err)
{
	struct bs_aws_credentials found;
	struct bs_err trouble;
	bool any = false;
	const struct bs_aws_ask search = {.environ = survey->environ,
		.until_ms = bs_clock_ms() + BS_AWS_MS_MAX,
		.arena = arena};
	for (size_t i = 0; i < survey->routes_count; i++)
		any |= !survey->routes[i].broken &&
		       bs_route_any_takes(&survey->routes[i].route, 1, BS_AWS_KEY);
	if (!any || config->offline)
		return BS_OK;
	enum bs_status status = bs_aws_find(&search, &found, &trouble);
	if (status == BS_OK) {
		survey->aws_from = found.from;
		return bs_aws_add(&search, &found, &survey->environ, err);
	}
	survey->aws_trouble = status == BS_NOMEM ? NULL
						 : bs_arena_cstr(arena, bs_str_c(trouble.msg));
	return survey->aws_trouble ? BS_OK : bs_fail_nomem(err);
}

static void add_keys(const struct bs_survey *survey, struct bs_survey_route *route)
{
	const struct bs_strings *names = &route->route.keys;
	route->has_key = names->count == 0;
	for (size_t i = 0; i < names->count && i < BS_KEYS_MAX; i++) {
		struct bs_str value;
		struct bs_survey_key *key = &route->keys[route->keys_count++];
		key->name = names->items[i];
		key->wrong = bs_key_find(survey->environ, key->name, &value);
		if (strcmp(key->name, BS_AWS_KEY) == 0) {
			key->from = survey->aws_from;
			if (key->wrong && survey->aws_trouble)
				key->wrong = survey->aws_trouble;
		}
		route->has_key |= !key->wrong;
	}
}

// --- costs

// The largest excerpt whose request stays within the ceiling; 0: not even the prompt's does.
static size_t affordable_bytes(const struct bs_route *route, const struct bs_templates *templates,
	uint64_t max_pico_usd, size_t bytes)
{
	size_t low = 0, high = bytes + 1; // what is affordable, and what is not
	struct bs_cost_parts most = bs_cost_most_of(&route->price, templates, bytes);
	if (!max_pico_usd || bs_cost_request_most(&most) <= max_pico_usd)
		return SIZE_MAX;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		most = bs_cost_most_of(&route->price, templates, middle);
		if (bs_cost_request_most(&most) <= max_pico_usd)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool is_repeated(const struct bs_survey *survey, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!survey->routes[i].broken &&
			strcmp(survey->routes[i].name, survey->routes[index].name) == 0)
			return true;
	return false;
}

static enum bs_status judge_routes(const struct bs_config *config, struct bs_arena *arena,
	struct bs_survey *survey, struct bs_err *err)
{
	struct bs_prompts prompts;
	struct bs_err trouble = {0};
	uint64_t max_pico_usd = (uint64_t)config->cost_usd_max * 1000000;
	size_t bytes = (size_t)config->excerpt_bytes;
	enum bs_status status = bs_prompts_load(config->prompts, arena, &prompts, &trouble);
	if (status != BS_OK) // said elsewhere
		status = bs_prompts_load(NULL, arena, &prompts, err);
	for (size_t i = 0; status == BS_OK && i < survey->routes_count; i++) {
		struct bs_survey_route *route = &survey->routes[i];
		if (route->broken)
			continue;
		const struct bs_templates *templates = &prompts.of[route->route.family];
		route->most = bs_cost_most_of(&route->route.price, templates, bytes);
		route->affordable_bytes = affordable_bytes(
			&route->route, templates, max_pico_usd, bytes);
		if (max_pico_usd && !route->route.priced)
			route->affordable_bytes = 0;
		route->repeated = is_repeated(survey, i);
		route->usable = route->has_key && route->affordable_bytes > 0 && !route->repeated;
		survey->usable_count += route->usable;
	}
	return status;
}

// One after the other, so that one bad name does not hide the rest.
static enum bs_status add_named_routes(const struct bs_config *config, const char *const *variables,
	struct bs_arena *arena, struct bs_survey *survey, struct bs_err *err)
{
	struct bs_config *one = BS_NEW(arena, struct bs_config);
	if (!one)
		return bs_fail_nomem(err);
	*one = *config;
	for (size_t i = 0; i < config->route.count && i < BS_ROUTES_MAX; i++) {
		struct bs_survey_route *route = &survey->routes[survey->routes_count++];
		struct bs_route found[BS_ROUTES_MAX];
		struct bs_err trouble = {0};
		size_t count = 0;
		one->route = (struct bs_strings){config->route.items + i, 1};
		route->name = config->route.items[i];
		enum bs_status status = bs_routes_resolve(
			one, variables, arena, found, &count, &trouble);
		if (status == BS_NOMEM)
			return bs_fail_nomem(err);
		if (status == BS_OK && count == 1) {
			route->route = found[0];
			route->name = found[0].name;
			continue;
		}
		route->broken = bs_arena_cstr(arena, bs_str_c(trouble.msg));
		if (!route->broken)
			return bs_fail_nomem(err);
	}
	return BS_OK;
}

static enum bs_status add_usual_routes(const struct bs_config *config, const char *const *variables,
	struct bs_arena *arena, struct bs_survey *survey, struct bs_err *err)
{
	struct bs_route found[BS_ROUTES_MAX];
	struct bs_err trouble = {0};
	size_t count = 0;
	enum bs_status status = bs_routes_resolve(
		config, variables, arena, found, &count, &trouble);
	if (status == BS_NOMEM)
		return bs_fail_nomem(err);
	if (status != BS_OK) {
		survey->routes[0].name = "route";
		survey->routes[0].broken = bs_arena_cstr(arena, bs_str_c(trouble.msg));
		survey->routes_count = 1;
		return survey->routes[0].broken ? BS_OK : bs_fail_nomem(err);
	}
	for (size_t i = 0; i < count; i++) {
		survey->routes[i].route = found[i];
		survey->routes[i].name = found[i].name;
	}
	survey->routes_count = count;
	return BS_OK;
}

// --- what is remembered

static struct bs_health_key recall_key(
	const struct bs_health *health, struct bs_str host, struct bs_str value)
{
	const struct bs_health_key *found = bs_health_find_key(
		health, bs_fingerprint_secret(&health->salt, host, value));
	return found ? *found : (struct bs_health_key){0};
}

static void recall_route(
	const struct bs_health *health, const char *const *variables, struct bs_survey_route *route)
{
	struct bs_str host = bs_str_c(route->route.base_url);
	const struct bs_health_route *found = bs_health_find_route(
		health, bs_health_route_id(&health->salt, host, bs_str_c(route->name)));
	if (found)
		route->health = *found;
	for (size_t i = 0; i < route->keys_count; i++) {
		struct bs_str value;
		if (!bs_key_find(variables, route->keys[i].name, &value))
			route->keys[i].health = recall_key(health, host, value);
	}
	if (route->keys_count == 0)
		route->anonymous = recall_key(health, host, BS_LIT(""));
}

static enum bs_status recall(const struct bs_config *config, const char *const *variables,
	struct bs_arena *arena, struct bs_diag *diag, struct bs_survey *survey, struct bs_err *err)
{
	struct bs_health_file file;
	struct bs_err trouble = {0};
	enum bs_status status = BS_OK;
	struct bs_health *health = BS_NEW(arena, struct bs_health);
	if (!health)
		return bs_fail_nomem(err);
	bs_health_file_open(&file, config, variables, arena, diag);
	bs_health_file_read(&file, survey->wall_ms, health);
	if (file.on) {
		survey->folder = file.path;
		if (bs_health_file_try(&file, &trouble) != BS_OK)
			survey->folder_trouble = bs_arena_cstr(arena, bs_str_c(trouble.msg));
	}
	if (trouble.status != BS_OK && !survey->folder_trouble)
		status = bs_fail_nomem(err);
	survey->retry_tenths = health->retry_tenths;
	survey->hedge_tenths = health->hedge_tenths;
	for (size_t i = 0; file.on && i < survey->routes_count; i++)
		if (!survey->routes[i].broken)
			recall_route(health, variables, &survey->routes[i]);
	bs_health_file_close(&file);
	return status;
}

enum bs_status bs_survey_make(const struct bs_config *config, const char *const *variables,
	int64_t wall_ms, struct bs_arena *arena, struct bs_diag *diag, struct bs_survey *ret_survey,
	struct bs_err *err)
{
	*ret_survey = (struct bs_survey){.wall_ms = wall_ms, .environ = variables};
	enum bs_status status = config->route.count > 0 ? add_named_routes(config, variables, arena,
								  ret_survey, err)
							: add_usual_routes(config, variables, arena,
								  ret_survey, err);
	if (status == BS_OK)
		status = look_for_aws(config, arena, ret_survey, err);
	for (size_t i = 0; status == BS_OK && i < ret_survey->routes_count; i++)
		if (!ret_survey->routes[i].broken)
			add_keys(ret_survey, &ret_survey->routes[i]);
	if (status == BS_OK)
		status = judge_routes(config, arena, ret_survey, err);
	if (status == BS_OK && config->route.count == 0)
		status = bs_survey_find_passed(config, variables, arena, ret_survey, err);
	if (status == BS_OK)
		status = recall(config, ret_survey->environ, arena, diag, ret_survey, err);
	return status;
}
