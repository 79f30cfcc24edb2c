// SPDX-License-Identifier: MIT
// core/llm/providers: routes from names and configuration, and what is said of wrong ones.
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/config/settings.h"
#include "core/llm/providers.h"

struct fixture {
	struct bs_arena arena;
	struct bs_config config;
	struct bs_route route;
	struct bs_err err;
	const char *const *environ;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	f->config.limits = (struct bs_limits){2000, 4000, 4000, 15000};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static struct bs_provider_config *entry(struct fixture *f, const char *name)
{
	struct bs_provider_config *entry = &f->config.providers[f->config.providers_count++];
	entry->name = name;
	return entry;
}

static enum bs_status resolve(struct fixture *f, const char *name)
{
	f->err = (struct bs_err){0};
	return bs_route_resolve(&f->config, f->environ, name, &f->arena, &f->route, &f->err);
}

static void providers_resolve_a_built_in_route(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(resolve(f, "openai/gpt-6-luna"), BS_OK);
	assert_string_equal(f->route.name, "openai/gpt-6-luna");
	assert_string_equal(f->route.provider, "openai");
	assert_string_equal(f->route.model, "gpt-6-luna");
	assert_ptr_equal(f->route.wire, &bs_wire_openai);
	assert_string_equal(f->route.url, "https://api.openai.com/v1/chat/completions");
	assert_int_equal(f->route.keys.count, 1);
	assert_string_equal(f->route.keys.items[0], "OPENAI_API_KEY");
	assert_int_equal(f->route.mode, BS_SCHEMA_STRICT);
	assert_int_equal(f->route.modes, 0xF);
	assert_true(f->route.quirks & BS_QUIRK_STORE);
	assert_int_equal(f->route.limits.first_token_ms, 4000);
	assert_true(f->route.window_bytes > 0);
	assert_int_equal(resolve(f, "anthropic"), BS_OK); // its usual model
	assert_string_equal(f->route.name, "anthropic/claude-haiku-5-5");
	assert_string_equal(f->route.url, "https://api.anthropic.com/v1/messages");
	assert_false(f->route.modes & 1u << BS_SCHEMA_JSON_OBJECT);
	assert_int_equal(resolve(f, "openai/some-model"), BS_OK);
	assert_int_equal(f->route.window_bytes, 0); // not in the table
}

static void providers_take_a_gateway_of_the_users(void **state)
{
	struct fixture *f = *state;
	static const char *keys[] = {"GATEWAY_KEY"};
	struct bs_provider_config *gateway = entry(f, "gateway");
	gateway->api = "openai";
	gateway->base_url = "http://localhost:8080/v1/";
	gateway->keys = (struct bs_strings){keys, 1};
	gateway->limits.first_token_ms = 6000;
	assert_int_equal(resolve(f, "gateway/openai/gpt-6-luna"), BS_OK);
	assert_string_equal(f->route.model, "openai/gpt-6-luna");
	assert_string_equal(f->route.base_url, "http://localhost:8080/v1");
	assert_string_equal(f->route.url, "http://localhost:8080/v1/chat/completions");
	assert_string_equal(f->route.keys.items[0], "GATEWAY_KEY");
	assert_int_equal(f->route.limits.first_token_ms, 6000);
	assert_int_equal(f->route.limits.idle_ms, 4000);
	assert_int_equal(f->route.quirks, BS_QUIRK_MAX_TOKENS);
	assert_int_equal(f->route.window_bytes, 0);
}

static void providers_join_base_and_path_without_saying_the_version_twice(void **state)
{
	struct fixture *f = *state;
	struct bs_provider_config *gateway = entry(f, "gw");
	static const char *const bases[] = {"https://gw.test/anthropic",
		"https://gw.test/anthropic/v1", "https://gw.test/anthropic/v1/"};
	gateway->api = "anthropic";
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		gateway->base_url = bases[i];
		assert_int_equal(resolve(f, "gw/m"), BS_OK);
		assert_string_equal(f->route.url, "https://gw.test/anthropic/v1/messages");
	}
}

static void providers_let_an_entry_override_a_built_in_one(void **state)
{
	struct fixture *f = *state;
	struct bs_provider_config *openai = entry(f, "openai");
	openai->base_url = "https://proxy.test/v1";
	assert_int_equal(resolve(f, "openai/gpt-6-luna"), BS_OK);
	assert_string_equal(f->route.url, "https://proxy.test/v1/chat/completions");
	assert_string_equal(f->route.keys.items[0], "OPENAI_API_KEY");
	openai->keys_set = true; // keys: []
	assert_int_equal(resolve(f, "openai/gpt-6-luna"), BS_OK);
	assert_int_equal(f->route.keys.count, 0);
}

