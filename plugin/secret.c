// SPDX-License-Identifier: MIT
// Secrets of the cluster: one request to the agent API, one to the agent's redactor, for each.
#include "plugin/secret.h"

#include "core/config/credentials.h"
#include "core/ext/json.h"
#include "plugin/agent.h"

#define REPLY_BYTES_MAX (64 * 1024) // a secret has a few KiB at most

// The agent's Job API: HTTP on a Unix socket, where the host's name means nothing.
static enum bs_status tell_redactor(const struct bs_caller *caller, const struct bs_job *job,
	struct bs_str value, struct bs_err *err)
{
	struct bs_buf authorization, body;
	struct bs_json_writer w;
	int http_status;
	struct bs_caller local = *caller;
	local.who = "the agent's Job API";
	if (!job->api_socket || !job->api_token)
		return bs_fail(err, BS_NETWORK, "the agent's Job API is off");
	bs_buf_init(&authorization, BS_HEADER_VALUE_BYTES_MAX);
	bs_buf_init(&body, REPLY_BYTES_MAX * 6);
	bs_buf_addf(&authorization, "Bearer %s", job->api_token);
	bs_json_writer_init(&w, &body);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "redact");
	bs_json_put_str(&w, value);
	bs_json_close(&w, '}');
	const struct bs_http_header headers[] = {
		{"Authorization", bs_buf_str(&authorization)},
		{"Content-Type", BS_LIT("application/json")},
	};
	const struct bs_http_request request = {
		.method = "POST",
		.url = "http://job/api/current-job/v0/redactions",
		.socket = job->api_socket,
		.headers = headers,
		.headers_count = sizeof(headers) / sizeof(headers[0]),
		.body = bs_buf_str(&body),
	};
	enum bs_status status = bs_buf_status(&authorization, "Job API", err);
	if (status == BS_OK)
		status = bs_buf_status(&body, "Job API", err);
	if (status == BS_OK)
		status = bs_call(&local, request, NULL, &http_status, err);
	bs_buf_wipe(&authorization);
	bs_buf_wipe(&body);
	return status;
}

static enum bs_status get_secret(const struct bs_caller *caller, const struct bs_job *job,
	const char *name, struct bs_arena *arena, struct bs_str *ret_value, struct bs_err *err)
{
	struct bs_buf path, reply;
	struct bs_json *json = NULL;
	int http_status;
	bs_buf_init(&path, BS_LINE_BYTES_MAX);
	bs_buf_init(&reply, REPLY_BYTES_MAX);
	bs_buf_add_c(&path, "/secrets?key=");
	bs_call_segment(name, &path);
	enum bs_status status = bs_buf_status(&path, "agent API: address", err);
	if (status == BS_OK)
		status = bs_agent_call(
			caller, job, "GET", path.ptr, bs_str(NULL, 0), &reply, &http_status, err);
	if (status == BS_OK && bs_json_parse(bs_buf_str(&reply), &json, NULL) != BS_OK)
		status = bs_fail(err, BS_FORMAT, "agent API: the answer is no JSON");
	struct bs_str value = bs_json_text(bs_json_get(json, "value"));
	if (status == BS_OK && !value.ptr)
		status = bs_fail(err, BS_FORMAT, "agent API: the answer holds no value");
	if (status == BS_OK) {
		*ret_value = bs_arena_str(arena, value);
		if (!ret_value->ptr)
			status = bs_fail_nomem(err);
	}
	bs_json_free(json);
	bs_buf_wipe(&reply);
	bs_buf_release(&path);
	return status;
}

enum bs_status bs_secrets_fetch(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_config *config, const char *const *env, struct bs_arena *arena,
	struct bs_diag *diag, const char *const **ret_environ, struct bs_err *err)
{
	const char *texts[BS_CREDENTIALS_MAX], *name;
	size_t count = bs_credentials_named(config, BS_CREDENTIAL_SECRET, true, texts);
	for (size_t i = 0; i < count; i++) {
		struct bs_str value;
		struct bs_err trouble;
		(void)bs_credential_kind(bs_str_c(texts[i]), &name);
		enum bs_status status = get_secret(caller, job, name, arena, &value, &trouble);
		if (status == BS_OK)
			status = tell_redactor(caller, job, value, &trouble);
		if (status == BS_OK)
			status = bs_credential_add(env, texts[i], value, arena, &env, &trouble);
		if (status == BS_NOMEM || status == BS_CANCELLED)
			return bs_fail(err, status, "%s", trouble.msg);
		if (status != BS_OK)
			bs_diag_warn(diag, "%s is not used: %s", texts[i], trouble.msg);
	}
	*ret_environ = env;
	return BS_OK;
}
