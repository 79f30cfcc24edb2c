// SPDX-License-Identifier: MIT
// core/llm/models: which row holds for a model by the names it has at makers, clouds and gateways.
#include "tests/unit/unit.h"

#include "core/llm/models.h"

static void models_are_found_by_all_of_their_names(void **state)
{
	(void)state;
	static const struct {
		const char *host, *name, *row;
		uint32_t input; // of the price
	} cases[] = {
		{"openai", "gpt-6-luna", "gpt-6-luna", 100000},
		{"openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini", 150000},
		{"openai", "GPT-4o-Mini", "gpt-4o-mini", 150000},
		{"openai", "gpt-4-0613", "gpt-4-0*", 0},
		{"openai", "gpt-3.5-turbo-0125", "gpt-3.5-turbo", 0},
		{"anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5", 1000000},
		{"anthropic", "claude-haiku-5.5", "claude-haiku-5-5", 100000},
		{"anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4", 3000000},
		{"gemini", "gemini-2.5-flash-lite-001", "gemini-2.5-flash-lite", 100000},
		{"mistral", "mistral-small-2506", "mistral-small-2506", 100000},
		{"mistral", "mistral-small-latest", "mistral-small-latest", 150000},
		{"groq", "openai/gpt-oss-20b", "openai/gpt-oss-20b", 75000},
		{"openai", "gpt-6-sol", "gpt-6-sol", 2000000},
		{"openai", "gpt-4.1-mini-2025-04-14", "gpt-4.1-mini", 400000},
		{"openai", "gpt-4o-2024-08-06", "gpt-4o", 2500000},
		{"openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13", 5000000},
		{"anthropic", "claude-sonnet-5-5", "claude-sonnet-5-5", 2000000},
		{"anthropic", "claude-opus-5-5", "claude-opus-5-5", 4000000},
		{"anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5", 3000000},
		{"gemini", "gemini-3.5-flash", "gemini-3.5-flash", 1500000},
		{"mistral", "mistral-large-latest", "mistral-large-latest", 700000},
		{"mistral", "mistral-medium-2508", "mistral-medium-2508", 400000},
		{"groq", "llama-3.3-70b-versatile", "llama-3.3-70b-versatile", 590000},
		{"groq", "llama-3.2-1b-preview", "llama-3*", 0},
		// clouds
		{"bedrock", "amazon.nova-lite", "amazon.nova-lite", 60000},
		{"bedrock", "global.amazon.nova-2-lite-v1:0", "global.amazon.nova-2-lite", 300000},
		{"bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0",
			"anthropic.claude-sonnet-4-5", 3300000},
		{"bedrock", "us.openai.gpt-6-sol", "openai.gpt-6-sol", 2200000},
		{"bedrock", "openai.gpt-oss-120b-1:0", "openai.gpt-oss-120b-1", 150000},
		{"azure", "gpt-4o-mini", "gpt-4o-mini", 150000},
		{"azure", "gpt-5-4-nano", "gpt-5.4-nano", 200000},
		{"bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0",
			"global.anthropic.claude-haiku-4-5", 1000000},
		{"bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
			"anthropic.claude-haiku-4-5", 1100000},
		{"bedrock", "eu.anthropic.claude-haiku-5-5", "anthropic.claude-haiku-5-5", 110000},
		{"bedrock", "apac.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3*",
			0},
		{"bedrock", "anthropic.claude-haiku-4-5-20251001-v1:0",
			"anthropic.claude-haiku-4-5", 1100000},
		{"bedrock", "us-gov.anthropic.claude-haiku-4-5-20251001-v1:0",
			"us-gov.anthropic.claude-haiku-4-5", 0},
		{"bedrock", "us.amazon.nova-lite-v1:0", "amazon.nova-lite", 60000},
		{"bedrock",
			"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/"
			"eu.anthropic.claude-haiku-4-5-20251001-v1:0",
			"anthropic.claude-haiku-4-5", 1100000},
		{"bedrock",
			"arn:aws-cn:bedrock:cn-north-1::foundation-model/"
			"anthropic.claude-3-haiku-20240307-v1:0",
			"anthropic.claude-3*", 0},
		// gateways
		{"openrouter", "google/gemini-3.5-flash-lite", "gemini-3.5-flash-lite", 300000},
		{"openrouter", "anthropic/claude-haiku-4.5", "claude-haiku-4-5", 1000000},
		{"openrouter", "openai/gpt-6-luna", "gpt-6-luna", 100000},
		{"openrouter", "mistralai/mistral-small-2603", "mistral-small-2603", 150000},
		{"litellm", "gemini/gemini-2.5-flash-lite", "gemini-2.5-flash-lite", 100000},
		{"litellm", "vertex_ai/gemini-2.5-flash-lite", "gemini-2.5-flash-lite", 100000},
		{"litellm", "vertex_ai/claude-haiku-5-5", "claude-haiku-5-5", 100000},
		{"litellm", "vertex_ai/claude-haiku-4-5@20251001", "claude-haiku-4-5", 1000000},
		{"bifrost", "vertex/claude-opus-5-5", "claude-opus-5-5", 4000000},
		{"openrouter", "anthropic/claude-sonnet-5.5", "claude-sonnet-5-5", 2000000},
		{"litellm", "openrouter/google/gemini-3.8-flash", "gemini-3.8-flash", 750000},
		{"litellm", "bedrock/converse/us.anthropic.claude-haiku-4-5-20251001-v1:0",
			"anthropic.claude-haiku-4-5", 1100000},
		{"litellm", "groq/openai/gpt-oss-120b", "openai/gpt-oss-120b", 150000},
		{"litellm", "gpt-4o-mini", "gpt-4o-mini", 150000},
		{"bifrost", "openai/gpt-4o-mini", "gpt-4o-mini", 150000},
		{"portkey", "@prod-keys/gpt-4o-mini", "gpt-4o-mini", 150000},
		{"portkey", "@aws/us.anthropic.claude-haiku-4-5-20251001-v1:0",
			"anthropic.claude-haiku-4-5", 1100000},
		{"portkey", "@or/google/gemini-3.5-flash-lite", "gemini-3.5-flash-lite", 300000},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct bs_model *row = bs_model_find(
			bs_str_c(cases[i].host), bs_str_c(cases[i].name));
		if (!row)
			fail_msg("%s at %s: no row", cases[i].name, cases[i].host);
		assert_string_equal(row->name, cases[i].row);
		assert_int_equal(row->price.input, cases[i].input);
	}
}

