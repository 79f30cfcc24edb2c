// SPDX-License-Identifier: MIT
// What the two halves of the router ask about its state: who may send, and when.
#ifndef BS_LLM_ROUTER_STATE_H
#define BS_LLM_ROUTER_STATE_H

#include "core/llm/router.h"

#define BS_ROUTER_NEVER_MS INT64_MAX

// A route without keys has one anonymous key of its own.
static inline size_t bs_router_keys_count(const struct bs_router *router, size_t route)
{
	size_t count = router->config.routes[route].keys_count;
	return count ? count : 1;
}

static inline struct bs_router_key *bs_router_key(
	struct bs_router *router, size_t route, size_t key)
{
	const struct bs_router_route *config = &router->config.routes[route];
	return config->keys_count ? &router->keys[config->key_ids[key]]
				  : &router->routes[route].anonymous;
}

// When its first key is warm; never when all are dead.
static inline int64_t bs_router_warm_ms(struct bs_router *router, size_t route)
{
	int64_t warm_ms = BS_ROUTER_NEVER_MS;
	for (size_t i = 0; i < bs_router_keys_count(router, route); i++) {
		const struct bs_router_key *key = bs_router_key(router, route, i);
		if (!key->dead && key->warm_at_ms < warm_ms)
			warm_ms = key->warm_at_ms;
	}
	return warm_ms;
}

#endif
