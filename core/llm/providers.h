// SPDX-License-Identifier: MIT
// THE table of providers, and how "provider/model" becomes something that can be asked.
#ifndef BS_LLM_PROVIDERS_H
#define BS_LLM_PROVIDERS_H

#include "core/config/config.h"
#include "core/llm/models.h"
#include "core/llm/provider.h"

#define BS_PROVIDER_KEYS_MAX 2
#define BS_PROVIDER_BASES_MAX 4

enum bs_trait {
	BS_TRAIT_NAMED_ONLY = 1 << 0,   // never on the route unless the user names it
	BS_TRAIT_KEY_OPTIONAL = 1 << 1, // without the variable no credential is sent
	BS_TRAIT_FREE = 1 << 2,         // runs on the user's own machine: costs nothing
	// Its key belongs to its one host: neither goes with anything else.
	BS_TRAIT_OWN_KEY = 1 << 3,
	// On the route by itself only when the first of its variables is set.
	BS_TRAIT_FIRST_KEY = 1 << 4,
};

struct bs_provider {
	const char *name;
	const struct bs_wire *wire;
	// The first counts whose ${VARIABLE} is set; none: the user must say.
	const char *base_urls[BS_PROVIDER_BASES_MAX];
	const char
		*key_variables[BS_PROVIDER_KEYS_MAX]; // usual names, the first that is set counts
	const char *key_header, *key_prefix;          // NULL: the wire format's
	const char *bearer_key; // the one of them that is sent as "Authorization: Bearer"
	const char *signs_for;  // AWS service; a key whose name ends in ACCESS_KEY_ID signs
	const char *model;      // when the route names none, and on the default route; may be NULL
	const char *maker;      // of its models (core/llm/models.c); NULL: the provider itself
	uint32_t window_tokens; // of models that nothing is known of; 0: not known
	enum bs_schema_mode mode; // to begin with, likewise
	// Where the user left the general limits alone; 0: those hold.
	int64_t first_token_ms, attempt_ms;
	unsigned quirks; // enum bs_quirk
	unsigned traits; // enum bs_trait
};

// A built-in provider by its name, or NULL.
const struct bs_provider *bs_provider_find(const char *name);
// By index from 0, for lists; NULL after the last.
const struct bs_provider *bs_provider_at(size_t index);

// What an entry of the user's may name as its `api`; NULL after the last.
const struct bs_wire *bs_wire_at(size_t index);
// The format of that name, and what its hosts other than the built-in ones need; or NULL.
const struct bs_wire *bs_wire_find(const char *name, unsigned *ret_quirks);

// One route, ready to be asked. Strings live in the arena, the configuration or the table.
struct bs_route {
	const char *name;     // "openai/gpt-6-luna"
	const char *provider; // "openai"
	const char *model;
	const struct bs_wire *wire;
	const char *base_url; // without a slash at its end: the identity of the host
	const char *url;      // what is posted to
	bool stream;
	struct bs_strings keys; // names of variables; none: no credential is sent
	const char *key_header, *key_prefix;
	const char *signs_for, *region; // NULL: keys are sent as they are
	struct bs_strings headers;      // "Name: value", the user's own
	struct bs_strings body;         // "name: JSON", likewise
	struct bs_limits limits;        // the provider's own over the general ones
	enum bs_schema_mode mode;
	unsigned modes; // bit set of enum bs_schema_mode: the wire's from `mode` downwards
	unsigned quirks;
	enum bs_family family;
	bool tell_shape; // its hosts hold a model to a schema that they do not show it
	bool priced;
	bool own_price;         // it is the user's word, not the list's
	struct bs_price price;  // when priced
	uint64_t output_tokens; // an answer that nobody bounds has no more; 0: unknown
	uint64_t window_tokens; // of log that fit beside everything else; 0: unknown
	uint64_t window_bytes;  // about as many bytes of log, for comparing windows; 0: unknown
};

// What a request to the route holds that it may refuse: bits of enum bs_param.
unsigned bs_route_params(const struct bs_route *route);

// BS_USAGE names the nearest known provider. environ may be NULL: then nothing is set.
enum bs_status bs_route_resolve(const struct bs_config *config, const char *const *environ,
	const char *name, struct bs_arena *arena, struct bs_route *ret_route,
	struct bs_err *err) BS_MUST_USE;

// Does one of them take the key of that name?
bool bs_route_any_takes(const struct bs_route *routes, size_t count, const char *key);

// All routes of a run in order: those configured, else the built-in providers, then the user's
// own with a `model`, whose key is set. ret_routes has room for BS_ROUTES_MAX, and is scratch on
// failure. *ret_count may be 0.
enum bs_status bs_routes_resolve(const struct bs_config *config, const char *const *environ,
	struct bs_arena *arena, struct bs_route *ret_routes, size_t *ret_count,
	struct bs_err *err) BS_MUST_USE;

#endif
