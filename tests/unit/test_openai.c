// SPDX-License-Identifier: MIT
// core/llm/openai: request bodies, whole replies and streams of chat completions.
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
	.messages = {{false, {"LOG \"x\"\n", 8}}, {true, {"BAD", 3}}, {false, {"AGAIN", 5}}},
	.messages_count = 3,
};

static struct bs_json *built(struct fixture *f, const struct bs_request *request)
{
	struct bs_json *json = NULL;
	bs_buf_clear(&f->body);
	assert_int_equal(bs_wire_openai.build(request, &f->body, NULL), BS_OK);
	assert_int_equal(bs_json_parse(bs_buf_str(&f->body), &json, NULL), BS_OK);
	return json;
}

static struct bs_str at(const struct bs_json *json, const char *a, const char *b)
{
	return bs_json_text(b ? bs_json_get(bs_json_get(json, a), b) : bs_json_get(json, a));
}

static void openai_builds_a_strict_request(void **state)
{
	struct fixture *f = *state;
	const struct bs_request request = {.model = "gpt-6-luna",
		.prompt = &prompt,
		.mode = BS_SCHEMA_STRICT,
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT,
		.output_tokens = 4000,
		.stream = true};
	struct bs_json *json = built(f, &request);
	uint64_t tokens = 0;
	bool flag = true;
	assert_str(at(json, "model", NULL), "gpt-6-luna");
	const struct bs_json *messages = bs_json_get(json, "messages");
	assert_int_equal(bs_json_count(messages), 4);
	assert_str(at(bs_json_at(messages, 0), "role", NULL), "system");
	assert_str(at(bs_json_at(messages, 0), "content", NULL), "SYSTEM");
	assert_str(at(bs_json_at(messages, 1), "role", NULL), "user");
	assert_str(at(bs_json_at(messages, 1), "content", NULL), "LOG \"x\"\n");
	assert_str(at(bs_json_at(messages, 2), "role", NULL), "assistant");
	assert_true(bs_json_u64(bs_json_get(json, "max_completion_tokens"), &tokens));
	assert_int_equal(tokens, 4000);
	assert_null(bs_json_get(json, "max_tokens"));
	assert_str(at(json, "reasoning_effort", NULL), "none");
	assert_true(bs_json_bool(bs_json_get(json, "store"), &flag) && !flag);
	assert_true(bs_json_bool(bs_json_get(json, "stream"), &flag) && flag);
	assert_true(bs_json_bool(
		bs_json_get(bs_json_get(json, "stream_options"), "include_usage"), &flag));
	const struct bs_json *format = bs_json_get(json, "response_format");
	assert_str(at(format, "type", NULL), "json_schema");
	assert_str(at(format, "json_schema", "name"), "ci_summary");
	assert_true(
		bs_json_bool(bs_json_get(bs_json_get(format, "json_schema"), "strict"), &flag) &&
		flag);
	assert_str(at(bs_json_get(format, "json_schema"), "schema", "type"), "object");
	assert_null(bs_json_get(json, "temperature"));
	bs_json_free(json);
}

static void openai_steps_down_the_ladder_of_modes(void **state)
{
	struct fixture *f = *state;
	struct bs_request request = {.model = "m",
		.prompt = &prompt,
		.mode = BS_SCHEMA_TOOL,
		.quirks = BS_QUIRK_MAX_TOKENS,
		.output_tokens = 8000};
	struct bs_json *json = built(f, &request);
	const struct bs_json *tool = bs_json_at(bs_json_get(json, "tools"), 0);
	assert_str(at(tool, "function", "name"), "ci_summary");
	assert_str(at(bs_json_get(tool, "function"), "parameters", "type"), "object");
	assert_str(at(bs_json_get(json, "tool_choice"), "function", "name"), "ci_summary");
	assert_null(bs_json_get(json, "response_format"));
	assert_non_null(bs_json_get(json, "max_tokens"));
	assert_null(bs_json_get(json, "store")); // not every host knows it
	assert_null(bs_json_get(json, "stream"));
	bs_json_free(json);

	request.mode = BS_SCHEMA_JSON_OBJECT;
	json = built(f, &request);
	assert_str(at(json, "response_format", "type"), "json_object");
	bs_json_free(json);

	request.mode = BS_SCHEMA_PROMPT;
	json = built(f, &request);
	assert_null(bs_json_get(json, "response_format"));
	assert_null(bs_json_get(json, "tools"));
	bs_json_free(json);
}

