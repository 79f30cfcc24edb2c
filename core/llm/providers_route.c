// SPDX-License-Identifier: MIT
// The way from "provider/model", the tables and a configuration to a route.
#include <stdio.h>

#include "core/config/value.h"
#include "core/llm/address.h"
#include "core/llm/aws.h"
#include "core/llm/providers_own.h"

static const struct bs_provider *find_builtin(struct bs_str name)
{
	const struct bs_provider *provider;
	for (size_t i = 0; (provider = bs_provider_at(i)); i++)
		if (bs_str_eq_c(name, provider->name))
			return provider;
	return NULL;
}

// --- names nobody knows

static enum bs_status fail_unknown(
	const struct bs_config *config, const char *route, struct bs_str name, struct bs_err *err)
{
	const struct bs_provider *provider;
	struct bs_nearest nearest;
	struct bs_buf names;
	bs_nearest_init(&nearest, name);
	bs_buf_init(&names, BS_ERR_MSG_BYTES);
	for (size_t i = 0; (provider = bs_provider_at(i)); i++) {
		bs_buf_addf(&names, "%s%s", i ? ", " : "", provider->name);
		(void)bs_nearest_offer(&nearest, bs_str_c(provider->name));
	}
	for (size_t i = 0; i < config->providers_count; i++)
		(void)bs_nearest_offer(&nearest, bs_str_c(config->providers[i].name));
	if (name.len && nearest.best.ptr)
		(void)bs_fail(err, BS_USAGE,
			"route %s: unknown provider \"%.*s\"; did you mean %.*s?", route,
			BS_FMT(name), BS_FMT(nearest.best));
	else
		(void)bs_fail(err, BS_USAGE,
			"route %s: unknown provider \"%.*s\"; define it under providers: with api "
			"and base_url, or use one of %.*s",
			route, BS_FMT(name), BS_FMT(bs_buf_str(&names)));
	bs_buf_release(&names);
	return BS_USAGE;
}

// --- the parts of a route

static enum bs_status fail_api(const struct bs_provider_config *entry, struct bs_err *err)
{
	char names[160] = "";
	const struct bs_wire *wire;
	for (size_t i = 0, used = 0; (wire = bs_wire_at(i)); i++) {
		const char *joint = i == 0 ? "" : bs_wire_at(i + 1) ? ", " : " or ";
		int n = snprintf(names + used, sizeof(names) - used, "%s%s", joint, wire->name);
		used += n > 0 && (size_t)n < sizeof(names) - used ? (size_t)n : 0;
	}
	if (!entry->api)
		return bs_fail(
			err, BS_USAGE, "providers.%s: api is missing (%s)", entry->name, names);
	return bs_fail(err, BS_USAGE, "providers.%s.api: unknown wire format \"%s\"; expected %s",
		entry->name, entry->api, names);
}

// The format, and what is peculiar to the host.
static enum bs_status fill_wire(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err)
{
	const struct bs_provider *builtin = f->builtin;
	const char *api = f->entry ? f->entry->api : NULL;
	if (builtin) {
		route->wire = builtin->wire;
		route->mode = builtin->mode;
		route->quirks = builtin->quirks;
		route->key_header = builtin->key_header;
		route->key_prefix = builtin->key_prefix;
	}
	if (!builtin || (api && strcmp(api, builtin->wire->name) != 0)) {
		route->wire = api ? bs_wire_find(api, &route->quirks) : NULL;
		if (!route->wire)
			return fail_api(f->entry, err);
	}
	if (!route->key_header) {
		route->key_header = route->wire->key_header;
		route->key_prefix = route->wire->key_prefix;
	}
	if (f->entry && f->entry->key_header) {
		bool bearer = bs_str_ieq(bs_str_c(f->entry->key_header), BS_LIT("authorization"));
		route->key_header = f->entry->key_header;
		route->key_prefix = bearer ? "Bearer " : "";
	}
	if (f->entry) {
		route->headers = f->entry->headers;
		route->body = f->entry->body;
	}
	if (f->entry && f->entry->output_limit) {
		bool old = strcmp(f->entry->output_limit, "max_tokens") == 0;
		route->quirks &= ~(unsigned)BS_QUIRK_MAX_TOKENS;
		route->quirks |= old ? BS_QUIRK_MAX_TOKENS : 0;
	}
	route->stream = f->config->stream && route->wire->read_event;
	return BS_OK;
}

