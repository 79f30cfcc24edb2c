// SPDX-License-Identifier: MIT
// What the tables and the user say of a route's model: schema modes, window, price.
#include "core/llm/providers_own.h"

// What a window must hold beside the log: the answer, and the prompt with the schema.
#define BESIDE_TOKENS (BS_OUTPUT_TOKENS + 2500)
#define LOG_TOKENS_MIN 400 // less of a log tells nothing; better refused than not sent

static const struct bs_model *find_model(const struct bs_provider *builtin, const char *name)
{
	if (!builtin)
		return NULL;
	return bs_model_find(
		bs_str_c(builtin->maker ? builtin->maker : builtin->name), bs_str_c(name));
}

static bool is_of_openai(const char *model)
{
	return bs_str_starts(bs_str_c(model), BS_LIT("openai/")) ||
	       bs_str_starts(bs_str_c(model), BS_LIT("azure/"));
}

static void fill_window(uint64_t window_tokens, struct bs_route *route)
{
	if (window_tokens == 0)
		return;
	uint64_t tokens = window_tokens > BESIDE_TOKENS ? window_tokens - BESIDE_TOKENS : 0;
	route->window_tokens = tokens > LOG_TOKENS_MIN ? tokens : LOG_TOKENS_MIN;
	route->window_bytes = route->window_tokens * 5 / 2;
}

static uint32_t price_of(int64_t said, uint32_t otherwise)
{
	return said == 0 ? otherwise : said == BS_PRICE_FREE ? 0 : (uint32_t)said;
}

static void fill_price(const struct bs_provider *builtin, const struct bs_provider_config *entry,
	const struct bs_model *model, struct bs_route *route)
{
	if (model && model->price.output > 0) {
		route->priced = true;
		route->price = model->price;
	}
	if (builtin && (builtin->traits & BS_TRAIT_FREE))
		route->priced = true;
	if (!entry || !entry->price_input || !entry->price_output)
		return;
	route->priced = route->own_price = true;
	route->price = (struct bs_price){
		.input = price_of(entry->price_input, 0),
		.output = price_of(entry->price_output, 0),
	};
	route->price.cached = price_of(entry->price_cached, route->price.input);
}

// Who the prompt is for. Hosts of open models hold them to a grammar that they never see; what an
// entry of the user's leads to is not known.
static void fill_family(const struct bs_provider *builtin, struct bs_route *route)
{
	bool own_machine = builtin && (builtin->traits & BS_TRAIT_FREE);
	bool imitates = !builtin && route->wire == &bs_wire_openai;
	if (bs_str_ifind(bs_str_c(route->model), BS_LIT("claude")) != SIZE_MAX)
		route->family = BS_FAMILY_CLAUDE;
	else if (own_machine || route->wire == &bs_wire_ollama)
		route->family = BS_FAMILY_SMALL;
	route->tell_shape = own_machine || imitates || route->wire == &bs_wire_ollama;
}

void bs_route_fill_model(const struct bs_provider *builtin, const struct bs_provider_config *entry,
	struct bs_route *route)
{
	const struct bs_model *model = find_model(builtin, route->model);
	uint64_t window_tokens = builtin ? builtin->window_tokens : 0;
	if (model) {
		route->mode = model->mode;
		window_tokens = model->window_tokens;
	}
	if (entry && entry->window > 0)
		window_tokens = (uint64_t)entry->window;
	route->output_tokens = model && model->output_tokens ? model->output_tokens : window_tokens;
	for (unsigned mode = 0; entry && entry->schema && mode < BS_SCHEMA_MODE_COUNT; mode++)
		if (strcmp(entry->schema, bs_schema_mode_id((enum bs_schema_mode)mode)) == 0)
			route->mode = (enum bs_schema_mode)mode;
	// A mode that the format does not have: the next below. Every format has the last.
	while (!(route->wire->modes & 1u << route->mode))
		route->mode++;
	route->modes = route->wire->modes & ~((1u << route->mode) - 1);
	if ((route->quirks & BS_QUIRK_BY_MAKER) && !is_of_openai(route->model))
		route->quirks &= ~(unsigned)(BS_QUIRK_STORE | BS_QUIRK_CACHE_KEY);
	fill_window(window_tokens, route);
	fill_price(builtin, entry, model, route);
	fill_family(builtin, route);
}

unsigned bs_route_params(const struct bs_route *route)
{
	const struct bs_request request = {.model = route->model,
		.quirks = route->quirks,
		.stream = route->stream,
		.own = &route->body};
	unsigned params = route->wire->params(&request);
	// Another address would be needed for a whole answer.
	return route->wire->stream_path ? params & ~(unsigned)BS_PARAM_STREAM : params;
}
