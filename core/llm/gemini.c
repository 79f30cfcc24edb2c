// SPDX-License-Identifier: MIT
// The wire format of Google's generateContent.
//
// Source: the request and response types of the official SDK (@google/genai 3.1.0, November 2026).
// The model stands in the path; a prompt that was blocked comes back as a 200 without candidates.
#include "core/llm/schema.h"
#include "core/llm/wire.h"

// --- the request

// How little the families that think may think: the first row that fits. Level and budget both
// unsaid: it does not think by itself, and is not told anything, like all that is not listed.
#define UNTOLD (-1)
static const struct thinker {
	const char *begins, *holds; // parts of the name
	const char *level;
	int budget; // in tokens, where levels are not known yet
} thinkers[] = {
	{"gemini-2.5-pro", "", NULL, 128},
	{"gemini-2.5-flash", "", NULL, 0},
	{"gemini-3", "flash-lite", NULL, UNTOLD},
	{"gemini-3", "flash", "MINIMAL", UNTOLD},
	{"gemini-3", "", "LOW", UNTOLD},
	{"gemini-4", "", "LOW", UNTOLD},
	{"gemini-flash-lite", "", NULL, UNTOLD},
	{"gemini-flash-latest", "", "MINIMAL", UNTOLD},
	{"gemini-pro-latest", "", "LOW", UNTOLD},
};

static const struct thinker *find_thinker(const char *model)
{
	struct bs_str name = bs_str_c(model);
	for (size_t i = 0; i < sizeof(thinkers) / sizeof(thinkers[0]); i++) {
		const struct thinker *thinker = &thinkers[i];
		if (bs_str_starts(name, bs_str_c(thinker->begins)) &&
			bs_str_has(name, bs_str_c(thinker->holds)))
			return thinker->level || thinker->budget != UNTOLD ? thinker : NULL;
	}
	return NULL;
}

static unsigned params_of(const struct bs_request *request)
{
	unsigned params = BS_PARAM_LIMIT;
	if (find_thinker(request->model))
		params |= BS_PARAM_EFFORT;
	return bs_wire_params(request, params);
}

static void put_thinking(struct bs_json_writer *w, const struct thinker *thinker)
{
	bs_json_put_key(w, "thinkingConfig");
	bs_json_open(w, '{');
	if (thinker->level) {
		bs_wire_pair(w, "thinkingLevel", thinker->level);
	} else {
		bs_json_put_key(w, "thinkingBudget");
		bs_json_put_i64(w, thinker->budget);
	}
	bs_json_close(w, '}');
}

// {"role":…,"parts":[{"text":…}]}
static void put_content(struct bs_json_writer *w, const char *role, struct bs_str text)
{
	bs_json_open(w, '{');
	if (role)
		bs_wire_pair(w, "role", role);
	bs_json_put_key(w, "parts");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_json_put_key(w, "text");
	bs_json_put_str(w, text);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_close(w, '}');
}

static void put_generation(struct bs_json_writer *w, const struct bs_request *request)
{
	bool json = request->mode == BS_SCHEMA_STRICT || request->mode == BS_SCHEMA_JSON_OBJECT;
	unsigned params = params_of(request);
	bs_json_put_key(w, "generationConfig");
	bs_json_open(w, '{');
	if (params & BS_PARAM_LIMIT) {
		bs_json_put_key(w, "maxOutputTokens");
		bs_json_put_i64(w, request->output_tokens);
	}
	if (params & BS_PARAM_EFFORT)
		put_thinking(w, find_thinker(request->model));
	if (json)
		bs_wire_pair(w, "responseMimeType", "application/json");
	if (request->mode == BS_SCHEMA_STRICT) {
		bs_json_put_key(w, "responseJsonSchema");
		bs_schema_put(w, BS_SCHEMA_ORDERED);
	}
	bs_json_close(w, '}');
}

static void put_tool(struct bs_json_writer *w)
{
	bs_json_put_key(w, "tools");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_json_put_key(w, "functionDeclarations");
	bs_json_open(w, '[');
	bs_json_open(w, '{');
	bs_wire_pair(w, "name", BS_WIRE_SCHEMA_NAME);
	bs_wire_pair(w, "description", BS_WIRE_TOOL_ABOUT);
	bs_json_put_key(w, "parametersJsonSchema");
	bs_schema_put(w, BS_SCHEMA_ORDERED);
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_close(w, '}');
	bs_json_close(w, ']');
	bs_json_put_key(w, "toolConfig");
	bs_json_open(w, '{');
	bs_json_put_key(w, "functionCallingConfig");
	bs_json_open(w, '{');
	bs_wire_pair(w, "mode", "ANY");
	bs_json_put_key(w, "allowedFunctionNames");
	bs_json_open(w, '[');
	bs_json_put_c(w, BS_WIRE_SCHEMA_NAME);
	bs_json_close(w, ']');
	bs_json_close(w, '}');
	bs_json_close(w, '}');
}

static enum bs_status build(
	const struct bs_request *request, struct bs_buf *out, struct bs_err *err)
{
	struct bs_json_writer w;
	const struct bs_prompt *prompt = request->prompt;
	bs_json_writer_init(&w, out);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "systemInstruction");
	put_content(&w, NULL, prompt->system);
	bs_json_put_key(&w, "contents");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < prompt->messages_count; i++)
		put_content(&w, prompt->messages[i].from_model ? "model" : "user",
			prompt->messages[i].text);
	bs_json_close(&w, ']');
	put_generation(&w, request);
	if (request->mode == BS_SCHEMA_TOOL)
		put_tool(&w);
	bs_wire_put_own(&w, request);
	bs_json_close(&w, '}');
	return bs_buf_status(out, "request", err);
}

