// SPDX-License-Identifier: MIT
// The wire format of Anthropic's messages.
//
// Source: the request and response types of the official SDK (1.12.0, November 2026). Version
// 2023-06-01 is the one every host and gateway serves; the body below is valid under the newer one
// too. Sampling parameters are never sent: newer models refuse them even at their defaults.
//
// No cache_control: what every run shares is too little to be cached. The system prompt has 590
// tokens, 1090 with the schema as a tool (by the makers' older vocabulary; a newer one counts 30 %
// more); the least that is cached is 4096 for Haiku 4.5 and Opus 4.5 on, 1024 to 2048 for Sonnet
// (docs of prompt caching, 2026). Where it is enough, within minutes, writing costs 25 % more.
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

// Models that think unless told otherwise and may be told; others refuse the parameter.
static const char *const thinkers[] = {"claude-haiku-5-5"};

// max_tokens is required.
static unsigned params_of(const struct bs_request *request)
{
	unsigned params = 0;
	for (size_t i = 0; i < sizeof(thinkers) / sizeof(thinkers[0]); i++)
		if (bs_str_starts(bs_str_c(request->model), bs_str_c(thinkers[i])))
			params = BS_PARAM_EFFORT;
	return bs_wire_params(request, params);
}

static void put_thinking(struct bs_json_writer *w)
{
	bs_json_put_key(w, "thinking");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "disabled");
	bs_json_close(w, '}');
}

// Without a name and without "strict": an extra member is refused.
static void put_strict(struct bs_json_writer *w)
{
	bs_json_put_key(w, "output_config");
	bs_json_open(w, '{');
	bs_json_put_key(w, "format");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "json_schema");
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
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_wire_pair(w, "description", BS_WIRE_TOOL_ABOUT);
	bs_json_put_key(w, "input_schema");
	bs_schema_put(w, BS_SCHEMA_COMMON);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "tool_choice");
	bs_json_open(w, '{');
	bs_wire_pair(w, "type", "tool");
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
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
	bs_json_put_key(&w, "max_tokens"); // required
	bs_json_put_i64(&w, request->output_tokens);
	bs_json_put_key(&w, "system");
	bs_json_put_str(&w, prompt->system);
	bs_json_put_key(&w, "messages");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < prompt->messages_count; i++) {
		bs_json_open(&w, '{');
		bs_wire_pair(&w, "role", prompt->messages[i].from_model ? "assistant" : "user");
		bs_json_put_key(&w, "content");
		bs_json_put_str(&w, prompt->messages[i].text);
		bs_json_close(&w, '}');
	}
	bs_json_close(&w, ']');
	if (params_of(request) & BS_PARAM_EFFORT)
		put_thinking(&w);
	if (request->stream) {
		bs_json_put_key(&w, "stream");
		bs_json_put_bool(&w, true);
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
	{"refusal", BS_STOP_REFUSED},
	{"model_context_window_exceeded", BS_STOP_CONTEXT_EXCEEDED},
	{NULL, BS_STOP_NONE},
};

// input_tokens leaves out what was read from or written to a cache.
static void take_usage(struct bs_reply *reply, const struct bs_json *usage)
{
	uint64_t input = 0, written = 0, cached = 0;
	bs_wire_tokens(bs_json_get(usage, "output_tokens"), &reply->usage.output_tokens);
	if (!bs_json_u64(bs_json_get(usage, "input_tokens"), &input))
		return;
	bs_wire_tokens(bs_json_get(usage, "cache_creation_input_tokens"), &written);
	bs_wire_tokens(bs_json_get(usage, "cache_read_input_tokens"), &cached);
	reply->usage.input_tokens = input + written + cached;
	reply->usage.cached_tokens = cached;
	reply->usage.written_tokens = written;
}

