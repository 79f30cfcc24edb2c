// SPDX-License-Identifier: MIT
// Requests that are repeated: when, how often, and what one of them that fails is called.
#include "plugin/call.h"

#include "core/base/clock.h"

#define CALL_TRY_MS_MAX 5000 // of one request
#define CALL_TRY_MS_MIN 50   // below that a request is not worth starting
#define BACKOFF_MS_FIRST 200
#define BACKOFF_MS_MAX 2000
#define LOOK_MS 100 // how late a signal may be noticed

// 429 and 5xx come right by themselves; no other 4xx does. Of what goes wrong below HTTP, all that
// is not somebody's decision.
static bool is_passing_trouble(const struct bs_http_reply *reply)
{
	switch (reply->verdict) {
	case BS_HTTP_OK:
		return reply->status == 429 || reply->status >= 500;
	case BS_HTTP_TLS:
	case BS_HTTP_TOO_LARGE:
	case BS_HTTP_FORBIDDEN:
	case BS_HTTP_CANCELLED:
	case BS_HTTP_NOMEM:
		return false;
	case BS_HTTP_DNS:
	case BS_HTTP_REFUSED:
	case BS_HTTP_PROXY:
	case BS_HTTP_RESET:
	case BS_HTTP_STALE:
	case BS_HTTP_NOT_HTTP:
	case BS_HTTP_CUT:
	case BS_HTTP_CONNECT_TIMEOUT:
	case BS_HTTP_HEADERS_TIMEOUT:
	case BS_HTTP_IDLE_TIMEOUT:
	case BS_HTTP_TOTAL_TIMEOUT:
		break;
	}
	return true;
}

static bool is_cancelled(const struct bs_caller *caller)
{
	return caller->cancelled && *caller->cancelled;
}

static int64_t left_ms(const struct bs_caller *caller)
{
	return bs_deadline_left_ms((struct bs_deadline){caller->until_ms}, bs_clock_ms());
}

static enum bs_status judge(const struct bs_caller *caller, const struct bs_http_reply *reply,
	struct bs_buf *ret_body, struct bs_err *err)
{
	if (reply->verdict != BS_HTTP_OK)
		return bs_fail(err, BS_NETWORK, "%s: %s", caller->who, reply->message);
	if (reply->status < 200 || reply->status > 299)
		return bs_fail(err, BS_NETWORK, "%s: HTTP %d", caller->who, reply->status);
	if (!ret_body)
		return BS_OK;
	bs_buf_add(ret_body, reply->body);
	return bs_buf_status(ret_body, caller->who, err);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum bs_status send_once(const struct bs_caller *caller,
	const struct bs_http_request *request, struct bs_buf *ret_body, int *ret_status,
	bool *ret_again, struct bs_err *err)
{
	struct bs_http_exchange *exchange = NULL;
	*ret_again = false;
	enum bs_status status = bs_http_start(caller->http, request, &exchange, err);
	if (status != BS_OK)
		return status;
	while (status == BS_OK && !bs_http_reply(exchange)->done) {
		status = bs_http_poll(caller->http, LOOK_MS, err);
		if (status == BS_OK && is_cancelled(caller))
			status = bs_fail(err, BS_CANCELLED, "%s: cancelled", caller->who);
	}
	if (status == BS_OK) {
		const struct bs_http_reply *reply = bs_http_reply(exchange);
		*ret_status = reply->status;
		*ret_again = is_passing_trouble(reply);
		if (caller->moved_to && is_redirect(reply->status)) {
			bs_buf_clear(caller->moved_to);
			bs_buf_add(caller->moved_to, bs_http_header(exchange, "Location"));
		}
		status = judge(caller, reply, ret_body, err);
	}
	bs_http_end(exchange);
	return status;
}

bool bs_call_pause(const struct bs_caller *caller, int64_t pause_ms)
{
	int64_t left = left_ms(caller);
	int64_t resume_at_ms = bs_clock_ms() + (pause_ms < left ? pause_ms : left);
	for (int64_t now_ms = bs_clock_ms(); now_ms < resume_at_ms; now_ms = bs_clock_ms()) {
		int64_t step_ms = resume_at_ms - now_ms;
		if (is_cancelled(caller))
			return false;
		if (bs_http_poll(caller->http, step_ms < LOOK_MS ? step_ms : LOOK_MS, NULL) !=
			BS_OK)
			return false;
	}
	return !is_cancelled(caller);
}

enum bs_status bs_call(const struct bs_caller *caller, struct bs_http_request request,
	struct bs_buf *ret_body, int *ret_status, struct bs_err *err)
{
	int64_t backoff_ms = BACKOFF_MS_FIRST;
	int64_t try_ms_max = caller->try_ms_max ? caller->try_ms_max : CALL_TRY_MS_MAX;
	size_t body_len = ret_body ? ret_body->len : 0;
	*ret_status = 0;
	for (unsigned tries = 1;; tries++) {
		bool again;
		int64_t left = left_ms(caller);
		if (left < CALL_TRY_MS_MIN)
			return bs_fail(err, BS_TIMEOUT, "%s: no time left", caller->who);
		request.total_ms = left < try_ms_max ? left : try_ms_max;
		enum bs_status status = send_once(
			caller, &request, ret_body, ret_status, &again, err);
		if (status == BS_OK || status == BS_CANCELLED || !again ||
			tries == caller->tries_max ||
			left_ms(caller) < backoff_ms + CALL_TRY_MS_MIN)
			return status;
		if (!bs_call_pause(caller, backoff_ms))
			return bs_fail(err, BS_CANCELLED, "%s: cancelled", caller->who);
		backoff_ms = backoff_ms * 2 < BACKOFF_MS_MAX ? backoff_ms * 2 : BACKOFF_MS_MAX;
		if (ret_body)
			bs_buf_cut(ret_body, body_len);
	}
}

void bs_call_segment(const char *text, struct bs_buf *out)
{
	for (; text && *text; text++) {
		if (bs_is_alnum(*text) || *text == '-' || *text == '_' || *text == '~')
			bs_buf_add_char(out, *text);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)*text);
	}
}