static void openai_drops_every_parameter_a_host_may_refuse_but_never_store(void **state)
{
	struct fixture *f = *state;
	struct bs_request request = {.model = "gpt-6-luna",
		.prompt = &prompt,
		.mode = BS_SCHEMA_PROMPT,
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT,
		.output_tokens = 4000,
		.stream = true,
		.dropped = BS_PARAMS_UNNAMED};
	struct bs_json *json = built(f, &request);
	assert_int_equal(bs_json_count(json), 4); // model, messages, store, stream
	assert_non_null(bs_json_get(json, "store"));
	bs_json_free(json);
}

// One refused member takes no other with it; the limit may go by its other name.
static void openai_leaves_out_single_parameters(void **state)
{
	static const struct {
		unsigned param;
		const char *gone[2], *there[2];
	} rows[] = {
		{BS_PARAM_LIMIT, {"max_completion_tokens", "max_tokens"}, {NULL}},
		{BS_PARAM_SPELLING, {"max_completion_tokens"}, {"max_tokens"}},
		{BS_PARAM_EFFORT, {"reasoning_effort"}, {NULL}},
		{BS_PARAM_CACHE_KEY, {"prompt_cache_key"}, {NULL}},
		{BS_PARAM_TEMPLATE, {"chat_template_kwargs"}, {NULL}},
		{BS_PARAM_STREAM_OPTIONS, {"stream_options"}, {NULL}},
		{BS_PARAM_STORE, {"store"}, {NULL}},
		{BS_PARAM_STREAM, {"stream", "stream_options"}, {NULL}},
	};
	static const char *const all[] = {"max_completion_tokens", "reasoning_effort",
		"prompt_cache_key", "chat_template_kwargs", "stream_options", "store", "stream"};
	struct fixture *f = *state;
	struct bs_request request = {.model = "gpt-6-luna",
		.prompt = &prompt,
		.mode = BS_SCHEMA_PROMPT,
		.quirks = BS_QUIRK_STORE | BS_QUIRK_EFFORT | BS_QUIRK_CACHE_KEY | BS_QUIRK_TEMPLATE,
		.output_tokens = 4000,
		.stream = true};
	assert_int_equal(bs_wire_openai.params(&request), BS_PARAMS_ALL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		request.dropped = rows[i].param;
		assert_int_equal(bs_wire_openai.params(&request), BS_PARAMS_ALL & ~rows[i].param);
		struct bs_json *json = built(f, &request);
		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
			bool gone = false;
			for (size_t g = 0; g < 2 && rows[i].gone[g]; g++)
				gone |= strcmp(rows[i].gone[g], all[k]) == 0;
			assert_true(gone == !bs_json_get(json, all[k]));
		}
		for (size_t k = 0; k < 2 && rows[i].there[k]; k++)
			assert_non_null(bs_json_get(json, rows[i].there[k]));
		bs_json_free(json);
	}
}

static void openai_says_nothing_of_effort_to_models_it_does_not_know(void **state)
{
	struct fixture *f = *state;
	struct bs_request request = {.model = "gpt-4o-mini",
		.prompt = &prompt,
		.mode = BS_SCHEMA_PROMPT,
		.quirks = BS_QUIRK_EFFORT,
		.output_tokens = 1};
	struct bs_json *json = built(f, &request);
	assert_null(bs_json_get(json, "reasoning_effort"));
	bs_json_free(json);
	request.model = "gpt-5-nano";
	json = built(f, &request);
	assert_str(at(json, "reasoning_effort", NULL), "minimal");
	bs_json_free(json);
}

