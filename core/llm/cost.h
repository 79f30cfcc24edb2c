// SPDX-License-Identifier: MIT
// What a request costs: prices and counts of tokens into dollars, exactly.
#ifndef BS_LLM_COST_H
#define BS_LLM_COST_H

#include "core/ext/json.h"
#include "core/llm/models.h"
#include "core/llm/provider.h"

// By list price, for the tokens that the provider counted.
struct bs_cost bs_cost_of(const struct bs_price *price, const struct bs_usage *usage);

// What a request of so many bytes costs at the very most: a token holds a byte at least, and no
// cache has any of it. 10^-12 dollars.
uint64_t bs_cost_most(const struct bs_price *price, uint64_t input_bytes, uint64_t output_tokens);

// An amount that a provider or gateway says itself; anything else changes nothing.
void bs_cost_read_usd(const struct bs_json *json, struct bs_cost *cost);
void bs_cost_parse_usd(struct bs_str text, struct bs_cost *cost);

#endif
