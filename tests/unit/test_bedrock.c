// SPDX-License-Identifier: MIT
// core/llm/bedrock: request bodies and replies of AWS Bedrock's Converse.
#include "tests/unit/wired.h"

#define WIRE (&bs_wire_bedrock)

static void bedrock_builds_a_strict_request_with_the_schema_in_a_string(void **state)
{
	struct wired *f = *state;
	struct bs_json *schema = NULL;
	const struct bs_request request = {.model = "m",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "system/0/text", "SYSTEM");
	assert_int_equal(bs_json_count(wired_at(json, "messages")), 3);
	wired_is(json, "messages/0/role", "user");
	wired_is(json, "messages/0/content/0/text", "LOG \"x\"\n");
	wired_is(json, "messages/1/role", "assistant");
	wired_number_is(json, "inferenceConfig/maxTokens", 4000);
	wired_is(json, "outputConfig/textFormat/type", "json_schema");
	wired_is(json, "outputConfig/textFormat/structure/jsonSchema/name", "ci_summary");
	struct bs_str text = bs_json_text(
		wired_at(json, "outputConfig/textFormat/structure/jsonSchema/schema"));
	assert_int_equal(bs_json_parse(text, &schema, NULL), BS_OK);
	wired_is(schema, "type", "object");
	bs_json_free(schema);
	assert_null(wired_at(json, "model")); // it stands in the path
	assert_null(wired_at(json, "stream"));
}

static void bedrock_steps_down_the_ladder_of_modes(void **state)
{
	struct wired *f = *state;
	struct bs_request request = {.model = "m",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_TOOL,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "toolConfig/tools/0/toolSpec/name", "ci_summary");
	wired_is(json, "toolConfig/tools/0/toolSpec/inputSchema/json/type", "object");
	wired_is(json, "toolConfig/toolChoice/tool/name", "ci_summary");
	assert_null(wired_at(json, "outputConfig"));
	request.mode = BS_SCHEMA_PROMPT;
	request.dropped = BS_PARAMS_UNNAMED;
	json = wired_build(f, WIRE, &request);
	assert_int_equal(bs_json_count(json), 2);
}

static void bedrock_refuses_a_request_over_the_ceiling(void **state)
{
	(void)state;
	struct bs_buf small;
	const struct bs_request request = {.model = "m",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 1};
	bs_buf_init(&small, 100);
	assert_int_equal(WIRE->build(&request, &small, NULL), BS_LIMIT);
	bs_buf_release(&small);
}

#define ENDED(reason)                                                              \
	"{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":" \
	"\"{}\"}]}},\"stopReason\":\"" reason "\"}"

static void bedrock_reads_text_tools_thoughts_and_usage(void **state)
{
	struct wired *f = *state;
	wired_whole(f, WIRE,
		"{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{"
		"\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\"}}},{\"text\":"
		"\"{\\\"a\\\"\"},{\"text\":\":1}\"}]}},\"stopReason\":\"end_turn\",\"usage\":{"
		"\"inputTokens\":4,\"outputTokens\":3,\"cacheReadInputTokens\":8,"
		"\"cacheWriteInputTokens\":2},\"metrics\":{\"latencyMs\":1}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.thinking_bytes, 2);
	assert_int_equal(f->reply.usage.input_tokens, 14);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_int_equal(f->reply.usage.cached_tokens, 8);
	assert_int_equal(f->reply.usage.written_tokens, 2);
	wired_whole(f, WIRE,
		"{\"output\":{\"message\":{\"content\":[{\"text\":\"Here.\"},{\"toolUse\":{"
		"\"toolUseId\":\"t\",\"name\":\"ci_summary\",\"input\":{\"a\":[1]}}}]}},"
		"\"stopReason\":\"tool_use\"}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":[1]}");
}

static void bedrock_tells_how_a_reply_stopped(void **state)
{
	struct wired *f = *state;
	static const struct {
		const char *body;
		enum bs_stop stop;
	} cases[] = {
		{ENDED("max_tokens"), BS_STOP_TRUNCATED},
		{ENDED("guardrail_intervened"), BS_STOP_FILTERED},
		{ENDED("content_filtered"), BS_STOP_FILTERED},
		{ENDED("malformed_model_output"), BS_STOP_PROVIDER_ERROR},
		{ENDED("model_context_window_exceeded"), BS_STOP_CONTEXT_EXCEEDED},
		{ENDED("brand_new"), BS_STOP_UNKNOWN},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wired_whole(f, WIRE, cases[i].body);
		assert_int_equal(f->reply.stop, cases[i].stop);
	}
	wired_whole(f, WIRE, "{\"Output\":null,\"message\":\"x\",\"__type\":\"Y\"}");
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.type, "Y");
}

static void kind(struct wired *f, const char *kind, const char *data)
{
	assert_int_equal(WIRE->read_event(&f->reply, bs_str_c(kind), bs_str_c(data), NULL), BS_OK);
}

static void bedrock_reads_a_stream_message_by_message(void **state)
{
	struct wired *f = *state;
	kind(f, "messageStart", "{\"role\":\"assistant\"}");
	kind(f, "contentBlockDelta",
		"{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"hm\"}}}");
	kind(f, "contentBlockDelta", "{\"delta\":{\"text\":\"{\\\"a\\\"\"}}");
	kind(f, "contentBlockDelta", "{\"delta\":{\"text\":\":1}\"}}");
	kind(f, "contentBlockDelta", "{broken");
	kind(f, "novelty", "{\"delta\":{\"text\":\"x\"}}");
	kind(f, "messageStop", "{\"stopReason\":\"end_turn\"}");
	assert_true(f->reply.saw_finish && !f->reply.saw_sentinel);
	kind(f, "metadata", "{\"usage\":{\"inputTokens\":5,\"outputTokens\":2}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.thinking_bytes, 2);
	assert_int_equal(f->reply.skipped_events, 1);
	assert_int_equal(f->reply.usage.input_tokens, 5);
	assert_true(f->reply.saw_sentinel);
}

static void bedrock_takes_arguments_and_exceptions_from_a_stream(void **state)
{
	struct wired *f = *state;
	kind(f, "contentBlockDelta", "{\"delta\":{\"text\":\"Now.\"}}");
	kind(f, "contentBlockDelta", "{\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}");
	assert_str(bs_buf_str(&f->reply.text), "{}");
	kind(f, "throttlingException", "{\"message\":\"Too many requests\"}");
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.type, "throttlingException");
	assert_str(f->reply.error.message, "Too many requests");
	kind(f, "InternalError", ""); // one without a payload
	assert_str(f->reply.error.type, "InternalError");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRED(bedrock_builds_a_strict_request_with_the_schema_in_a_string),
		WIRED(bedrock_steps_down_the_ladder_of_modes),
		WIRED(bedrock_refuses_a_request_over_the_ceiling),
		WIRED(bedrock_reads_text_tools_thoughts_and_usage),
		WIRED(bedrock_tells_how_a_reply_stopped),
		WIRED(bedrock_reads_a_stream_message_by_message),
		WIRED(bedrock_takes_arguments_and_exceptions_from_a_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
