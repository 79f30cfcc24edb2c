// SPDX-License-Identifier: MIT
// The agent API: addresses, credentials, and the two requests about annotations.
#include "plugin/agent.h"

#include "core/base/clock.h"
#include "core/ext/json.h"

#define POST_MS_MAX 10000 // of an annotation, repeats included: a job is not held up for longer
#define POST_TRIES_MAX 5  // as the agent

static void add_url(const struct bs_job *job, const char *path, struct bs_buf *out)
{
	struct bs_str endpoint = bs_str_c(job->endpoint);
	while (bs_str_ends(endpoint, BS_LIT("/")))
		endpoint.len--;
	bs_buf_add(out, endpoint);
	bs_buf_add_c(out, "/jobs/");
	bs_call_segment(job->id, out);
	bs_buf_add_c(out, path);
}

enum bs_status bs_agent_request_init(struct bs_agent_request *request, const struct bs_job *job,
	const char *method, const char *path, struct bs_str body, struct bs_err *err)
{
	size_t count = job->headers_count;
	*request = (struct bs_agent_request){.http = {.method = method}};
	struct bs_http_header *headers = request->headers;
	bs_buf_init(&request->url, BS_LINE_BYTES_MAX);
	bs_buf_init(&request->authorization, BS_HEADER_VALUE_BYTES_MAX);
	add_url(job, path, &request->url);
	bs_buf_addf(&request->authorization, "Token %s", job->token);
	memcpy(headers, job->headers, count * sizeof(headers[0]));
	headers[count++] = (struct bs_http_header){
		"Authorization", bs_buf_str(&request->authorization)};
	if (body.len)
		headers[count++] = (struct bs_http_header){
			"Content-Type", BS_LIT("application/json")};
	else if (strcmp(method, "POST") == 0) // libcurl leaves it out, and some proxies mind
		headers[count++] = (struct bs_http_header){"Content-Length", BS_LIT("0")};
	request->http.url = request->url.ptr;
	request->http.headers = headers;
	request->http.headers_count = count;
	request->http.allow_plain = true; // the agent's own address, see bs_job_read
	// an empty slice may still point somewhere, and a body of no bytes would be declared a form
	request->http.body = body.len ? body : bs_str(NULL, 0);
	enum bs_status status = bs_buf_status(
		&request->authorization, "BUILDKITE_AGENT_ACCESS_TOKEN", err);
	if (status == BS_OK)
		status = bs_buf_status(&request->url, "agent API: address", err);
	return status;
}

void bs_agent_request_release(struct bs_agent_request *request)
{
	bs_buf_wipe(&request->authorization);
	bs_buf_release(&request->url);
}

enum bs_status bs_agent_call(const struct bs_caller *caller, const struct bs_job *job,
	const char *method, const char *path, struct bs_str body, struct bs_buf *ret_body,
	int *ret_status, struct bs_err *err)
{
	struct bs_agent_request request;
	enum bs_status status = bs_agent_request_init(&request, job, method, path, body, err);
	if (status == BS_OK)
		status = bs_call(caller, request.http, ret_body, ret_status, err);
	bs_agent_request_release(&request);
	return status;
}

static void write_annotation(const struct bs_annotation *annotation, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "body");
	bs_json_put_str(&w, annotation->body);
	bs_json_put_key(&w, "context");
	bs_json_put_c(&w, annotation->context);
	bs_json_put_key(&w, "style");
	bs_json_put_c(&w, annotation->style);
	bs_json_put_key(&w, "priority");
	bs_json_put_i64(&w, annotation->priority);
	bs_json_put_key(&w, "scope");
	bs_json_put_c(&w, annotation->scope);
	bs_json_close(&w, '}');
}

enum bs_status bs_agent_annotate(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_annotation *annotation, struct bs_err *err)
{
	struct bs_buf body;
	struct bs_caller patient = *caller;
	int64_t until_ms = bs_clock_ms() + POST_MS_MAX;
	int http_status;
	if (until_ms < patient.until_ms)
		patient.until_ms = until_ms;
	patient.tries_max = POST_TRIES_MAX;
	bs_buf_init(&body, BS_REQUEST_BYTES_MAX);
	write_annotation(annotation, &body);
	enum bs_status status = bs_buf_status(&body, "agent API: annotation", err);
	if (status == BS_OK)
		status = bs_agent_call(&patient, job, "POST", "/annotations", bs_buf_str(&body),
			NULL, &http_status, err);
	bs_buf_release(&body);
	return status;
}

enum bs_status bs_agent_remove(const struct bs_caller *caller, const struct bs_job *job,
	const char *context, const char *scope, struct bs_err *err)
{
	struct bs_buf path;
	struct bs_err trouble;
	int http_status = 0;
	bs_buf_init(&path, BS_LINE_BYTES_MAX);
	bs_buf_add_c(&path, "/annotations/");
	bs_call_segment(context, &path);
	bs_buf_addf(&path, "?scope=%s", scope);
	enum bs_status status = bs_buf_status(&path, "agent API: address", &trouble);
	if (status == BS_OK)
		status = bs_agent_call(caller, job, "DELETE", path.ptr, bs_str(NULL, 0), NULL,
			&http_status, &trouble);
	bs_buf_release(&path);
	if (status != BS_OK && http_status != 404)
		return bs_fail(err, status, "%s", trouble.msg);
	return BS_OK;
}
