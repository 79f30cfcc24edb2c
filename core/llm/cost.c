// SPDX-License-Identifier: MIT
// Dollars from tokens: whole numbers all the way.
#include "core/llm/cost.h"

#include <stdio.h>

#define TOKENS_MAX \
	UINT64_C(1000000000) // what is more was counted wrong; times a price it still fits
#define USD_MAX 1000.0       // of one request, likewise

#define SCHEMA_BYTES 8192       // with the words around it; it has some 3,000
#define REASK_BYTES (32 * 1024) // the last answer and what was wrong with it, at their ceilings

static uint64_t at_most(uint64_t tokens)
{
	return tokens < TOKENS_MAX ? tokens : TOKENS_MAX;
}

struct bs_cost bs_cost_of(const struct bs_price *price, const struct bs_usage *usage)
{
	uint64_t input = at_most(usage->input_tokens), output = at_most(usage->output_tokens);
	uint64_t cached = usage->cached_tokens < input ? usage->cached_tokens : input;
	uint64_t written = usage->written_tokens;
	if (written > input - cached)
		written = input - cached;
	bool is_long = price->long_tokens && input > price->long_tokens;
	uint64_t in = is_long ? price->long_input : price->input;
	uint64_t out = is_long ? price->long_output : price->output;
	// Beyond the step the cache's prices are not published: they grow like the input's.
	uint64_t cached_price = price->cached && !is_long ? price->cached : in;
	uint64_t written_price = price->written && !is_long ? price->written : in;
	return (struct bs_cost){
		.known = true,
		.pico_usd = (input - cached - written) * in + cached * cached_price +
			    written * written_price + output * out,
	};
}

uint64_t bs_cost_most(const struct bs_price *price, uint64_t input_bytes, uint64_t output_tokens)
{
	uint64_t input = at_most(input_bytes), output = at_most(output_tokens);
	bool is_long = price->long_tokens && input > price->long_tokens;
	uint64_t in = is_long ? price->long_input : price->input;
	uint64_t out = is_long ? price->long_output : price->output;
	if (price->written > in)
		in = price->written;
	return input * in + output * out;
}

struct bs_cost_parts bs_cost_most_of(
	const struct bs_price *price, const struct bs_templates *templates, uint64_t excerpt_bytes)
{
	uint64_t bytes = excerpt_bytes + templates->system.len + templates->user.len +
			 templates->shape.len + SCHEMA_BYTES;
	uint64_t input = bs_cost_most(price, bytes, 0);
	return (struct bs_cost_parts){
		.input_bytes = bytes,
		.input = input,
		.output = bs_cost_most(price, bytes, BS_OUTPUT_TOKENS) - input,
		.reask = bs_cost_most(price, bytes + REASK_BYTES, 0) - input,
	};
}

uint64_t bs_cost_request_most(const struct bs_cost_parts *parts)
{
	return parts->input + parts->output;
}

uint64_t bs_cost_run_most(const struct bs_cost_parts *parts)
{
	return 2 * parts->input + parts->reask + 3 * parts->output;
}

static void take_usd(double usd, struct bs_cost *cost)
{
	if (!(usd >= 0) || usd > USD_MAX)
		return;
	*cost = (struct bs_cost){.known = true, .pico_usd = (uint64_t)(usd * 1e12 + 0.5)};
}

void bs_cost_read_usd(const struct bs_json *json, struct bs_cost *cost)
{
	double usd;
	if (bs_json_number(json, &usd))
		take_usd(usd, cost);
}

// A JSON number: what gateways put into a header. The parser of JSON is not bound to the locale.
void bs_cost_parse_usd(struct bs_str text, struct bs_cost *cost)
{
	struct bs_json *json = NULL;
	if (!text.len || bs_json_parse(text, &json, NULL) != BS_OK)
		return;
	bs_cost_read_usd(json, cost);
	bs_json_free(json);
}
