// SPDX-License-Identifier: MIT
// core/llm/output_limit: how long an answer a host allows, by the sentences of hosts.
#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/llm/classify.h"
#include "core/llm/output_limit.h"

#define ASKED 4000

static const struct {
	const char *sentence;
	unsigned tokens; // 0: it is not about that
	bool no_room;
} samples[] = {
	// --- the model's own maximum
	{"max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens for "
	 "claude-3-haiku-20240307",
		2048, false},
	{"max_tokens is too large: 4000. This model supports at most 2048 completion tokens, "
	 "whereas you provided 4000.",
		2048, false},
	{"max_tokens: 4000 > 2048, which is the maximum allowed number of allowed output tokens",
		2048, false},
	{"`max_completion_tokens` must be less than or equal to `2048`, the maximum value for "
	 "`max_completion_tokens` is less than the `context_window` for this model",
		2048, false},
	{"The maximum tokens you requested exceeds the model limit of 2048. Try again with a "
	 "maximum tokens value that is lower than 2048.",
		2047, false},
	{"Unable to submit request because it has a maxOutputTokens value of 4000 but the "
	 "supported range is from 1 (inclusive) to 2049 (exclusive). Update the value and try again.",
		2048, false},
	{"Invalid max_tokens value, the valid range of max_tokens is [1, 2048]", 2048, false},
	{"Range of max_tokens should be [1, 2048]", 2048, false},
	{"Malformed input request: #/inferenceConfig/max_new_tokens: 4000 is not less or equal to "
	 "3,000, please reformat your input and try again.",
		3000, false},
	{"max_tokens: Input should be less than or equal to 2048", 2048, false},
	{"max_tokens 4000 exceeds the maximum of gpt-4-0613 and v1.2048", 2000, false},
	{"max_tokens is too large", 2000, false},
	{"`max_tokens` must be at most 100", 2000, false}, // too little for a summary; who knows

	// --- what the window leaves
	{"'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context "
	 "length is 4096 tokens and your request has 1500 input tokens (4000 > 4096 - 1500).",
		2596, false},
	{"This model's maximum context length is 4096 tokens. However, you requested 5500 tokens "
	 "(1500 in the messages, 4000 in the completion). Please reduce the length of the "
	 "messages or completion.",
		2596, false},
	{"This model's maximum context length is 4096 tokens. However, you requested 4000 output "
	 "tokens and your prompt contains 1500 input tokens, for a total of 5500 tokens.",
		2596, false},
	{"`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 2000 `inputs` tokens and 4000 "
	 "`max_new_tokens`",
		2097, false},
	{"input length and `max_tokens` exceed context limit: 198000 + 4000 > 200000, decrease "
	 "input length or `max_tokens` and try again",
		2000, false},
	{"input length and `max_tokens` exceed context limit: 199500 + 4000 > 200000, decrease "
	 "input length or `max_tokens` and try again",
		ASKED, true},
	{"'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context "
	 "length is 2048 tokens and your request has 1500 input tokens (4000 > 2048 - 1500).",
		ASKED, true},

	// --- something else
	{"This model's maximum context length is 2048 tokens. However, your messages resulted in "
	 "3500 tokens. Please reduce the length of the messages.",
		0, false},
	{"Unsupported parameter: 'max_tokens' is not supported with this model. Use "
	 "'max_completion_tokens' instead. The limit of 2048 is at most a number.",
		0, false},
	{"max_tokens: Extra inputs are not permitted", 0, false},
	{"prompt is too long: 210000 tokens > 200000 maximum", 0, false},
	{"temperature must be at most 2", 0, false},
	{"", 0, false},
};

static void output_limit_is_what_the_sentence_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct bs_output_limit limit = bs_output_limit_read(
			bs_str_c(samples[i].sentence), ASKED);
		if (limit.tokens != samples[i].tokens || limit.no_room != samples[i].no_room ||
			limit.about != (limit.tokens > 0))
			fail_msg("%s: got %u%s", samples[i].sentence, limit.tokens,
				limit.no_room ? ", no room" : "");
	}
}

