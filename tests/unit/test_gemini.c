// SPDX-License-Identifier: MIT
// core/llm/gemini: request bodies, whole replies and streams of Google's generateContent.
#include "tests/unit/wired.h"

#define WIRE (&bs_wire_gemini)

static void gemini_builds_a_strict_request_whose_members_keep_their_order(void **state)
{
	struct wired *f = *state;
	struct bs_request request = {.model = "gemini-3.5-flash-lite",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 4000,
		.stream = true};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "systemInstruction/parts/0/text", "SYSTEM");
	assert_int_equal(bs_json_count(wired_at(json, "contents")), 3);
	wired_is(json, "contents/0/role", "user");
	wired_is(json, "contents/0/parts/0/text", "LOG \"x\"\n");
	wired_is(json, "contents/1/role", "model");
	wired_number_is(json, "generationConfig/maxOutputTokens", 4000);
	wired_is(json, "generationConfig/responseMimeType", "application/json");
	wired_is(json, "generationConfig/responseJsonSchema/type", "object");
	wired_is(json, "generationConfig/responseJsonSchema/propertyOrdering/0", "evidence");
	wired_is(json,
		"generationConfig/responseJsonSchema/properties/evidence/items/propertyOrdering/0",
		"line");
	assert_null(wired_at(json, "generationConfig/thinkingConfig"));
	assert_null(wired_at(json, "model")); // it stands in the path
	assert_null(wired_at(json, "stream"));
}

