// SPDX-License-Identifier: MIT
// The wire format of Ollama's own chat, which unlike its imitation of OpenAI's lets the window be
// set.
//
// Source: the types of the official client (ollama 0.6.4, November 2026). A prompt that is longer
// than num_ctx, or than the model's own window, loses a part without a word: was_cut.
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

#define CONTEXT_STEP 4096 // a window of another size is a model loaded anew
#define CONTEXT_MAX 131072

// The window that the request needs. Logs are dense: down to two bytes a token.
static uint64_t context_tokens(const struct bs_request *request)
{
	const struct bs_prompt *prompt = request->prompt;
	uint64_t bytes = prompt->system.len;
	for (size_t i = 0; i < prompt->messages_count; i++)
		bytes += prompt->messages[i].text.len;
	uint64_t tokens = bytes / 2 + request->output_tokens;
	tokens = (tokens + CONTEXT_STEP - 1) / CONTEXT_STEP * CONTEXT_STEP;
	return tokens < CONTEXT_MAX ? tokens : CONTEXT_MAX;
}

// Models that think unless told. Others refuse the parameter.
static const struct thinker {
	const char *model, *level; // level NULL: not at all
} thinkers[] = {
	{"qwen3", NULL}, {"deepseek-r1", NULL}, {"deepseek-v3.1", NULL}, {"gpt-oss", "low"}};

static const struct thinker *find_thinker(const char *model)
{
	for (size_t i = 0; i < sizeof(thinkers) / sizeof(thinkers[0]); i++)
		if (bs_str_starts(bs_str_c(model), bs_str_c(thinkers[i].model)))
			return &thinkers[i];
	return NULL;
}

static unsigned params_of(const struct bs_request *request)
{
	unsigned params = find_thinker(request->model) ? BS_PARAM_EFFORT : 0;
	return bs_wire_params(request, params);
}

static void put_thinking(struct bs_json_writer *w, const struct thinker *thinker)
{
	bs_json_put_key(w, "think");
	if (thinker->level)
		bs_json_put_c(w, thinker->level);
	else
		bs_json_put_bool(w, false);
}

static void put_message(struct bs_json_writer *w, const char *role, struct bs_str text)
{
	bs_json_open(w, '{');
	bs_wire_pair(w, "role", role);
	bs_json_put_key(w, "content");
	bs_json_put_str(w, text);
	bs_json_close(w, '}');
}

static void put_options(struct bs_json_writer *w, const struct bs_request *request)
{
	bs_json_put_key(w, "options");
	bs_json_open(w, '{');
	bs_json_put_key(w, "num_ctx");
	bs_json_put_i64(w, (int64_t)context_tokens(request));
	bs_json_put_key(w, "num_predict");
	bs_json_put_i64(w, request->output_tokens);
	bs_json_put_key(w, "temperature"); // small models quote better without chance
	bs_json_put_i64(w, 0);
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
	put_message(&w, "system", prompt->system);
	for (size_t i = 0; i < prompt->messages_count; i++)
		put_message(&w, prompt->messages[i].from_model ? "assistant" : "user",
			prompt->messages[i].text);
	bs_json_close(&w, ']');
	bs_json_put_key(&w, "stream"); // it streams unless told
	bs_json_put_bool(&w, request->stream);
	if (request->mode == BS_SCHEMA_STRICT) {
		bs_json_put_key(&w, "format");
		bs_schema_put(&w, BS_SCHEMA_COMMON);
	} else if (request->mode == BS_SCHEMA_JSON_OBJECT) {
		bs_wire_pair(&w, "format", "json");
	}
	if (params_of(request) & BS_PARAM_EFFORT)
		put_thinking(&w, find_thinker(request->model));
	put_options(&w, request);
	bs_wire_put_own(&w, request);
	bs_json_close(&w, '}');
	return bs_buf_status(out, "request", err);
}

// --- the reply

static const struct bs_wire_stop stops[] = {
	{"stop", BS_STOP_COMPLETE},
	{"length", BS_STOP_TRUNCATED},
	{NULL, BS_STOP_NONE},
};

// A whole reply, or a line of a stream.
static enum bs_status take(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *message = bs_json_get(root, "message");
	bool done = false;
	enum bs_status status = bs_api_error_take(root, reply->arena, &reply->error, err);
	if (status == BS_OK)
		status = bs_wire_model(reply, bs_json_text(bs_json_get(root, "model")), err);
	if (status != BS_OK)
		return status;
	reply->thinking_bytes += bs_json_text(bs_json_get(message, "thinking")).len;
	bs_wire_add_text(reply, bs_json_text(bs_json_get(message, "content")));
	bs_wire_tokens(bs_json_get(root, "prompt_eval_count"), &reply->usage.input_tokens);
	bs_wire_tokens(bs_json_get(root, "eval_count"), &reply->usage.output_tokens);
	bs_wire_stop(reply, stops, bs_json_text(bs_json_get(root, "done_reason")));
	if (bs_json_bool(bs_json_get(root, "done"), &done) && done)
		reply->saw_sentinel = true;
	return bs_wire_status(reply, err);
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take, err);
}

static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)event;
	return bs_wire_event(reply, data, take, err);
}

// What was cut fills the window to its last token, and windows are multiples of 1024. No log
// has ten bytes a token. A count of zero says nothing: all of it may have come from a cache.
static bool was_cut(size_t request_bytes, const struct bs_usage *usage)
{
	uint64_t tokens = usage->input_tokens;
	if (tokens == 0)
		return false;
	return tokens % 1024 == 0 || tokens % 1024 == 1023 || tokens * 10 < request_bytes;
}

const struct bs_wire bs_wire_ollama = {
	.name = "ollama",
	.path = "/api/chat",
	.key_header = "Authorization",
	.key_prefix = "Bearer ",
	.framing = BS_FRAMING_LINES,
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_JSON_OBJECT | 1u << BS_SCHEMA_PROMPT,
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
	.was_cut = was_cut,
};
