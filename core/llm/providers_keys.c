// SPDX-License-Identifier: MIT
// Where the keys of a route are, and where they may go.
#include "core/ext/http.h"
#include "core/llm/address.h"
#include "core/llm/aws_credentials.h"
#include "core/llm/providers_own.h"

// Some hosts take one key in a header of their own and another as a bearer's.
static void fill_bearer(const struct bs_route_finding *f, struct bs_route *route)
{
	const char *bearer = f->builtin ? f->builtin->bearer_key : NULL;
	bool said = f->entry && (f->entry->key_header || f->entry->api);
	if (!bearer || said || route->keys.count != 1 || strcmp(route->keys.items[0], bearer) != 0)
		return;
	route->key_header = "Authorization";
	route->key_prefix = "Bearer ";
}

// The entry's own names, else the usual variables of a built-in provider: of those the first that
// is set, the first at all when none is (or the environment is not known here). Those of AWS may
// also be found elsewhere, but not for a host that a project's file names.
static enum bs_status find_keys(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err)
{
	const struct bs_provider *builtin = f->builtin;
	if (f->entry && (f->entry->keys_set || f->entry->keys.count > 0)) {
		route->keys = f->entry->keys;
		return BS_OK;
	}
	if (!builtin)
		return BS_OK;
	if (f->entry && f->entry->like && f->entry->base_url)
		return builtin->traits & BS_TRAIT_KEY_OPTIONAL
			       ? BS_OK
			       : bs_fail(err, BS_USAGE,
					 "providers.%s: keys is missing: it has a base_url of its "
					 "own, and %s is for that of %s; keys: [] sends none",
					 f->name, builtin->key_variables[0], builtin->name);
	const char *found = NULL;
	for (size_t i = BS_PROVIDER_KEYS_MAX; f->environ && i-- > 0;) {
		const char *variable = builtin->key_variables[i];
		const char *value = variable ? bs_env_get(f->environ, variable) : NULL;
		if (value && *value)
			found = variable;
	}
	if (!found && (builtin->traits & BS_TRAIT_KEY_OPTIONAL))
		return BS_OK;
	const char **name = BS_NEW(f->arena, const char *);
	if (!name)
		return bs_fail_nomem(err);
	bool looked_for = builtin->signs_for && f->environ && !(f->entry && f->entry->from_project);
	*name = found ? found : looked_for ? BS_AWS_KEY : builtin->key_variables[0];
	route->keys = (struct bs_strings){name, 1};
	return BS_OK;
}

enum bs_status bs_route_fill_keys(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err)
{
	enum bs_status status = find_keys(f, route, err);
	if (status == BS_OK)
		fill_bearer(f, route);
	return status;
}

// A key that belongs to one host stays with it: no other address, no other provider. Plain http is
// no wire that others did not read before: the agent sends the same key there.
static enum bs_status check_own_host(
	const struct bs_route_finding *f, const struct bs_route *route, struct bs_err *err)
{
	const struct bs_provider_config *entry = f->entry;
	struct bs_http_place place;
	if (entry && entry->made_up)
		return BS_OK;
	if (entry && (entry->base_url || entry->api || entry->key_header || entry->keys_set ||
			     entry->keys.count))
		return bs_fail(err, BS_USAGE,
			"providers.%s: api, base_url, keys and key_header cannot be set: its key "
			"goes to its own host only",
			f->builtin->name);
	return bs_http_place(route->url, true, &place, err);
}

enum bs_status bs_route_check_keys(
	const struct bs_route_finding *f, const struct bs_route *route, struct bs_err *err)
{
	const struct bs_provider *owner;
	if (f->builtin && (f->builtin->traits & BS_TRAIT_OWN_KEY))
		return check_own_host(f, route, err);
	for (size_t i = 0; (owner = bs_provider_at(i)); i++)
		for (size_t k = 0; (owner->traits & BS_TRAIT_OWN_KEY) && k < route->keys.count; k++)
			if (strcmp(route->keys.items[k], owner->key_variables[0]) == 0)
				return bs_fail(err, BS_USAGE,
					"providers.%s.keys: %s is for the provider %s only",
					route->provider, owner->key_variables[0], owner->name);
	return BS_OK;
}