static void models_of_another_kind_are_no_models_that_are_known(void **state)
{
	(void)state;
	static const struct {
		const char *host, *name;
	} cases[] = {
		{"openai", "gpt-4o-mini-audio-preview"},
		{"openai", "gpt-4o-mini-realtime-preview-2024-12-17"},
		{"openai", "gpt-5-nano-image"},
		{"openai", "gpt-6-luna-pro"},
		{"openai", "gpt-6"},
		{"openai", "gpt-4.5-preview"}, // no gpt-4 either
		{"openai", "gpt-6.1-sol-pro"},
		{"openai", "gpt-6.1"},
		{"openai", "ft:gpt-4o-mini-2024-07-18:us:x:y"},
		{"openai", "claude-haiku-4-5"},
		{"gemini", "gemini-3.1-flash-lite-image"},
		{"gemini", "gemini-2.5-flash-lite-preview-tts"},
		{"mistral", "mistral-small-2402"},
		{"mistral", "ministral-8b-2410"},
		{"anthropic", "claude-haiku-4-5-fast"},
		{"anthropic", "claude-sonnet-5-4"},
		{"bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3"},
		{"bedrock", "anthropic.claude-sonnet-5-4-v1:0"},
		{"vertex_ai", "llama-3.3-70b"},
		{"azure", "our-summaries"},
		{"openrouter", "google/gemini-2.5-flash-lite:free"},
		{"openrouter", "openai/gpt-4o-mini:batch"},
		{"openrouter", "openrouter/auto"},
		{"openrouter", "qwen/gpt-4o-mini"},
		{"litellm", "our-alias"},
		{"portkey", "@a/"},
		{"nobody", "gpt-4o-mini"},
		{"openai", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (bs_model_find(bs_str_c(cases[i].host), bs_str_c(cases[i].name)))
			fail_msg("%s at %s: a row", cases[i].name, cases[i].host);
}

// What a family shares is never its price.
static void models_of_a_family_have_no_price(void **state)
{
	(void)state;
	const struct bs_model *row;
	for (size_t i = 0; (row = bs_model_at(i)); i++) {
		if (strchr(row->name, '*'))
			assert_int_equal(row->price.input + row->price.output, 0);
		else
			assert_ptr_equal(
				row, bs_model_find(bs_str_c(row->maker), bs_str_c(row->name)));
	}
}

static void models_think_as_little_as_they_can(void **state)
{
	(void)state;
	static const struct {
		const char *model, *effort;
	} cases[] = {{"gpt-6-luna", "none"}, {"openai/gpt-6-luna", "none"},
		{"gpt-5-nano", "minimal"}, {"gpt-5-2025-08-07", "minimal"},
		{"gpt-5.4-mini", "none"}, {"gpt-5-4-mini", "none"}, {"openai/gpt-oss-20b", "low"},
		{"gpt-6.1-terra", "none"}, {"gpt-6-sol", "none"}, {"gpt-6.1-sol", "low"},
		{"gpt-6-astra", "low"}, {"gpt-5", "minimal"}, {"gpt-5.2", "none"},
		{"o3-mini", "low"}, {"gpt-4o-mini", NULL}, {"claude-haiku-5-5", NULL}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *effort = bs_model_effort(cases[i].model);
		if (cases[i].effort)
			assert_string_equal(effort, cases[i].effort);
		else
			assert_null(effort);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_are_found_by_all_of_their_names),
		cmocka_unit_test(models_of_another_kind_are_no_models_that_are_known),
		cmocka_unit_test(models_of_a_family_have_no_price),
		cmocka_unit_test(models_think_as_little_as_they_can),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
