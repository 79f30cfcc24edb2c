// SPDX-License-Identifier: MIT
// THE table of providers, and the way from "provider/model" and a configuration to a route.
#include "core/llm/providers.h"

// Windows: about three bytes a token, less what prompt, schema and answer need. Models and prices:
// the providers' own pages, November 2026.
static const struct bs_provider providers[] = {
	{.name = "openai",
		.wire = &bs_wire_openai,
		.base_url = "https://api.openai.com/v1",
		.key_variables = {"OPENAI_API_KEY"},
		.model = "gpt-6-luna",
		.window_bytes = 3000000,
		.mode = BS_SCHEMA_STRICT,
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT},
	{.name = "anthropic",
		.wire = &bs_wire_anthropic,
		.base_url = "https://api.anthropic.com",
		.key_variables = {"ANTHROPIC_API_KEY"},
		.model = "claude-haiku-5-5",
		.window_bytes = 3000000,
		.mode = BS_SCHEMA_STRICT},
};

#define PROVIDERS (sizeof(providers) / sizeof(providers[0]))

// What an entry of the user's may name as its `api`. Hosts that imitate OpenAI know max_tokens;
// not all of them know its successor.
static const struct {
	const struct bs_wire *wire;
	unsigned quirks;
} wires[] = {
	{&bs_wire_openai, BS_QUIRK_MAX_TOKENS},
	{&bs_wire_anthropic, 0},
};

#define WIRES (sizeof(wires) / sizeof(wires[0]))

const struct bs_provider *bs_provider_at(size_t index)
{
	return index < PROVIDERS ? &providers[index] : NULL;
}

static const struct bs_provider *find(struct bs_str name)
{
	for (size_t i = 0; i < PROVIDERS; i++)
		if (bs_str_eq_c(name, providers[i].name))
			return &providers[i];
	return NULL;
}

const struct bs_provider *bs_provider_find(const char *name)
{
	return find(bs_str_c(name));
}

static const struct bs_provider_config *find_entry(
	const struct bs_config *config, struct bs_str name)
{
	for (size_t i = 0; i < config->providers_count; i++)
		if (bs_str_eq_c(name, config->providers[i].name))
			return &config->providers[i];
	return NULL;
}

// --- names nobody knows

struct nearest {
	struct bs_str wanted;
	const char *name;
	size_t distance;
};

static void consider(struct nearest *best, const char *name)
{
	size_t distance = bs_str_distance(best->wanted, bs_str_c(name), best->distance);
	if (distance >= best->distance)
		return;
	best->name = name;
	best->distance = distance;
}

static enum bs_status fail_unknown(
	const struct bs_config *config, const char *route, struct bs_str name, struct bs_err *err)
{
	// Further away than three letters it is no slip of the finger.
	struct nearest best = {.wanted = name, .distance = 4};
	for (size_t i = 0; i < PROVIDERS; i++)
		consider(&best, providers[i].name);
	for (size_t i = 0; i < config->providers_count; i++)
		consider(&best, config->providers[i].name);
	if (best.name)
		return bs_fail(err, BS_USAGE,
			"route %s: unknown provider \"%.*s\"; did you mean %s?", route,
			BS_FMT(name), best.name);
	return bs_fail(err, BS_USAGE,
		"route %s: unknown provider \"%.*s\"; define it under providers: with api and base_url, "
		"or use openai or anthropic",
		route, BS_FMT(name));
}

// --- one route

static enum bs_status find_wire(
	const struct bs_provider_config *entry, struct bs_route *route, struct bs_err *err)
{
	for (size_t i = 0; i < WIRES; i++) {
		if (strcmp(entry->api, wires[i].wire->name) != 0)
			continue;
		route->wire = wires[i].wire;
		route->quirks = wires[i].quirks;
		return BS_OK;
	}
	return bs_fail(err, BS_USAGE,
		"providers.%s.api: unknown wire format \"%s\"; known are openai and anthropic",
		entry->name, entry->api);
}

// Wire, base URL and the rest of the built-in row, then the user's entry over them.
static enum bs_status fill(const struct bs_provider *builtin,
	const struct bs_provider_config *entry, struct bs_arena *arena, struct bs_route *route,
	struct bs_err *err)
{
	if (builtin) {
		route->wire = builtin->wire;
		route->base_url = builtin->base_url;
		route->mode = builtin->mode;
		route->quirks = builtin->quirks;
		route->window_bytes = builtin->window_bytes;
	}
	bool other_wire = entry && entry->api &&
			  (!builtin || strcmp(entry->api, builtin->wire->name) != 0);
	if (other_wire) {
		enum bs_status status = find_wire(entry, route, err);
		if (status != BS_OK)
			return status;
	}
	if (entry && entry->base_url) {
		struct bs_str base = bs_str_trim(bs_str_c(entry->base_url));
		while (bs_str_ends(base, BS_LIT("/")))
			base.len--;
		route->base_url = bs_arena_cstr(arena, base);
		if (!route->base_url)
			return bs_fail_nomem(err);
	}
	if (!route->wire)
		return bs_fail(err, BS_USAGE, "providers.%s: api is missing (openai or anthropic)",
			entry->name);
	if (!route->base_url || !*route->base_url)
		return bs_fail(err, BS_USAGE, "providers.%s: base_url is missing", entry->name);
	struct bs_str base = bs_str_c(route->base_url);
	if (!bs_str_istarts(base, BS_LIT("https://")) && !bs_str_istarts(base, BS_LIT("http://")))
		return bs_fail(err, BS_USAGE,
			"providers.%s.base_url: \"%s\" begins with neither https:// nor http://",
			entry->name, route->base_url);
	return BS_OK;
}