// --- the reply

static const struct bs_wire_stop stops[] = {
	{"STOP", BS_STOP_COMPLETE},
	{"MAX_TOKENS", BS_STOP_TRUNCATED},
	{"CONTINUATION", BS_STOP_TRUNCATED},
	{"SAFETY", BS_STOP_FILTERED},
	{"RECITATION", BS_STOP_FILTERED},
	{"LANGUAGE", BS_STOP_FILTERED},
	{"BLOCKLIST", BS_STOP_FILTERED},
	{"PROHIBITED_CONTENT", BS_STOP_FILTERED},
	{"SPII", BS_STOP_FILTERED},
	{"MODEL_ARMOR", BS_STOP_FILTERED},
	{"IMAGE_SAFETY", BS_STOP_FILTERED},
	{"IMAGE_PROHIBITED_CONTENT", BS_STOP_FILTERED},
	{"IMAGE_RECITATION", BS_STOP_FILTERED},
	{"MALFORMED_RESPONSE", BS_STOP_PROVIDER_ERROR},
	{"MALFORMED_FUNCTION_CALL", BS_STOP_PROVIDER_ERROR},
	{"UNEXPECTED_TOOL_CALL", BS_STOP_PROVIDER_ERROR},
	{"TOO_MANY_TOOL_CALLS", BS_STOP_PROVIDER_ERROR},
	{NULL, BS_STOP_NONE},
};

// Thoughts count as output; the cached part is a part of the prompt.
static void take_usage(struct bs_reply *reply, const struct bs_json *usage)
{
	uint64_t answer = 0, thoughts = 0;
	bs_wire_tokens(bs_json_get(usage, "promptTokenCount"), &reply->usage.input_tokens);
	bs_wire_tokens(bs_json_get(usage, "cachedContentTokenCount"), &reply->usage.cached_tokens);
	bs_wire_tokens(bs_json_get(usage, "candidatesTokenCount"), &answer);
	bs_wire_tokens(bs_json_get(usage, "thoughtsTokenCount"), &thoughts);
	if (answer + thoughts > 0)
		reply->usage.output_tokens = answer + thoughts;
}

static void take_part(struct bs_reply *reply, const struct bs_json *part)
{
	struct bs_str text = bs_json_text(bs_json_get(part, "text"));
	bool thought = false;
	if (bs_json_bool(bs_json_get(part, "thought"), &thought) && thought)
		reply->thinking_bytes += text.len;
	else
		bs_wire_add_text(reply, text);
	bs_wire_add_object(reply, bs_json_get(bs_json_get(part, "functionCall"), "args"));
}

static enum bs_status take_id(
	struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	struct bs_str id = bs_json_text(bs_json_get(root, "responseId"));
	if (reply->id.ptr || id.len == 0)
		return BS_OK;
	reply->id = bs_arena_str(reply->arena, id);
	return reply->id.ptr ? BS_OK : bs_fail_nomem(err);
}

// The prompt was blocked: whatever the reason is called, there will be no answer.
static void take_block(struct bs_reply *reply, const struct bs_json *feedback)
{
	if (bs_json_text(bs_json_get(feedback, "blockReason")).len == 0)
		return;
	reply->saw_finish = true;
	reply->stop = BS_STOP_FILTERED;
}

// A whole reply or a chunk of one: the form is the same.
static enum bs_status take(struct bs_reply *reply, const struct bs_json *root, struct bs_err *err)
{
	const struct bs_json *candidate = bs_json_at(bs_json_get(root, "candidates"), 0);
	const struct bs_json *parts = bs_json_get(bs_json_get(candidate, "content"), "parts");
	enum bs_status status = bs_api_error_take(root, reply->arena, &reply->error, err);
	if (status == BS_OK)
		status = bs_wire_model(reply, bs_json_text(bs_json_get(root, "modelVersion")), err);
	if (status == BS_OK)
		status = take_id(reply, root, err);
	if (status != BS_OK)
		return status;
	take_usage(reply, bs_json_get(root, "usageMetadata"));
	for (const struct bs_json *p = bs_json_first(parts); p; p = bs_json_next(p))
		take_part(reply, p);
	bs_wire_stop(reply, stops, bs_json_text(bs_json_get(candidate, "finishReason")));
	take_block(reply, bs_json_get(root, "promptFeedback"));
	return bs_wire_status(reply, err);
}

static enum bs_status read_whole(struct bs_reply *reply, struct bs_str body, struct bs_err *err)
{
	return bs_wire_whole(reply, body, take, err);
}

// There is no sentinel: the connection's end is the stream's.
static enum bs_status read_event(
	struct bs_reply *reply, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	(void)event;
	return bs_wire_event(reply, data, take, err);
}

const struct bs_wire bs_wire_gemini = {
	.name = "gemini",
	.path = "/v1beta/models/{model}:generateContent",
	.stream_path = "/v1beta/models/{model}:streamGenerateContent?alt=sse",
	.key_header = "x-goog-api-key",
	.key_prefix = "",
	.modes = 1u << BS_SCHEMA_STRICT | 1u << BS_SCHEMA_TOOL | 1u << BS_SCHEMA_JSON_OBJECT |
		 1u << BS_SCHEMA_PROMPT,
	.params = params_of,
	.build = build,
	.read = read_whole,
	.read_event = read_event,
};
