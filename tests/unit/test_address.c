// SPDX-License-Identifier: MIT
// core/llm/address: variables into base addresses, models into paths.
#include "tests/unit/unit.h"

#include "core/llm/address.h"

static const char *const environ_of_test[] = {"END=https://res.example/",
	"WHOLE=https://res.example/openai/v1", "REGION=eu-west-1", "EVIL=eu.evil.example/x",
	"HOST=box", "PORT=0.0.0.0:99", "URL=https://box.example/o", "SHORT=res.example",
	"EMPTY=", "ONLY_PORT=:11435", "SIX=::1", "SIX_ANY=[::]", "SIX_PORT=[fd00::7]:99",
	"SIX_ANY_PORT=[::]:99", "ANY=0.0.0.0", "WITH_PATH=box:99/llm", "ONLY_PATH=box/llm",
	"HTTPS=https://box.example", "HTTP_ANY=http://0.0.0.0:11434/", "CHINA=cn-north-1",
	"GOV=us-gov-west-1", "ISO=us-isob-east-1", "BAD_HOST=bo x", NULL};

static void address_fills_variables_in_or_leaves_the_base_unset(void **state)
{
	(void)state;
	struct bs_arena arena;
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	static const struct {
		const char *form, *base; // base NULL: not set, "!": refused
	} cases[] = {
		{"https://a.example/v1", "https://a.example/v1"},
		{"${END}/openai/v1", "https://res.example/openai/v1"},
		{"${WHOLE}/openai/v1", "https://res.example/openai/v1"},
		{"${NONE}/openai/v1", NULL},
		{"${EMPTY}/openai/v1", NULL},
		{"${SHORT}/openai/v1", "!"}, // would go out without TLS
		{"https://x.${REGION}.example", "https://x.eu-west-1.example"},
		{"https://x.${EVIL}.example", "!"},
		{"http://${HOST}:11434", "http://box:11434"},
		{"http://${PORT}:11434", "http://127.0.0.1:99"},
		{"http://${URL}:11434", "https://box.example/o"},
		{"http://${ONLY_PORT}:11434", "http://127.0.0.1:11435"},
		{"http://${SIX}:11434", "http://[::1]:11434"},
		{"http://${SIX_ANY}:11434", "http://[::1]:11434"},
		{"http://${SIX_PORT}:11434", "http://[fd00::7]:99"},
		{"http://${SIX_ANY_PORT}:11434", "http://[::1]:99"},
		{"http://${ANY}:11434", "http://127.0.0.1:11434"},
		{"http://${WITH_PATH}:11434", "http://box:99/llm"},
		{"http://${ONLY_PATH}:11434", "http://box:11434/llm"},
		{"http://${HTTPS}:11434", "https://box.example"}, // its own usual port
		{"http://${HTTP_ANY}:11434", "http://127.0.0.1:11434"},
		{"http://${BAD_HOST}:11434", "!"},
		{"https://x.${CHINA}.amazonaws.com", "https://x.cn-north-1.amazonaws.com.cn"},
		{"https://x.${GOV}.amazonaws.com", "https://x.us-gov-west-1.amazonaws.com"},
		{"https://x.${ISO}.amazonaws.com", "https://x.us-isob-east-1.sc2s.sgov.gov"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *base = NULL;
		enum bs_status status = bs_address_fill(
			cases[i].form, environ_of_test, &arena, &base, NULL);
		bool refused = cases[i].base && cases[i].base[0] == '!';
		assert_int_equal(status, refused ? BS_USAGE : BS_OK);
		if (!cases[i].base || refused)
			assert_null(base);
		else
			assert_string_equal(base, cases[i].base);
	}
	assert_str(bs_address_variable("https://x.${REGION}.example"), "REGION");
	assert_str(bs_address_variable("https://x.example"), "");
	bs_arena_release(&arena);
}

static void address_joins_base_and_path_and_encodes_the_model(void **state)
{
	(void)state;
	struct bs_arena arena;
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	static const struct {
		const char *base, *path, *model, *url;
	} cases[] = {
		{"https://a.example/v1", "/chat/completions", "m",
			"https://a.example/v1/chat/completions"},
		{"https://a.example", "/v1/messages", "m", "https://a.example/v1/messages"},
		{"https://a.example/v1", "/v1/messages", "m", "https://a.example/v1/messages"},
		{"https://a.example/v1", "/v1beta/models/{model}:go", "m",
			"https://a.example/v1/models/m:go"},
		{"https://a.example/api", "/api/chat", "m", "https://a.example/api/chat"},
		{"https://vendor.example", "/v1/messages", "m",
			"https://vendor.example/v1/messages"},
		{"https://a.example", "/model/{model}/go?x=1", "us.x-v1:0/ä",
			"https://a.example/model/us.x-v1%3A0%2F%C3%A4/go?x=1"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *url = NULL;
		assert_int_equal(bs_address_join(cases[i].base, cases[i].path, cases[i].model,
					 &arena, &url, NULL),
			BS_OK);
		assert_string_equal(url, cases[i].url);
	}
	bs_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_fills_variables_in_or_leaves_the_base_unset),
		cmocka_unit_test(address_joins_base_and_path_and_encodes_the_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
