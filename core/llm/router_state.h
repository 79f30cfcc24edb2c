// SPDX-License-Identifier: MIT
// Between the parts of the router: what they ask about its state: who may send, and when.
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

// When its first key may be used; `known_down`: as far as an earlier run's word goes, too. Never
// when all are dead.
static inline int64_t bs_router_warm_ms(struct bs_router *router, size_t route, bool known_down)
{
	int64_t warm_ms = BS_ROUTER_NEVER_MS;
	for (size_t i = 0; i < bs_router_keys_count(router, route); i++) {
		const struct bs_router_key *key = bs_router_key(router, route, i);
		int64_t wake_ms = key->warm_at_ms;
		if (known_down && wake_ms < key->dead_until_ms)
			wake_ms = key->dead_until_ms;
		if (!key->dead && wake_ms < warm_ms)
			warm_ms = wake_ms;
	}
	return warm_ms;
}

// --- router_choose.c

struct bs_router_choice {
	size_t route; // routes_count: none
	int64_t at_ms;
};

struct bs_router_choice bs_router_choose(struct bs_router *router, int64_t now_ms);
// Untried, and may send now.
bool bs_router_is_fresh(struct bs_router *router, size_t route, int64_t now_ms);
// The first such route, or routes_count.
size_t bs_router_first_fresh(struct bs_router *router, int64_t now_ms);
// When it is to be asked again by an earlier run's word.
int64_t bs_router_recovery_ms(struct bs_router *router, size_t route);
// Does the ceiling on costs allow the route's next attempt? *ret_pico_usd: its most.
bool bs_router_can_pay(const struct bs_router *router, size_t route, uint64_t *ret_pico_usd);
// Of a route that may send: the first warm key that is not said to be dead; when all are, the one
// that is to be tried again soonest.
size_t bs_router_choose_key(struct bs_router *router, size_t route, int64_t now_ms);

#endif
