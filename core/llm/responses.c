// SPDX-License-Identifier: MIT
// The wire format of OpenAI's Responses.
//
// Source: the request and response types of the official SDK (openai 7.57.0, November 2026). The
// host keeps every request for weeks unless told `store: false`, which therefore is never left out.
#include "core/llm/models.h"
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

static void put_item(struct bs_json_writer *w, const struct bs_message *message)
{
	bs_json_open(w, '{');
	bs_wire_pair(w, "role", message->from_model ? "assistant" : "user");
	bs_json_put_key(w, "content");
	bs_json_put_str(w, message->text);
	bs_json_close(w, '}');
}

// Flat, unlike in chat completions.
static void put_format(struct bs_json_writer *w, enum bs_schema_mode mode)
{
	bs_json_put_key(w, "text");
	bs_json_open(w, '{');
	bs_json_put_key(w, "format");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", mode == BS_SCHEMA_STRICT ? "json_schema" : "json_object");
	if (mode == BS_SCHEMA_STRICT) {
		bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
		put_flag(w, "strict", true);
		bs_json_put_key(w, "schema");
		bs_schema_put(w, BS_SCHEMA_COMMON);
	}
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static void put_tool(struct bs_json_writer *w)
{
	bs_json_put_key(w, "tools");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "function");
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_wire_pair(w, "description", BS_WIRE_TOOL_ABOUT);
	put_flag(w, "strict", true);
	bs_json_put_key(w, "parameters");
	bs_schema_put(w, BS_SCHEMA_COMMON);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "tool_choice");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "function");
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_json_close(w, '}');
}

static void put_mode(struct bs_json_writer *w, enum bs_schema_mode mode)
{
	switch (mode) {
	case BS_SCHEMA_STRICT:
	case BS_SCHEMA_JSON_OBJECT:
		put_format(w, mode);
		break;
	case BS_SCHEMA_TOOL:
		put_tool(w);
		break;
	case BS_SCHEMA_PROMPT:
	case BS_SCHEMA_MODE_COUNT:
		break;
	}
}

static unsigned params_of(const struct bs_request *request)
{
	unsigned params = BS_PARAM_LIMIT;
	if (request->quirks & BS_QUIRK_CACHE_KEY)
		params |= BS_PARAM_CACHE_KEY;
	if ((request->quirks & BS_QUIRK_EFFORT) && bs_model_effort(request->model))
		params |= BS_PARAM_EFFORT;
	if (request->stream)
		params |= BS_PARAM_STREAM;
	return bs_wire_params(request, params);
}

static void put_optional(
	struct bs_json_writer *w, const struct bs_request *request, unsigned params)
{
	if (params & BS_PARAM_LIMIT) {
		bs_json_put_key(w, "max_output_tokens");
		bs_json_put_i64(w, request->output_tokens);
	}
	if (params & BS_PARAM_CACHE_KEY)
		bs_wire_pair(w, "prompt_cache_key", BS_WIRE_CACHE_KEY);
	if (params & BS_PARAM_STREAM)
		put_flag(w, "stream", true);
	if (!(params & BS_PARAM_EFFORT))
		return;
	bs_json_put_key(w, "reasoning");
	bs_json_open(w, '{');
	bs_wire_pair(w, "effort", bs_model_effort(request->model));
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
	bs_json_put_key(&w, "instructions");
	bs_json_put_str(&w, prompt->system);
	bs_json_put_key(&w, "input");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < prompt->messages_count; i++)
		put_item(&w, &prompt->messages[i]);
	bs_json_close(&w, ']');
	if (!bs_wire_has_own(request, "store"))
		put_flag(&w, "store", false);
	put_optional(&w, request, params_of(request));
	put_mode(&w, request->mode);
	bs_wire_put_own(&w, request);
	bs_json_close(&w, '}');
	return bs_buf_status(out, "request", err);
}

// --- the reply

static const struct bs_wire_stop stops[] = {
	{"completed", BS_STOP_COMPLETE},
	{"max_output_tokens", BS_STOP_TRUNCATED},
	{"content_filter", BS_STOP_FILTERED},
	{"failed", BS_STOP_PROVIDER_ERROR},
	{"cancelled", BS_STOP_PROVIDER_ERROR},
	{NULL, BS_STOP_NONE},
};

static void take_part(struct bs_reply *reply, const struct bs_json *part)
{
	struct bs_str type = bs_json_text(bs_json_get(part, "type"));
	if (bs_str_eq_c(type, "output_text"))
		bs_wire_add_text(reply, bs_json_text(bs_json_get(part, "text")));
	if (bs_str_eq_c(type, "refusal"))
		bs_wire_add_refusal(reply, bs_json_text(bs_json_get(part, "refusal")));
}

