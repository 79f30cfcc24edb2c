// SPDX-License-Identifier: MIT
// The health file: whatever is read prints back to the same, and no advice outlasts its bound.
#include <assert.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/llm/health.h"

#define WALL_MS INT64_C(1700000000000)

static void hold(struct bs_health *health)
{
	static struct bs_health again;
	struct bs_buf text, second;
	bs_buf_init(&text, BS_HEALTH_BYTES_MAX);
	bs_buf_init(&second, BS_HEALTH_BYTES_MAX);
	bs_health_print(health, &text);
	assert(text.failed == BS_OK);
	assert(bs_health_parse(bs_buf_str(&text), &again, NULL) == BS_OK);
	bs_health_print(&again, &second);
	assert(bs_str_eq(bs_buf_str(&text), bs_buf_str(&second)));
	bs_buf_release(&text);
	bs_buf_release(&second);

	bs_health_settle(health, WALL_MS);
	struct bs_health_ids ids = {.run = 1};
	struct bs_router_config config = {.routes_count = 0};
	for (size_t i = 0; i < health->routes_count && i < BS_ROUTES_MAX; i++) {
		ids.routes[i] = (struct bs_health_ids_route){
			.route = health->routes[i].id, .keys_count = 1};
		if (i < health->keys_count)
			ids.routes[i].keys[0] = health->keys[i].id;
		config.routes[i] = (struct bs_router_route){.keys_count = 1, .modes = 15};
		ids.routes_count = ++config.routes_count;
	}
	bs_health_claim(health, &ids, 30000, WALL_MS);
	bs_health_advise(health, &ids, WALL_MS, 1000, &config);
	assert(config.retries_max <= 5);
	for (size_t i = 0; i < config.routes_count; i++) {
		const struct bs_router_route *route = &config.routes[i];
		struct bs_health_event event = {.at_ms = WALL_MS, .order = {.route = i}};
		assert(route->skip_until_ms <= 1000 + BS_HEALTH_GONE_MS);
		assert(route->key_warm_ms[0] <= 1000 + BS_RETRY_AFTER_MS_MAX);
		assert(route->key_dead_ms[0] <= 1000 + BS_HEALTH_QUOTA_MS);
		assert(route->modes & (1u << route->best_mode));
		event.result.outcome = i % 2 ? BS_OUTCOME_OK : BS_OUTCOME_SERVER_ERROR;
		bs_health_note(health, &ids, &event);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bs_health health;
	struct bs_buf whole;
	struct bs_str text = bs_str((const char *)data, size);
	if (bs_health_parse(text, &health, NULL) == BS_OK)
		hold(&health);
	// The same with the right checksum, which chance does not find.
	bs_buf_init(&whole, BS_HEALTH_BYTES_MAX);
	bs_buf_add(&whole, text);
	bs_buf_addf(&whole, "sum %llx\n", (unsigned long long)bs_str_hash(text, 0));
	if (whole.failed == BS_OK && bs_health_parse(bs_buf_str(&whole), &health, NULL) == BS_OK)
		hold(&health);
	bs_buf_release(&whole);
	return 0;
}
