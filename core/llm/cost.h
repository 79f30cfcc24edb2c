// SPDX-License-Identifier: MIT
// What a request costs: prices and counts of tokens into dollars, exactly.
#ifndef BS_LLM_COST_H
#define BS_LLM_COST_H

#include "core/ext/json.h"
#include "core/llm/models.h"
#include "core/llm/prompt.h"
#include "core/llm/provider.h"

// By list price, for the tokens that the provider counted.
struct bs_cost bs_cost_of(const struct bs_price *price, const struct bs_usage *usage);

// What a request of so many bytes costs at the very most: a token holds a byte at least, and no
// cache has any of it. 10^-12 dollars.
uint64_t bs_cost_most(const struct bs_price *price, uint64_t input_bytes, uint64_t output_tokens);

// The same for a summary of so many bytes of log, by its parts, in 10^-12 dollars: of the input, of
// an answer as long as allowed, and of what asking again sends in addition.
struct bs_cost_parts {
	uint64_t input, output, reask;
	uint64_t input_bytes; // of the input: no cost
};
struct bs_cost_parts bs_cost_most_of(
	const struct bs_price *price, const struct bs_templates *templates, uint64_t excerpt_bytes);

// One request; and all of them to one route in a run: two, the second one with the first answer in
// it and room for one twice as long. What a host turns down costs nothing.
uint64_t bs_cost_request_most(const struct bs_cost_parts *parts);
uint64_t bs_cost_run_most(const struct bs_cost_parts *parts);

// An amount that a provider or gateway says itself; anything else changes nothing.
void bs_cost_read_usd(const struct bs_json *json, struct bs_cost *cost);
void bs_cost_parse_usd(struct bs_str text, struct bs_cost *cost);

#endif
