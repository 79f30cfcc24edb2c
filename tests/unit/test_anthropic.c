// SPDX-License-Identifier: MIT
// core/llm/anthropic: request bodies, whole replies and streams of messages.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/ext/json.h"
#include "core/llm/provider.h"

struct fixture {
	struct bs_arena arena;
	struct bs_reply reply;
	struct bs_buf body;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_reply_init(&f->reply, &f->arena);
	bs_buf_init(&f->body, BS_REQUEST_BYTES_MAX);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	bs_reply_release(&f->reply);
	bs_buf_release(&f->body);
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static const struct bs_prompt prompt = {
	.system = {"SYSTEM", 6},
	.messages = {{false, {"LOG", 3}}, {true, {"BAD", 3}}, {false, {"AGAIN", 5}}},
	.messages_count = 3,
};

static struct bs_json *built(struct fixture *f, const struct bs_request *request)
{
	struct bs_json *json = NULL;
	bs_buf_clear(&f->body);
	assert_int_equal(bs_wire_anthropic.build(request, &f->body, NULL), BS_OK);
	assert_int_equal(bs_json_parse(bs_buf_str(&f->body), &json, NULL), BS_OK);
	return json;
}

static struct bs_str at(const struct bs_json *json, const char *a, const char *b)
{
	return bs_json_text(b ? bs_json_get(bs_json_get(json, a), b) : bs_json_get(json, a));
}

static void anthropic_builds_a_strict_request(void **state)
{
	struct fixture *f = *state;
	const struct bs_request request = {.model = "claude-haiku-5-5",
		.prompt = &prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 4000,
		.stream = true};
	static const char *const never[] = {
		"temperature", "top_p", "top_k", "output_format", "tools", "metadata"};
	struct bs_json *json = built(f, &request);
	uint64_t tokens = 0;
	assert_true(bs_json_u64(bs_json_get(json, "max_tokens"), &tokens));
	assert_int_equal(tokens, 4000);
	assert_str(at(json, "system", NULL), "SYSTEM");
	const struct bs_json *messages = bs_json_get(json, "messages");
	assert_int_equal(bs_json_count(messages), 3);
	assert_str(at(bs_json_at(messages, 1), "role", NULL), "assistant");
	assert_str(at(bs_json_at(messages, 2), "role", NULL), "user"); // never ends with a prefill
	assert_str(at(json, "thinking", "type"), "disabled");
	const struct bs_json *format = bs_json_get(bs_json_get(json, "output_config"), "format");
	assert_int_equal(bs_json_count(format), 2); // no name, no strict
	assert_str(at(format, "type", NULL), "json_schema");
	assert_str(at(format, "schema", "type"), "object");
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_null(bs_json_get(json, never[i]));
	bs_json_free(json);
}

static void anthropic_forces_one_tool_or_leaves_it_to_the_prompt(void **state)
{
	struct fixture *f = *state;
	struct bs_request request = {.model = "claude-haiku-5-5",
		.prompt = &prompt,
		.mode = BS_SCHEMA_TOOL,
		.output_tokens = 10,
		.dropped = BS_PARAMS_UNNAMED};
	struct bs_json *json = built(f, &request);
	assert_str(at(bs_json_at(bs_json_get(json, "tools"), 0), "name", NULL), "ci_summary");
	assert_str(at(bs_json_at(bs_json_get(json, "tools"), 0), "input_schema", "type"), "object");
	assert_str(at(json, "tool_choice", "type"), "tool");
	assert_null(bs_json_get(json, "thinking"));
	assert_non_null(bs_json_get(json, "max_tokens")); // required, so never dropped
	bs_json_free(json);
	request.mode = BS_SCHEMA_PROMPT;
	json = built(f, &request);
	assert_int_equal(bs_json_count(json), 4);
	bs_json_free(json);
}

static void anthropic_leaves_thinking_alone_for_models_it_does_not_know(void **state)
{
	struct fixture *f = *state;
	const struct bs_request request = {.model = "claude-sonnet-5-5",
		.prompt = &prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 10};
	struct bs_json *json = built(f, &request);
	assert_null(bs_json_get(json, "thinking"));
	bs_json_free(json);
}

static void whole(struct fixture *f, const char *body)
{
	bs_reply_release(&f->reply);
	bs_reply_init(&f->reply, &f->arena);
	assert_int_equal(bs_wire_anthropic.read(&f->reply, bs_str_c(body), NULL), BS_OK);
}

static void anthropic_reads_a_whole_reply(void **state)
{
	struct fixture *f = *state;
	whole(f, "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\","
		 "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hmm\"},{\"type\":\"text\","
		 "\"text\":\"{\\\"a\\\"\"},{\"type\":\"text\",\"text\":\":1}\"}],"
		 "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{"
		 "\"input_tokens\":10,\"cache_creation_input_tokens\":null,"
		 "\"cache_read_input_tokens\":5,\"output_tokens\":3}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.thinking_bytes, 3);
	assert_int_equal(f->reply.usage.input_tokens, 15);
	assert_int_equal(f->reply.usage.cached_tokens, 5);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_false(f->reply.error.present);
}

static void anthropic_reads_the_input_of_a_tool(void **state)
{
	struct fixture *f = *state;
	whole(f, "{\"content\":[{\"type\":\"text\",\"text\":\"I report.\"},{\"type\":\"tool_use\","
		 "\"name\":\"ci_summary\",\"input\":{\"a\":[1,null]}}],"
		 "\"stop_reason\":\"tool_use\"}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":[1,null]}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
}

static void anthropic_tells_how_a_reply_stopped(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *reason;
		enum bs_stop stop;
	} cases[] = {{"max_tokens", BS_STOP_TRUNCATED}, {"refusal", BS_STOP_REFUSED},
		{"model_context_window_exceeded", BS_STOP_CONTEXT_EXCEEDED},
		{"pause_turn", BS_STOP_UNKNOWN}, {"stop_sequence", BS_STOP_COMPLETE}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		whole(f,
			bs_arena_printf(&f->arena,
				"{\"content\":[],\"stop_reason\":\"%s\",\"stop_details\":{\"type\":"
				"\"refusal\",\"category\":\"cyber\",\"explanation\":\"no\"}}",
				cases[i].reason));
		assert_int_equal(f->reply.stop, cases[i].stop);
	}
	whole(f, "{\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":{"
		 "\"explanation\":\"not this\"}}");
	assert_str(bs_buf_str(&f->reply.refusal), "not this");
}

static void anthropic_survives_replies_without_sense(void **state)
{
	struct fixture *f = *state;
	static const char *const odd[] = {"{}", "[]", "7", "{\"content\":\"text\"}",
		"{\"content\":[null,7,{\"type\":\"text\",\"text\":null}],\"usage\":null}"};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		whole(f, odd[i]);
		assert_int_equal(f->reply.text.len, 0);
		assert_false(f->reply.saw_finish);
	}
	assert_int_equal(
		bs_wire_anthropic.read(&f->reply, BS_LIT("{\"content\":["), NULL), BS_FORMAT);
}

static void event(struct fixture *f, const char *name, const char *data)
{
	assert_int_equal(
		bs_wire_anthropic.read_event(&f->reply, bs_str_c(name), bs_str_c(data), NULL),
		BS_OK);
}

static void anthropic_puts_a_stream_together(void **state)
{
	struct fixture *f = *state;
	event(f, "message_start",
		"{\"type\":\"message_start\",\"message\":{\"model\":\"c\","
		"\"content\":[],\"stop_reason\":null,\"usage\":{"
		"\"input_tokens\":9,\"output_tokens\":1}}}");
	event(f, "content_block_start",
		"{\"type\":\"content_block_start\",\"index\":0,"
		"\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
	event(f, "ping", "{\"type\":\"ping\"}");
	assert_int_equal(f->reply.content_bytes, 0);
	event(f, "content_block_delta",
		"{\"type\":\"content_block_delta\",\"delta\":{\"type\":"
		"\"text_delta\",\"text\":\"{\\\"a\\\"\"}}");
	event(f, "", "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\":1}\"}}");
	event(f, "content_block_delta", "{broken");
	event(f, "novelty", "{\"type\":\"novelty\",\"text\":\"x\"}");
	event(f, "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
	event(f, "message_delta",
		"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
		"\"end_turn\"},\"usage\":{\"output_tokens\":8}}");
	assert_false(f->reply.saw_sentinel);
	event(f, "message_stop", "{\"type\":\"message_stop\"}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_true(f->reply.saw_sentinel);
	assert_int_equal(f->reply.skipped_events, 1);
	assert_int_equal(f->reply.usage.input_tokens, 9);
	assert_int_equal(f->reply.usage.output_tokens, 8);
}

static void anthropic_puts_streamed_input_together(void **state)
{
	struct fixture *f = *state;
	event(f, "", "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Now.\"}}");
	event(f, "",
		"{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\","
		"\"name\":\"ci_summary\",\"input\":{}}}");
	event(f, "",
		"{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"input_json_delta\","
		"\"partial_json\":\"{\\\"a\\\"\"}}");
	event(f, "", "{\"type\":\"content_block_delta\",\"delta\":{\"partial_json\":\":1}\"}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
}

static void anthropic_takes_an_error_out_of_a_stream(void **state)
{
	struct fixture *f = *state;
	event(f, "error",
		"{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
		"\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}");
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.type, "overloaded_error");
	assert_str(f->reply.error.request_id, "req_1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(anthropic_builds_a_strict_request),
		TEST(anthropic_forces_one_tool_or_leaves_it_to_the_prompt),
		TEST(anthropic_leaves_thinking_alone_for_models_it_does_not_know),
		TEST(anthropic_reads_a_whole_reply),
		TEST(anthropic_reads_the_input_of_a_tool),
		TEST(anthropic_tells_how_a_reply_stopped),
		TEST(anthropic_survives_replies_without_sense),
		TEST(anthropic_puts_a_stream_together),
		TEST(anthropic_puts_streamed_input_together),
		TEST(anthropic_takes_an_error_out_of_a_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
