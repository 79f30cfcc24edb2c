// SPDX-License-Identifier: MIT
// The error object of a provider or a gateway, of whatever shape, wherever it stands in the body.
//
// Shapes in use: {"error":{…}} (OpenAI, Anthropic, Gemini, OpenRouter), {"error":"text"} (Ollama),
// [{"error":{…}}] (Gemini), {"object":"error","message":…} (Mistral, older vLLM),
// {"status":"failure","message":…} (Portkey), {"detail":…} (FastAPI), {"message":…} (AWS).
#include <stddef.h>

#include "core/llm/hint.h"
#include "core/llm/wire.h"

#define RAW_BYTES_MAX ((size_t)4096) // of what a gateway hands on; the rest says nothing new

// A copy in the arena; "None" is what LiteLLM writes for nothing.
static enum bs_status keep(
	struct bs_str text, struct bs_arena *arena, struct bs_str *ret_copy, struct bs_err *err)
{
	if (ret_copy->ptr || text.len == 0 || bs_str_eq_c(text, "None"))
		return BS_OK;
	*ret_copy = bs_arena_str(arena, text);
	return ret_copy->ptr ? BS_OK : bs_fail_nomem(err);
}

// An HTTP status in a number or a numeric string; 0 when it is none.
static int http_status(const struct bs_json *json)
{
	uint64_t status = 0;
	if (!bs_json_u64(json, &status))
		(void)bs_str_to_u64(bs_json_text(json), &status);
	return status >= 400 && status <= 599 ? (int)status : 0;
}

// Where the texts stand: the first row that is there wins. `inner` is the error object itself,
// `outer` what it stood in.
static const struct {
	bool outer;
	const char *holder; // an object on the way; NULL: none
	const char *key;
	size_t offset;
} rows[] = {
	{false, NULL, "message", offsetof(struct bs_api_error, message)},
	{false, NULL, "type", offsetof(struct bs_api_error, type)},
	{false, NULL, "status", offsetof(struct bs_api_error, type)}, // Gemini
	{false, NULL, "code", offsetof(struct bs_api_error, code)},
	{false, NULL, "param", offsetof(struct bs_api_error, param)},
	{false, "details", "error_code", offsetof(struct bs_api_error, detail)},  // Anthropic
	{false, "metadata", "error_type", offsetof(struct bs_api_error, detail)}, // OpenRouter
	{false, "innererror", "code", offsetof(struct bs_api_error, detail)},     // Azure
	{false, NULL, "request_id", offsetof(struct bs_api_error, request_id)},
	{true, NULL, "request_id", offsetof(struct bs_api_error, request_id)},
	{true, NULL, "message", offsetof(struct bs_api_error, message)},
	{true, NULL, "Message", offsetof(struct bs_api_error, message)}, // AWS
	{true, NULL, "__type", offsetof(struct bs_api_error, type)},
	{true, NULL, "detail", offsetof(struct bs_api_error, message)},
	{true, NULL, "type", offsetof(struct bs_api_error, detail)}, // Bifrost
};

static enum bs_status take_rows(const struct bs_json *inner, const struct bs_json *outer,
	struct bs_arena *arena, struct bs_api_error *error, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && status == BS_OK; i++) {
		const struct bs_json *from = rows[i].outer ? outer : inner;
		if (rows[i].holder)
			from = bs_json_get(from, rows[i].holder);
		struct bs_str *slot = (struct bs_str *)(void *)((char *)error + rows[i].offset);
		status = keep(bs_json_text(bs_json_get(from, rows[i].key)), arena, slot, err);
	}
	return status;
}

// Gemini's list of details: a reason, and how long to wait ("36600.5s").
static enum bs_status take_details(const struct bs_json *details, struct bs_arena *arena,
	struct bs_api_error *error, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (!details || bs_json_type(details) != BS_JSON_ARRAY)
		return BS_OK;
	for (const struct bs_json *d = bs_json_first(details); d && status == BS_OK;
		d = bs_json_next(d)) {
		struct bs_str delay = bs_json_text(bs_json_get(d, "retryDelay"));
		if (delay.ptr)
			error->retry_ms = bs_hint_go_ms(delay);
		status = keep(bs_json_text(bs_json_get(d, "reason")), arena, &error->detail, err);
	}
	return status;
}

static int first_status(const struct bs_json *inner, const struct bs_json *outer)
{
	static const char *const keys[] = {"code", "status", "status_code", "statusCode"};
	int status = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !status; i++) {
		status = http_status(bs_json_get(inner, keys[i]));
		if (!status)
			status = http_status(bs_json_get(outer, keys[i]));
	}
	return status;
}

