// SPDX-License-Identifier: MIT
// Sets the stage: routes, hosts, loopback addresses, made-up keys.
#include "core/drill/stage.h"

#include <assert.h>

#include "core/llm/sigv4.h"

// --- the routes

// The drill has a made-up value for every key; a real run would leave such a route out.
static void tell_unset_keys(const struct bs_drill *drill)
{
	for (size_t i = 0; i < drill->routes_count; i++)
		for (size_t k = 0; k < drill->routes[i].keys.count; k++) {
			const char *name = drill->routes[i].keys.items[k];
			const char *value = bs_env_get(drill->options->environ, name);
			if ((!value || !*value) && !strchr(name, ':'))
				bs_diag_warn(drill->options->diag,
					"%s is not set here: the drill plays as if it were", name);
		}
}

enum bs_status bs_stage_routes(struct bs_drill *drill, struct bs_arena *arena, struct bs_err *err)
{
	const struct bs_drill_options *options = drill->options;
	struct bs_config standard = *options->config;
	enum bs_status status = bs_routes_resolve(
		options->config, options->environ, arena, drill->routes, &drill->routes_count, err);
	if (status == BS_OK && drill->routes_count > 0)
		tell_unset_keys(drill);
	if (status != BS_OK || drill->routes_count > 0)
		return status;
	static const char *names[] = {"openai", "anthropic"};
	standard.route = (struct bs_strings){names, sizeof(names) / sizeof(names[0])};
	drill->borrowed_route = true;
	return bs_routes_resolve(
		&standard, options->environ, arena, drill->routes, &drill->routes_count, err);
}

void bs_stage_count_hosts(const struct bs_drill *drill, struct bs_stage *stage)
{
	stage->hosts_count = 0;
	for (size_t i = 0; i < drill->routes_count; i++) {
		const char *base_url = drill->routes[i].base_url;
		size_t same = 0;
		while (same < i && strcmp(drill->routes[same].base_url, base_url) != 0)
			same++;
		stage->hosts[i] = same < i ? stage->hosts[same] : stage->hosts_count++;
	}
}

// --- where they lead

// "https://api.example.com/v1" → "http://127.0.0.1:PORT/v1"
static const char *on_loopback(struct bs_arena *arena, const char *base_url, unsigned port)
{
	struct bs_str rest = bs_str_c(base_url);
	size_t scheme = bs_str_find(rest, BS_LIT("://"));
	if (scheme != SIZE_MAX)
		rest = bs_str_from(rest, scheme + 3);
	size_t slash = bs_str_find_char(rest, '/');
	struct bs_str path = slash == SIZE_MAX ? BS_LIT("") : bs_str_from(rest, slash);
	return bs_arena_printf(arena, "http://127.0.0.1:%u%.*s", port, BS_FMT(path));
}

static struct bs_provider_config *entry_of(struct bs_config *config, const char *provider)
{
	for (size_t i = 0; i < config->providers_count; i++)
		if (strcmp(config->providers[i].name, provider) == 0)
			return &config->providers[i];
	if (config->providers_count == BS_PROVIDERS_MAX)
		return NULL;
	struct bs_provider_config *entry = &config->providers[config->providers_count++];
	*entry = (struct bs_provider_config){.name = provider, .origin = "the drill"};
	return entry;
}

static enum bs_status point(struct bs_stage *stage, const struct bs_drill *drill,
	const struct bs_fault_server *server, bool alone, struct bs_arena *arena,
	struct bs_err *err)
{
	const char **names = BS_NEW_ARRAY(arena, const char *, drill->routes_count);
	if (!names)
		return bs_fail_nomem(err);
	stage->config.route = (struct bs_strings){names, alone ? 1 : drill->routes_count};
	for (size_t i = 0; i < drill->routes_count; i++) {
		const struct bs_route *route = &drill->routes[i];
		struct bs_provider_config *entry = entry_of(&stage->config, route->provider);
		if (!entry)
			return bs_fail(err, BS_USAGE, "providers: more than %d", BS_PROVIDERS_MAX);
		entry->base_url = on_loopback(
			arena, route->base_url, bs_fault_server_port(server, stage->hosts[i]));
		entry->made_up = true;
		entry->keys = route->keys;
		entry->keys_set = true;
		if (alone && entry->keys.count > 1)
			entry->keys.count = 1;
		names[i] = route->name;
		if (!entry->base_url)
			return bs_fail_nomem(err);
	}
	return BS_OK;
}

