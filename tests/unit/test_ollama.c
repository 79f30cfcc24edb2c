// SPDX-License-Identifier: MIT
// core/llm/ollama: request bodies, windows, whole replies and lines of Ollama's own chat.
#include "tests/unit/wired.h"

#define WIRE (&bs_wire_ollama)

static void ollama_builds_a_request_with_a_window_that_fits(void **state)
{
	struct wired *f = *state;
	static char log[30000];
	struct bs_prompt prompt = wired_prompt;
	struct bs_request request = {.model = "llama3.2",
		.prompt = &prompt,
		.mode = BS_SCHEMA_STRICT,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "model", "llama3.2");
	wired_is(json, "messages/0/role", "system");
	wired_is(json, "messages/2/role", "assistant");
	wired_flag_is(json, "stream", false); // it would, unless told
	wired_is(json, "format/type", "object");
	wired_number_is(json, "options/num_ctx", 4096);
	wired_number_is(json, "options/num_predict", 4000);
	assert_null(wired_at(json, "think"));
	memset(log, 'x', sizeof(log));
	prompt.messages[0].text = bs_str(log, sizeof(log));
	request.stream = true;
	json = wired_build(f, WIRE, &request);
	wired_number_is(json, "options/num_ctx", 20480); // 15,000 and 4,000, and the step
	wired_flag_is(json, "stream", true);
}

static void ollama_steps_down_the_ladder_and_keeps_the_window(void **state)
{
	struct wired *f = *state;
	struct bs_request request = {.model = "qwen3:8b",
		.prompt = &wired_prompt,
		.mode = BS_SCHEMA_JSON_OBJECT,
		.output_tokens = 4000};
	const struct bs_json *json = wired_build(f, WIRE, &request);
	wired_is(json, "format", "json");
	wired_flag_is(json, "think", false);
	request.model = "gpt-oss:20b";
	wired_is(wired_build(f, WIRE, &request), "think", "low");
	request.mode = BS_SCHEMA_PROMPT;
	request.dropped = BS_PARAMS_UNNAMED;
	json = wired_build(f, WIRE, &request);
	assert_null(wired_at(json, "format"));
	assert_null(wired_at(json, "think"));
	wired_number_is(json, "options/num_ctx", 4096);
}

static void ollama_reads_whole_replies_and_lines(void **state)
{
	struct wired *f = *state;
	wired_whole(f, WIRE,
		"{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"{}\","
		"\"thinking\":\"hm\"},\"done\":true,\"done_reason\":\"stop\","
		"\"prompt_eval_count\":12,\"eval_count\":3}");
	assert_str(bs_buf_str(&f->reply.text), "{}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.usage.input_tokens, 12);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_int_equal(f->reply.thinking_bytes, 2);
	bs_reply_release(&f->reply);
	bs_reply_init(&f->reply, &f->arena);
	wired_event(f, WIRE, "{\"message\":{\"content\":\"{\\\"a\\\"\"},\"done\":false}");
	wired_event(f, WIRE, "{\"message\":{\"content\":\":1}\"},\"done\":false}");
	assert_false(f->reply.saw_sentinel);
	wired_event(f, WIRE,
		"{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"length\"}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_true(f->reply.saw_sentinel);
	assert_int_equal(f->reply.stop, BS_STOP_TRUNCATED);
	wired_event(f, WIRE, "{\"error\":\"an error was encountered while running the model\"}");
	assert_true(f->reply.error.present);
}

static void ollama_sees_that_a_prompt_was_cut(void **state)
{
	(void)state;
	static const struct {
		uint64_t tokens;
		size_t bytes;
		bool cut;
	} cases[] = {
		{4096, 30000, true}, // filled to the last token
		{4095, 30000, true}, // which some versions keep free
		{32768, 90000, true}, {9000, 30000, false},
		{800, 30000, true}, // nobody has 37 bytes a token
		{0, 30000, false},  // not said
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct bs_usage usage = {.input_tokens = cases[i].tokens};
		assert_int_equal(WIRE->was_cut(cases[i].bytes, &usage), cases[i].cut);
	}
}

static void ollama_survives_replies_without_sense(void **state)
{
	wired_survives_nonsense(*state, WIRE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRED(ollama_builds_a_request_with_a_window_that_fits),
		WIRED(ollama_steps_down_the_ladder_and_keeps_the_window),
		WIRED(ollama_reads_whole_replies_and_lines),
		WIRED(ollama_sees_that_a_prompt_was_cut),
		WIRED(ollama_survives_replies_without_sense),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
