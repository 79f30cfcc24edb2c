// SPDX-License-Identifier: MIT
// Between the parts that make a route: addresses and keys (providers_route.c), models
// (providers_model.c).
#ifndef BS_LLM_PROVIDERS_OWN_H
#define BS_LLM_PROVIDERS_OWN_H

#include "core/llm/providers.h"

// Fills modes, window and price of a route whose wire, model and defaults are there. Either of the
// first two may be NULL.
void bs_route_fill_model(const struct bs_provider *builtin, const struct bs_provider_config *entry,
	struct bs_route *route);

#endif