// --- keys: every variable that a route names gets a value of ours, set or not

// Also what goes with a key that signs.
static bool belongs_to(struct bs_str variable, const char *key)
{
	static const char *const companions[] = {"SECRET_ACCESS_KEY", "SESSION_TOKEN"};
	char name[BS_SIGV4_NAME_BYTES];
	if (bs_str_eq_c(variable, key))
		return true;
	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++)
		if (bs_sigv4_companion(key, companions[i], name) && bs_str_eq_c(variable, name))
			return true;
	return false;
}

static bool is_key(const struct bs_config *config, struct bs_str variable)
{
	for (size_t i = 0; i < config->providers_count; i++)
		for (size_t k = 0; k < config->providers[i].keys.count; k++)
			if (belongs_to(variable, config->providers[i].keys.items[k]))
				return true;
	return false;
}

static enum bs_status make_up(struct bs_stage *stage, const char *name, size_t at,
	struct bs_arena *arena, struct bs_err *err)
{
	stage->environ[at] = bs_arena_printf(arena, "%s=drill-%s", name, name);
	return stage->environ[at] ? BS_OK : bs_fail_nomem(err);
}

static enum bs_status set_environ(
	struct bs_stage *stage, const char *const *env, struct bs_arena *arena, struct bs_err *err)
{
	const struct bs_config *config = &stage->config;
	size_t count = 0, keys = 0;
	while (env[count])
		count++;
	for (size_t i = 0; i < config->providers_count; i++)
		keys += config->providers[i].keys.count;
	stage->environ = BS_NEW_ARRAY(arena, const char *, count + 2 * keys + 1);
	if (!stage->environ)
		return bs_fail_nomem(err);
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		struct bs_str line = bs_str_c(env[i]), name;
		if (bs_str_split(&line, '=', &name) && !is_key(config, name))
			stage->environ[at++] = env[i];
	}
	for (size_t i = 0; i < config->providers_count; i++)
		for (size_t k = 0; k < config->providers[i].keys.count; k++) {
			const char *name = config->providers[i].keys.items[k];
			char secret[BS_SIGV4_NAME_BYTES];
			enum bs_status status = make_up(stage, name, at++, arena, err);
			if (status == BS_OK &&
				bs_sigv4_companion(name, "SECRET_ACCESS_KEY", secret))
				status = make_up(stage, secret, at++, arena, err);
			if (status != BS_OK)
				return status;
		}
	return BS_OK;
}

// --- the whole

static void stand_alone(struct bs_config *config)
{
	const struct bs_limits none = {
		config->deadline_ms, config->deadline_ms, config->deadline_ms, config->deadline_ms};
	config->attempts = 1;
	config->hedge_ms = BS_HEDGE_OFF;
	config->limits = none;
	for (size_t i = 0; i < config->providers_count; i++)
		config->providers[i].limits = none;
}

enum bs_status bs_stage_set(struct bs_stage *stage, const struct bs_drill *drill,
	const struct bs_fault_server *server, const char *state_dir, bool alone,
	struct bs_arena *arena, struct bs_err *err)
{
	assert(drill->routes_count > 0);
	stage->config = *drill->options->config;
	stage->config.offline = stage->config.dry_run = false;
	stage->config.state = !alone && stage->config.state;
	stage->config.state_dir = state_dir;
	enum bs_status status = point(stage, drill, server, alone, arena, err);
	if (status == BS_OK && alone)
		stand_alone(&stage->config);
	if (status == BS_OK)
		status = set_environ(stage, drill->options->environ, arena, err);
	return status;
}
