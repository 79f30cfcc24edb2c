// SPDX-License-Identifier: MIT
// The wire format of AWS Bedrock's Converse, which speaks for all models there.
//
// Source: the request and response types of the official SDK (@aws-sdk/client-bedrock-runtime
// 3.1164, November 2026). The model stands in the path; streams are binary (core/llm/frames.h).
//
// No cachePoint, for the reason that core/llm/anthropic.c has no cache_control.
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

static void put_text(struct bs_json_writer *w, struct bs_str text)
{
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_json_put_key(w, "text");
	bs_json_put_str(w, text);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
}

// The schema is JSON in a string here.
static void put_strict(struct bs_json_writer *w)
{
	struct bs_buf schema;
	struct bs_json_writer inner;
	bs_buf_init(&schema, BS_PROMPT_BYTES_MAX);
	bs_json_writer_init(&inner, &schema);
	bs_schema_put(&inner, BS_SCHEMA_COMMON);
	bs_json_put_key(w, "outputConfig");
	bs_json_open(w, '{');
	bs_json_put_key(w, "textFormat");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "json_schema");
	bs_json_put_key(w, "structure");
	bs_json_open(w, '{');
	bs_json_put_key(w, "jsonSchema");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_json_put_key(w, "schema");
	bs_json_put_str(w, bs_buf_str(&schema));
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	if (schema.failed != BS_OK)
		w->buf->failed = schema.failed;
	bs_buf_release(&schema);
}

static void put_tool(struct bs_json_writer *w)
{
	bs_json_put_key(w, "toolConfig");
	bs_json_open(w, '{');
	bs_json_put_key(w, "tools");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_json_put_key(w, "toolSpec");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_wire_pair(w, "description", BS_WIRE_TOOL_ABOUT);
	bs_json_put_key(w, "inputSchema");
	bs_json_open(w, '{');
	bs_json_put_key(w, "json");
	bs_schema_put(w, BS_SCHEMA_COMMON);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "toolChoice");
	bs_json_open(w, '{');
	bs_json_put_key(w, "tool");
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_json_close(w, '}');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static unsigned params_of(const struct bs_request *request)
{
	return bs_wire_params(request, BS_PARAM_LIMIT);
}

static enum bs_status build(
	const struct bs_request *request, struct bs_buf *out, struct bs_err *err)
{
	struct bs_json_writer w;
	const struct bs_prompt *prompt = request->prompt;
	bs_json_writer_init(&w, out);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "system");
	put_text(&w, prompt->system);
	bs_json_put_key(&w, "messages");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < prompt->messages_count; i++) {
		bs_json_open(&w, '{');
		bs_wire_pair(&w, "role", prompt->messages[i].from_model ? "assistant" : "user");
		bs_json_put_key(&w, "content");
		put_text(&w, prompt->messages[i].text);
		bs_json_close(&w, '}');
	}
	bs_json_close(&w, ']');
	if (params_of(request) & BS_PARAM_LIMIT) {
		bs_json_put_key(&w, "inferenceConfig");
		bs_json_open(&w, '{');
		bs_json_put_key(&w, "maxTokens");
		bs_json_put_i64(&w, request->output_tokens);
		bs_json_close(&w, '}');
	}
	if (request->mode == BS_SCHEMA_STRICT)
		put_strict(&w);
	if (request->mode == BS_SCHEMA_TOOL)
		put_tool(&w);
	bs_wire_put_own(&w, request);
	bs_json_close(&w, '}');
	return bs_buf_status(out, "request", err);
}

// --- the reply

static const struct bs_wire_stop stops[] = {
	{"end_turn", BS_STOP_COMPLETE},
	{"stop_sequence", BS_STOP_COMPLETE},
	{"tool_use", BS_STOP_COMPLETE},
	{"max_tokens", BS_STOP_TRUNCATED},
	{"guardrail_intervened", BS_STOP_FILTERED},
	{"content_filtered", BS_STOP_FILTERED},
	{"refusal", BS_STOP_REFUSED},
	{"malformed_model_output", BS_STOP_PROVIDER_ERROR},
	{"malformed_tool_use", BS_STOP_PROVIDER_ERROR},
	{"model_context_window_exceeded", BS_STOP_CONTEXT_EXCEEDED},
	{NULL, BS_STOP_NONE},
};