static void openai_refuses_a_request_over_the_ceiling(void **state)
{
	(void)state;
	struct bs_buf small;
	const struct bs_request request = {
		.model = "m", .prompt = &prompt, .mode = BS_SCHEMA_STRICT, .output_tokens = 1};
	bs_buf_init(&small, 100);
	assert_int_equal(bs_wire_openai.build(&request, &small, NULL), BS_LIMIT);
	bs_buf_release(&small);
}

static void whole(struct fixture *f, const char *body)
{
	bs_reply_release(&f->reply);
	bs_reply_init(&f->reply, &f->arena);
	assert_int_equal(bs_wire_openai.read(&f->reply, bs_str_c(body), NULL), BS_OK);
}

static void openai_reads_a_whole_reply(void **state)
{
	struct fixture *f = *state;
	whole(f, "\n\n {\"id\":\"x\",\"model\":\"gpt-6-luna-2026\",\"choices\":[{\"index\":0,"
		 "\"message\":{\"role\":\"assistant\",\"content\":\"{\\\"a\\\":1}\","
		 "\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,"
		 "\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":8}}}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_true(f->reply.saw_finish);
	assert_str(f->reply.model, "gpt-6-luna-2026");
	assert_int_equal(f->reply.usage.input_tokens, 12);
	assert_int_equal(f->reply.usage.output_tokens, 3);
	assert_int_equal(f->reply.usage.cached_tokens, 8);
	assert_int_equal(f->reply.content_bytes, 7);
}

static void openai_tells_how_a_reply_stopped(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *choice;
		enum bs_stop stop;
	} cases[] = {
		{"{\"message\":{\"content\":\"x\"},\"finish_reason\":\"length\"}",
			BS_STOP_TRUNCATED},
		{"{\"message\":{\"content\":null},\"finish_reason\":\"content_filter\"}",
			BS_STOP_FILTERED},
		{"{\"message\":{\"content\":null,\"refusal\":\"no\"},\"finish_reason\":\"stop\"}",
			BS_STOP_REFUSED},
		{"{\"message\":{\"content\":\"x\"},\"finish_reason\":\"error\"}",
			BS_STOP_PROVIDER_ERROR},
		{"{\"message\":{\"content\":\"x\"},\"finish_reason\":\"brand_new\"}",
			BS_STOP_UNKNOWN},
		{"{\"message\":{\"content\":\"x\"},\"finish_reason\":null}", BS_STOP_NONE},
		{"{\"message\":{\"content\":\"x\"},\"finish_reason\":\"STOP\"}", BS_STOP_COMPLETE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		whole(f, bs_arena_printf(&f->arena, "{\"choices\":[%s]}", cases[i].choice));
		assert_int_equal(f->reply.stop, cases[i].stop);
	}
}

static void openai_reads_the_odd_forms_of_other_hosts(void **state)
{
	struct fixture *f = *state;
	// parts (Mistral), a tool's arguments, arguments already parsed (Ollama), thoughts (vLLM)
	whole(f, "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"thinking\"},"
		 "{\"type\":\"text\",\"text\":\"A\"},{\"type\":\"text\",\"text\":\"B\"}]}}]}");
	assert_str(bs_buf_str(&f->reply.text), "AB");
	whole(f, "{\"choices\":[{\"message\":{\"content\":\"I call the tool.\",\"tool_calls\":["
		 "{\"function\":{\"name\":\"ci_summary\",\"arguments\":\"{\\\"a\\\":1}\"}}]},"
		 "\"finish_reason\":\"tool_calls\"}]}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	whole(f, "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"arguments\":"
		 "{\"a\":[1,\"x\"]}}}]}}]}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":[1,\"x\"]}");
	whole(f, "{\"choices\":[{\"message\":{\"content\":\"\",\"reasoning_content\":\"hm\"}}]}");
	assert_int_equal(f->reply.content_bytes, 0);
	assert_int_equal(f->reply.thinking_bytes, 2);
}

static void openai_survives_replies_without_sense(void **state)
{
	struct fixture *f = *state;
	static const char *const odd[] = {"{}", "[]", "null", "3", "{\"choices\":{}}",
		"{\"choices\":[]}", "{\"choices\":[null]}", "{\"choices\":[{\"message\":7}]}",
		"{\"choices\":[{\"message\":{\"content\":{}}}],\"usage\":[]}",
		"{\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":\"9\"}}"};
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		whole(f, odd[i]);
		assert_int_equal(f->reply.text.len, 0);
		assert_int_equal(f->reply.usage.output_tokens, 0);
		assert_false(f->reply.error.present);
	}
	assert_int_equal(bs_wire_openai.read(&f->reply, BS_LIT("<html>"), NULL), BS_FORMAT);
	assert_int_equal(bs_wire_openai.read(&f->reply, BS_LIT(""), NULL), BS_FORMAT);
}

