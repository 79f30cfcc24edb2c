// SPDX-License-Identifier: MIT
// The agent API: requests to the job's own endpoint, repeated while there is time.
#include "plugin/agent.h"

#include <inttypes.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/ext/json.h"

#define TRY_MS_MAX 5000 // of one request
#define TRY_MS_MIN 50   // below that a request is not worth starting
#define BACKOFF_MS_FIRST 200
#define BACKOFF_MS_MAX 2000

// 429 and 5xx come right by themselves; no other 4xx does.
static bool is_passing_trouble(const struct bs_http_reply *reply)
{
	return reply->verdict != BS_HTTP_OK || reply->status == 429 || reply->status >= 500;
}

static enum bs_status exchange_once(struct bs_http *http, const struct bs_http_request *request,
	int *ret_status, bool *ret_again, struct bs_err *err)
{
	struct bs_http_exchange *exchange = NULL;
	*ret_again = false;
	enum bs_status status = bs_http_start(http, request, &exchange, err);
	if (status != BS_OK)
		return status;
	while (status == BS_OK && !bs_http_reply(exchange)->done)
		status = bs_http_poll(http, TRY_MS_MAX, err);
	const struct bs_http_reply *reply = bs_http_reply(exchange);
	if (status == BS_OK) {
		*ret_status = reply->status;
		*ret_again = is_passing_trouble(reply);
		if (reply->verdict != BS_HTTP_OK)
			status = bs_fail(err, BS_NETWORK, "agent API: %s", reply->message);
		else if (reply->status < 200 || reply->status > 299)
			status = bs_fail(err, BS_NETWORK, "agent API: HTTP %d", reply->status);
	}
	bs_http_end(exchange);
	return status;
}

// The same request until it succeeds, cannot succeed, or the time is over. Annotations are replaced
// by context, so one that was taken although its answer got lost does no harm.
static enum bs_status exchange(struct bs_http *http, struct bs_http_request request,
	int64_t deadline_at_ms, int *ret_status, struct bs_err *err)
{
	int64_t backoff_ms = BACKOFF_MS_FIRST;
	for (;;) {
		bool again;
		int64_t left_ms = bs_deadline_left_ms(
			(struct bs_deadline){deadline_at_ms}, bs_clock_ms());
		if (left_ms < TRY_MS_MIN)
			return bs_fail(err, BS_TIMEOUT, "agent API: no time left");
		request.total_ms = left_ms < TRY_MS_MAX ? left_ms : TRY_MS_MAX;
		enum bs_status status = exchange_once(http, &request, ret_status, &again, err);
		left_ms = bs_deadline_left_ms((struct bs_deadline){deadline_at_ms}, bs_clock_ms());
		if (status == BS_OK || !again || left_ms < backoff_ms + TRY_MS_MIN)
			return status;
		int64_t resume_at_ms = bs_clock_ms() + backoff_ms;
		while (bs_clock_ms() < resume_at_ms)
			if (bs_http_poll(http, resume_at_ms - bs_clock_ms(), err) != BS_OK)
				return err ? err->status : BS_NETWORK;
		backoff_ms = backoff_ms * 2 < BACKOFF_MS_MAX ? backoff_ms * 2 : BACKOFF_MS_MAX;
	}
}

// One segment of a path. The server takes no dots there, so the agent escapes those too.
static void add_segment(const char *text, struct bs_buf *out)
{
	for (; *text; text++) {
		if (bs_is_alnum(*text) || *text == '-' || *text == '_' || *text == '~')
			bs_buf_add_char(out, *text);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)*text);
	}
}

static void add_url(const struct bs_job *job, struct bs_buf *out)
{
	struct bs_str endpoint = bs_str_c(job->endpoint);
	while (bs_str_ends(endpoint, BS_LIT("/")))
		endpoint.len--;
	bs_buf_add(out, endpoint);
	bs_buf_add_c(out, "/jobs/");
	add_segment(job->id, out);
	bs_buf_add_c(out, "/annotations");
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

// `body` empty: none is sent.
static enum bs_status send_request(struct bs_http *http, const struct bs_job *job,
	const char *method, const struct bs_buf *url, const struct bs_buf *body,
	int64_t deadline_at_ms, int *ret_status, struct bs_err *err)
{
	struct bs_buf authorization;
	bs_buf_init(&authorization, BS_HEADER_VALUE_BYTES_MAX);
	bs_buf_addf(&authorization, "Token %s", job->token);
	struct bs_http_header headers[2 + BS_JOB_HEADERS_MAX];
	size_t count = job->headers_count;
	memcpy(headers, job->headers, count * sizeof(headers[0]));
	headers[count++] = (struct bs_http_header){"Authorization", bs_buf_str(&authorization)};
	if (body->len)
		headers[count++] = (struct bs_http_header){
			"Content-Type", BS_LIT("application/json")};
	const struct bs_http_request request = {
		.method = method,
		.url = url->ptr,
		.headers = headers,
		.headers_count = count,
		// an empty buffer still points somewhere, and a body of no bytes would be declared
		// a form
		.body = body->len ? bs_buf_str(body) : bs_str(NULL, 0),
	};
	enum bs_status status = bs_buf_status(&authorization, "BUILDKITE_AGENT_ACCESS_TOKEN", err);
	if (status == BS_OK)
		status = bs_buf_status(url, "agent API: address", err);
	if (status == BS_OK)
		status = bs_buf_status(body, "agent API: annotation", err);
	if (status == BS_OK)
		status = exchange(http, request, deadline_at_ms, ret_status, err);
	bs_buf_wipe(&authorization);
	return status;
}

enum bs_status bs_agent_annotate(struct bs_http *http, const struct bs_job *job,
	const struct bs_annotation *annotation, int64_t deadline_at_ms, struct bs_err *err)
{
	struct bs_buf url, body;
	int http_status = 0;
	bs_buf_init(&url, BS_LINE_BYTES_MAX);
	bs_buf_init(&body, BS_REQUEST_BYTES_MAX);
	add_url(job, &url);
	write_annotation(annotation, &body);
	enum bs_status status = send_request(
		http, job, "POST", &url, &body, deadline_at_ms, &http_status, err);
	bs_buf_release(&body);
	bs_buf_release(&url);
	return status;
}

enum bs_status bs_agent_remove(struct bs_http *http, const struct bs_job *job, const char *context,
	const char *scope, int64_t deadline_at_ms, struct bs_err *err)
{
	struct bs_buf url, body;
	struct bs_err trouble;
	int http_status = 0;
	bs_buf_init(&url, BS_LINE_BYTES_MAX);
	bs_buf_init(&body, BS_LINE_BYTES_MAX);
	add_url(job, &url);
	bs_buf_add_char(&url, '/');
	add_segment(context, &url);
	bs_buf_addf(&url, "?scope=%s", scope);
	enum bs_status status = send_request(
		http, job, "DELETE", &url, &body, deadline_at_ms, &http_status, &trouble);
	bs_buf_release(&body);
	bs_buf_release(&url);
	if (status != BS_OK && http_status != 404)
		return bs_fail(err, status, "%s", trouble.msg);
	return BS_OK;
}