// A block of content, or the delta of one: the members do not overlap.
static void take_block(struct bs_reply *reply, const struct bs_json *block)
{
	reply->thinking_bytes += bs_json_text(bs_json_get(block, "thinking")).len;
	bs_wire_add_text(reply, bs_json_text(bs_json_get(block, "text")));
	bs_wire_add_arguments(reply, bs_json_text(bs_json_get(block, "partial_json")));
	bs_wire_add_object(reply, bs_json_get(block, "input"));
}

// Where a stop reason stands: a whole message, or the delta at its end.
static void take_stop(struct bs_reply *reply, const struct bs_json *holder)
{
	struct bs_str why = bs_json_text(
		bs_json_get(bs_json_get(holder, "stop_details"), "explanation"));
	struct bs_str reason = bs_json_text(bs_json_get(holder, "stop_reason"));
	if (bs_str_eq_c(reason, "refusal"))
		bs_wire_add_refusal(reply, why);
	bs_wire_stop(reply, stops, reason);
}

// The head of a message: whole in a plain reply, almost empty at the start of a stream.
static enum bs_status take_message(
	struct bs_reply *reply, const struct bs_json *message, struct bs_err *err)
{
	enum bs_status status = bs_wire_model(
		reply, bs_json_text(bs_json_get(message, "model")), err);
	if (status != BS_OK)
		return status;
	take_usage(reply, bs_json_get(message, "usage"));
	const struct bs_json *content = bs_json_get(message, "content");
	for (const struct bs_json *b = bs_json_first(content); b; b = bs_json_next(b))
		take_block(reply, b);
	take_stop(reply, message);
	return BS_OK;
}

static enum bs_status take_whole(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	enum bs_status status = bs_api_error_take(root, reply->arena, &reply->error, err);
	if (status == BS_OK)
		status = take_message(reply, root, err);
	return status == BS_OK ? bs_wire_status(reply, err) : status;
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take_whole, err);
}

static enum bs_status on_start(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	return take_message(reply, bs_json_get(root, "message"), err);
}

static enum bs_status on_block(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	take_block(reply, bs_json_get(root, "content_block"));
	return bs_wire_status(reply, err);
}

static enum bs_status on_delta(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	take_block(reply, bs_json_get(root, "delta"));
	return bs_wire_status(reply, err);
}

static enum bs_status on_end(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	take_usage(reply, bs_json_get(root, "usage"));
	take_stop(reply, bs_json_get(root, "delta"));
	return bs_wire_status(reply, err);
}

static enum bs_status on_stop(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	(void)root, (void)err;
	reply->saw_sentinel = true;
	return BS_OK;
}

static enum bs_status on_error(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	return bs_api_error_take(root, reply->arena, &reply->error, err);
}

// Events of no row (ping, content_block_stop, new ones) are skipped, as the API asks.
static const struct {
	const char *type;
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *);
} events[] = {
	{"message_start", on_start},
	{"content_block_start", on_block},
	{"content_block_delta", on_delta},
	{"message_delta", on_end},
	{"message_stop", on_stop},
	{"error", on_error},
};

static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	struct bs_json *root = NULL;
	enum bs_status status = bs_json_parse(data, &root, err);
	if (status == BS_NOMEM)
		return status;
	if (status != BS_OK || bs_json_type(root) != BS_JSON_OBJECT) {
		reply->skipped_events++;
		bs_json_free(root);
		return BS_OK;
	}
	struct bs_str type = bs_json_text(bs_json_get(root, "type"));
	if (!type.ptr)
		type = event;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (bs_str_eq_c(type, events[i].type))
			status = events[i].take(reply, root, err);
	if (type.len == 0) // a gateway's error, without a type of the format's
		status = on_error(reply, root, err);
	bs_json_free(root);
	return status;
}

const struct bs_wire bs_wire_anthropic = {
	.name = "anthropic",
	.path = "/v1/messages",
	.key_header = "x-api-key",
	.key_prefix = "",
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_PROMPT,
	.headers = {{"anthropic-version", "2023-06-01"}},
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
};
