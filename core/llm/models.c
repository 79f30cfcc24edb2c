// SPDX-License-Identifier: MIT
// The table of models. Sources: the makers' own pages, their SDKs, and genai-prices, November 2026.
#include "core/llm/models.h"

#define STRICT BS_SCHEMA_STRICT
#define TOOL BS_SCHEMA_TOOL
#define OBJECT BS_SCHEMA_JSON_OBJECT

// clang-format off
static const struct bs_model models[] = {
	// maker, name, mode, window, output, {input, cached, written, output, long from, long input, output}
	{"openai", "gpt-6-luna", STRICT, 1050000, 128000, {100000, 10000, 125000, 500000, 272000, 200000, 750000}},
	{"openai", "gpt-5.6-luna", STRICT, 1050000, 128000, {200000, 20000, 250000, 1200000, 272000, 400000, 1800000}},
	{"openai", "gpt-5.4-nano", STRICT, 400000, 0, {200000, 20000, 0, 1250000, 0, 0, 0}},
	{"openai", "gpt-5.4-mini", STRICT, 400000, 0, {750000, 75000, 0, 4500000, 0, 0, 0}},
	{"openai", "gpt-5-nano", STRICT, 400000, 0, {50000, 5000, 0, 400000, 0, 0, 0}},
	{"openai", "gpt-4.1-nano", STRICT, 1000000, 0, {100000, 25000, 0, 400000, 0, 0, 0}},
	{"openai", "gpt-4o-mini", STRICT, 128000, 0, {150000, 75000, 0, 600000, 0, 0, 0}},
	{"openai", "gpt-4", TOOL, 0, 0, {0}}, // before json_schema, like the next
	{"openai", "gpt-4-turbo*", TOOL, 0, 0, {0}},
	{"openai", "gpt-4-0*", TOOL, 0, 0, {0}},
	{"openai", "gpt-4-1106*", TOOL, 0, 0, {0}},
	{"openai", "gpt-3.5-turbo", TOOL, 16000, 0, {0}},
	{"openai", "gpt-3.5*", TOOL, 0, 0, {0}},

	{"anthropic", "claude-haiku-5-5", STRICT, 1000000, 128000, {100000, 10000, 125000, 500000, 100000, 500000, 2500000}},
	{"anthropic", "claude-haiku-4-5", STRICT, 200000, 64000, {1000000, 100000, 1250000, 5000000, 0, 0, 0}},
	{"anthropic", "claude-3*", TOOL, 200000, 0, {0}}, // before output_config.format, like the next
	{"anthropic", "claude-sonnet-4", TOOL, 200000, 0, {0}},
	{"anthropic", "claude-sonnet-4-0", TOOL, 200000, 0, {0}},
	{"anthropic", "claude-opus-4", TOOL, 200000, 0, {0}},
	{"anthropic", "claude-opus-4-0", TOOL, 200000, 0, {0}},

	{"gemini", "gemini-3.5-flash-lite", STRICT, 1000000, 65536, {300000, 30000, 0, 2500000, 0, 0, 0}},
	{"gemini", "gemini-3.1-flash-lite", STRICT, 1000000, 0, {250000, 25000, 0, 1500000, 0, 0, 0}},
	{"gemini", "gemini-3.8-flash", STRICT, 1000000, 0, {750000, 75000, 0, 3750000, 0, 0, 0}}, // twice that from 2027
	{"gemini", "gemini-2.5-flash-lite", STRICT, 1000000, 0, {100000, 10000, 0, 400000, 0, 0, 0}},

	{"mistral", "mistral-small-latest", STRICT, 262144, 0, {150000, 15000, 0, 600000, 0, 0, 0}},
	{"mistral", "mistral-small-2603", STRICT, 262144, 0, {150000, 15000, 0, 600000, 0, 0, 0}},
	{"mistral", "mistral-small-2506", STRICT, 128000, 0, {100000, 0, 0, 300000, 0, 0, 0}},
	{"mistral", "ministral-8b-latest", STRICT, 262144, 0, {150000, 15000, 0, 150000, 0, 0, 0}},
	{"mistral", "ministral-8b-2512", STRICT, 262144, 0, {150000, 15000, 0, 150000, 0, 0, 0}},

	{"groq", "openai/gpt-oss-20b", STRICT, 131072, 0, {75000, 37500, 0, 300000, 0, 0, 0}},
	{"groq", "openai/gpt-oss-120b", STRICT, 131072, 0, {150000, 75000, 0, 600000, 0, 0, 0}},
	{"groq", "llama-3*", OBJECT, 131072, 0, {0}},

	// Without "global." a region's price; other geographies are cut off (models_find.c).
	{"bedrock", "global.anthropic.claude-haiku-5-5", STRICT, 1000000, 128000, {100000, 10000, 125000, 500000, 100000, 500000, 2500000}},
	{"bedrock", "anthropic.claude-haiku-5-5", STRICT, 1000000, 128000, {110000, 11000, 137500, 550000, 100000, 550000, 2750000}},
	{"bedrock", "global.anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {1000000, 100000, 1250000, 5000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {1100000, 110000, 1375000, 5500000, 0, 0, 0}},
	{"bedrock", "us-gov.anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {0}}, // not published
	{"bedrock", "us-gov.anthropic.claude-3*", TOOL, 200000, 0, {0}},
	{"bedrock", "anthropic.claude-3*", TOOL, 200000, 0, {0}},
	{"bedrock", "anthropic.claude-sonnet-4", TOOL, 200000, 0, {0}},
	{"bedrock", "anthropic.claude-opus-4", TOOL, 200000, 0, {0}},
	{"bedrock", "amazon.nova-micro", TOOL, 128000, 0, {0}},
	{"bedrock", "amazon.nova-lite", TOOL, 300000, 0, {0}},
	{"bedrock", "amazon.nova*", TOOL, 0, 0, {0}},
};

// Models that think a good deal unless told, in tokens that count against the answer's.
static const struct {
	const char *model, *effort;
} efforts[] = {
	{"gpt-6-luna", "none"}, {"gpt-6-sol", "none"}, {"gpt-5.1", "none"}, {"gpt-5.2", "none"},
	{"gpt-5.3", "none"}, {"gpt-5.4", "none"}, {"gpt-5.5", "none"}, {"gpt-5.6", "none"},
	{"gpt-5-", "minimal"}, {"gpt-oss", "low"},
};
// clang-format on

const struct bs_model *bs_model_at(size_t index)
{
	return index < sizeof(models) / sizeof(models[0]) ? &models[index] : NULL;
}

const char *bs_model_effort(const char *model)
{
	const char *slash = strrchr(model, '/'); // "openai/gpt-6-luna" at those who pass it on
	struct bs_str name = bs_str_c(slash ? slash + 1 : model);
	for (size_t i = 0; i < sizeof(efforts) / sizeof(efforts[0]); i++)
		if (bs_model_begins(name, efforts[i].model))
			return efforts[i].effort;
	return NULL;
}
