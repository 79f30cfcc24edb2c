// SPDX-License-Identifier: MIT
// THE table of providers, and the wire formats that a configuration may name.
#include "core/llm/providers.h"

// The first question loads the model, and a processor reads a log in many seconds.
#define LOADS_FIRST .first_token_ms = 20000, .attempt_ms = 28000

// Addresses, models and names of variables: the providers' own pages and SDKs, November 2026.
// Windows and prices of single models: core/llm/models.c.
static const struct bs_provider providers[] = {
	{.name = "openai",
		.wire = &bs_wire_openai,
		.base_urls = {"${OPENAI_BASE_URL}", "https://api.openai.com/v1"},
		.key_variables = {"OPENAI_API_KEY"},
		.model = "gpt-6-luna",
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY},
	{.name = "anthropic",
		.wire = &bs_wire_anthropic,
		.base_urls = {"${ANTHROPIC_BASE_URL}", "https://api.anthropic.com"},
		.key_variables = {"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"},
		.bearer_key = "ANTHROPIC_AUTH_TOKEN",
		.model = "claude-haiku-5-5"},
	{.name = "gemini",
		.wire = &bs_wire_gemini,
		.base_urls = {"https://generativelanguage.googleapis.com/v1beta"},
		.key_variables = {"GEMINI_API_KEY", "GOOGLE_API_KEY"},
		.model = "gemini-3.5-flash-lite"},
	{.name = "mistral",
		.wire = &bs_wire_openai,
		.base_urls = {"https://api.mistral.ai/v1"},
		.key_variables = {"MISTRAL_API_KEY"},
		.model = "mistral-small-latest",
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_NO_STREAM_OPTIONS | BS_QUIRK_CACHE_KEY},
	{.name = "groq",
		.wire = &bs_wire_openai,
		.base_urls = {"https://api.groq.com/openai/v1"},
		.key_variables = {"GROQ_API_KEY"},
		.model = "openai/gpt-oss-20b",
		.quirks = BS_QUIRK_EFFORT | BS_QUIRK_NO_STREAM_OPTIONS},
	{.name = "openrouter",
		.wire = &bs_wire_openai,
		.base_urls = {"https://openrouter.ai/api/v1"},
		.key_variables = {"OPENROUTER_API_KEY"},
		.model = "openai/gpt-6-luna",
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_HOSTS},
	// Models are the names of the user's deployments.
	{.name = "azure",
		.wire = &bs_wire_openai,
		.base_urls = {"${AZURE_OPENAI_ENDPOINT}/openai/v1",
			"https://${AZURE_RESOURCE_NAME}.openai.azure.com/openai/v1"},
		.key_variables = {"AZURE_OPENAI_API_KEY", "AZURE_API_KEY"},
		.key_header = "api-key",
		.key_prefix = "",
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY},

	{.name = "bedrock",
		.wire = &bs_wire_bedrock,
		.base_urls = {"${AWS_ENDPOINT_URL_BEDROCK_RUNTIME}", "${AWS_ENDPOINT_URL}",
			"https://bedrock-runtime.${AWS_REGION}.amazonaws.com",
			"https://bedrock-runtime.${AWS_DEFAULT_REGION}.amazonaws.com"},
		// Keys for signing mostly are there for something else.
		.key_variables = {"AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"},
		.model = "global.anthropic.claude-haiku-4-5-20251001-v1:0",
		.signs_for = "bedrock",
		.traits = BS_TRAIT_FIRST_KEY},

	// --- the same host by another format
	{.name = "openai-responses",
		.wire = &bs_wire_responses,
		.base_urls = {"${OPENAI_BASE_URL}", "https://api.openai.com/v1"},
		.key_variables = {"OPENAI_API_KEY"},
		.model = "gpt-6-luna",
		.maker = "openai",
		.quirks = BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY,
		.traits = BS_TRAIT_NAMED_ONLY},

	// --- Buildkite's own endpoint inside a job, by the job's own token
	{.name = "buildkite",
		.wire = &bs_wire_anthropic,
		.base_urls = {"${BUILDKITE_AGENT_ENDPOINT}/ai/anthropic"},
		.key_variables = {"BUILDKITE_AGENT_ACCESS_TOKEN"},
		.model = "claude-haiku-5-5",
		.maker = "anthropic",
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_OWN_KEY},

	// --- on the user's own machines
	{.name = "ollama",
		.wire = &bs_wire_ollama,
		.base_urls = {"http://${OLLAMA_HOST}:11434", "http://127.0.0.1:11434"},
		.key_variables = {"OLLAMA_API_KEY"},
		LOADS_FIRST,
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_KEY_OPTIONAL | BS_TRAIT_FREE},
	{.name = "llamacpp",
		.wire = &bs_wire_openai,
		.base_urls = {"http://127.0.0.1:8080/v1"},
		.key_variables = {"LLAMA_API_KEY"},
		.model = "default", // it serves the one it was started with
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_TEMPLATE,
		LOADS_FIRST,
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_KEY_OPTIONAL | BS_TRAIT_FREE},
	{.name = "vllm",
		.wire = &bs_wire_openai,
		.base_urls = {"http://127.0.0.1:8000/v1"},
		.key_variables = {"VLLM_API_KEY"},
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_TEMPLATE,
		LOADS_FIRST,
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_KEY_OPTIONAL | BS_TRAIT_FREE},

	// --- gateways. LiteLLM refuses what the host behind it does not know; Bifrost and Portkey
	// leave it out by themselves. Bifrost does not know max_tokens.
	{.name = "litellm",
		.wire = &bs_wire_openai,
		.base_urls = {"${LITELLM_PROXY_API_BASE}", "http://127.0.0.1:4000/v1"},
		.key_variables = {"LITELLM_PROXY_API_KEY", "LITELLM_API_KEY"},
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_STORE | BS_QUIRK_EFFORT |
			  BS_QUIRK_CACHE_KEY | BS_QUIRK_BY_MAKER,
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_KEY_OPTIONAL},
	{.name = "bifrost",
		.wire = &bs_wire_openai,
		.base_urls = {"http://127.0.0.1:8080/v1"},
		.key_variables = {"BIFROST_VIRTUAL_KEY"},
		.key_header = "x-bf-vk",
		.key_prefix = "",
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY,
		.traits = BS_TRAIT_NAMED_ONLY | BS_TRAIT_KEY_OPTIONAL},
	{.name = "portkey",
		.wire = &bs_wire_openai,
		.base_urls = {"https://api.portkey.ai/v1"},
		.key_variables = {"PORTKEY_API_KEY"},
		.key_header = "x-portkey-api-key",
		.key_prefix = "",
		.quirks = BS_QUIRK_MAX_TOKENS | BS_QUIRK_STORE | BS_QUIRK_EFFORT |
			  BS_QUIRK_CACHE_KEY,
		.traits = BS_TRAIT_NAMED_ONLY},
};

