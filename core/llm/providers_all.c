// SPDX-License-Identifier: MIT
// All routes of a run: those that the user named, or those whose keys are there.
#include "core/llm/providers.h"

static bool is_set(const char *const *environ, const char *name)
{
	const char *value = bs_env_get(environ, name);
	return value && *value;
}

static bool any_key_set(const struct bs_route *route, const char *const *environ)
{
	for (size_t i = 0; i < route->keys.count; i++)
		if (is_set(environ, route->keys.items[i]))
			return true;
	return false;
}

// Takes part if nothing of it is missing. One without a key, a model or an address is passed over.
static enum bs_status add_usual(const struct bs_config *config, const char *const *environ,
	const char *name, struct bs_arena *arena, struct bs_route *routes, size_t *count,
	struct bs_err *err)
{
	if (*count == BS_ROUTES_MAX)
		return BS_OK;
	enum bs_status status = bs_route_resolve(
		config, environ, name, arena, &routes[*count], err);
	if (status == BS_OK && any_key_set(&routes[*count], environ))
		(*count)++;
	return status;
}

// Without a route: whoever's key is set.
static enum bs_status resolve_usual(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_route *routes, size_t *count, struct bs_err *err)
{
	const struct bs_provider *provider;
	for (size_t i = 0; (provider = bs_provider_at(i)); i++) {
		struct bs_err trouble = {0};
		const struct bs_provider_config *entry = bs_config_provider(
			config, bs_str_c(provider->name));
		if ((provider->traits & BS_TRAIT_NAMED_ONLY) ||
			((provider->traits & BS_TRAIT_FIRST_KEY) && !entry &&
				!is_set(environ, provider->key_variables[0])))
			continue;
		enum bs_status status = add_usual(
			config, environ, provider->name, arena, routes, count, &trouble);
		// What the user wrote of it has to be right; what was not said is no mistake.
		if (status != BS_OK && (entry || status != BS_USAGE))
			return bs_fail(err, status, "%s", trouble.msg);
	}
	for (size_t i = 0; i < config->providers_count; i++) {
		const struct bs_provider_config *entry = &config->providers[i];
		if (bs_provider_find(entry->name) || !entry->model)
			continue;
		enum bs_status status = add_usual(
			config, environ, entry->name, arena, routes, count, err);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}

enum bs_status bs_routes_resolve(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_route *ret_routes, size_t *ret_count, struct bs_err *err)
{
	size_t count = 0;
	if (config->route.count > BS_ROUTES_MAX)
		return bs_fail(err, BS_USAGE, "route: %zu entries, at most %d", config->route.count,
			BS_ROUTES_MAX);
	enum bs_status status = BS_OK;
	for (; status == BS_OK && count < config->route.count; count++)
		status = bs_route_resolve(config, environ, config->route.items[count], arena,
			&ret_routes[count], err);
	if (status == BS_OK && config->route.count == 0)
		status = resolve_usual(config, environ, arena, ret_routes, &count, err);
	if (status == BS_OK)
		*ret_count = count;
	return status;
}

bool bs_route_any_takes(const struct bs_route *routes, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < routes[i].keys.count; k++)
			if (strcmp(routes[i].keys.items[k], key) == 0)
				return true;
	return false;
}