// FastAPI: {"detail":[{"loc":["body","max_completion_tokens"],"msg":"Extra inputs …"}]}. All fields
// that it names, with commas between.
static enum bs_status take_validation(const struct bs_json *detail, struct bs_arena *arena,
	struct bs_api_error *error, struct bs_err *err)
{
	struct bs_buf fields;
	struct bs_str message = bs_json_text(bs_json_get(bs_json_at(detail, 0), "msg"));
	enum bs_status status = keep(message, arena, &error->message, err);
	bs_buf_init(&fields, BS_LINE_BYTES_MAX);
	for (const struct bs_json *d = bs_json_first(detail); d; d = bs_json_next(d)) {
		const struct bs_json *where = bs_json_get(d, "loc");
		struct bs_str last = bs_json_text(bs_json_at(where, bs_json_count(where) - 1));
		if (last.len)
			bs_buf_addf(&fields, "%s%.*s", fields.len ? "," : "", BS_FMT(last));
	}
	if (status == BS_OK && fields.failed == BS_NOMEM)
		status = bs_fail_nomem(err);
	if (status == BS_OK)
		status = keep(bs_buf_str(&fields), arena, &error->param, err);
	bs_buf_release(&fields);
	return status;
}

// What OpenRouter hands on of its host: text, mostly JSON of the host's own, or an object.
static enum bs_status take_raw(const struct bs_json *raw, struct bs_arena *arena,
	struct bs_api_error *error, struct bs_err *err)
{
	struct bs_api_error host = {0};
	struct bs_str text = bs_str_clip_utf8(bs_json_text(raw), RAW_BYTES_MAX);
	enum bs_status status = text.ptr ? bs_api_error_read(text, arena, &host, err)
					 : bs_api_error_take(raw, arena, &host, err);
	if (status == BS_OK)
		status = keep(text.len ? text : host.message, arena, &error->raw, err);
	error->host_message = host.message.len ? host.message : error->raw;
	return status;
}

// Is this a body that carries an error without an `error` member? Answers have neither.
static bool is_flat(const struct bs_json *root)
{
	if (bs_json_get(root, "choices") || bs_json_get(root, "content"))
		return false;
	return bs_str_eq_c(bs_json_text(bs_json_get(root, "object")), "error") ||
	       bs_str_eq_c(bs_json_text(bs_json_get(root, "type")), "error") ||
	       bs_json_text(bs_json_get(root, "message")).ptr ||
	       bs_json_text(bs_json_get(root, "Message")).ptr || bs_json_get(root, "detail");
}

enum bs_status bs_api_error_take(const struct bs_json *root, struct bs_arena *arena,
	struct bs_api_error *error, struct bs_err *err)
{
	struct bs_api_error found = {.present = true, .retry_ms = -1};
	if (root && bs_json_type(root) == BS_JSON_ARRAY)
		root = bs_json_at(root, 0);
	const struct bs_json *inner = bs_json_get(root, "error");
	bool said = !bs_json_is_null(inner);
	if (!said && !is_flat(root))
		return BS_OK;
	// A gateway's error around its host's, or the flat form.
	const struct bs_json *deeper = bs_json_get(inner, "error");
	if (deeper && !bs_json_get(inner, "message"))
		inner = deeper;
	if (!said)
		inner = root;
	enum bs_status status = keep(bs_json_text(inner), arena, &found.message, err);
	if (status == BS_OK)
		status = take_rows(inner, root, arena, &found, err);
	const struct bs_json *metadata = bs_json_get(inner, "metadata");
	if (status == BS_OK)
		status = take_raw(bs_json_get(metadata, "raw"), arena, &found, err);
	if (status == BS_OK)
		status = take_details(bs_json_get(inner, "details"), arena, &found, err);
	const struct bs_json *detail = bs_json_get(root, "detail");
	if (!detail) // Mistral
		detail = bs_json_get(bs_json_get(root, "message"), "detail");
	if (status == BS_OK)
		status = take_validation(detail, arena, &found, err);
	if (status != BS_OK)
		return status;
	found.status = first_status(inner, root);
	*error = found;
	return BS_OK;
}

enum bs_status bs_api_error_read(struct bs_str body, struct bs_arena *arena,
	struct bs_api_error *ret_error, struct bs_err *err)
{
	struct bs_json *root = NULL;
	struct bs_api_error error = {.retry_ms = -1};
	enum bs_status status = bs_json_parse(body, &root, err);
	if (status == BS_OK)
		status = bs_api_error_take(root, arena, &error, err);
	bs_json_free(root);
	if (status == BS_NOMEM)
		return status;
	*ret_error = error;
	return BS_OK;
}
