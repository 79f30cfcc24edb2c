// SPDX-License-Identifier: MIT
// THE table of providers, and how "provider/model" becomes something that can be asked.
#ifndef BS_LLM_PROVIDERS_H
#define BS_LLM_PROVIDERS_H

#include "core/config/config.h"
#include "core/llm/provider.h"

#define BS_PROVIDER_KEYS_MAX 2

struct bs_provider {
	const char *name;
	const struct bs_wire *wire;
	const char *base_url;
	const char
		*key_variables[BS_PROVIDER_KEYS_MAX]; // usual names, the first that is set counts
	const char *model;        // when the route names none, and on the default route
	uint64_t window_bytes;    // rough size of the model's window in bytes of log
	enum bs_schema_mode mode; // to begin with
	unsigned quirks;          // enum bs_quirk
};

// A built-in provider by its name, or NULL.
const struct bs_provider *bs_provider_find(const char *name);
// By index from 0, for lists; NULL after the last.
const struct bs_provider *bs_provider_at(size_t index);

// One route, ready to be asked. Strings live in the arena, the configuration or the table.
struct bs_route {
	const char *name;     // "openai/gpt-6-luna"
	const char *provider; // "openai"
	const char *model;
	const struct bs_wire *wire;
	const char *base_url;    // without a slash at its end: the identity of the host
	const char *url;         // what is posted to
	struct bs_strings keys;  // names of variables; none: no credential is sent
	struct bs_limits limits; // the provider's own over the general ones
	enum bs_schema_mode mode;
	unsigned modes; // bit set of enum bs_schema_mode: the wire's from `mode` downwards
	unsigned quirks;
	uint64_t window_bytes; // 0: unknown
};

// BS_USAGE names the nearest known provider.
enum bs_status bs_route_resolve(const struct bs_config *config, const char *name,
	struct bs_arena *arena, struct bs_route *ret_route, struct bs_err *err) BS_MUST_USE;

// All routes of a run in order: those configured, else the built-in and configured providers whose
// key is set, in table order. ret_routes has room for BS_ROUTES_MAX, and
// is scratch on failure. *ret_count may be 0.
enum bs_status bs_routes_resolve(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_route *ret_routes, size_t *ret_count,
	struct bs_err *err) BS_MUST_USE;

#endif