#define ALL                                                                                                        \
	"define it under providers: with api and base_url, or use one of openai, anthropic, "                      \
	"gemini, mistral, groq, openrouter, azure, bedrock, openai-responses, buildkite, ollama, llamacpp, vllm, " \
	"litellm, bifrost, portkey"
#define APIS "openai, openai-responses, anthropic, gemini, ollama or bedrock"

static void providers_name_what_is_wrong_and_what_is_near(void **state)
{
	struct fixture *f = *state;
	struct bs_provider_config *gateway = entry(f, "gateway");
	static const struct {
		const char *route, *message;
	} cases[] = {
		{"opnai/gpt", "route opnai/gpt: unknown provider \"opnai\"; did you mean openai?"},
		{"gatway/x", "route gatway/x: unknown provider \"gatway\"; did you mean gateway?"},
		{"zzzzzzzz/x", "route zzzzzzzz/x: unknown provider \"zzzzzzzz\"; " ALL},
		{"", "route : unknown provider \"\"; " ALL},
		{"openai/", "route openai/: the model is missing: openai/MODEL"},
		{"gateway", "route gateway: the model is missing: gateway/MODEL"},
		{"gateway/x", "providers.gateway: api is missing (" APIS ")"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(resolve(f, cases[i].route), BS_USAGE);
		assert_string_equal(f->err.msg, cases[i].message);
	}
	gateway->api = "smtp";
	assert_int_equal(resolve(f, "gateway/x"), BS_USAGE);
	assert_string_equal(
		f->err.msg, "providers.gateway.api: unknown wire format \"smtp\"; expected " APIS);
	gateway->api = "openai";
	assert_int_equal(resolve(f, "gateway/x"), BS_USAGE);
	assert_string_equal(f->err.msg, "providers.gateway: base_url is missing");
	gateway->base_url = "ftp://x";
	assert_int_equal(resolve(f, "gateway/x"), BS_USAGE);
	assert_string_equal(f->err.msg, "providers.gateway.base_url: \"ftp://x\" begins with "
					"neither https:// nor http://");
}

static void providers_make_the_default_route_of_the_keys_that_are_set(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *const both[] = {"ANTHROPIC_API_KEY=a", "OPENAI_API_KEY=b", NULL};
	static const char *const one[] = {"ANTHROPIC_API_KEY=a", "OPENAI_API_KEY=", NULL};
	static const char *const none[] = {NULL};
	size_t count = 7;
	assert_int_equal(
		bs_routes_resolve(&f->config, both, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 2);
	assert_string_equal(routes[0].name, "openai/gpt-6-luna"); // in the order of the table
	assert_string_equal(routes[1].name, "anthropic/claude-haiku-5-5");
	assert_int_equal(
		bs_routes_resolve(&f->config, one, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 1);
	assert_string_equal(routes[0].provider, "anthropic");
	assert_int_equal(
		bs_routes_resolve(&f->config, none, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 0);
}

static void providers_resolve_the_configured_route_in_order(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *names[BS_ROUTES_MAX + 1];
	static const char *const none[] = {NULL};
	size_t count = 0;
	for (size_t i = 0; i <= BS_ROUTES_MAX; i++)
		names[i] = i % 2 ? "openai/a" : "anthropic/b";
	f->config.route = (struct bs_strings){names, BS_ROUTES_MAX};
	assert_int_equal(
		bs_routes_resolve(&f->config, none, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, BS_ROUTES_MAX); // keys or not: that is for the attempt to say
	assert_string_equal(routes[0].model, "b");
	assert_string_equal(routes[1].model, "a");
	f->config.route.count++;
	assert_int_equal(
		bs_routes_resolve(&f->config, none, &f->arena, routes, &count, NULL), BS_USAGE);
}

static void providers_table_is_complete(void **state)
{
	(void)state;
	const struct bs_provider *p;
	const struct bs_wire *wire;
	unsigned quirks;
	size_t count = 0;
	for (; (p = bs_provider_at(count)); count++) {
		assert_ptr_equal(bs_provider_find(p->name), p);
		assert_true(p->wire && p->base_urls[0] && p->key_variables[0]);
		assert_true(p->wire->modes & 1u << p->mode);
		assert_true(!p->key_header == !p->key_prefix);
		assert_ptr_equal(bs_wire_find(p->wire->name, &quirks), p->wire);
	}
	assert_true(count >= 14);
	assert_null(bs_provider_find("nobody"));
	for (count = 0; (wire = bs_wire_at(count)); count++)
		assert_true(wire->modes & 1u << BS_SCHEMA_PROMPT);
	assert_true(count >= 5);
}

static void providers_resolve_every_row_with_its_own_format(void **state)
{
	struct fixture *f = *state;
	static const char *const environ[] = {"AZURE_RESOURCE_NAME=res", "OLLAMA_HOST=box",
		"AZURE_OPENAI_API_KEY=a", "GOOGLE_API_KEY=g", NULL};
	static const struct {
		const char *route, *url, *key, *key_header;
	} cases[] = {
		{"gemini",
			"https://generativelanguage.googleapis.com/v1beta/models/"
			"gemini-3.5-flash-lite:streamGenerateContent?alt=sse",
			"GOOGLE_API_KEY", "x-goog-api-key"},
		{"mistral", "https://api.mistral.ai/v1/chat/completions", "MISTRAL_API_KEY",
			"Authorization"},
		{"groq", "https://api.groq.com/openai/v1/chat/completions", "GROQ_API_KEY",
			"Authorization"},
		{"openrouter", "https://openrouter.ai/api/v1/chat/completions",
			"OPENROUTER_API_KEY", "Authorization"},
		{"azure/my-luna", "https://res.openai.azure.com/openai/v1/chat/completions",
			"AZURE_OPENAI_API_KEY", "api-key"},
		{"openai-responses", "https://api.openai.com/v1/responses", "OPENAI_API_KEY",
			"Authorization"},
		{"ollama/llama3.2", "http://box:11434/api/chat", NULL, "Authorization"},
		{"llamacpp", "http://127.0.0.1:8080/v1/chat/completions", NULL, "Authorization"},
		{"vllm/m", "http://127.0.0.1:8000/v1/chat/completions", NULL, "Authorization"},
		{"litellm/m", "http://127.0.0.1:4000/v1/chat/completions", NULL, "Authorization"},
		{"bifrost/openai/m", "http://127.0.0.1:8080/v1/chat/completions", NULL, "x-bf-vk"},
		{"portkey/@a/m", "https://api.portkey.ai/v1/chat/completions", "PORTKEY_API_KEY",
			"x-portkey-api-key"},
	};
	f->environ = environ;
	f->config.stream = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(resolve(f, cases[i].route), BS_OK);
		assert_string_equal(f->route.url, cases[i].url);
		assert_string_equal(f->route.key_header, cases[i].key_header);
		assert_int_equal(f->route.keys.count, cases[i].key ? 1 : 0);
		if (cases[i].key)
			assert_string_equal(f->route.keys.items[0], cases[i].key);
		assert_true(f->route.stream);
	}
	f->environ = NULL;
	assert_int_equal(resolve(f, "azure/my-luna"), BS_USAGE);
	assert_string_equal(f->err.msg,
		"providers.azure: base_url is missing, and none of AZURE_OPENAI_ENDPOINT, "
		"AZURE_RESOURCE_NAME is set");
	assert_int_equal(resolve(f, "vllm"), BS_USAGE); // what it serves is the user's
	f->config.stream = false;
	assert_int_equal(resolve(f, "gemini"), BS_OK);
	assert_string_equal(f->route.url, "https://generativelanguage.googleapis.com/v1beta/models/"
					  "gemini-3.5-flash-lite:generateContent");
	assert_false(f->route.stream);
}

// The variables of the makers' own SDKs: OpenAI's address has a version in it, Anthropic's has
// none.
static void providers_go_where_the_sdks_of_their_makers_would(void **state)
{
	struct fixture *f = *state;
	static const char *const environ[] = {"OPENAI_BASE_URL=https://gw.example/openai/v1/",
		"ANTHROPIC_BASE_URL=https://gw.example/anthropic", "ANTHROPIC_AUTH_TOKEN=t", NULL};
	static const char *const both[] = {
		"ANTHROPIC_BASE_URL=", "ANTHROPIC_AUTH_TOKEN=t", "ANTHROPIC_API_KEY=k", NULL};
	static const char *const wrong[] = {"OPENAI_BASE_URL=gw.example", NULL};
	static const char *token[] = {"ANTHROPIC_AUTH_TOKEN"};
	struct bs_route routes[BS_ROUTES_MAX];
	size_t count = 0;
	f->environ = environ;
	assert_int_equal(resolve(f, "openai"), BS_OK);
	assert_string_equal(f->route.base_url, "https://gw.example/openai/v1");
	assert_string_equal(f->route.url, "https://gw.example/openai/v1/chat/completions");
	assert_int_equal(resolve(f, "openai-responses"), BS_OK);
	assert_string_equal(f->route.url, "https://gw.example/openai/v1/responses");
	assert_int_equal(
		bs_routes_resolve(&f->config, environ, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 1); // by the token alone
	assert_string_equal(routes[0].url, "https://gw.example/anthropic/v1/messages");
	assert_string_equal(routes[0].keys.items[0], "ANTHROPIC_AUTH_TOKEN");
	assert_string_equal(routes[0].key_header, "Authorization");
	assert_string_equal(routes[0].key_prefix, "Bearer ");
	f->environ = both;
	assert_int_equal(resolve(f, "anthropic"), BS_OK);
	assert_string_equal(f->route.url, "https://api.anthropic.com/v1/messages");
	assert_string_equal(f->route.keys.items[0], "ANTHROPIC_API_KEY");
	assert_string_equal(f->route.key_header, "x-api-key");
	f->environ = wrong;
	assert_int_equal(resolve(f, "openai"), BS_USAGE);
	assert_string_equal(f->err.msg, "OPENAI_BASE_URL: expected an address: http:// or "
					"https://, a host and a path");
	// what the user configured comes first, and a header of their own stays
	f->environ = environ;
	struct bs_provider_config *anthropic = entry(f, "anthropic");
	anthropic->base_url = "https://own.example";
	anthropic->keys = (struct bs_strings){token, 1};
	assert_int_equal(resolve(f, "anthropic"), BS_OK);
	assert_string_equal(f->route.url, "https://own.example/v1/messages");
	assert_string_equal(f->route.key_prefix, "Bearer ");
	anthropic->key_header = "x-own";
	assert_int_equal(resolve(f, "anthropic"), BS_OK);
	assert_string_equal(f->route.key_header, "x-own");
	assert_string_equal(f->route.key_prefix, "");
}

static void providers_begin_with_what_a_model_is_known_to_take(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *route;
		enum bs_schema_mode mode;
		unsigned modes;
	} cases[] = {
		{"openai/gpt-6-luna", BS_SCHEMA_STRICT, 0xF},
		{"openai/gpt-3.5-turbo", BS_SCHEMA_TOOL, 0xE},
		{"anthropic/claude-3-haiku", BS_SCHEMA_TOOL,
			1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_PROMPT},
		{"groq/llama-3.1-8b-instant", BS_SCHEMA_JSON_OBJECT, 0xC},
		{"litellm/anthropic/claude-3-haiku", BS_SCHEMA_TOOL, 0xE},
		{"openai/brand-new", BS_SCHEMA_STRICT, 0xF},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(resolve(f, cases[i].route), BS_OK);
		assert_int_equal(f->route.mode, cases[i].mode);
		assert_int_equal(f->route.modes, cases[i].modes);
	}
	assert_int_equal(resolve(f, "openai/gpt-4o-mini"), BS_OK);
	assert_int_equal(f->route.output_tokens, 128000); // no answer is longer than the window
	uint64_t small = f->route.window_bytes;
	assert_int_equal(resolve(f, "openai/gpt-6-luna"), BS_OK);
	assert_true(small > 100000 && f->route.window_bytes > 5 * small);
	assert_int_equal(f->route.output_tokens, 128000);
	assert_int_equal(resolve(f, "openai/brand-new"), BS_OK);
	assert_int_equal(f->route.output_tokens, 0);
}

// A second account, a second resource, a replica: the whole row, by another name.
static void providers_of_the_user_may_be_like_a_built_in_one(void **state)
{
	struct fixture *f = *state;
	static const char *keys[] = {"AZURE_KEY_B"};
	static const char *const environ_list[] = {"OPENAI_API_KEY=x", NULL};
	struct bs_provider_config *b = entry(f, "azure-b");
	b->like = "azure";
	b->base_url = "https://b.example/openai/v1/";
	b->keys = (struct bs_strings){keys, 1};
	assert_int_equal(resolve(f, "azure-b/dep"), BS_OK);
	struct bs_route mine = f->route;
	struct bs_provider_config *azure = entry(f, "azure");
	azure->base_url = "https://a.example/openai/v1";
	assert_int_equal(resolve(f, "azure/dep"), BS_OK);
	assert_string_equal(mine.provider, "azure-b");
	assert_string_equal(mine.name, "azure-b/dep");
	assert_string_equal(mine.url, "https://b.example/openai/v1/chat/completions");
	assert_string_equal(mine.key_header, "api-key");
	assert_string_equal(mine.keys.items[0], "AZURE_KEY_B");
	assert_int_equal(mine.quirks, f->route.quirks);
	assert_ptr_equal(mine.wire, f->route.wire);

	// models, windows, prices; and address and key where none is said
	f->environ = environ_list;
	struct bs_provider_config *oa = entry(f, "second");
	oa->like = "openai";
	assert_int_equal(resolve(f, "second"), BS_OK);
	assert_string_equal(f->route.name, "second/gpt-6-luna");
	assert_string_equal(f->route.base_url, "https://api.openai.com/v1");
	assert_string_equal(f->route.keys.items[0], "OPENAI_API_KEY");
	assert_true(f->route.priced && f->route.window_tokens > 1000000);

	// the usual key goes to the usual address only
	oa->base_url = "https://elsewhere.example/v1";
	assert_int_equal(resolve(f, "second"), BS_USAGE);
	assert_string_equal(f->err.msg,
		"providers.second: keys is missing: it has a base_url of its own, and "
		"OPENAI_API_KEY is for that of openai; keys: [] sends none");
	oa->keys_set = true;
	assert_int_equal(resolve(f, "second"), BS_OK);
	assert_int_equal(f->route.keys.count, 0);
	struct bs_provider_config *box = entry(f, "box");
	box->like = "llamacpp";
	box->base_url = "http://10.0.0.5:8080/v1";
	assert_int_equal(resolve(f, "box"), BS_OK);
	assert_int_equal(f->route.keys.count, 0);
	assert_int_equal(f->route.limits.first_token_ms, 20000);
	assert_int_equal(f->route.family, BS_FAMILY_SMALL);
}

static void providers_say_what_cannot_be_like_another(void **state)
{
	struct fixture *f = *state;
	struct bs_provider_config *own = entry(f, "own");
	own->like = "azure";
	own->api = "openai";
	assert_int_equal(resolve(f, "own/m"), BS_USAGE);
	assert_string_equal(f->err.msg, "providers.own: api and like: write one of them; like: "
					"azure says the format");
	own->api = NULL;
	assert_int_equal(resolve(f, "own/m"), BS_USAGE);
	assert_string_equal(f->err.msg,
		"providers.own: base_url is missing, and none of AZURE_OPENAI_ENDPOINT, "
		"AZURE_RESOURCE_NAME is set");
	own->like = "buildkite";
	assert_int_equal(resolve(f, "own/m"), BS_USAGE);
	assert_string_equal(
		f->err.msg, "providers.own.like: no provider like buildkite is built in");
	struct bs_provider_config *openai = entry(f, "openai");
	openai->like = "azure";
	assert_int_equal(resolve(f, "openai/m"), BS_USAGE);
	assert_string_equal(f->err.msg, "providers.openai.like: openai is built in; give the other "
					"one a name of its own");
}

// The words of the setting are the names of the table.
static void providers_can_all_be_liked_but_those_bound_to_their_host(void **state)
{
	(void)state;
	const struct bs_setting *like = bs_setting_by_name(bs_provider_settings, BS_LIT("like"));
	const struct bs_provider *provider;
	size_t likable = 0, words = 0;
	for (size_t i = 0; (provider = bs_provider_at(i)); i++)
		likable += !(provider->traits & BS_TRAIT_OWN_KEY);
	for (const struct bs_word *w = like->words; w->word; w++, words++) {
		provider = bs_provider_find(w->word);
		assert_true(provider && !(provider->traits & BS_TRAIT_OWN_KEY));
	}
	assert_int_equal(words, likable);
}

static void providers_take_what_the_user_says_of_their_bodies(void **state)
{
	struct fixture *f = *state;
	static const char *members[] = {"store: null", "temperature: 0"};
	struct bs_provider_config *openai = entry(f, "openai");
	openai->body = (struct bs_strings){members, 2};
	assert_int_equal(resolve(f, "openai"), BS_OK);
	assert_int_equal(f->route.body.count, 2);
	assert_int_equal(bs_route_params(&f->route) & BS_PARAM_STORE, 0);
	assert_int_equal(bs_route_params(&f->route) & BS_PARAM_EFFORT, BS_PARAM_EFFORT);
	openai->output_limit = "max_tokens";
	assert_int_equal(resolve(f, "openai"), BS_OK);
	assert_int_equal(f->route.quirks & BS_QUIRK_MAX_TOKENS, BS_QUIRK_MAX_TOKENS);
	struct bs_provider_config *own = entry(f, "own");
	own->api = "openai";
	own->base_url = "https://own.example/v1";
	own->output_limit = "max_completion_tokens";
	assert_int_equal(resolve(f, "own/m"), BS_OK);
	assert_int_equal(f->route.quirks, 0);
}

// What is sent keeps nothing there and shares a cache, where hosts and gateways are known to take
// it.
static void providers_are_asked_to_keep_nothing_where_that_is_known(void **state)
{
	struct fixture *f = *state;
	const unsigned both = BS_QUIRK_STORE | BS_QUIRK_CACHE_KEY;
	static const struct {
		const char *route;
		bool both;
	} cases[] = {
		{"openai", true},
		{"azure/d", true},
		{"bifrost/openai/gpt-6-luna", true},
		{"bifrost/anthropic/claude-haiku-5-5", true},
		{"portkey/gpt-6-luna", true},
		{"litellm/openai/gpt-6-luna", true},
		{"litellm/azure/d", true},
		{"litellm/anthropic/claude-haiku-5-5", false},
		{"litellm/our-alias", false},
		{"groq", false},
		{"openrouter", false},
		{"vllm/m", false},
		{"own/m", false},
	};
	struct bs_provider_config *own = entry(f, "own");
	own->api = "openai";
	own->base_url = "https://own.example/v1";
	struct bs_provider_config *azure = entry(f, "azure");
	azure->base_url = "https://own.example/openai/v1";
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(resolve(f, cases[i].route), BS_OK);
		assert_int_equal(f->route.quirks & both, cases[i].both ? both : 0);
	}
	assert_int_equal(resolve(f, "bifrost/openai/m"), BS_OK);
	assert_int_equal(f->route.quirks & BS_QUIRK_MAX_TOKENS, 0);
}

static void providers_tell_whom_a_prompt_is_for(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *route;
		enum bs_family family;
		bool tell_shape;
	} cases[] = {
		{"openai", BS_FAMILY_COMMON, false}, {"anthropic", BS_FAMILY_CLAUDE, false},
		{"openrouter/anthropic/claude-haiku-5-5", BS_FAMILY_CLAUDE, false},
		{"gemini", BS_FAMILY_COMMON, false},
		{"ollama/llama3.2", BS_FAMILY_SMALL, true}, // its grammar is not shown to the model
		{"llamacpp", BS_FAMILY_SMALL, true}, {"vllm/m", BS_FAMILY_SMALL, true},
		{"own/m", BS_FAMILY_COMMON, true}, // nobody knows what is behind it
	};
	struct bs_provider_config *own = entry(f, "own");
	own->api = "openai";
	own->base_url = "https://own.example/v1";
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(resolve(f, cases[i].route), BS_OK);
		assert_int_equal(f->route.family, cases[i].family);
		assert_int_equal(f->route.tell_shape, cases[i].tell_shape);
	}
}

static void providers_give_a_model_on_this_machine_the_time_to_load(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(resolve(f, "ollama/m"), BS_OK);
	assert_int_equal(f->route.limits.first_token_ms, 20000);
	assert_int_equal(f->route.limits.attempt_ms, 28000);
	assert_int_equal(f->route.limits.idle_ms, 4000);
	struct bs_provider_config *ollama = entry(f, "ollama");
	ollama->limits.first_token_ms = 3000;
	assert_int_equal(resolve(f, "ollama/m"), BS_OK);
	assert_int_equal(f->route.limits.first_token_ms, 3000);
	assert_int_equal(resolve(f, "gemini"), BS_OK);
	assert_int_equal(f->route.limits.first_token_ms, 4000);
}

static void providers_take_everything_from_an_entry(void **state)
{
	struct fixture *f = *state;
	static const char *headers[] = {"x-portkey-provider: openai"};
	struct bs_provider_config *own = entry(f, "own");
	own->api = "ollama";
	own->base_url = "https://own.example/api";
	own->model = "our-model";
	own->window = 8192;
	own->schema = "tool"; // which the format does not have
	own->key_header = "x-own-key";
	own->headers = (struct bs_strings){headers, 1};
	assert_int_equal(resolve(f, "own"), BS_OK);
	assert_string_equal(f->route.name, "own/our-model");
	assert_string_equal(f->route.url, "https://own.example/api/chat");
	assert_string_equal(f->route.key_header, "x-own-key");
	assert_string_equal(f->route.key_prefix, "");
	assert_int_equal(f->route.headers.count, 1);
	assert_int_equal(f->route.mode, BS_SCHEMA_JSON_OBJECT);
	assert_true(f->route.window_bytes >= 1000 && f->route.window_bytes < 8192);
	own->key_header = "authorization";
	assert_int_equal(resolve(f, "own"), BS_OK);
	assert_string_equal(f->route.key_prefix, "Bearer ");
}

static void providers_address_bedrock_by_region_and_sign_when_told(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *const signing[] = {"AWS_DEFAULT_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=a",
		"AWS_SECRET_ACCESS_KEY=b", NULL};
	static const char *const bearer[] = {
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_BEARER_TOKEN_BEDROCK=c", NULL};
	static const char *const evil[] = {"AWS_REGION=x.evil.example/", NULL};
	static const char *const endpoint[] = {
		"AWS_ENDPOINT_URL=http://127.0.0.1:4566/aws/", "AWS_REGION=eu-west-1", NULL};
	static const char *const narrower[] = {"AWS_ENDPOINT_URL=http://127.0.0.1:4566",
		"AWS_ENDPOINT_URL_BEDROCK_RUNTIME=https://vpce.example", NULL};
	static const char *const ignored[] = {"AWS_ENDPOINT_URL=http://127.0.0.1:4566",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=True", "AWS_REGION=cn-north-1", NULL};
	size_t count = 7;
	f->environ = signing;
	f->config.stream = true;
	assert_int_equal(resolve(f, "bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0"), BS_OK);
	assert_string_equal(f->route.url,
		"https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
		"us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse-stream");
	assert_string_equal(f->route.keys.items[0], "AWS_ACCESS_KEY_ID");
	assert_string_equal(f->route.signs_for, "bedrock");
	assert_string_equal(f->route.region, "eu-west-1");
	assert_true(f->route.stream);
	// keys for signing are there for something else, unless bedrock is named
	assert_int_equal(
		bs_routes_resolve(&f->config, signing, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 0);
	assert_int_equal(
		bs_routes_resolve(&f->config, bearer, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 1);
	assert_string_equal(routes[0].keys.items[0], "AWS_BEARER_TOKEN_BEDROCK");
	f->environ = endpoint;
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(f->route.base_url, "http://127.0.0.1:4566/aws");
	assert_string_equal(f->route.region, "eu-west-1");
	f->environ = narrower;
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(f->route.base_url, "https://vpce.example");
	f->environ = ignored;
	assert_int_equal(resolve(f, "bedrock/m"), BS_OK);
	assert_string_equal(
		f->route.base_url, "https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
	f->environ = NULL;
	assert_int_equal(resolve(f, "bedrock"), BS_USAGE);
	assert_string_equal(f->err.msg,
		"providers.bedrock: base_url is missing, and none of "
		"AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL, AWS_REGION, "
		"AWS_DEFAULT_REGION is set");
	f->environ = evil;
	assert_int_equal(resolve(f, "bedrock"), BS_USAGE);
	assert_string_equal(f->err.msg, "AWS_REGION: expected letters, digits and dashes: it is a "
					"part of a host's name");
}

static void providers_know_that_other_clouds_of_aws_have_no_global_model(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *const regions[] = {
		"us-gov-west-1", "cn-north-1", "us-iso-east-1", "eusc-de-east-1"};
	size_t count = 7;
	char variable[40], message[200];
	const char *environ[] = {variable, "AWS_BEARER_TOKEN_BEDROCK=t", NULL};
	f->environ = environ;
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		(void)snprintf(variable, sizeof(variable), "AWS_REGION=%s", regions[i]);
		(void)snprintf(message, sizeof(message),
			"route bedrock: the model is missing: bedrock/MODEL; the usual one, "
			"global.anthropic.claude-haiku-4-5-20251001-v1:0, is not there in %s",
			regions[i]);
		assert_int_equal(resolve(f, "bedrock"), BS_USAGE);
		assert_string_equal(f->err.msg, message);
		assert_int_equal(resolve(f, "bedrock/us-gov.anthropic.claude-x"), BS_OK);
		assert_int_equal(
			bs_routes_resolve(&f->config, environ, &f->arena, routes, &count, &f->err),
			BS_OK);
		assert_int_equal(count, 0); // check says why
	}
	struct bs_provider_config *bedrock = entry(f, "bedrock");
	bedrock->model = "anthropic.claude-x";
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(f->route.model, "anthropic.claude-x");
}

static void providers_take_the_hosts_of_aws_that_the_user_is_bound_to(void **state)
{
	struct fixture *f = *state;
	static const char *const on[] = {
		"AWS_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=true", NULL};
	static const char *const off[] = {
		"AWS_DEFAULT_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=false", NULL};
	static const char *const own[] = {"AWS_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=true",
		"AWS_ENDPOINT_URL=https://bedrock-runtime.example", NULL};
	f->environ = on;
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(
		f->route.base_url, "https://bedrock-runtime-fips.us-east-1.amazonaws.com");
	assert_string_equal(f->route.region, "us-east-1");
	f->environ = off;
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(f->route.base_url, "https://bedrock-runtime.us-east-1.amazonaws.com");
	f->environ = own;
	assert_int_equal(resolve(f, "bedrock"), BS_OK);
	assert_string_equal(f->route.base_url, "https://bedrock-runtime.example");
}

static void providers_keep_the_jobs_token_with_its_own_host(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *const job[] = {"BUILDKITE_AGENT_ENDPOINT=https://agent.example/v3",
		"BUILDKITE_AGENT_ACCESS_TOKEN=t", NULL};
	static const char *const plain[] = {"BUILDKITE_AGENT_ENDPOINT=http://agent.example/v3",
		"BUILDKITE_AGENT_ACCESS_TOKEN=t", NULL};
	static const char *token[] = {"BUILDKITE_AGENT_ACCESS_TOKEN"};
	static const char *other[] = {"OTHER"};
	size_t count = 7;
	f->environ = job;
	assert_int_equal(resolve(f, "buildkite"), BS_OK);
	assert_string_equal(f->route.url, "https://agent.example/v3/ai/anthropic/v1/messages");
	assert_string_equal(f->route.keys.items[0], token[0]);
	assert_string_equal(f->route.key_header, "x-api-key");
	assert_true(f->route.priced && f->route.window_bytes);
	assert_int_equal(
		bs_routes_resolve(&f->config, job, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 0); // only when it is asked for
	f->environ = plain;
	assert_int_equal(resolve(f, "buildkite"), BS_OK); // the agent itself sends it there
	assert_string_equal(f->route.url, "http://agent.example/v3/ai/anthropic/v1/messages");
	f->environ = NULL;
	assert_int_equal(resolve(f, "buildkite"), BS_USAGE); // not in a job

	f->environ = job;
	struct bs_provider_config *own = entry(f, "own");
	own->api = "anthropic";
	own->base_url = "https://own.example";
	own->keys = (struct bs_strings){token, 1};
	assert_int_equal(resolve(f, "own/m"), BS_USAGE);
	assert_string_equal(f->err.msg,
		"providers.own.keys: BUILDKITE_AGENT_ACCESS_TOKEN is for the "
		"provider buildkite only");
	struct bs_provider_config *entries[4];
	for (size_t i = 0; i < 4; i++) {
		f->config.providers_count = 0;
		entries[i] = entry(f, "buildkite");
		*entries[i] = (struct bs_provider_config){.name = "buildkite",
			.base_url = i == 0 ? "https://evil.example" : NULL,
			.api = i == 1 ? "openai" : NULL,
			.key_header = i == 2 ? "x-other" : NULL,
			.keys = {i == 3 ? other : NULL, i == 3}};
		assert_int_equal(resolve(f, "buildkite"), BS_USAGE);
		assert_non_null(strstr(f->err.msg, "its key goes to its own host only"));
	}
}

static void providers_put_the_users_own_behind_the_built_in_ones(void **state)
{
	struct fixture *f = *state;
	struct bs_route routes[BS_ROUTES_MAX];
	static const char *const environ[] = {
		"OWN_KEY=x", "GROQ_API_KEY=g", "AZURE_API_KEY=z", "OLLAMA_API_KEY=o", NULL};
	static const char *keys[] = {"OWN_KEY"};
	size_t count = 0;
	struct bs_provider_config *own = entry(f, "own");
	own->api = "openai";
	own->base_url = "https://own.example/v1";
	own->keys = (struct bs_strings){keys, 1};
	assert_int_equal(
		bs_routes_resolve(&f->config, environ, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 1); // azure has no address, ollama was not named, own has no model
	assert_string_equal(routes[0].name, "groq/openai/gpt-oss-20b");
	own->model = "m";
	assert_int_equal(
		bs_routes_resolve(&f->config, environ, &f->arena, routes, &count, NULL), BS_OK);
	assert_int_equal(count, 2);
	assert_string_equal(routes[1].name, "own/m");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(providers_resolve_a_built_in_route),
		TEST(providers_take_a_gateway_of_the_users),
		TEST(providers_join_base_and_path_without_saying_the_version_twice),
		TEST(providers_let_an_entry_override_a_built_in_one),
		TEST(providers_name_what_is_wrong_and_what_is_near),
		TEST(providers_make_the_default_route_of_the_keys_that_are_set),
		TEST(providers_resolve_the_configured_route_in_order),
		TEST(providers_table_is_complete),
		TEST(providers_resolve_every_row_with_its_own_format),
		TEST(providers_go_where_the_sdks_of_their_makers_would),
		TEST(providers_begin_with_what_a_model_is_known_to_take),
		TEST(providers_of_the_user_may_be_like_a_built_in_one),
		TEST(providers_say_what_cannot_be_like_another),
		TEST(providers_can_all_be_liked_but_those_bound_to_their_host),
		TEST(providers_take_what_the_user_says_of_their_bodies),
		TEST(providers_are_asked_to_keep_nothing_where_that_is_known),
		TEST(providers_tell_whom_a_prompt_is_for),
		TEST(providers_give_a_model_on_this_machine_the_time_to_load),
		TEST(providers_take_everything_from_an_entry),
		TEST(providers_address_bedrock_by_region_and_sign_when_told),
		TEST(providers_know_that_other_clouds_of_aws_have_no_global_model),
		TEST(providers_take_the_hosts_of_aws_that_the_user_is_bound_to),
		TEST(providers_keep_the_jobs_token_with_its_own_host),
		TEST(providers_put_the_users_own_behind_the_built_in_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