#define PROVIDERS (sizeof(providers) / sizeof(providers[0]))

// Hosts that imitate OpenAI know max_tokens; not all of them know its successor.
static const struct {
	const struct bs_wire *wire;
	unsigned quirks;
} wires[] = {
	{&bs_wire_openai, BS_QUIRK_MAX_TOKENS},
	{&bs_wire_responses, 0},
	{&bs_wire_anthropic, 0},
	{&bs_wire_gemini, 0},
	{&bs_wire_ollama, 0},
	{&bs_wire_bedrock, 0},
};

#define WIRES (sizeof(wires) / sizeof(wires[0]))

const struct bs_provider *bs_provider_at(size_t index)
{
	return index < PROVIDERS ? &providers[index] : NULL;
}

const struct bs_provider *bs_provider_find(const char *name)
{
	for (size_t i = 0; i < PROVIDERS; i++)
		if (strcmp(name, providers[i].name) == 0)
			return &providers[i];
	return NULL;
}

const struct bs_wire *bs_wire_at(size_t index)
{
	return index < WIRES ? wires[index].wire : NULL;
}

const struct bs_wire *bs_wire_find(const char *name, unsigned *ret_quirks)
{
	for (size_t i = 0; i < WIRES; i++) {
		if (strcmp(name, wires[i].wire->name) != 0)
			continue;
		*ret_quirks = wires[i].quirks;
		return wires[i].wire;
	}
	return NULL;
}
