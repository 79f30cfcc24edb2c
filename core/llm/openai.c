// SPDX-License-Identifier: MIT
// The wire format of OpenAI's chat completions, which most hosts and gateways speak too.
//
// Source: the request and response types of the official SDK (openai 7.57.0, November 2026). Third
// parties differ in details: lists of content parts, errors inside a 200, reasoning beside content.
#include "core/llm/cost.h"
#include "core/llm/models.h"
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

static void put_message(struct bs_json_writer *w, const char *role, struct bs_str text)
{
	bs_json_open(w, '{');
	bs_wire_pair(w, "role", role);
	bs_json_put_key(w, "content");
	bs_json_put_str(w, text);
	bs_json_close(w, '}');
}

static void put_strict(struct bs_json_writer *w)
{
	bs_json_put_key(w, "response_format");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "json_schema");
	bs_json_put_key(w, "json_schema");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_json_put_key(w, "strict");
	bs_json_put_bool(w, true);
	bs_json_put_key(w, "schema");
	bs_schema_put(w, BS_SCHEMA_COMMON);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static void put_tool(struct bs_json_writer *w)
{
	bs_json_put_key(w, "tools");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "function");
	bs_json_put_key(w, "function");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_wire_pair(w, "description", BS_WIRE_TOOL_ABOUT);
	bs_json_put_key(w, "parameters");
	bs_schema_put(w, BS_SCHEMA_COMMON);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "tool_choice");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "function");
	bs_json_put_key(w, "function");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static void put_json_object(struct bs_json_writer *w)
{
	bs_json_put_key(w, "response_format");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "json_object");
	bs_json_close(w, '}');
}

static void put_mode(struct bs_json_writer *w, enum bs_schema_mode mode)
{
	switch (mode) {
	case BS_SCHEMA_STRICT:
		put_strict(w);
		break;
	case BS_SCHEMA_TOOL:
		put_tool(w);
		break;
	case BS_SCHEMA_JSON_OBJECT:
		put_json_object(w);
		break;
	case BS_SCHEMA_PROMPT:
	case BS_SCHEMA_MODE_COUNT:
		break;
	}
}

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

// Templates without that variable ignore it; with it the model would think, and thoughts count.
static void put_template(struct bs_json_writer *w)
{
	bs_json_put_key(w, "chat_template_kwargs");
	bs_json_open(w, '{');
	put_flag(w, "enable_thinking", false);
	bs_json_close(w, '}');
}

// Only hosts that keep nothing, and none that would drop the schema without a word.
static void put_hosts(struct bs_json_writer *w, enum bs_schema_mode mode)
{
	bs_json_put_key(w, "provider");
	bs_json_open(w, '{');
	bs_wire_pair(w, "data_collection", "deny");
	if (mode != BS_SCHEMA_PROMPT)
		put_flag(w, "require_parameters", true);
	bs_json_close(w, '}');
}

static unsigned params_of(const struct bs_request *request)
{
	static const struct {
		unsigned quirk, param;
	} rows[] = {{BS_QUIRK_CACHE_KEY, BS_PARAM_CACHE_KEY},
		{BS_QUIRK_TEMPLATE, BS_PARAM_TEMPLATE}, {BS_QUIRK_STORE, BS_PARAM_STORE}};
	unsigned params = BS_PARAM_LIMIT | BS_PARAM_SPELLING;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (request->quirks & rows[i].quirk)
			params |= rows[i].param;
	if ((request->quirks & (BS_QUIRK_EFFORT | BS_QUIRK_HOSTS)) &&
		bs_model_effort(request->model))
		params |= BS_PARAM_EFFORT;
	if (request->stream)
		params |= BS_PARAM_STREAM;
	if (request->stream && !(request->quirks & BS_QUIRK_NO_STREAM_OPTIONS))
		params |= BS_PARAM_STREAM_OPTIONS;
	return bs_wire_params(request, params);
}

static void put_limit(struct bs_json_writer *w, const struct bs_request *request)
{
	bool old = request->quirks & BS_QUIRK_MAX_TOKENS;
	if (request->dropped & BS_PARAM_SPELLING)
		old = !old;
	bs_json_put_key(w, old ? "max_tokens" : "max_completion_tokens");
	bs_json_put_i64(w, request->output_tokens);
}