// inputTokens leaves out what was read from or written to a cache, as with the maker's own format.
static void take_usage(struct bs_reply *reply, const struct bs_json *usage)
{
	uint64_t input = 0;
	struct bs_usage *u = &reply->usage;
	bs_wire_tokens(bs_json_get(usage, "outputTokens"), &u->output_tokens);
	if (!bs_json_u64(bs_json_get(usage, "inputTokens"), &input))
		return;
	bs_wire_tokens(bs_json_get(usage, "cacheReadInputTokens"), &u->cached_tokens);
	bs_wire_tokens(bs_json_get(usage, "cacheWriteInputTokens"), &u->written_tokens);
	u->input_tokens = input + u->cached_tokens + u->written_tokens;
}

static void take_block(struct bs_reply *reply, const struct bs_json *block)
{
	const struct bs_json *thoughts = bs_json_get(
		bs_json_get(block, "reasoningContent"), "reasoningText");
	reply->thinking_bytes += bs_json_text(bs_json_get(thoughts, "text")).len;
	bs_wire_add_text(reply, bs_json_text(bs_json_get(block, "text")));
	bs_wire_add_object(reply, bs_json_get(bs_json_get(block, "toolUse"), "input"));
}

static enum bs_status take(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *message = bs_json_get(bs_json_get(root, "output"), "message");
	const struct bs_json *content = bs_json_get(message, "content");
	enum bs_status status = bs_api_error_take(root, reply->arena, &reply->error, err);
	if (status != BS_OK)
		return status;
	for (const struct bs_json *b = bs_json_first(content); b; b = bs_json_next(b))
		take_block(reply, b);
	take_usage(reply, bs_json_get(root, "usage"));
	bs_wire_stop(reply, stops, bs_json_text(bs_json_get(root, "stopReason")));
	return bs_wire_status(reply, err);
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take, err);
}

// --- the stream

static enum bs_status on_delta(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *delta = bs_json_get(root, "delta");
	const struct bs_json *thought = bs_json_get(delta, "reasoningContent");
	reply->thinking_bytes += bs_json_text(bs_json_get(thought, "text")).len;
	bs_wire_add_text(reply, bs_json_text(bs_json_get(delta, "text")));
	bs_wire_add_arguments(
		reply, bs_json_text(bs_json_get(bs_json_get(delta, "toolUse"), "input")));
	return bs_wire_status(reply, err);
}

static enum bs_status on_stop(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	(void)err;
	bs_wire_stop(reply, stops, bs_json_text(bs_json_get(root, "stopReason")));
	return BS_OK;
}

// The last one, with the usage.
static enum bs_status on_metadata(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	(void)err;
	take_usage(reply, bs_json_get(root, "usage"));
	reply->saw_sentinel = true;
	return BS_OK;
}

static const struct {
	const char *kind;
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *);
} events[] = {
	{"contentBlockDelta", on_delta},
	{"messageStop", on_stop},
	{"metadata", on_metadata},
};

// An exception says what it is in its kind: "throttlingException".
static enum bs_status take_exception(
	struct bs_reply *reply, struct bs_str kind, struct bs_str data, struct bs_err *err)
{
	enum bs_status status = bs_api_error_read(data, reply->arena, &reply->error, err);
	if (status != BS_OK)
		return status;
	reply->error.present = true;
	reply->error.type = bs_arena_str(reply->arena, kind);
	return reply->error.type.ptr ? BS_OK : bs_fail_nomem(err);
}

static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (bs_str_eq_c(event, events[i].kind))
			return bs_wire_event(reply, data, events[i].take, err);
	if (bs_str_ifind(event, BS_LIT("exception")) != SIZE_MAX ||
		bs_str_ifind(event, BS_LIT("error")) != SIZE_MAX)
		return take_exception(reply, event, data, err);
	return BS_OK; // messageStart, contentBlockStart, new ones
}

const struct bs_wire bs_wire_bedrock = {
	.name = "bedrock",
	.path = "/model/{model}/converse",
	.stream_path = "/model/{model}/converse-stream",
	.key_header = "Authorization",
	.key_prefix = "Bearer ",
	.framing = BS_FRAMING_FRAMES,
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_PROMPT,
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
};