static void event(struct fixture *f, const char *data)
{
	assert_int_equal(
		bs_wire_openai.read_event(&f->reply, BS_LIT(""), bs_str_c(data), NULL), BS_OK);
}

static void openai_puts_a_stream_together(void **state)
{
	struct fixture *f = *state;
	event(f, "{\"choices\":[],\"prompt_filter_results\":[]}"); // Azure begins like this
	event(f, "{\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\","
		 "\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}");
	assert_int_equal(f->reply.content_bytes, 0);
	event(f, "{\"choices\":[{\"delta\":{\"content\":\"{\\\"a\\\"\"}}]}");
	assert_int_equal(f->reply.content_bytes, 4);
	event(f, "{broken");
	event(f, "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"content\":\":1}\"}}]}");
	event(f, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
	event(f, "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}");
	assert_false(f->reply.saw_sentinel);
	event(f, "[DONE]");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_true(f->reply.saw_sentinel);
	assert_int_equal(f->reply.skipped_events, 1);
	assert_int_equal(f->reply.usage.output_tokens, 6);
}

static void openai_takes_errors_and_refusals_out_of_a_stream(void **state)
{
	struct fixture *f = *state;
	event(f, "{\"choices\":[{\"delta\":{\"refusal\":\"I can\"}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"refusal\":\"not\"},\"finish_reason\":\"stop\"}]}");
	assert_int_equal(f->reply.stop, BS_STOP_REFUSED);
	assert_str(bs_buf_str(&f->reply.refusal), "I cannot");
	event(f, "{\"error\":{\"message\":\"boom\",\"code\":502}}");
	assert_true(f->reply.error.present);
	assert_str(f->reply.error.message, "boom");
	assert_int_equal(f->reply.error.status, 502);
}

// As it came from llama.cpp b11549, shortened where nothing is read.
static void openai_reads_the_stream_of_llama_cpp(void **state)
{
	struct fixture *f = *state;
	event(f, "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"role\":"
		 "\"assistant\",\"content\":null}}],\"created\":1795630866,\"id\":\"chatcmpl-v\","
		 "\"model\":\"m.gguf\",\"object\":\"chat.completion.chunk\"}");
	assert_int_equal(f->reply.content_bytes, 0); // no first token yet
	event(f, "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":"
		 "\"{\\n \"}}],\"object\":\"chat.completion.chunk\"}");
	event(f, "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":"
		 "\"\\\"a\\\": true}\"}}],\"object\":\"chat.completion.chunk\"}");
	event(f, "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"delta\":{}}]}");
	event(f, "{\"choices\":[],\"usage\":{\"completion_tokens\":21,\"prompt_tokens\":33,"
		 "\"total_tokens\":54,\"prompt_tokens_details\":{\"cached_tokens\":32}},"
		 "\"timings\":{\"cache_n\":32,\"prompt_n\":1,\"predicted_n\":21}}");
	event(f, "[DONE]");
	assert_str(bs_buf_str(&f->reply.text), "{\n \"a\": true}");
	assert_int_equal(f->reply.stop, BS_STOP_COMPLETE);
	assert_int_equal(f->reply.usage.input_tokens, 33);
	assert_int_equal(f->reply.usage.cached_tokens, 32);
	assert_int_equal(f->reply.usage.output_tokens, 21);
	assert_int_equal(f->reply.skipped_events, 0);
}

// How servers and gateways break off a stream, each in its own form.
static void openai_takes_the_errors_of_gateways_out_of_a_stream(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *event, *message;
		int status;
	} rows[] = {
		// vLLM, now and before 0.11
		{"{\"error\":{\"message\":\"engine died\",\"type\":\"InternalServerError\","
		 "\"param\":null,\"code\":500}}",
			"engine died", 500},
		{"{\"object\":\"error\",\"message\":\"engine died\",\"type\":"
		 "\"InternalServerError\",\"param\":null,\"code\":500}",
			"engine died", 500},
		// llama.cpp
		{"{\"error\":{\"code\":500,\"message\":\"slot failed\",\"type\":"
		 "\"server_error\"}}",
			"slot failed", 500},
		// LiteLLM: everything is a string
		{"{\"error\":{\"message\":\"litellm.RateLimitError: x\",\"type\":"
		 "\"throttling_error\",\"param\":\"None\",\"code\":\"429\"}}",
			"litellm.RateLimitError: x", 429},
		// Bifrost: the status stands beside the error
		{"{\"is_bifrost_error\":false,\"status_code\":503,\"error\":{\"type\":"
		 "\"overloaded_error\",\"message\":\"Overloaded\"},\"extra_fields\":"
		 "{\"provider\":\"anthropic\"}}",
			"Overloaded", 503},
		// Portkey: the upstream's error, and who that was
		{"{\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\","
		 "\"param\":null,\"code\":null},\"provider\":\"anthropic\"}",
			"Overloaded", 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bs_reply_release(&f->reply);
		bs_reply_init(&f->reply, &f->arena);
		event(f, rows[i].event);
		if (!f->reply.error.present || f->reply.error.status != rows[i].status)
			print_error("%s: status %d\n", rows[i].event, f->reply.error.status);
		assert_true(f->reply.error.present);
		assert_str(f->reply.error.message, rows[i].message);
		assert_int_equal(f->reply.error.status, rows[i].status);
	}
}

static void openai_puts_streamed_arguments_together(void **state)
{
	struct fixture *f = *state;
	event(f, "{\"choices\":[{\"delta\":{\"content\":\"Well.\"}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":"
		 "\"ci_summary\",\"arguments\":\"\"}}]}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{"
		 "\"arguments\":\"{\\\"a\\\"\"}}]}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{"
		 "\"arguments\":\"second\"}}]}}]}");
	event(f, "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{"
		 "\"arguments\":\":1}\"}}]}}]}");
	assert_str(bs_buf_str(&f->reply.text), "{\"a\":1}");
}

static void openai_stops_an_endless_answer(void **state)
{
	struct fixture *f = *state;
	const struct bs_str data = BS_LIT(
		"{\"choices\":[{\"delta\":{\"content\":\"0123456789012345678901234567890123456\"}}]}");
	enum bs_status status = BS_OK;
	size_t events = 0;
	while (status == BS_OK && events++ < BS_ANSWER_BYTES_MAX)
		status = bs_wire_openai.read_event(&f->reply, BS_LIT(""), data, NULL);
	assert_int_equal(status, BS_LIMIT);
	assert_true(f->reply.text.len <= BS_ANSWER_BYTES_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(openai_builds_a_strict_request),
		TEST(openai_steps_down_the_ladder_of_modes),
		TEST(openai_drops_every_parameter_a_host_may_refuse_but_never_store),
		TEST(openai_leaves_out_single_parameters),
		TEST(openai_says_nothing_of_effort_to_models_it_does_not_know),
		TEST(openai_refuses_a_request_over_the_ceiling),
		TEST(openai_reads_a_whole_reply),
		TEST(openai_tells_how_a_reply_stopped),
		TEST(openai_reads_the_odd_forms_of_other_hosts),
		TEST(openai_survives_replies_without_sense),
		TEST(openai_puts_a_stream_together),
		TEST(openai_takes_errors_and_refusals_out_of_a_stream),
		TEST(openai_reads_the_stream_of_llama_cpp),
		TEST(openai_takes_the_errors_of_gateways_out_of_a_stream),
		TEST(openai_puts_streamed_arguments_together),
		TEST(openai_stops_an_endless_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
