// SPDX-License-Identifier: MIT
// core/llm/responses: request bodies, whole replies and streams of OpenAI's Responses.
#include "tests/unit/wired.h"

#define WIRE (&bs_wire_responses)

static void responses_builds_a_strict_request_that_is_not_stored(void **state)
{
	struct wired *f = *state;
	const struct bs_request request = {.model = "gpt-6-luna",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_STRICT,
		.quirks = BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY,
		.output_tokens = 4000,
		.stream = true};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "model", "gpt-6-luna");
	wired_is(json, "instructions", "SYSTEM");
	assert_int_equal(bs_json_count(wired_at(json, "input")), 3);
	wired_is(json, "input/0/role", "user");
	wired_is(json, "input/0/content", "LOG \"x\"\n");
	wired_is(json, "input/1/role", "assistant");
	wired_number_is(json, "max_output_tokens", 4000);
	wired_flag_is(json, "store", false);
	wired_flag_is(json, "stream", true);
	wired_is(json, "reasoning/effort", "none");
	wired_is(json, "prompt_cache_key", "buildsum-1");
	wired_is(json, "text/format/type", "json_schema");
	wired_is(json, "text/format/name", "ci_summary");
	wired_flag_is(json, "text/format/strict", true);
	wired_is(json, "text/format/schema/type", "object");
	assert_null(wired_at(json, "text/format/json_schema")); // flat
	assert_null(wired_at(json, "stream_options"));
}

static void responses_steps_down_the_ladder_and_never_lets_a_request_be_stored(void **state)
{
	struct wired *f = *state;
	struct bs_request request = {.model = "gpt-6-luna",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_TOOL,
		.quirks = BS_QUIRK_EFFORT,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "tools/0/name", "ci_summary");
	wired_is(json, "tools/0/parameters/type", "object");
	wired_is(json, "tool_choice/name", "ci_summary");
	assert_null(wired_at(json, "text"));
	assert_null(wired_at(json, "stream"));
	request.mode = BS_SCHEMA_JSON_OBJECT;
	json = wired_build(f, WIRE, &request);
	wired_is(json, "text/format/type", "json_object");
	request.mode = BS_SCHEMA_PROMPT;
	request.dropped = BS_PARAMS_UNNAMED;
	json = wired_build(f, WIRE, &request);
	assert_int_equal(bs_json_count(json), 4); // model, instructions, input, store
	wired_flag_is(json, "store", false);
}

#define MESSAGE(content)                                                                  \
	"{\"status\":\"completed\",\"model\":\"m\",\"error\":null,\"output\":[{\"type\":" \
	"\"reasoning\",\"summary\":[]},{\"type\":\"message\",\"phase\":\"commentary\","   \
	"\"content\":[{\"type\":\"output_text\",\"text\":\"Let me see.\"}]},{\"type\":"   \
	"\"message\",\"content\":[" content "]}],\"usage\":{\"input_tokens\":12,"         \
	"\"output_tokens\":3,\"input_tokens_details\":{\"cached_tokens\":8,\"cache_write_tokens\":1}}}"

static void responses_reads_the_final_message_alone(void **state)
{
	struct wired *f = *state;
	wired_whole(f, WIRE,
		MESSAGE("{\"type\":\"output_text\",\"text\":\"{\\\"a\\\"\"},"
			"{\"type\":\"output_text\",\"text\":\":1}\"}"));
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_str(f->reply.model, "m");
	assert_int_equal(f->reply.usage.input_tokens, 12);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_int_equal(f->reply.usage.cached_tokens, 8);
	assert_int_equal(f->reply.usage.written_tokens, 1);
	wired_whole(f, WIRE, MESSAGE("{\"type\":\"refusal\",\"refusal\":\"I will not.\"}"));
	assert_int_equal(f->reply.stop, BS_STOP_REFUSED);
	assert_str(bs_buf_str(&f->reply.refusal), "I will not.");
}

static void responses_tells_how_a_reply_stopped(void **state)
{
	struct wired *f = *state;
	static const struct {
		const char *body;
		enum bs_stop stop;
	} cases[] = {
		{"{\"status\":\"completed\"}", BS_STOP_COMPLETE},
		{"{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
		 "\"max_output_tokens\"}}",
			BS_STOP_TRUNCATED},
		{"{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":"
		 "\"content_filter\"}}",
			BS_STOP_FILTERED},
		{"{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"steered\"}}",
			BS_STOP_UNKNOWN},
		{"{\"status\":\"incomplete\"}", BS_STOP_UNKNOWN},
		{"{\"status\":\"failed\"}", BS_STOP_PROVIDER_ERROR},
		{"{\"status\":\"in_progress\"}", BS_STOP_NONE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wired_whole(f, WIRE, cases[i].body);
		assert_int_equal(f->reply.stop, cases[i].stop);
	}
	wired_whole(f, WIRE,
		"{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":"
		"\"x\"}}"); // with HTTP 200
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.code, "rate_limit_exceeded");
}

static void responses_reads_a_stream_event_by_event(void **state)
{
	struct wired *f = *state;
	wired_event(f, WIRE,
		"{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\","
		"\"model\":\"m\",\"error\":null}}");
	assert_false(f->reply.saw_finish);
	wired_event(f, WIRE, "{\"type\":\"response.reasoning_text.delta\",\"delta\":\"hm\"}");
	wired_event(f, WIRE, "{\"type\":\"response.output_text.delta\",\"delta\":\"{\\\"a\\\"\"}");
	wired_event(f, WIRE, "{\"type\":\"response.novelty\",\"delta\":\"x\"}");
	wired_event(f, WIRE, "{\"type\":\"response.output_text.delta\",\"delta\":\":1}\"}");
	wired_event(f, WIRE, "{\"type\":\"response.output_text.done\",\"text\":\"{\\\"a\\\":1}\"}");
	assert_false(f->reply.saw_sentinel);
	wired_event(f, WIRE,
		"{\"type\":\"response.completed\",\"response\":" MESSAGE(
			"{\"type\":\"output_text\",\"text\":\"{\\\"a\\\":1}\"}") "}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}"); // not twice
	assert_true(f->reply.saw_sentinel);
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_int_equal(f->reply.thinking_bytes, 2);
}

static void responses_takes_arguments_and_errors_from_a_stream(void **state)
{
	struct wired *f = *state;
	wired_event(f, WIRE, "{\"type\":\"response.output_text.delta\",\"delta\":\"Well.\"}");
	wired_event(
		f, WIRE, "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{}\"}");
	assert_str(bs_buf_str(&f->reply.text), "{}");
	wired_event(f, WIRE,
		"{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"oops\",\"param\":null}");
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.code, "server_error");
	assert_str(f->reply.error.message, "oops");
}

static void responses_survives_replies_without_sense(void **state)
{
	wired_survives_nonsense(*state, WIRE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRED(responses_builds_a_strict_request_that_is_not_stored),
		WIRED(responses_steps_down_the_ladder_and_never_lets_a_request_be_stored),
		WIRED(responses_reads_the_final_message_alone),
		WIRED(responses_tells_how_a_reply_stopped),
		WIRED(responses_reads_a_stream_event_by_event),
		WIRED(responses_takes_arguments_and_errors_from_a_stream),
		WIRED(responses_survives_replies_without_sense),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
