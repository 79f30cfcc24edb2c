// SPDX-License-Identifier: MIT
// What is known of single models: windows, the best schema mode, prices, how little they may think.
#ifndef BS_LLM_MODELS_H
#define BS_LLM_MODELS_H

#include "core/base/str.h"
#include "core/llm/outcome.h"

// The makers' list prices of that day.
#define BS_PRICES_DATE "2026-11-25"

// Millionths of a US dollar for a million tokens, so that $0.10 is 100000, and a token costs that
// many millionths of a millionth of a dollar. cached and written 0: they cost what input does.
struct bs_price {
	uint32_t input, cached, written, output;
	// A request with more input than that costs these, all of it; 0: there is no such step.
	uint32_t long_tokens, long_input, long_output;
};

// A row holds for the model of that name at that maker, with a date or version after it or not; one
// whose name ends with a star holds for all that begin so, and says no price.
struct bs_model {
	const char *maker, *name;
	enum bs_schema_mode mode;
	uint32_t window_tokens; // 0: not known
	uint32_t output_tokens; // at the most in one answer; 0: not known
	struct bs_price price;  // zeroed: not known
};

const struct bs_model *bs_model_at(size_t index); // NULL after the last

// What is known of a model as it is called at a host: a built-in provider or the maker itself.
// NULL: nothing. An image, audio or smaller sister of a known model is not that model.
const struct bs_model *bs_model_find(struct bs_str host, struct bs_str name);

// Does a name begin so? In any case, a dot or a dash for either; "gpt-5.1" does not begin
// "gpt-5.12".
bool bs_model_begins(struct bs_str name, const char *beginning);

// The least effort of reasoning that the model takes, or NULL: it is not told anything.
const char *bs_model_effort(const char *model);

#endif
