// SPDX-License-Identifier: MIT
// Health from a file, made to fit the time: no clock, and no other hand, can make a rest last.
#include "core/llm/health.h"

static void clip(int64_t *time_ms, int64_t latest_ms)
{
	if (*time_ms > latest_ms)
		*time_ms = latest_ms;
}

// What the times said is lost; what was learnt of the host stays.
static void forget_times(struct bs_health *health, int64_t wall_ms)
{
	for (size_t i = 0; i < health->routes_count; i++) {
		struct bs_health_route *route = &health->routes[i];
		route->breaker = (struct bs_breaker){0};
		route->gone_until_ms = 0;
		clip(&route->touched_ms, wall_ms);
	}
	health->keys_count = 0;
}

static void settle_route(struct bs_health_route *route, int64_t wall_ms)
{
	bs_breaker_settle(&route->breaker, wall_ms);
	clip(&route->touched_ms, wall_ms);
	clip(&route->gone_until_ms, wall_ms + BS_HEALTH_GONE_MS);
	clip(&route->refused_until_ms, wall_ms + BS_HEALTH_LEARNT_MS);
	clip(&route->dropped_until_ms, wall_ms + BS_HEALTH_LEARNT_MS);
}

static void settle_key(struct bs_health_key *key, int64_t wall_ms)
{
	clip(&key->touched_ms, wall_ms);
	clip(&key->cold_until_ms, wall_ms + BS_RETRY_AFTER_MS_MAX);
	clip(&key->dead_until_ms, wall_ms + BS_HEALTH_QUOTA_MS);
}

void bs_health_settle(struct bs_health *health, int64_t wall_ms)
{
	size_t kept = 0;
	if (health->saved_ms - wall_ms > BS_HEALTH_SKEW_MS)
		forget_times(health, wall_ms);
	clip(&health->saved_ms, wall_ms);
	for (size_t i = 0; i < health->routes_count; i++) {
		settle_route(&health->routes[i], wall_ms);
		if (wall_ms - health->routes[i].touched_ms < BS_HEALTH_UNUSED_MS)
			health->routes[kept++] = health->routes[i];
	}
	health->routes_count = kept;
	kept = 0;
	for (size_t i = 0; i < health->keys_count; i++) {
		settle_key(&health->keys[i], wall_ms);
		if (wall_ms - health->keys[i].touched_ms < BS_HEALTH_UNUSED_MS)
			health->keys[kept++] = health->keys[i];
	}
	health->keys_count = kept;
}