static void put_effort(struct bs_json_writer *w, const struct bs_request *request)
{
	const char *effort = bs_model_effort(request->model);
	if (request->quirks & BS_QUIRK_EFFORT)
		bs_wire_pair(w, "reasoning_effort", effort);
	if (!(request->quirks & BS_QUIRK_HOSTS))
		return;
	bs_json_put_key(w, "reasoning");
	bs_json_open(w, '{');
	bs_wire_pair(w, "effort", effort);
	bs_json_close(w, '}');
}

// What a host may refuse, and can do without.
static void put_optional(
	struct bs_json_writer *w, const struct bs_request *request, unsigned params)
{
	if (params & BS_PARAM_LIMIT)
		put_limit(w, request);
	if (params & BS_PARAM_EFFORT)
		put_effort(w, request);
	if (params & BS_PARAM_CACHE_KEY)
		bs_wire_pair(w, "prompt_cache_key", BS_WIRE_CACHE_KEY);
	if (params & BS_PARAM_TEMPLATE)
		put_template(w);
	if (params & BS_PARAM_STORE)
		put_flag(w, "store", false);
	if (params & BS_PARAM_STREAM)
		put_flag(w, "stream", true);
	if (!(params & BS_PARAM_STREAM) || !(params & BS_PARAM_STREAM_OPTIONS))
		return;
	bs_json_put_key(w, "stream_options");
	bs_json_open(w, '{');
	put_flag(w, "include_usage", true);
	bs_json_close(w, '}');
}

static enum bs_status build(
	const struct bs_request *request, struct bs_buf *out, struct bs_err *err)
{
	struct bs_json_writer w;
	const struct bs_prompt *prompt = request->prompt;
	bs_json_writer_init(&w, out);
	bs_json_open(&w, '{');
	bs_wire_pair(&w, "model", request->model);
	bs_json_put_key(&w, "messages");
	bs_json_open(&w, '[');
	// "system", not "developer": OpenAI takes both, everyone else only this one.
	put_message(&w, "system", prompt->system);
	for (size_t i = 0; i < prompt->messages_count; i++)
		put_message(&w, prompt->messages[i].from_model ? "assistant" : "user",
			prompt->messages[i].text);
	bs_json_close(&w, ']');
	put_optional(&w, request, params_of(request));
	if ((request->quirks & BS_QUIRK_HOSTS) && !bs_wire_has_own(request, "provider"))
		put_hosts(&w, request->mode);
	put_mode(&w, request->mode);
	bs_wire_put_own(&w, request);
	bs_json_close(&w, '}');
	return bs_buf_status(out, "request", err);
}

// --- the reply

static const struct bs_wire_stop stops[] = {
	{"stop", BS_STOP_COMPLETE},
	{"tool_calls", BS_STOP_COMPLETE},
	{"function_call", BS_STOP_COMPLETE},
	{"end_turn", BS_STOP_COMPLETE}, // gateways that pass Anthropic's word through
	{"stop_sequence", BS_STOP_COMPLETE},
	{"length", BS_STOP_TRUNCATED},
	{"max_tokens", BS_STOP_TRUNCATED},
	{"model_length", BS_STOP_TRUNCATED}, // Mistral
	{"content_filter", BS_STOP_FILTERED},
	{"safety", BS_STOP_FILTERED}, // Gemini's, passed through
	{"recitation", BS_STOP_FILTERED},
	{"prohibited_content", BS_STOP_FILTERED},
	{"blocklist", BS_STOP_FILTERED},
	{"refusal", BS_STOP_REFUSED},
	{"error", BS_STOP_PROVIDER_ERROR}, // Mistral, OpenRouter
	{NULL, BS_STOP_NONE},
};

// A text, or a list of parts of which those of type "text" count (Mistral's reasoning models).
static void take_content(struct bs_reply *reply, const struct bs_json *content)
{
	if (bs_json_type(content) != BS_JSON_ARRAY) {
		bs_wire_add_text(reply, bs_json_text(content));
		return;
	}
	for (const struct bs_json *p = bs_json_first(content); p; p = bs_json_next(p)) {
		if (bs_str_eq_c(bs_json_text(bs_json_get(p, "type")), "text"))
			bs_wire_add_text(reply, bs_json_text(bs_json_get(p, "text")));
		else
			reply->thinking_bytes++;
	}
}