// AWS's own switch for its variables of addresses.
static bool is_ignored(const struct bs_route_finding *f, struct bs_str variable)
{
	const char *ignore = f->environ
				     ? bs_env_get(f->environ, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
				     : NULL;
	return bs_str_starts(variable, BS_LIT("AWS_ENDPOINT_URL")) &&
	       bs_str_ieq(bs_str_c(ignore), BS_LIT("true"));
}

// And its switch for the hosts whose cryptography is validated (FIPS 140).
#define AWS_HOST "https://bedrock-runtime."

static enum bs_status take_fips(
	const struct bs_route_finding *f, const char **form, struct bs_err *err)
{
	const char *use = f->environ ? bs_env_get(f->environ, "AWS_USE_FIPS_ENDPOINT") : NULL;
	if (!bs_str_ieq(bs_str_c(use), BS_LIT("true")) ||
		!bs_str_starts(bs_str_c(*form), BS_LIT(AWS_HOST)))
		return BS_OK;
	*form = bs_arena_printf(
		f->arena, "https://bedrock-runtime-fips.%s", *form + strlen(AWS_HOST));
	return *form ? BS_OK : bs_fail_nomem(err);
}

static enum bs_status fail_base(const struct bs_route_finding *f, struct bs_err *err)
{
	const struct bs_provider *builtin = f->builtin;
	char names[200] = "";
	size_t count = 0;
	for (size_t used = 0; count < BS_PROVIDER_BASES_MAX && builtin->base_urls[count]; count++) {
		struct bs_str variable = bs_address_variable(builtin->base_urls[count]);
		int n = snprintf(names + used, sizeof(names) - used, "%s%.*s", count ? ", " : "",
			BS_FMT(variable));
		used += n > 0 && (size_t)n < sizeof(names) - used ? (size_t)n : 0;
	}
	return bs_fail(err, BS_USAGE, "providers.%s: base_url is missing, and %s%s is set", f->name,
		count > 1 ? "none of " : "no ", names);
}

// The entry's address, else the first of the table's that can be filled in.
static enum bs_status fill_base(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (f->entry && f->entry->base_url) {
		status = bs_address_base(f->entry->base_url, f->arena, &route->base_url, err);
		if (status == BS_OK && !bs_value_is_base_url(bs_str_c(route->base_url)))
			status = bs_fail(err, BS_USAGE,
				"providers.%s.base_url: \"%s\" begins with neither https:// nor "
				"http://",
				f->entry->name, route->base_url);
		return status;
	}
	for (size_t i = 0; f->builtin && i < BS_PROVIDER_BASES_MAX; i++) {
		const char *form = f->builtin->base_urls[i];
		if (!form || route->base_url)
			break;
		if (is_ignored(f, bs_address_variable(form)))
			continue;
		status = take_fips(f, &form, err);
		if (status == BS_OK)
			status = bs_address_fill(form, f->environ, f->arena, &route->base_url, err);
		if (status != BS_OK)
			return status;
	}
	if (route->base_url)
		return BS_OK;
	if (!f->builtin)
		return bs_fail(err, BS_USAGE, "providers.%s: base_url is missing", f->name);
	return fail_base(f, err);
}

// Where signatures are for: the host says it, or the usual variables do.
static enum bs_status fill_region(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err)
{
	static const char *const variables[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
	bool bedrock = route->wire == &bs_wire_bedrock;
	struct bs_str region = bs_aws_region_of(bs_str_c(route->base_url));
	route->signs_for = f->builtin ? f->builtin->signs_for : bedrock ? "bedrock" : NULL;
	if (!route->signs_for)
		return BS_OK;
	for (size_t i = 0; i < 2 && !region.len && f->environ; i++)
		region = bs_str_c(bs_env_get(f->environ, variables[i]));
	route->region = bs_arena_cstr(f->arena, region.len ? region : BS_LIT("us-east-1"));
	return route->region ? BS_OK : bs_fail_nomem(err);
}

// The usual model goes through AWS's global profile, which other clouds do not have.
static enum bs_status check_usual_model(
	const struct bs_route_finding *f, const struct bs_route *route, struct bs_err *err)
{
	if (!f->builtin || route->model != f->builtin->model || !route->region ||
		!bs_str_starts(bs_str_c(route->model), BS_LIT("global.")) ||
		bs_aws_is_commercial(bs_str_c(route->region)))
		return BS_OK;
	return bs_fail(err, BS_USAGE,
		"route %s: the model is missing: %s/MODEL; the usual one, %s, is not there in %s",
		route->provider, route->provider, route->model, route->region);
}

// The entry's own limit, else the user's general one, else the provider's usual one.
static int64_t limit_of(const struct bs_route_finding *f, const char *name, int64_t own,
	int64_t general, int64_t usual)
{
	if (own > 0)
		return own;
	bool left_alone = strcmp(bs_config_origin(f->config, name), "default") == 0;
	return usual > general && left_alone ? usual : general;
}

static void fill_limits(const struct bs_route_finding *f, struct bs_route *route)
{
	const struct bs_limits *general = &f->config->limits;
	struct bs_limits own = f->entry ? f->entry->limits : (struct bs_limits){0};
	int64_t first_token_ms = f->builtin ? f->builtin->first_token_ms : 0;
	int64_t attempt_ms = f->builtin ? f->builtin->attempt_ms : 0;
	route->limits = (struct bs_limits){
		.connect_ms = limit_of(f, "connect", own.connect_ms, general->connect_ms, 0),
		.first_token_ms = limit_of(f, "first_token", own.first_token_ms,
			general->first_token_ms, first_token_ms),
		.idle_ms = limit_of(f, "idle", own.idle_ms, general->idle_ms, 0),
		.attempt_ms = limit_of(
			f, "attempt", own.attempt_ms, general->attempt_ms, attempt_ms),
	};
}

// --- one route

// The name as the user wrote it, or completed with the usual model.
static enum bs_status fill_name(const struct bs_route_finding *f, const char *name,
	struct bs_route *route, struct bs_err *err)
{
	const char *slash = strchr(name, '/');
	const char *usual = f->entry && f->entry->model ? f->entry->model
			    : f->builtin                ? f->builtin->model
							: NULL;
	route->provider = f->name;
	route->name = name;
	if (slash && slash[1]) {
		route->model = slash + 1;
		return BS_OK;
	}
	if (slash || !usual)
		return bs_fail(err, BS_USAGE, "route %s: the model is missing: %s/MODEL", name,
			route->provider);
	route->model = usual;
	route->name = bs_arena_printf(f->arena, "%s/%s", route->provider, usual);
	return route->name ? BS_OK : bs_fail_nomem(err);
}

// An entry that is like a built-in provider has its row, but for its name.
static enum bs_status take_likeness(struct bs_route_finding *f, struct bs_err *err)
{
	const char *like = f->entry ? f->entry->like : NULL;
	f->name = f->builtin ? f->builtin->name : f->entry->name;
	if (!like)
		return BS_OK;
	if (f->builtin)
		return bs_fail(err, BS_USAGE,
			"providers.%s.like: %s is built in; give the other one a name of its own",
			f->name, f->name);
	if (f->entry->api)
		return bs_fail(err, BS_USAGE,
			"providers.%s: api and like: write one of them; like: %s says the format",
			f->name, like);
	f->builtin = bs_provider_find(like);
	if (!f->builtin || (f->builtin->traits & BS_TRAIT_OWN_KEY))
		return bs_fail(err, BS_USAGE, "providers.%s.like: no provider like %s is built in",
			f->name, like);
	return BS_OK;
}

enum bs_status bs_route_resolve(const struct bs_config *config, const char *const *environ,
	const char *name, struct bs_arena *arena, struct bs_route *ret_route, struct bs_err *err)
{
	struct bs_route route = {.mode = BS_SCHEMA_STRICT};
	struct bs_str provider = bs_str_sub(
		bs_str_c(name), 0, bs_str_find_char(bs_str_c(name), '/'));
	struct bs_route_finding f = {
		.config = config,
		.environ = environ,
		.arena = arena,
		.builtin = find_builtin(provider),
		.entry = bs_config_provider(config, provider),
	};
	if (!f.builtin && !f.entry)
		return fail_unknown(config, name, provider, err);
	enum bs_status status = take_likeness(&f, err);
	if (status == BS_OK)
		status = fill_name(&f, name, &route, err);
	if (status == BS_OK)
		status = fill_wire(&f, &route, err);
	if (status == BS_OK)
		status = fill_base(&f, &route, err);
	if (status == BS_OK)
		status = bs_address_join(route.base_url,
			route.stream && route.wire->stream_path ? route.wire->stream_path
								: route.wire->path,
			route.model, arena, &route.url, err);
	if (status == BS_OK)
		status = bs_route_fill_keys(&f, &route, err);
	if (status == BS_OK)
		status = fill_region(&f, &route, err);
	if (status == BS_OK)
		status = check_usual_model(&f, &route, err);
	if (status == BS_OK)
		status = bs_route_check_keys(&f, &route, err);
	if (status != BS_OK)
		return status;
	fill_limits(&f, &route);
	bs_route_fill_model(f.builtin, f.entry, &route);
	if (config->brief)
		route.family = BS_FAMILY_BRIEF;
	*ret_route = route;
	return BS_OK;
}
