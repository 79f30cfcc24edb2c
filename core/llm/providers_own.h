// SPDX-License-Identifier: MIT
// Between the parts that make a route: addresses (providers_route.c), keys (providers_keys.c),
// models (providers_model.c).
#ifndef BS_LLM_PROVIDERS_OWN_H
#define BS_LLM_PROVIDERS_OWN_H

#include "core/llm/providers.h"

struct bs_route_finding {
	const struct bs_config *config;
	const char *const *environ;
	struct bs_arena *arena;
	const char *name;                  // of the provider
	const struct bs_provider *builtin; // of that name, or that it is like
	const struct bs_provider_config *entry;
};

enum bs_status bs_route_fill_keys(
	const struct bs_route_finding *f, struct bs_route *route, struct bs_err *err) BS_MUST_USE;
// A key that belongs to one host goes nowhere else.
enum bs_status bs_route_check_keys(const struct bs_route_finding *f, const struct bs_route *route,
	struct bs_err *err) BS_MUST_USE;

// Fills modes, window and price of a route whose wire, model and defaults are there. Either of the
// first two may be NULL.
void bs_route_fill_model(const struct bs_provider *builtin, const struct bs_provider_config *entry,
	struct bs_route *route);

#endif