// A `message` of a whole reply or a `delta` of a stream: the members are the same.
static void take_message(struct bs_reply *reply, const struct bs_json *message)
{
	static const char *const thoughts[] = {"reasoning_content", "reasoning"};
	for (size_t i = 0; i < sizeof(thoughts) / sizeof(thoughts[0]); i++)
		reply->thinking_bytes += bs_json_text(bs_json_get(message, thoughts[i])).len;
	take_content(reply, bs_json_get(message, "content"));
	bs_wire_add_refusal(reply, bs_json_text(bs_json_get(message, "refusal")));
	const struct bs_json *call = bs_json_at(bs_json_get(message, "tool_calls"), 0);
	const struct bs_json *arguments = bs_json_get(bs_json_get(call, "function"), "arguments");
	uint64_t index = 0;
	if (bs_json_u64(bs_json_get(call, "index"), &index) && index > 0)
		return;                                             // one call was asked for
	if (arguments && bs_json_type(arguments) == BS_JSON_OBJECT) // Ollama sends it parsed
		bs_wire_add_object(reply, arguments);
	else
		bs_wire_add_arguments(reply, bs_json_text(arguments));
}

static void take_usage(struct bs_reply *reply, const struct bs_json *usage)
{
	const struct bs_json *details = bs_json_get(usage, "prompt_tokens_details");
	bs_wire_tokens(bs_json_get(usage, "prompt_tokens"), &reply->usage.input_tokens);
	bs_wire_tokens(bs_json_get(usage, "completion_tokens"), &reply->usage.output_tokens);
	bs_wire_tokens(bs_json_get(details, "cached_tokens"), &reply->usage.cached_tokens);
	bs_cost_read_usd(bs_json_get(usage, "cost"), &reply->usage.cost); // OpenRouter
	bs_wire_tokens(bs_json_get(usage, "num_cached_tokens"), &reply->usage.cached_tokens);
	bs_wire_tokens(bs_json_get(details, "cache_write_tokens"), &reply->usage.written_tokens);
}

// A whole reply or a chunk of one.
static enum bs_status take(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *choice = bs_json_at(bs_json_get(root, "choices"), 0);
	const struct bs_json *delta = bs_json_get(choice, "delta");
	uint64_t index = 0;
	enum bs_status status = bs_api_error_take(root, reply->arena, &reply->error, err);
	if (status == BS_OK && !reply->error.present) // OpenRouter: the host behind it failed
		status = bs_api_error_take(choice, reply->arena, &reply->error, err);
	if (status == BS_OK && !reply->error.present) // Groq, in a stream
		status = bs_api_error_take(
			bs_json_get(root, "x_groq"), reply->arena, &reply->error, err);
	if (status != BS_OK)
		return status;
	status = bs_wire_model(reply, bs_json_text(bs_json_get(root, "model")), err);
	if (status != BS_OK)
		return status;
	take_usage(reply, bs_json_get(root, "usage"));
	take_usage(reply, bs_json_get(bs_json_get(root, "x_groq"), "usage"));
	if (bs_json_u64(bs_json_get(choice, "index"), &index) && index > 0)
		return BS_OK;
	take_message(reply, delta ? delta : bs_json_get(choice, "message"));
	bs_wire_stop(reply, stops, bs_json_text(bs_json_get(choice, "finish_reason")));
	return bs_wire_status(reply, err);
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take, err);
}

static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)event; // "error" comes with an error object, which says it anyway
	if (!bs_str_eq_c(bs_str_trim(data), "[DONE]"))
		return bs_wire_event(reply, data, take, err);
	reply->saw_sentinel = true;
	return BS_OK;
}

const struct bs_wire bs_wire_openai = {
	.name = "openai",
	.path = "/chat/completions",
	.key_header = "Authorization",
	.key_prefix = "Bearer ",
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_JSON_OBJECT |
		 1u << BS_SCHEMA_PROMPT,
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
};
