// SPDX-License-Identifier: MIT
// core/llm/classify: real error bodies of providers and gateways → the router's classes.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/config/config.h"
#include "core/llm/classify.h"

#define NOW_MS INT64_C(1795420800000) // 2026-11-23 08:00:00 UTC
#define JSON_TYPE                                                  \
	{                                                          \
		BS_LIT("Content-Type"), BS_LIT("application/json") \
	}

struct fixture {
	struct bs_arena arena;
	struct bs_reply reply;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (!f)
		return -1;
	bs_arena_init(&f->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_reply_init(&f->reply, &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	bs_reply_release(&f->reply);
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static struct bs_class classify(struct fixture *f, int status, const char *body)
{
	const struct bs_exchange x = {
		.http_status = status, .body = bs_str_c(body), .wall_ms = NOW_MS};
	return bs_classify(&x, &f->arena);
}

struct sample {
	int status;
	const char *body;
	enum bs_outcome outcome;
	bool parameter;
};

static void check(struct fixture *f, const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bs_class c = classify(f, samples[i].status, samples[i].body);
		if (c.outcome != samples[i].outcome || c.parameter_refused != samples[i].parameter)
			fail_msg("%d %s: got %s%s", samples[i].status, samples[i].body,
				bs_outcome_id(c.outcome),
				c.parameter_refused ? " (parameter)" : "");
	}
}

#define CHECK(f, samples) check((f), (samples), sizeof(samples) / sizeof((samples)[0]))
#define OPENAI(message, type, param, code)                                               \
	"{\"error\":{\"message\":\"" message "\",\"type\":\"" type "\",\"param\":" param \
	",\"code\":" code "}}"
#define ANTHROPIC(type, message)                                                      \
	"{\"type\":\"error\",\"error\":{\"type\":\"" type "\",\"message\":\"" message \
	"\"},\"request_id\":\"req_011\"}"

// What the user added is not left out by itself: the next route, and the words say why.
static void classify_rejects_what_the_user_added(void **state)
{
	struct fixture *f = *state;
	static const char *members[] = {"service_tier: \"flex\"", "reasoning_effort: \"low\""};
	const struct bs_strings own = {members, 2};
	static const struct {
		const char *body;
		enum bs_outcome outcome;
	} rows[] = {
		{OPENAI("Unknown parameter: 'service_tier'.", "x", "\"service_tier\"",
			 "\"unknown_parameter\""),
			BS_OUTCOME_REJECTED},
		{OPENAI("Unrecognized request argument supplied: service_tier", "x", "null",
			 "null"),
			BS_OUTCOME_REJECTED},
		{OPENAI("Unsupported value", "x", "\"reasoning_effort\"", "\"unsupported_value\""),
			BS_OUTCOME_REJECTED},
		{OPENAI("Unknown parameter: 'store'.", "x", "\"store\"", "\"unknown_parameter\""),
			BS_OUTCOME_CAPABILITY},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct bs_exchange x = {
			.http_status = 400, .body = bs_str_c(rows[i].body), .own = &own};
		struct bs_class c = bs_classify(&x, &f->arena);
		assert_int_equal(c.outcome, rows[i].outcome);
		assert_true(c.parameter_refused == (c.outcome == BS_OUTCOME_CAPABILITY));
		assert_true(c.own_refused == (c.outcome == BS_OUTCOME_REJECTED));
	}
}

// What a gateway hands on of its host is shown beside its own words, once, whatever its shape.
static void classify_shows_what_the_host_behind_a_gateway_said(void **state)
{
#define HANDED_ON(raw)                                                                   \
	"{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":" \
	"{\"raw\":" raw "}}}"
	static const struct {
		const char *body, *reason;
	} samples[] = {
		{HANDED_ON("\"{\\\"error\\\":{\\\"message\\\":\\\"the knot is wet\\\"}}\""),
			"HTTP 400: Provider returned error: the knot is wet"},
		{HANDED_ON("{\"error\":{\"message\":\"the knot is wet\"}}"),
			"HTTP 400: Provider returned error: the knot is wet"},
		{HANDED_ON("\"the knot\\u001b[31m is wet\""),
			"HTTP 400: Provider returned error: the knot is wet"},
		{HANDED_ON("\"returned error\""), "HTTP 400: Provider returned error"},
		{HANDED_ON("\"\""), "HTTP 400: Provider returned error"},
		{HANDED_ON("null"), "HTTP 400: Provider returned error"},
		{HANDED_ON("[1]"), "HTTP 400: Provider returned error"},
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		assert_string_equal(
			classify(*state, 400, samples[i].body).reason, samples[i].reason);
	struct bs_buf body;
	bs_buf_init(&body, BS_REPLY_BYTES_MAX);
	bs_buf_add_c(&body, "{\"error\":{\"message\":\"m\",\"metadata\":{\"raw\":\"");
	for (size_t i = 0; i < 100000; i++)
		bs_buf_add_c(&body, "x");
	bs_buf_add_c(&body, "content_filter\"}}}");
	struct bs_class c = classify(*state, 400, body.ptr);
	assert_int_equal(c.outcome, BS_OUTCOME_REJECTED); // so far nobody reads
	assert_true(strlen(c.reason) < BS_REASON_BYTES);
	bs_buf_release(&body);
#undef HANDED_ON
}

static void classify_says_which_parameter_it_was(void **state)
{
	static const struct {
		const char *body;
		unsigned params;
	} samples[] = {
		{OPENAI("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
			"'max_completion_tokens' instead.",
			 "invalid_request_error", "\"max_tokens\"", "\"unsupported_parameter\""),
			BS_PARAM_LIMIT},
		{OPENAI("Unknown parameter: 'store'.", "invalid_request_error", "\"store\"",
			 "\"unknown_parameter\""),
			BS_PARAM_STORE},
		// It knows the parameter, and would keep the request: it is never left out there.
		{OPENAI("Unsupported value: 'store' must be true.", "invalid_request_error",
			 "\"store\"", "\"unsupported_value\""),
			0},
		{OPENAI("Your organization must be verified to stream this model.",
			 "invalid_request_error", "\"stream\"", "\"unsupported_value\""),
			BS_PARAM_STREAM},
		{"{\"detail\":[{\"loc\":[\"body\",\"store\"],\"msg\":\"Extra inputs are not "
		 "permitted\"},{\"loc\":[\"body\",\"stream_options\"],\"msg\":\"Extra inputs are "
		 "not permitted\"}]}",
			BS_PARAM_STORE | BS_PARAM_STREAM_OPTIONS},
		{"{\"error\":{\"code\":400,\"message\":\"Provider returned error\",\"metadata\":{"
		 "\"raw\":\"unsupported parameter: max_tokens\"}}}",
			BS_PARAM_LIMIT},
		{OPENAI("a parameter is not supported", "x", "null", "\"unsupported_parameter\""),
			0},
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct bs_class c = classify(*state, 400, samples[i].body);
		assert_int_equal(c.outcome, BS_OUTCOME_CAPABILITY);
		assert_true(c.parameter_refused);
		if (c.params != samples[i].params)
			fail_msg("%s: got %x", samples[i].body, c.params);
	}
}

static void classify_finds_a_used_up_quota_behind_any_status(void **state)
{
	static const struct sample samples[] = {
		{429,
			OPENAI("You exceeded your current quota, please check your plan and billing "
			       "details.",
				"insufficient_quota", "null", "\"insufficient_quota\""),
			BS_OUTCOME_QUOTA, 0},
		{429, OPENAI("limit", "requests", "null", "\"organization_spend_limit_exceeded\""),
			BS_OUTCOME_QUOTA, 0},
		{402, "", BS_OUTCOME_QUOTA, 0},
		{400,
			ANTHROPIC("invalid_request_error",
				"Your credit balance is too low to access "
				"the Anthropic API."),
			BS_OUTCOME_QUOTA, 0},
		{429,
			"{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":"
			"\"Over the limit\",\"details\":{\"error_code\":"
			"\"enforced_spend_limit_reached\"}}}",
			BS_OUTCOME_QUOTA, 0},
		{402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}",
			BS_OUTCOME_QUOTA, 0},
		{429,
			"{\"error\":{\"message\":\"Budget has been exceeded! Current cost: 1.2\","
			"\"type\":\"budget_exceeded\",\"param\":\"None\",\"code\":\"429\"}}",
			BS_OUTCOME_QUOTA, 0},
		{412, "{\"status\":\"failure\",\"message\":\"usage limits\"}", BS_OUTCOME_QUOTA, 0},
	};
	CHECK(*state, samples);
}

static void classify_takes_a_quota_that_is_soon_back_for_a_rate_limit(void **state)
{
#define GEMINI_429(delay)                                                                       \
	"{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check " \
	"your plan and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{"     \
	"\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"" delay "\"}]}}"
	static const struct sample samples[] = {
		{429, GEMINI_429("46s"), BS_OUTCOME_RATE_LIMITED, 0},
		{429, GEMINI_429("36600.5s"), BS_OUTCOME_QUOTA, 0},
	};
	CHECK(*state, samples);
	assert_int_equal(classify(*state, 429, GEMINI_429("46s")).retry_after_ms, 46000);
}

static void classify_tells_rate_limit_and_overload_apart(void **state)
{
	static const struct sample samples[] = {
		{429,
			OPENAI("Rate limit reached for gpt-6-luna: try again in 1.2s.", "requests",
				"null", "\"rate_limit_exceeded\""),
			BS_OUTCOME_RATE_LIMITED, 0},
		{429, ANTHROPIC("rate_limit_error", "This request would exceed your rate limit."),
			BS_OUTCOME_RATE_LIMITED, 0},
		{429, "", BS_OUTCOME_RATE_LIMITED, 0},
		{429, "<html>Too many requests</html>", BS_OUTCOME_RATE_LIMITED, 0},
		{529, ANTHROPIC("overloaded_error", "Overloaded"), BS_OUTCOME_OVERLOADED, 0},
		{503,
			OPENAI("The server is overloaded.", "service_unavailable_error", "null",
				"\"server_is_overloaded\""),
			BS_OUTCOME_OVERLOADED, 0},
		{503,
			"{\"error\":{\"code\":503,\"message\":\"The model is overloaded. Please try "
			"again later.\",\"status\":\"UNAVAILABLE\"}}",
			BS_OUTCOME_OVERLOADED, 0},
		{498, "{\"error\":{\"code\":\"capacity_exceeded\"}}", BS_OUTCOME_OVERLOADED, 0},
		{503, OPENAI("Slow down", "x", "null", "\"slow_down\""), BS_OUTCOME_RATE_LIMITED,
			0},
	};
	CHECK(*state, samples);
}

static void classify_finds_a_bad_key_behind_a_400(void **state)
{
	static const struct sample samples[] = {
		{401,
			OPENAI("Incorrect API key provided: s*****", "invalid_request_error",
				"null", "\"invalid_api_key\""),
			BS_OUTCOME_CREDENTIAL, 0},
		{401, ANTHROPIC("authentication_error", "invalid x-api-key"), BS_OUTCOME_CREDENTIAL,
			0},
		{403, ANTHROPIC("permission_error", "no"), BS_OUTCOME_CREDENTIAL, 0},
		{400,
			"{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a "
			"valid API key.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
			"\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":"
			"\"API_KEY_INVALID\"}]}}",
			BS_OUTCOME_CREDENTIAL, 0},
		{401, "{\"message\":\"Unauthorized\",\"request_id\":\"1\"}", BS_OUTCOME_CREDENTIAL,
			0},
		{401, "not json", BS_OUTCOME_CREDENTIAL, 0},
	};
	CHECK(*state, samples);
}

static void classify_tells_a_missing_model_from_a_bad_key(void **state)
{
	static const struct sample samples[] = {
		{404,
			OPENAI("The model `gpt-9` does not exist or you do not have access to it.",
				"invalid_request_error", "null", "\"model_not_found\""),
			BS_OUTCOME_MODEL_GONE, 0},
		{403,
			OPENAI("Project does not have access to model `x`", "invalid_request_error",
				"null", "\"model_not_found\""),
			BS_OUTCOME_MODEL_GONE, 0},
		{404, ANTHROPIC("not_found_error", "model: claude-x"), BS_OUTCOME_MODEL_GONE, 0},
		{404, "{\"error\":\"model 'llama9' not found\"}", BS_OUTCOME_MODEL_GONE, 0},
		{400,
			OPENAI("The model `x` has been decommissioned", "invalid_request_error",
				"null", "\"model_decommissioned\""),
			BS_OUTCOME_MODEL_GONE, 0},
		{400, "{\"error\":{\"message\":\"Invalid model name passed in model=x\"}}",
			BS_OUTCOME_MODEL_GONE, 0},
		{404, "404 page not found", BS_OUTCOME_MODEL_GONE, 0},
		{410, "", BS_OUTCOME_MODEL_GONE, 0},
	};
	CHECK(*state, samples);
}

static void classify_finds_a_context_that_is_too_long(void **state)
{
	static const struct sample samples[] = {
		{400,
			OPENAI("This model's maximum context length is 8192 tokens.",
				"invalid_request_error", "\"messages\"",
				"\"context_length_exceeded\""),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{400,
			ANTHROPIC("invalid_request_error", "prompt is too long: 210000 tokens > "
							   "200000 maximum"),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{413, ANTHROPIC("request_too_large", "Request exceeds the maximum size"),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{413, "<html><h1>413 Request Entity Too Large</h1></html>",
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{400,
			"{\"error\":{\"code\":400,\"message\":\"The input token count (1200000) "
			"exceeds the maximum number of tokens allowed (1048576).\"}}",
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{400,
			"{\"error\":{\"code\":400,\"message\":\"the request exceeds the available "
			"context size\",\"type\":\"exceed_context_size_error\"}}",
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{429,
			OPENAI("Request too large for gpt-6 on tokens per min (TPM): Limit 30000, "
			       "Requested 45000.",
				"tokens", "null", "\"rate_limit_exceeded\""),
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
		{500, "{\"error\":{\"message\":\"prompt is too long\"}}",
			BS_OUTCOME_CONTEXT_TOO_LONG, 0},
	};
	CHECK(*state, samples);
}

static void classify_tells_a_refused_parameter_from_a_refused_mode(void **state)
{
	static const struct sample samples[] = {
		{400,
			OPENAI("Unsupported parameter: 'max_tokens' is not supported with this model. "
			       "Use 'max_completion_tokens' instead.",
				"invalid_request_error", "\"max_tokens\"",
				"\"unsupported_parameter\""),
			BS_OUTCOME_CAPABILITY, true},
		{400,
			OPENAI("Unsupported value: 'reasoning_effort' does not support 'none'.",
				"invalid_request_error", "\"reasoning_effort\"",
				"\"unsupported_value\""),
			BS_OUTCOME_CAPABILITY, true},
		{400,
			OPENAI("Invalid schema for response_format 'ci_summary'",
				"invalid_request_error", "\"response_format\"", "null"),
			BS_OUTCOME_CAPABILITY, false},
		{400,
			OPENAI("This model does not support response format `json_schema`.",
				"invalid_request_error", "null", "null"),
			BS_OUTCOME_CAPABILITY, false},
		{400,
			ANTHROPIC("invalid_request_error", "output_config.format: Extra inputs are "
							   "not permitted"),
			BS_OUTCOME_CAPABILITY, false},
		{400, ANTHROPIC("invalid_request_error", "thinking: disabled is not supported"),
			BS_OUTCOME_CAPABILITY, true},
		{400,
			ANTHROPIC("invalid_request_error",
				"max_tokens: 8000 > 4096, which is the "
				"maximum allowed number of output tokens"),
			BS_OUTCOME_CAPABILITY, true},
		{400,
			OPENAI("`max_tokens` must be less than or equal to `8192`, the maximum value "
			       "for `max_tokens`",
				"invalid_request_error", "null", "null"),
			BS_OUTCOME_CAPABILITY, true},
		{422,
			"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
			"\"max_completion_tokens\"],\"msg\":\"Extra inputs are not permitted\"}]}",
			BS_OUTCOME_CAPABILITY, true},
		{422,
			"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
			"\"response_format\"],\"msg\":\"Extra inputs are not permitted\"}]}",
			BS_OUTCOME_CAPABILITY, false},
		{404,
			"{\"error\":{\"code\":404,\"message\":\"No endpoints found that support tool "
			"use\"}}",
			BS_OUTCOME_CAPABILITY, false},
		{400,
			"{\"object\":\"error\",\"message\":\"tools is not supported\",\"type\":"
			"\"BadRequestError\",\"param\":null,\"code\":400}",
			BS_OUTCOME_CAPABILITY, false},
		{400,
			OPENAI("Unrecognized request argument supplied: store",
				"invalid_request_error", "null", "null"),
			BS_OUTCOME_CAPABILITY, true},
	};
	CHECK(*state, samples);
}

static void classify_finds_a_content_filter_behind_a_400(void **state)
{
	static const struct sample samples[] = {
		{400,
			"{\"error\":{\"code\":\"content_filter\",\"param\":\"prompt\",\"message\":"
			"\"The response was filtered due to the prompt triggering Azure OpenAI's "
			"content management policy.\",\"status\":400,\"innererror\":{\"code\":"
			"\"ResponsibleAIPolicyViolation\"}}}",
			BS_OUTCOME_REFUSED, 0},
		{400,
			ANTHROPIC("invalid_request_error",
				"Output blocked by content filtering policy"),
			BS_OUTCOME_REFUSED, 0},
		{403,
			"{\"error\":{\"code\":403,\"message\":\"Your input was flagged\",\"metadata\":"
			"{\"reasons\":[\"violence\"]}}}",
			BS_OUTCOME_REFUSED, 0},
		{446, "{\"status\":\"failure\"}", BS_OUTCOME_REFUSED, 0},
	};
	CHECK(*state, samples);
}

static void classify_knows_pages_from_answers(void **state)
{
	static const struct sample samples[] = {
		{502, "<html><head><title>502 Bad Gateway</title>", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
		{403, "<!DOCTYPE html><html>Access denied", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
		{404, "\n <HTML>", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
		{302, "", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
		{308, "{\"error\":{\"message\":\"moved\"}}", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
		{407, "", BS_OUTCOME_BAD_GATEWAY_PAGE, 0},
	};
	CHECK(*state, samples);
}

static void classify_goes_by_the_status_where_words_are_missing(void **state)
{
	static const struct sample samples[] = {
		{500, "", BS_OUTCOME_SERVER_ERROR, 0},
		{500, "Internal Server Error", BS_OUTCOME_SERVER_ERROR, 0},
		{502, "{\"error\":null}", BS_OUTCOME_SERVER_ERROR, 0},
		{503, "{\"error\":{\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
			BS_OUTCOME_SERVER_ERROR, 0},
		{504, ANTHROPIC("timeout_error", "x"), BS_OUTCOME_SERVER_ERROR, 0},
		{599, "{broken", BS_OUTCOME_SERVER_ERROR, 0},
		{409, "", BS_OUTCOME_SERVER_ERROR, 0},
		{424, "{\"message\":\"ModelErrorException\"}", BS_OUTCOME_SERVER_ERROR, 0},
		{408, "", BS_OUTCOME_TIMEOUT, 0},
		{524, "error code: 524", BS_OUTCOME_TIMEOUT, 0},
		{400, "", BS_OUTCOME_REJECTED, 0},
		{400, ANTHROPIC("invalid_request_error", "messages: at least one is required"),
			BS_OUTCOME_REJECTED, 0},
		{422, "{\"detail\":\"Unprocessable\"}", BS_OUTCOME_REJECTED, 0},
		{418, "", BS_OUTCOME_REJECTED, 0},
	};
	CHECK(*state, samples);
}

// --- 2xx

static struct bs_class answered(struct fixture *f, const char *body)
{
	bs_reply_release(&f->reply);
	bs_reply_init(&f->reply, &f->arena);
	const struct bs_header headers[] = {JSON_TYPE};
	struct bs_exchange x = {.http_status = 200,
		.headers = headers,
		.headers_count = 1,
		.body = bs_str_c(body),
		.reply = &f->reply,
		.wall_ms = NOW_MS};
	x.read_failed = bs_wire_openai.read(&f->reply, x.body, NULL) != BS_OK;
	return bs_classify(&x, &f->arena);
}

static void classify_judges_a_200_by_its_end_first(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *body;
		enum bs_outcome outcome;
	} cases[] = {
		{"{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
			BS_OUTCOME_OK},
		{"{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"new\"}]}",
			BS_OUTCOME_OK},
		{"{\"choices\":[{\"message\":{\"content\":\"x\"}}]}", BS_OUTCOME_OK},
		{"{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"length\"}]}",
			BS_OUTCOME_TRUNCATED}, // before emptiness
		{"{\"choices\":[{\"message\":{\"content\":\" \"},\"finish_reason\":\"stop\"}]}",
			BS_OUTCOME_EMPTY},
		{"{\"choices\":[{\"message\":{\"refusal\":\"no\"},\"finish_reason\":\"stop\"}]}",
			BS_OUTCOME_REFUSED},
		{"{\"choices\":[{\"message\":{},\"finish_reason\":\"content_filter\"}]}",
			BS_OUTCOME_REFUSED},
		{"{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"error\"}]}",
			BS_OUTCOME_SERVER_ERROR},
		{"{}", BS_OUTCOME_EMPTY},
		{"", BS_OUTCOME_EMPTY},
		{"{\"choices\":[{\"mess", BS_OUTCOME_CUT},
		{"upstream connect error", BS_OUTCOME_BAD_GATEWAY_PAGE},
		{"<html>Sign in to the network</html>", BS_OUTCOME_BAD_GATEWAY_PAGE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_class c = answered(f, cases[i].body);
		if (c.outcome != cases[i].outcome)
			fail_msg("%s: got %s", cases[i].body, bs_outcome_id(c.outcome));
	}
}

static void classify_classifies_an_error_in_a_200_again(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *body;
		enum bs_outcome outcome;
	} cases[] = {
		{"{\"error\":{\"code\":502,\"message\":\"bad upstream\"}}",
			BS_OUTCOME_SERVER_ERROR},
		{"{\"error\":{\"code\":\"429\",\"message\":\"slow\"}}", BS_OUTCOME_RATE_LIMITED},
		{"{\"choices\":[{\"error\":{\"code\":529,\"message\":\"x\"},\"finish_reason\":"
		 "\"error\"}]}",
			BS_OUTCOME_OVERLOADED},
		{"{\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
			BS_OUTCOME_OVERLOADED},
		{"{\"error\":{\"type\":\"insufficient_quota\"}}", BS_OUTCOME_QUOTA},
		{"{\"error\":{\"message\":\"rate limit reached\"}}", BS_OUTCOME_RATE_LIMITED},
		{"{\"error\":{\"type\":\"server_error\"}}", BS_OUTCOME_SERVER_ERROR},
		{"{\"error\":{\"code\":\"context_length_exceeded\"}}", BS_OUTCOME_CONTEXT_TOO_LONG},
		{"{\"error\":\"model requires more memory\"}", BS_OUTCOME_ERROR_IN_BODY},
		// Ollama
		{"{\"error\":\"an error was encountered while running the model: unexpected EOF\"}",
			BS_OUTCOME_SERVER_ERROR},
		{"{\"error\":\"an unknown error was encountered while running the model \"}",
			BS_OUTCOME_SERVER_ERROR},
		// Bedrock, in a stream
		{"{\"error\":{\"type\":\"throttlingException\",\"message\":\"Too many tokens, please "
		 "wait before trying again.\"}}",
			BS_OUTCOME_RATE_LIMITED},
		{"{\"error\":{\"type\":\"throttlingException\",\"message\":\"Too many tokens per "
		 "day, please wait before trying again.\"}}",
			BS_OUTCOME_QUOTA},
		{"[{\"error\":{\"code\":503,\"message\":\"x\"}}]", BS_OUTCOME_SERVER_ERROR},
		{"{\"error\":{\"error\":{\"message\":\"x\",\"code\":401}}}", BS_OUTCOME_CREDENTIAL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bs_class c = answered(f, cases[i].body);
		if (c.outcome != cases[i].outcome)
			fail_msg("%s: got %s", cases[i].body, bs_outcome_id(c.outcome));
	}
}

static void classify_tells_how_a_stream_ended(void **state)
{
	struct fixture *f = *state;
	struct bs_exchange x = {.http_status = 200, .reply = &f->reply};
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_EMPTY); // no event at all
	f->reply.skipped_events = 3;
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_CUT);
	bs_buf_add_c(&f->reply.text, "x");
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_CUT);
	f->reply.saw_sentinel = true; // [DONE] without a stop reason
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_OK);
	f->reply.saw_sentinel = false;
	f->reply.saw_finish = true; // a stop reason without [DONE]
	f->reply.stop = BS_STOP_COMPLETE;
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_OK);
	x.transport = BS_TRANSPORT_CUT; // whatever the connection did after it
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_OK);
	f->reply.saw_finish = false;
	assert_int_equal(bs_classify(&x, &f->arena).outcome, BS_OUTCOME_CUT);
}

static void classify_goes_by_the_transfer_where_nothing_was_said(void **state)
{
	struct fixture *f = *state;
	static const struct {
		enum bs_transport transport;
		int status;
		enum bs_outcome outcome;
	} cases[] = {
		{BS_TRANSPORT_STALE, 0, BS_OUTCOME_STALE_CONNECTION},
		{BS_TRANSPORT_UNREACHABLE, 0, BS_OUTCOME_UNREACHABLE},
		{BS_TRANSPORT_TIMEOUT, 0, BS_OUTCOME_TIMEOUT},
		{BS_TRANSPORT_TIMEOUT, 200, BS_OUTCOME_TIMEOUT},
		{BS_TRANSPORT_TIMEOUT, 429, BS_OUTCOME_RATE_LIMITED}, // its body stalled
		{BS_TRANSPORT_CUT, 200, BS_OUTCOME_CUT},
		{BS_TRANSPORT_CUT, 500, BS_OUTCOME_SERVER_ERROR},
		{BS_TRANSPORT_TOO_LARGE, 200, BS_OUTCOME_BAD_GATEWAY_PAGE},
		{BS_TRANSPORT_CANCELLED, 429, BS_OUTCOME_CANCELLED},
		{BS_TRANSPORT_DONE, 0, BS_OUTCOME_BAD_GATEWAY_PAGE},
		{BS_TRANSPORT_DONE, 101, BS_OUTCOME_BAD_GATEWAY_PAGE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct bs_exchange x = {.transport = cases[i].transport,
			.http_status = cases[i].status,
			.transport_reason = "as it was"};
		assert_int_equal(bs_classify(&x, &f->arena).outcome, cases[i].outcome);
	}
}

// --- hints and reasons

static void classify_believes_hints_in_the_documented_order(void **state)
{
	(void)state;
	static const struct {
		struct bs_header headers[3];
		int64_t ms;
	} cases[] = {
		{{{{"Retry-After-Ms", 14}, {"1500", 4}}, {{"retry-after", 11}, {"9", 1}}}, 1500},
		{{{{"x-ms-retry-after-ms", 19}, {"70", 2}}, {{"retry-after", 11}, {"9", 1}}}, 70},
		{{{{"RETRY-AFTER", 11}, {" 9 ", 3}}}, 9000},
		{{{{"retry-after", 11}, {"Mon, 23 Nov 2026 08:00:07 GMT", 29}}}, 7000},
		{{{{"retry-after-ms", 14}, {"NaN", 3}}, {{"retry-after", 11}, {"2", 1}}}, 2000},
		{{{{"retry-after", 11}, {"-5", 2}}}, -1},
		{{{{"retry-after", 11}, {"100000000", 9}}}, -1},
		{{{{"x-ratelimit-remaining-tokens", 28}, {"0", 1}},
			 {{"x-ratelimit-reset-tokens", 24}, {"6m0s", 4}}},
			360000},
		{{{{"x-ratelimit-remaining-tokens", 28}, {"17", 2}},
			 {{"x-ratelimit-reset-tokens", 24}, {"6m0s", 4}}},
			-1},
		{{{{"anthropic-ratelimit-requests-remaining", 38}, {"0", 1}},
			 {{"anthropic-ratelimit-requests-reset", 34},
				 {"2026-11-23T08:00:03Z", 20}}},
			3000},
		{{{{"x-ratelimit-remaining-req-minute", 32}, {"0", 1}}}, 30000}, // Mistral
		{{{{"x-ratelimit-remaining-req-minute", 32}, {"3", 1}}}, -1},
		{{{{"llm_provider-x-ratelimit-remaining-tokens", 41}, {"0", 1}},
			 {{"llm_provider-x-ratelimit-reset-tokens", 37}, {"12s", 3}}},
			12000},                                           // LiteLLM
		{{{{"x-ratelimit-remaining-tokens", 28}, {"0", 1}}}, -1}, // without its reset
		{{{{"x-ratelimit-remaining", 21}, {"0", 1}},
			 {{"x-ratelimit-reset", 17}, {"1795420805000", 13}}},
			5000},
		// The host's clock and ours differ by an hour: dates are the host's.
		{{{{"Date", 4}, {"Mon, 23 Nov 2026 09:00:00 GMT", 29}},
			 {{"retry-after", 11}, {"Mon, 23 Nov 2026 09:00:07 GMT", 29}}},
			7000},
		{{{{"Date", 4}, {"Mon, 23 Nov 2026 07:00:00 GMT", 29}},
			 {{"retry-after", 11}, {"Mon, 23 Nov 2026 07:00:02 GMT", 29}}},
			2000},
		{{{{"Date", 4}, {"yesterday", 9}},
			 {{"retry-after", 11}, {"Mon, 23 Nov 2026 08:00:07 GMT", 29}}},
			7000},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bs_retry_after_ms(cases[i].headers, 3, NULL, NOW_MS), cases[i].ms);
	struct bs_api_error error = {
		.present = true, .retry_ms = -1, .message = BS_LIT("try again in 1.2s")};
	assert_int_equal(bs_retry_after_ms(NULL, 0, &error, NOW_MS), 1200);
	error.retry_ms = 46000;
	assert_int_equal(bs_retry_after_ms(NULL, 0, &error, NOW_MS), 46000);
}

static void classify_passes_on_what_headers_say_of_retries(void **state)
{
	struct fixture *f = *state;
	struct bs_header headers[] = {{BS_LIT("X-Should-Retry"), BS_LIT("false")},
		{BS_LIT("x-ratelimit-remaining-requests"), BS_LIT("0")},
		{BS_LIT("x-ratelimit-reset-requests"), BS_LIT("7s")}};
	struct bs_exchange x = {
		.http_status = 500, .headers = headers, .headers_count = 3, .wall_ms = NOW_MS};
	assert_int_equal(bs_classify(&x, &f->arena).should_retry, 0);
	headers[0].value = BS_LIT("true");
	assert_int_equal(bs_classify(&x, &f->arena).should_retry, 1);
	headers[0].value = BS_LIT("maybe");
	assert_int_equal(bs_classify(&x, &f->arena).should_retry, -1);
	x.http_status = 200;
	x.reply = &f->reply;
	bs_buf_add_c(&f->reply.text, "x");
	f->reply.stop = BS_STOP_COMPLETE;
	assert_true(bs_classify(&x, &f->arena).remaining_zero);
	assert_int_equal(bs_classify(&x, &f->arena).retry_after_ms, 7000);
	headers[1].value = BS_LIT("10");
	assert_false(bs_classify(&x, &f->arena).remaining_zero);
	assert_int_equal(bs_classify(&x, &f->arena).retry_after_ms, -1);
}

static void classify_gives_a_reason_of_one_clean_line(void **state)
{
	struct fixture *f = *state;
	struct bs_class c = classify(
		f, 429, OPENAI("Slow\\n \\u001b[31mdown\\u202e", "x", "null", "null"));
	assert_string_equal(c.reason, "HTTP 429: Slow  down");
	c = classify(f, 502, "<html>");
	assert_string_equal(c.reason, "HTTP 502: a page instead of an answer");
	c = classify(f, 500, "upstream said no\nsecond line");
	assert_string_equal(c.reason, "HTTP 500: upstream said no");
	c = classify(f, 500, "");
	assert_string_equal(c.reason, "HTTP 500");
	c = classify(f, 500, "{\"error\":{\"type\":\"api_error\"}}");
	assert_string_equal(c.reason, "HTTP 500: api_error");
	char long_body[8000];
	memset(long_body, 'a', sizeof(long_body));
	memcpy(long_body, "\xC3\xA4", 2);
	long_body[sizeof(long_body) - 1] = '\0';
	c = classify(f, 500, long_body);
	assert_true(strlen(c.reason) < BS_REASON_BYTES);
	assert_true(strlen(c.reason) > BS_REASON_BYTES - 20);
	const struct bs_exchange x = {
		.transport = BS_TRANSPORT_UNREACHABLE, .transport_reason = long_body};
	c = bs_classify(&x, &f->arena);
	assert_true(strlen(c.reason) < BS_REASON_BYTES);
}

static void classify_judges_by_the_status_when_memory_is_out(void **state)
{
	(void)state;
	struct bs_arena none;
	bs_arena_init(&none, 1);
	const struct bs_exchange x = {.http_status = 429,
		.body = BS_LIT(OPENAI("m", "insufficient_quota", "null", "null"))};
	struct bs_class c = bs_classify(&x, &none);
	assert_true(c.outcome == BS_OUTCOME_RATE_LIMITED || c.outcome == BS_OUTCOME_QUOTA);
	bs_arena_release(&none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(classify_says_which_parameter_it_was),
		TEST(classify_shows_what_the_host_behind_a_gateway_said),
		TEST(classify_rejects_what_the_user_added),
		TEST(classify_finds_a_used_up_quota_behind_any_status),
		TEST(classify_takes_a_quota_that_is_soon_back_for_a_rate_limit),
		TEST(classify_tells_rate_limit_and_overload_apart),
		TEST(classify_finds_a_bad_key_behind_a_400),
		TEST(classify_tells_a_missing_model_from_a_bad_key),
		TEST(classify_finds_a_context_that_is_too_long),
		TEST(classify_tells_a_refused_parameter_from_a_refused_mode),
		TEST(classify_finds_a_content_filter_behind_a_400),
		TEST(classify_knows_pages_from_answers),
		TEST(classify_goes_by_the_status_where_words_are_missing),
		TEST(classify_judges_a_200_by_its_end_first),
		TEST(classify_classifies_an_error_in_a_200_again),
		TEST(classify_tells_how_a_stream_ended),
		TEST(classify_goes_by_the_transfer_where_nothing_was_said),
		TEST(classify_believes_hints_in_the_documented_order),
		TEST(classify_passes_on_what_headers_say_of_retries),
		TEST(classify_gives_a_reason_of_one_clean_line),
		TEST(classify_judges_by_the_status_when_memory_is_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
