// SPDX-License-Identifier: MIT
// The rows of the settings under `providers: { NAME: … }`.
#include "core/config/config.h"
#include "core/config/settings.h"
#include "core/config/value.h"

#define USD 1000000 // millionths
#define HOUR_MS (60 * 60 * 1000)

static const struct bs_word schema_words[] = {
	{"strict", 0}, {"tool", 0}, {"json_object", 0}, {"prompt", 0}, {NULL, 0}};
static const struct bs_word output_limit_words[] = {
	{"max_tokens", 0}, {"max_completion_tokens", 0}, {NULL, 0}};
// The built-in providers (core/llm/providers.c) but those whose key belongs to one host.
static const struct bs_word like_words[] = {{"openai", 0}, {"anthropic", 0}, {"gemini", 0},
	{"mistral", 0}, {"groq", 0}, {"openrouter", 0}, {"azure", 0}, {"bedrock", 0},
	{"openai-responses", 0}, {"ollama", 0}, {"llamacpp", 0}, {"vllm", 0}, {"litellm", 0},
	{"bifrost", 0}, {"portkey", 0}, {NULL, 0}};
static const struct bs_word free_words[] = {{"free", BS_PRICE_FREE}, {NULL, 0}};

#define AT(field) .offset = offsetof(struct bs_provider_config, field)

// clang-format off
const struct bs_setting bs_provider_settings[] = {
	{.name = "api", .type = BS_SETTING_STRING, AT(api),
		.max = 64, .flags = BS_SETTING_IS_ENDPOINT, .value = "NAME", .example = "openai",
		.help = "Wire format that the provider speaks: openai, openai-responses, anthropic, gemini, ollama or bedrock."},
	{.name = "like", .type = BS_SETTING_STRING, AT(like),
		.words = like_words, .flags = BS_SETTING_IS_ENDPOINT, .value = "NAME", .example = "azure",
		.help = "Built-in provider that it is another one of, instead of api: its format, header of the key, parameters, limits, models and prices hold here too, and its address and key variable when base_url is left out."},
	{.name = "base_url", .type = BS_SETTING_STRING, AT(base_url),
		.max = BS_SETTING_BYTES_MAX, .flags = BS_SETTING_IS_ENDPOINT | BS_SETTING_MAY_BE_SECRET,
		.value = "URL", .example = "https://gateway.example/v1",
		.accepts = bs_value_is_base_url, .expected = "http:// or https://, a host and a path, without user, query or fragment",
		.help = "Where its requests go."},
	{.name = "keys", .type = BS_SETTING_STRINGS, AT(keys),
		.max = BS_KEYS_MAX, .flags = BS_SETTING_IS_ENDPOINT | BS_SETTING_MAY_BE_SECRET,
		.value = "NAME,…", .example = "[GATEWAY_KEY_A, \"secret:GATEWAY_KEY_B\"]",
		.accepts = bs_value_is_credential, .expected = BS_EXPECTED_CREDENTIAL,
		.help = "Where its keys are kept, never a key itself: NAMES of environment variables, file:/path, secret:NAME (of Buildkite, in a job); an empty list sends no credential."},
	{.name = "key_header", .type = BS_SETTING_STRING, AT(key_header),
		.max = 64, .flags = BS_SETTING_IS_ENDPOINT, .value = "NAME", .example = "x-api-key",
		.accepts = bs_value_is_header_name, .expected = "the name of a header",
		.help = "The header that its key is sent in; without it, the format's own."},
	{.name = "headers", .type = BS_SETTING_STRINGS, AT(headers),
		.max = BS_HEADERS_OWN_MAX, .flags = BS_SETTING_IS_ENDPOINT | BS_SETTING_MAY_BE_SECRET | BS_SETTING_KEEPS_COMMAS | BS_SETTING_MAPPING,
		.value = "HEADER", .example = "['x-portkey-provider: openai']",
		.accepts = bs_value_is_header, .expected = "NAME: VALUE, without a credential (its variable is named under keys)",
		.help = "More headers of every request to it, a mapping or a list of 'NAME: VALUE'; never a credential."},
	{.name = "body", .type = BS_SETTING_STRINGS, AT(body),
		.max = BS_MEMBERS_OWN_MAX, .flags = BS_SETTING_IS_ENDPOINT | BS_SETTING_MAY_BE_SECRET | BS_SETTING_KEEPS_COMMAS | BS_SETTING_MAPPING | BS_SETTING_JSON,
		.value = "MEMBER", .example = "{store: false, reasoning_effort: low}",
		.accepts = bs_value_is_member, .hides = bs_value_member_hides, .expected = "NAME: JSON, not the name of a member that carries the prompt, the schema or the limit, and no credential",
		.help = "More members of the body of every request to it, a mapping or a list of 'NAME: JSON'; one that buildsum sends too is replaced, with null it is left out."},
	{.name = "output_limit", .type = BS_SETTING_STRING, AT(output_limit),
		.words = output_limit_words, .value = "NAME", .example = "max_completion_tokens",
		.help = "What the limit of output tokens is called there (api openai): max_tokens or max_completion_tokens; the other one is tried where it is refused."},
	{.name = "model", .type = BS_SETTING_STRING, AT(model),
		.max = 256, .value = "NAME", .example = "our-model",
		.accepts = bs_value_is_model, .expected = "the name of a model, without spaces and commas",
		.help = "The model that is asked when the route names none."},
	{.name = "window", .type = BS_SETTING_INTEGER, AT(window),
		.min = 2048, .max = 100 * 1000 * 1000, .value = "TOKENS", .example = "32768",
		.help = "Size of its models' window in tokens; what is sent of the log is made to fit."},
	{.name = "schema", .type = BS_SETTING_STRING, AT(schema),
		.words = schema_words, .value = "MODE", .example = "json_object",
		.help = "How its answers are held to the schema at first: strict, tool, json_object or prompt; what it refuses is learnt anyway."},
	{.name = "price_input", .type = BS_SETTING_USD, AT(price_input),
		.min = 1, .max = 1000 * USD, .words = free_words, .value = "USD", .example = "0.10", .flags = BS_SETTING_NOT_PROJECT,
		.help = "What a million tokens of input cost there, in US dollars; counts together with price_output."},
	{.name = "price_output", .type = BS_SETTING_USD, AT(price_output),
		.min = 1, .max = 1000 * USD, .words = free_words, .value = "USD", .example = "0.50", .flags = BS_SETTING_NOT_PROJECT,
		.help = "The same for tokens of output."},
	{.name = "price_cached", .type = BS_SETTING_USD, AT(price_cached),
		.min = 1, .max = 1000 * USD, .words = free_words, .value = "USD", .example = "0.01", .flags = BS_SETTING_NOT_PROJECT,
		.help = "The same for input that it reads from its cache; without it, what input costs."},
	{.name = "connect", .type = BS_SETTING_DURATION, AT(limits.connect_ms),
		.min = 1, .max = HOUR_MS, .value = "DURATION", .help = "Its own connect limit."},
	{.name = "first_token", .type = BS_SETTING_DURATION, AT(limits.first_token_ms),
		.min = 1, .max = HOUR_MS, .value = "DURATION", .help = "Its own first_token limit."},
	{.name = "idle", .type = BS_SETTING_DURATION, AT(limits.idle_ms),
		.min = 1, .max = HOUR_MS, .value = "DURATION", .help = "Its own idle limit."},
	{.name = "attempt", .type = BS_SETTING_DURATION, AT(limits.attempt_ms),
		.min = 1, .max = HOUR_MS, .value = "DURATION", .help = "Its own attempt limit."},
	{.name = NULL},
};
// clang-format on