static void output_limit_halves_only_as_far_as_that_makes_sense(void **state)
{
	(void)state;
	struct bs_str words = BS_LIT("max_tokens is too large");
	assert_int_equal(bs_output_limit_read(words, 600).tokens, 300);
	assert_int_equal(bs_output_limit_read(words, 500).tokens, 500);
	assert_false(bs_output_limit_read(words, 0).about);
}

// Whatever is said, and by whom: never more than was asked for, and never nothing.
static void output_limit_keeps_its_bounds(void **state)
{
	(void)state;
	char text[200];
	static const uint64_t numbers[] = {0, 1, 255, 256, 999, 1000, 3999, 4000, 4001, 4999, 5000,
		8000, 99999999999, 123456789012345};
	size_t count = sizeof(numbers) / sizeof(numbers[0]);
	for (size_t i = 0; i < count * count * count; i++) {
		unsigned long long a = numbers[i % count], b = numbers[i / count % count],
				   c = numbers[i / count / count];
		for (int window = 0; window < 2; window++) {
			(void)snprintf(text, sizeof(text),
				"max_tokens too large: %llu > %llu - %llu%s", a, b, c,
				window ? " context length" : "");
			struct bs_output_limit limit = bs_output_limit_read(bs_str_c(text), ASKED);
			assert_true(limit.tokens <= ASKED);
			assert_true(limit.about == (limit.tokens > 0));
			assert_true(window || limit.about);
		}
	}
}

// --- the class that comes of it

static struct bs_class classify(
	struct bs_arena *arena, int status, const char *body, unsigned output_tokens)
{
	const struct bs_exchange x = {
		.http_status = status, .body = bs_str_c(body), .output_tokens = output_tokens};
	return bs_classify(&x, arena);
}

#define BODY(message) "{\"error\":{\"message\":\"" message "\",\"type\":\"invalid_request_error\"}}"

static void a_limit_has_a_class_by_what_can_be_done(void **state)
{
	static const struct {
		const char *body;
		enum bs_outcome outcome;
		unsigned tokens;
	} rows[] = {
		{BODY("max_tokens: 4000 > 2048, which is the maximum allowed number of output "
		      "tokens for claude-x"),
			BS_OUTCOME_CAPABILITY, 2048},
		{BODY("This model's maximum context length is 4096 tokens. However, you requested "
		      "5500 tokens (1500 in the messages, 4000 in the completion)."),
			BS_OUTCOME_CAPABILITY, 2596},
		{BODY("input length and `max_tokens` exceed context limit: 199500 + 4000 > 200000, "
		      "decrease input length or `max_tokens` and try again"),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{BODY("This model's maximum context length is 2048 tokens. However, your messages "
		      "resulted in 3500 tokens."),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{"{\"message\":\"The maximum tokens you requested exceeds the model limit of 2048. "
		 "Try again with a maximum tokens value that is lower than 2048.\"}",
			BS_OUTCOME_CAPABILITY, 2047},
		{"{\"error\":{\"code\":400,\"message\":\"x\",\"metadata\":{\"error_type\":"
		 "\"max_tokens_exceeded\"}}}",
			BS_OUTCOME_CAPABILITY, 2000},
		{"{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":{"
		 "\"raw\":\"max_tokens is too large: 4000. This model supports at most 3000 "
		 "completion tokens\"}}}",
			BS_OUTCOME_CAPABILITY, 3000},
	};
	struct bs_arena arena;
	(void)state;
	bs_arena_init(&arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_class c = classify(&arena, 400, rows[i].body, ASKED);
		if (c.outcome != rows[i].outcome || c.output_tokens_max != rows[i].tokens)
			fail_msg("%s: got %s, %u", rows[i].body, bs_outcome_id(c.outcome),
				c.output_tokens_max);
		assert_true(c.parameter_refused == (rows[i].tokens > 0));
		assert_int_equal(classify(&arena, 400, rows[i].body, 0).output_tokens_max, 0);
		assert_int_equal(classify(&arena, 429, rows[i].body, ASKED).output_tokens_max, 0);
	}
	bs_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_limit_is_what_the_sentence_says),
		cmocka_unit_test(output_limit_halves_only_as_far_as_that_makes_sense),
		cmocka_unit_test(output_limit_keeps_its_bounds),
		cmocka_unit_test(a_limit_has_a_class_by_what_can_be_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