static void gemini_is_told_to_think_as_little_as_its_family_can(void **state)
{
	struct wired *f = *state;
	static const struct {
		const char *model, *level;
		int budget; // -1: nothing is said
	} cases[] = {
		{"gemini-3.5-flash", "MINIMAL", -1},
		{"gemini-3.8-flash", "MINIMAL", -1},
		{"gemini-3-flash-preview", "MINIMAL", -1},
		{"gemini-flash-latest", "MINIMAL", -1},
		{"gemini-3.1-pro-preview", "LOW", -1},
		{"gemini-4-hydrogen", "LOW", -1},
		{"gemini-4-argon", "LOW", -1},
		{"gemini-pro-latest", "LOW", -1},
		{"gemini-2.5-flash", NULL, 0},
		{"gemini-2.5-flash-lite", NULL, 0},
		{"gemini-2.5-pro", NULL, 128},
		{"gemini-3.5-flash-lite", NULL, -1},
		{"gemini-3.1-flash-lite-preview", NULL, -1},
		{"gemini-flash-lite-latest", NULL, -1},
		{"gemini-2.0-flash", NULL, -1},
		{"our-tuned-model", NULL, -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct bs_request request = {.model = cases[i].model,
			.prompt = &wired_prompt,
			.mode = BS_SCHEMA_STRICT,
			.output_tokens = 4000};
		const struct bs_json *json = wired_build(f, WIRE, &request);
		const struct bs_json *thinking = wired_at(json, "generationConfig/thinkingConfig");
		bool told = cases[i].level || cases[i].budget >= 0;
		if (!thinking != !told)
			fail_msg("%s: told %d", cases[i].model, !told);
		if (cases[i].level)
			wired_is(json, "generationConfig/thinkingConfig/thinkingLevel",
				cases[i].level);
		else if (told)
			wired_number_is(json, "generationConfig/thinkingConfig/thinkingBudget",
				(uint64_t)cases[i].budget);
	}
}

static void gemini_steps_down_the_ladder_of_modes(void **state)
{
	struct wired *f = *state;
	struct bs_request request = {.model = "gemini-3.8-flash",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_TOOL,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "tools/0/functionDeclarations/0/name", "ci_summary");
	wired_is(json, "tools/0/functionDeclarations/0/parametersJsonSchema/type", "object");
	wired_is(json, "toolConfig/functionCallingConfig/mode", "ANY");
	wired_is(json, "toolConfig/functionCallingConfig/allowedFunctionNames/0", "ci_summary");
	assert_null(wired_at(json, "generationConfig/responseMimeType"));
	request.mode = BS_SCHEMA_JSON_OBJECT;
	json = wired_build(f, WIRE, &request);
	wired_is(json, "generationConfig/responseMimeType", "application/json");
	assert_null(wired_at(json, "generationConfig/responseJsonSchema"));
	request.mode = BS_SCHEMA_PROMPT;
	request.dropped = BS_PARAMS_UNNAMED;
	json = wired_build(f, WIRE, &request);
	assert_int_equal(bs_json_count(wired_at(json, "generationConfig")), 0);
}

static void gemini_reads_a_whole_reply_without_its_thoughts(void **state)
{
	struct wired *f = *state;
	wired_whole(f, WIRE,
		"{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hm\","
		"\"thought\":true},{\"text\":\"{\\\"a\\\"\"},{\"text\":\":1}\"}]},"
		"\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":12,"
		"\"candidatesTokenCount\":3,\"thoughtsTokenCount\":4,\"cachedContentTokenCount\":8},"
		"\"modelVersion\":\"m\",\"responseId\":\"r-1\"}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.thinking_bytes, 2);
	assert_int_equal(f->reply.usage.input_tokens, 12);
	assert_int_equal(f->reply.usage.output_tokens, 7);
	assert_int_equal(f->reply.usage.cached_tokens, 8);
	assert_str(f->reply.model, "m");
	assert_str(f->reply.id, "r-1");
	wired_whole(f, WIRE,
		"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":"
		"\"ci_summary\",\"args\":{\"a\":[1]}}}]},\"finishReason\":\"STOP\"}]}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":[1]}");
}

static void gemini_tells_how_a_reply_stopped(void **state)
{
	struct wired *f = *state;
	static const struct {
		const char *body;
		enum bs_stop stop;
	} cases[] = {
		// thoughts ate the budget: no parts at all
		{"{\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":"
		 "\"MAX_TOKENS\"}]}",
			BS_STOP_TRUNCATED},
		{"{\"candidates\":[{\"finishReason\":\"CONTINUATION\",\"continuationToken\":\"x\"}]}",
			BS_STOP_TRUNCATED},
		{"{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}", BS_STOP_FILTERED},
		{"{\"candidates\":[{\"finishReason\":\"RECITATION\"}]}", BS_STOP_FILTERED},
		{"{\"candidates\":[{\"finishReason\":\"IMAGE_SAFETY\"}]}", BS_STOP_FILTERED},
		{"{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}",
			BS_STOP_PROVIDER_ERROR},
		{"{\"candidates\":[{\"finishReason\":\"NEWS\"}]}", BS_STOP_UNKNOWN},
		{"{\"promptFeedback\":{\"blockReason\":\"JAILBREAK\"}}", BS_STOP_FILTERED},
		{"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}", BS_STOP_NONE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wired_whole(f, WIRE, cases[i].body);
		assert_int_equal(f->reply.stop, cases[i].stop);
	}
}

static void gemini_reads_a_stream_and_an_error_within(void **state)
{
	struct wired *f = *state;
	wired_event(f, WIRE,
		"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"{\\\"a\\\"\"}]}}]}");
	assert_false(f->reply.saw_finish);
	wired_event(f, WIRE,
		"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\":1}\"}]},\"finishReason\":"
		"\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":2}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_true(f->reply.saw_finish);
	assert_int_equal(f->reply.usage.output_tokens, 2);
	wired_event(f, WIRE,
		"{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":"
		"\"UNAVAILABLE\"}}");
	assert_true(f->reply.error.present);
	assert_int_equal(f->reply.error.status, 503);
}

static void gemini_survives_replies_without_sense(void **state)
{
	wired_survives_nonsense(*state, WIRE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRED(gemini_builds_a_strict_request_whose_members_keep_their_order),
		WIRED(gemini_is_told_to_think_as_little_as_its_family_can),
		WIRED(gemini_steps_down_the_ladder_of_modes),
		WIRED(gemini_reads_a_whole_reply_without_its_thoughts),
		WIRED(gemini_tells_how_a_reply_stopped),
		WIRED(gemini_reads_a_stream_and_an_error_within),
		WIRED(gemini_survives_replies_without_sense),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
