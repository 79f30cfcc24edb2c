// SPDX-License-Identifier: MIT
// struct bs_reply, and the small readers the wire formats fill it with.
#include "core/llm/wire.h"

void bs_reply_init(struct bs_reply *reply, struct bs_arena *arena)
{
	*reply = (struct bs_reply){.arena = arena, .error.retry_ms = -1};
	bs_buf_init(&reply->text, BS_ANSWER_BYTES_MAX);
	bs_buf_init(&reply->refusal, BS_ANSWER_BYTES_MAX);
}

void bs_reply_release(struct bs_reply *reply)
{
	if (!reply)
		return;
	bs_buf_release(&reply->text);
	bs_buf_release(&reply->refusal);
	*reply = (struct bs_reply){0};
}

struct bs_str bs_header_get(const struct bs_header *headers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (bs_str_ieq(headers[i].name, bs_str_c(name)))
			return bs_str_trim(headers[i].value);
	return bs_str(NULL, 0);
}

void bs_wire_stop(struct bs_reply *reply, const struct bs_wire_stop *table, struct bs_str word)
{
	if (!word.ptr || word.len == 0)
		return;
	reply->saw_finish = true;
	reply->stop = BS_STOP_UNKNOWN;
	for (; table->word; table++)
		if (bs_str_ieq(word, bs_str_c(table->word)))
			reply->stop = table->stop;
	if (reply->refusal.len)
		reply->stop = BS_STOP_REFUSED;
}

void bs_wire_add_text(struct bs_reply *reply, struct bs_str text)
{
	reply->content_bytes += text.len;
	if (!reply->from_tool)
		bs_buf_add(&reply->text, text);
}

// Before the first byte of a tool's arguments: what the model said before them is no answer.
static void begin_arguments(struct bs_reply *reply)
{
	if (!reply->from_tool)
		bs_buf_clear(&reply->text);
	reply->from_tool = true;
}

void bs_wire_add_arguments(struct bs_reply *reply, struct bs_str text)
{
	if (text.len == 0)
		return;
	begin_arguments(reply);
	reply->content_bytes += text.len;
	bs_buf_add(&reply->text, text);
}

void bs_wire_add_object(struct bs_reply *reply, const struct bs_json *object)
{
	struct bs_json_writer w;
	if (bs_json_count(object) == 0) // in a stream the block opens with {} and is filled later
		return;
	begin_arguments(reply);
	size_t before = reply->text.len;
	bs_json_writer_init(&w, &reply->text);
	bs_json_put(&w, object);
	reply->content_bytes += reply->text.len - before;
}

void bs_wire_add_refusal(struct bs_reply *reply, struct bs_str text)
{
	if (text.len == 0)
		return;
	reply->content_bytes += text.len;
	reply->stop = BS_STOP_REFUSED;
	bs_buf_add(&reply->refusal, text);
}

enum bs_status bs_wire_model(struct bs_reply *reply, struct bs_str model, struct bs_err *err)
{
	if (reply->model.ptr || model.len == 0)
		return BS_OK;
	reply->model = bs_arena_str(reply->arena, model);
	return reply->model.ptr ? BS_OK : bs_fail_nomem(err);
}

enum bs_status bs_wire_whole(struct bs_reply *reply, struct bs_str body,
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *),
	struct bs_err *err)
{
	struct bs_json *root = NULL;
	enum bs_status status = bs_json_parse(body, &root, err);
	if (status != BS_OK)
		return status;
	status = take(reply, root, err);
	reply->saw_sentinel = true; // a whole body is its own end
	bs_json_free(root);
	return status;
}

enum bs_status bs_wire_event(struct bs_reply *reply, struct bs_str data,
	enum bs_status (*take)(struct bs_reply *, const struct bs_json *, struct bs_err *),
	struct bs_err *err)
{
	struct bs_json *root = NULL;
	enum bs_status status = bs_json_parse(data, &root, err);
	if (status == BS_NOMEM)
		return status;
	if (status == BS_OK && bs_json_type(root) == BS_JSON_OBJECT) {
		status = take(reply, root, err);
	} else {
		reply->skipped_events++;
		status = BS_OK;
	}
	bs_json_free(root);
	return status;
}

void bs_wire_pair(struct bs_json_writer *w, const char *key, const char *value)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, value);
}

void bs_wire_tokens(const struct bs_json *count, uint64_t *tokens)
{
	(void)bs_json_u64(count, tokens);
}

enum bs_status bs_wire_status(const struct bs_reply *reply, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(&reply->text, "answer", err);
	return status == BS_OK ? bs_buf_status(&reply->refusal, "refusal", err) : status;
}
