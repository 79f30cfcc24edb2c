// SPDX-License-Identifier: MIT
// Keys that are set and make no route: what is missing beside them.
#include "core/llm/survey.h"

static bool is_set(const char *const *environ, const char *name)
{
	const char *value = bs_env_get(environ, name);
	return value && *value;
}

static bool is_listed(const struct bs_survey *survey, const char *variable)
{
	for (size_t i = 0; i < survey->passed_count; i++)
		if (strcmp(survey->passed[i].variable, variable) == 0)
			return true;
	for (size_t i = 0; i < survey->routes_count; i++)
		for (size_t k = 0; k < survey->routes[i].keys_count; k++)
			if (strcmp(survey->routes[i].keys[k].name, variable) == 0)
				return true;
	return false;
}

static bool has_route(const struct bs_survey *survey, const char *provider)
{
	for (size_t i = 0; i < survey->routes_count; i++)
		if (!survey->routes[i].broken &&
			strcmp(survey->routes[i].route.provider, provider) == 0)
			return true;
	return false;
}

// What a route of that name lacks; *ret_why stays as it is when it lacks nothing.
static enum bs_status find_lack(const struct bs_config *config, const char *const *environ,
	const char *name, struct bs_arena *arena, const char **ret_why, struct bs_err *err)
{
	struct bs_route route;
	struct bs_err first = {0}, second = {0};
	enum bs_status status = bs_route_resolve(config, environ, name, arena, &route, &first);
	if (status == BS_OK)
		return BS_OK;
	// A missing model hides a missing address.
	const char *longer = bs_arena_printf(arena, "%s/MODEL", name);
	if (status == BS_NOMEM || !longer)
		return bs_fail_nomem(err);
	status = bs_route_resolve(config, environ, longer, arena, &route, &second);
	bool more = status == BS_USAGE && strcmp(first.msg, second.msg) != 0;
	*ret_why = bs_arena_printf(
		arena, "%s%s%s", first.msg, more ? "; " : "", more ? second.msg : "");
	return status != BS_NOMEM && *ret_why ? BS_OK : bs_fail_nomem(err);
}

static enum bs_status add(const struct bs_config *config, const char *const *environ,
	struct bs_survey_passed passed, bool by_itself, struct bs_arena *arena,
	struct bs_survey *survey, struct bs_err *err)
{
	if (survey->passed_count == BS_SURVEY_PASSED_MAX)
		return BS_OK;
	enum bs_status status = by_itself ? find_lack(config, environ, passed.provider, arena,
						    &passed.why, err)
					  : BS_OK;
	passed.incomplete = passed.why != NULL;
	if (!passed.why)
		passed.why = "it is asked only where the route names it";
	survey->passed[survey->passed_count++] = passed;
	return status;
}

enum bs_status bs_survey_find_passed(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_survey *survey, struct bs_err *err)
{
	const struct bs_provider *p;
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && (p = bs_provider_at(i)); i++) {
		const struct bs_provider_config *entry = bs_config_provider(
			config, bs_str_c(p->name));
		if ((p->traits & BS_TRAIT_OWN_KEY) || has_route(survey, p->name) ||
			(entry && entry->keys_set))
			continue;
		for (size_t k = 0; status == BS_OK && k < BS_PROVIDER_KEYS_MAX; k++) {
			const char *variable = p->key_variables[k];
			if (!variable || !is_set(environ, variable) || is_listed(survey, variable))
				continue;
			bool named = (p->traits & BS_TRAIT_NAMED_ONLY) ||
				     ((p->traits & BS_TRAIT_FIRST_KEY) && k > 0);
			status = add(config, environ,
				(struct bs_survey_passed){p->name, variable, NULL, false}, !named,
				arena, survey, err);
		}
	}
	for (size_t i = 0; status == BS_OK && i < config->providers_count; i++) {
		const struct bs_provider_config *entry = &config->providers[i];
		const struct bs_provider *builtin = bs_provider_find(entry->name);
		bool named = builtin && (builtin->traits & BS_TRAIT_NAMED_ONLY);
		if (has_route(survey, entry->name))
			continue;
		for (size_t k = 0; status == BS_OK && k < entry->keys.count; k++)
			if (is_set(environ, entry->keys.items[k]) &&
				!is_listed(survey, entry->keys.items[k]))
				status = add(config, environ,
					(struct bs_survey_passed){
						entry->name, entry->keys.items[k], NULL, false},
					!named, arena, survey, err);
	}
	return status;
}
