// SPDX-License-Identifier: MIT
// Requests about meta-data; one try each, for whoever waits for them has something better to do.
#include "plugin/meta.h"

#define META_REPLY_BYTES_MAX (2 * 1024 * 1024) // the keys of a busy build

static void put_item(struct bs_json_writer *w, const struct bs_meta_item *item)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "key");
	bs_json_put_c(w, item->key);
	bs_json_put_key(w, "value");
	bs_json_put_str(w, item->value);
	bs_json_close(w, '}');
}

const char *bs_meta_set_body(const struct bs_meta_item *items, size_t count, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	if (count == 1) {
		put_item(&w, &items[0]);
		return "/data/set";
	}
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "items");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < count; i++)
		put_item(&w, &items[i]);
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	return "/data/set-batch";
}

enum bs_status bs_meta_set(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_meta_item *items, size_t count, struct bs_err *err)
{
	struct bs_buf body;
	int http_status;
	bs_buf_init(&body, BS_REQUEST_BYTES_MAX);
	const char *path = bs_meta_set_body(items, count, &body);
	enum bs_status status = bs_buf_status(&body, "meta-data", err);
	if (status == BS_OK)
		status = bs_agent_call(
			caller, job, "POST", path, bs_buf_str(&body), NULL, &http_status, err);
	bs_buf_release(&body);
	return status;
}

enum bs_status bs_meta_get(const struct bs_caller *caller, const struct bs_job *job,
	const char *key, struct bs_buf *ret_value, struct bs_err *err)
{
	struct bs_buf body, reply;
	struct bs_json_writer w;
	struct bs_json *json = NULL;
	struct bs_err trouble;
	int http_status = 0;
	bs_buf_init(&body, BS_LINE_BYTES_MAX);
	bs_buf_init(&reply, META_REPLY_BYTES_MAX);
	bs_json_writer_init(&w, &body);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "key");
	bs_json_put_c(&w, key);
	bs_json_close(&w, '}');
	enum bs_status status = bs_buf_status(&body, "meta-data", &trouble);
	if (status == BS_OK)
		status = bs_agent_call(caller, job, "POST", "/data/get", bs_buf_str(&body), &reply,
			&http_status, &trouble);
	if (status == BS_OK)
		status = bs_json_parse(bs_buf_str(&reply), &json, &trouble);
	struct bs_str value = bs_json_text(bs_json_get(json, "value"));
	if (status == BS_OK && !value.ptr)
		status = bs_fail(&trouble, BS_FORMAT, "meta-data: the answer holds no value");
	if (status == BS_OK) {
		bs_buf_add(ret_value, value);
		status = bs_buf_status(ret_value, "meta-data", &trouble);
	}
	bs_json_free(json);
	bs_buf_release(&reply);
	bs_buf_release(&body);
	if (status == BS_OK)
		return BS_OK;
	return bs_fail(err, http_status == 404 ? BS_EMPTY : status, "%s", trouble.msg);
}

enum bs_status bs_meta_keys(const struct bs_caller *caller, const struct bs_job *job,
	struct bs_json **ret_keys, struct bs_err *err)
{
	struct bs_buf reply;
	struct bs_json *json = NULL;
	struct bs_err trouble;
	int http_status = 0;
	bs_buf_init(&reply, META_REPLY_BYTES_MAX);
	enum bs_status status = bs_agent_call(
		caller, job, "POST", "/data/keys", bs_str(NULL, 0), &reply, &http_status, &trouble);
	if (status == BS_OK)
		status = bs_json_parse(bs_buf_str(&reply), &json, &trouble);
	if (status == BS_OK && bs_json_type(json) != BS_JSON_ARRAY)
		status = bs_fail(&trouble, BS_FORMAT, "meta-data: the answer is no list of keys");
	bs_buf_release(&reply);
	if (status == BS_OK) {
		*ret_keys = json;
		return BS_OK;
	}
	bs_json_free(json);
	bool is_off = http_status == 403 || http_status == 404;
	return bs_fail(err, is_off ? BS_EMPTY : status, "%s", trouble.msg);
}