// A base URL that ends in the version the path begins with has said it already:
// https://host/anthropic and https://host/anthropic/v1 mean the same.
static enum bs_status join_url(struct bs_route *route, struct bs_arena *arena, struct bs_err *err)
{
	const struct bs_str version = BS_LIT("/v1");
	struct bs_str path = bs_str_c(route->wire->path);
	struct bs_str base = bs_str_c(route->base_url);
	if (bs_str_starts(path, version) && bs_str_ends(base, version))
		path = bs_str_from(path, version.len);
	route->url = bs_arena_printf(arena, "%s%.*s", route->base_url, BS_FMT(path));
	return route->url ? BS_OK : bs_fail_nomem(err);
}

// The entry's own names, else the usual variables of a built-in provider: of those the first that
// is set, the first at all when none is (or the environment is not known here).
static enum bs_status fill_keys(const struct bs_provider *builtin,
	const struct bs_provider_config *entry, const char *const *environ, struct bs_arena *arena,
	struct bs_route *route, struct bs_err *err)
{
	if (entry && (entry->keys_set || entry->keys.count > 0)) {
		route->keys = entry->keys;
		return BS_OK;
	}
	if (!builtin)
		return BS_OK;
	const char **name = BS_NEW(arena, const char *);
	if (!name)
		return bs_fail_nomem(err);
	*name = builtin->key_variables[0];
	for (size_t i = BS_PROVIDER_KEYS_MAX; environ && i-- > 0;) {
		const char *variable = builtin->key_variables[i];
		const char *value = variable ? bs_env_get(environ, variable) : NULL;
		if (value && *value)
			*name = variable;
	}
	route->keys = (struct bs_strings){name, 1};
	return BS_OK;
}

static int64_t either(int64_t own, int64_t general)
{
	return own > 0 ? own : general;
}

static void fill_limits(const struct bs_config *config, const struct bs_provider_config *entry,
	struct bs_route *route)
{
	const struct bs_limits *general = &config->limits;
	struct bs_limits own = entry ? entry->limits : (struct bs_limits){0};
	route->limits = (struct bs_limits){
		.connect_ms = either(own.connect_ms, general->connect_ms),
		.first_token_ms = either(own.first_token_ms, general->first_token_ms),
		.idle_ms = either(own.idle_ms, general->idle_ms),
		.attempt_ms = either(own.attempt_ms, general->attempt_ms),
	};
}

static enum bs_status resolve(const struct bs_config *config, const char *const *environ,
	const char *name, struct bs_arena *arena, struct bs_route *ret_route, struct bs_err *err)
{
	struct bs_route route = {.name = name, .mode = BS_SCHEMA_STRICT};
	struct bs_str model = bs_str_c(name), provider = {NULL, 0};
	(void)bs_str_split(&model, '/', &provider);
	const struct bs_provider *builtin = find(provider);
	const struct bs_provider_config *entry = find_entry(config, provider);
	if (!builtin && !entry)
		return fail_unknown(config, name, provider, err);
	route.provider = builtin ? builtin->name : entry->name;
	if (model.len > 0) {
		route.model = model.ptr; // the rest of `name`, NUL and all
	} else if (builtin && !model.ptr) {
		route.model = builtin->model;
		route.name = bs_arena_printf(arena, "%s/%s", builtin->name, builtin->model);
	} else {
		return bs_fail(err, BS_USAGE, "route %s: the model is missing: %s/MODEL", name,
			route.provider);
	}
	enum bs_status status = fill(builtin, entry, arena, &route, err);
	if (status == BS_OK)
		status = join_url(&route, arena, err);
	if (status == BS_OK)
		status = fill_keys(builtin, entry, environ, arena, &route, err);
	if (status == BS_OK && !route.name)
		status = bs_fail_nomem(err);
	if (status != BS_OK)
		return status;
	if (!builtin || !bs_str_starts(bs_str_c(route.model), bs_str_c(builtin->model)))
		route.window_bytes = 0; // the table knows its own model's only
	fill_limits(config, entry, &route);
	route.modes = route.wire->modes & ~((1u << route.mode) - 1);
	*ret_route = route;
	return BS_OK;
}

enum bs_status bs_route_resolve(const struct bs_config *config, const char *name,
	struct bs_arena *arena, struct bs_route *ret_route, struct bs_err *err)
{
	return resolve(config, NULL, name, arena, ret_route, err);
}

// --- all routes

static bool any_key_set(const struct bs_route *route, const char *const *environ)
{
	for (size_t i = 0; i < route->keys.count; i++) {
		const char *value = bs_env_get(environ, route->keys.items[i]);
		if (value && *value)
			return true;
	}
	return false;
}

enum bs_status bs_routes_resolve(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_route *ret_routes, size_t *ret_count, struct bs_err *err)
{
	size_t count = 0;
	if (config->route.count > BS_ROUTES_MAX)
		return bs_fail(err, BS_USAGE, "route: %zu entries, at most %d", config->route.count,
			BS_ROUTES_MAX);
	for (size_t i = 0; i < config->route.count; i++) {
		enum bs_status status = resolve(
			config, environ, config->route.items[i], arena, &ret_routes[count], err);
		if (status != BS_OK)
			return status;
		count++;
	}
	// Nothing configured: whoever's key is set. Entries of the user's have no usual model, so
	// only those over a built-in name take part.
	for (size_t i = 0; i < PROVIDERS && config->route.count == 0; i++) {
		enum bs_status status = resolve(
			config, environ, providers[i].name, arena, &ret_routes[count], err);
		if (status != BS_OK)
			return status;
		count += any_key_set(&ret_routes[count], environ);
	}
	*ret_count = count;
	return BS_OK;
}