// An item of the output: a message, thoughts, or the call of a function.
static void take_item(struct bs_reply *reply, const struct bs_json *item)
{
	struct bs_str type = bs_json_text(bs_json_get(item, "type"));
	if (bs_str_eq_c(type, "function_call"))
		bs_wire_add_arguments(reply, bs_json_text(bs_json_get(item, "arguments")));
	if (bs_str_eq_c(type, "reasoning"))
		reply->thinking_bytes++;
	// What it says on the way to the answer is no answer.
	if (!bs_str_eq_c(type, "message") ||
		bs_str_eq_c(bs_json_text(bs_json_get(item, "phase")), "commentary"))
		return;
	const struct bs_json *content = bs_json_get(item, "content");
	for (const struct bs_json *p = bs_json_first(content); p; p = bs_json_next(p))
		take_part(reply, p);
}

static void take_usage(struct bs_reply *reply, const struct bs_json *usage)
{
	const struct bs_json *details = bs_json_get(usage, "input_tokens_details");
	bs_wire_tokens(bs_json_get(usage, "input_tokens"), &reply->usage.input_tokens);
	bs_wire_tokens(bs_json_get(usage, "output_tokens"), &reply->usage.output_tokens);
	bs_wire_tokens(bs_json_get(details, "cached_tokens"), &reply->usage.cached_tokens);
	bs_wire_tokens(bs_json_get(details, "cache_write_tokens"), &reply->usage.written_tokens);
}

// Everything of a response but its output: `error` stands in it with HTTP 200.
static enum bs_status take_state(
	struct bs_reply *reply, const struct bs_json *response, struct bs_err *err)
{
	struct bs_str status_word = bs_json_text(bs_json_get(response, "status"));
	struct bs_str reason = bs_json_text(
		bs_json_get(bs_json_get(response, "incomplete_details"), "reason"));
	enum bs_status status = bs_api_error_take(response, reply->arena, &reply->error, err);
	if (status == BS_OK)
		status = bs_wire_model(reply, bs_json_text(bs_json_get(response, "model")), err);
	if (status != BS_OK)
		return status;
	take_usage(reply, bs_json_get(response, "usage"));
	if (bs_str_eq_c(status_word, "incomplete"))
		bs_wire_stop(reply, stops, reason.len ? reason : status_word);
	else if (!bs_str_eq_c(status_word, "in_progress") && !bs_str_eq_c(status_word, "queued"))
		bs_wire_stop(reply, stops, status_word);
	return BS_OK;
}

static enum bs_status take_whole(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *output = bs_json_get(root, "output");
	for (const struct bs_json *i = bs_json_first(output); i; i = bs_json_next(i))
		take_item(reply, i);
	enum bs_status status = take_state(reply, root, err);
	return status == BS_OK ? bs_wire_status(reply, err) : status;
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take_whole, err);
}

// --- the stream

static enum bs_status on_state(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	return take_state(reply, bs_json_get(root, "response"), err);
}

// completed, incomplete, failed: the last event, there is no other sentinel.
static enum bs_status on_end(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	reply->saw_sentinel = true;
	return on_state(reply, root, err);
}

static enum bs_status on_text(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	bs_wire_add_text(reply, bs_json_text(bs_json_get(root, "delta")));
	return bs_wire_status(reply, err);
}

static enum bs_status on_arguments(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	bs_wire_add_arguments(reply, bs_json_text(bs_json_get(root, "delta")));
	return bs_wire_status(reply, err);
}

static enum bs_status on_refusal(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	bs_wire_add_refusal(reply, bs_json_text(bs_json_get(root, "delta")));
	return bs_wire_status(reply, err);
}

static enum bs_status on_thought(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	(void)err;
	reply->thinking_bytes += bs_json_text(bs_json_get(root, "delta")).len;
	return BS_OK;
}

static enum bs_status on_error(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	return bs_api_error_take(root, reply->arena, &reply->error, err);
}

// Events of no row repeat what others said, or say nothing of the answer.
static const struct {
	const char *type;
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *);
} events[] = {
	{"response.created", on_state},
	{"response.in_progress", on_state},
	{"response.output_text.delta", on_text},
	{"response.function_call_arguments.delta", on_arguments},
	{"response.refusal.delta", on_refusal},
	{"response.reasoning_summary_text.delta", on_thought},
	{"response.reasoning_text.delta", on_thought},
	{"response.completed", on_end},
	{"response.incomplete", on_end},
	{"response.failed", on_end},
	{"error", on_error},
};

static enum bs_status take_event(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	struct bs_str type = bs_json_text(bs_json_get(root, "type"));
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (bs_str_eq_c(type, events[i].type))
			return events[i].take(reply, root, err);
	// A gateway's error, without a type of the format's.
	return type.len ? BS_OK : on_error(reply, root, err);
}

static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)event; // the data says it too
	if (bs_str_eq_c(bs_str_trim(data), "[DONE]"))
		return BS_OK;
	return bs_wire_event(reply, data, take_event, err);
}

const struct bs_wire bs_wire_responses = {
	.name = "openai-responses",
	.path = "/responses",
	.key_header = "Authorization",
	.key_prefix = "Bearer ",
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_JSON_OBJECT |
		 1u << BS_SCHEMA_PROMPT,
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
};
