// SPDX-License-Identifier: MIT
// The end of the log from Buildkite's REST API: asked for until our marker stands in it.
//
// Source: Buildkite's documentation of the REST API, "Get a job's log": Accept: text/plain and a
// suffix range; 416 while the log is empty. The agent uploads about once a second, so the first
// answers may be too early. 200 requests a minute are an organisation's share.
#include <stdio.h>

#include "core/base/clock.h"
#include "plugin/call.h"
#include "plugin/source.h"

#define LOOK_BYTES (16 * 1024) // enough to see whether the marker has arrived
#define LOOK_MS_FIRST 600
#define LOOK_MS_MAX 2500
#define ROOM_BYTES (64 * 1024) // what a log may grow by while it is asked for

static enum bs_status get_tail(const struct bs_caller *caller, const char *url, struct bs_str token,
	size_t bytes, struct bs_buf *tail, int *ret_status, struct bs_err *err)
{
	char range[64];
	struct bs_buf authorization, moved_to;
	struct bs_caller asking = *caller;
	bs_buf_init(&moved_to, BS_LINE_BYTES_MAX);
	asking.moved_to = &moved_to;
	bs_buf_init(&authorization, BS_HEADER_VALUE_BYTES_MAX);
	bs_buf_addf(&authorization, "Bearer %.*s", BS_FMT(token));
	int len = snprintf(range, sizeof(range), "bytes=-%zu", bytes);
	const struct bs_http_header headers[] = {
		{"Accept", BS_LIT("text/plain")}, {"Range", bs_str(range, (size_t)len)},
		{"Authorization", bs_buf_str(&authorization)}, // the last: see below
	};
	struct bs_http_request request = {
		.method = "GET",
		.url = url,
		.headers = headers,
		.headers_count = sizeof(headers) / sizeof(headers[0]),
		.reply_bytes_max = bytes + ROOM_BYTES,
	};
	enum bs_status status = bs_buf_status(&authorization, "log.token", err);
	*ret_status = 0;
	bs_buf_clear(tail);
	if (status == BS_OK)
		status = bs_call(&asking, request, tail, ret_status, err);
	bs_buf_wipe(&authorization);
	if (status != BS_OK && moved_to.failed == BS_OK &&
		bs_str_has(bs_buf_str(&moved_to), BS_LIT("://"))) {
		// where the log lies, once, by an address that needs no credential and gets none
		request.url = moved_to.ptr;
		request.headers_count--;
		bs_buf_clear(tail);
		status = bs_call(caller, request, tail, ret_status, err);
	}
	bs_buf_release(&moved_to);
	if (status != BS_OK && *ret_status == 416) // nothing has been uploaded yet
		return BS_OK;
	return status;
}

// Until the marker is there. BS_TIMEOUT: Buildkite lags too far behind.
static enum bs_status await_marker(const struct bs_caller *caller, const char *url,
	struct bs_str token, struct bs_str marker, struct bs_buf *tail, struct bs_err *err)
{
	int64_t pause_ms = LOOK_MS_FIRST;
	for (;;) {
		int http_status;
		enum bs_status status = get_tail(
			caller, url, token, LOOK_BYTES, tail, &http_status, err);
		if (status != BS_OK)
			return status;
		if (bs_str_has(bs_buf_str(tail), marker))
			return BS_OK;
		if (!bs_call_pause(caller, pause_ms))
			return bs_fail(err, BS_CANCELLED, "%s: cancelled", caller->who);
		if (bs_clock_ms() >= caller->until_ms)
			return bs_fail(err, BS_TIMEOUT,
				"%s: the end of this job's log has not arrived there", caller->who);
		pause_ms = pause_ms * 3 / 2 < LOOK_MS_MAX ? pause_ms * 3 / 2 : LOOK_MS_MAX;
	}
}

static void add_url(const struct bs_source_wish *wish, struct bs_buf *out)
{
	struct bs_str base = bs_str_c(wish->rest_url);
	while (bs_str_ends(base, BS_LIT("/")))
		base.len--;
	bs_buf_add(out, base);
	bs_buf_addf(out, "/organizations/%s/jobs/%s/log", wish->job->organization, wish->job->id);
}

// What came, cut at the marker and, when its beginning is missing, at the first line border.
static void keep_own(struct bs_str text, struct bs_str marker, bool is_cut, struct bs_buf *out)
{
	struct bs_str before = bs_str_sub(text, 0, bs_str_find(text, marker));
	size_t looked = before.len < BS_MARKER_BEFORE_BYTES ? before.len : BS_MARKER_BEFORE_BYTES;
	struct bs_str end = bs_str_from(before, before.len - looked);
	struct bs_str own = bs_str_sub(before, 0, before.len - looked + bs_marker_cut(end));
	size_t border = bs_str_find_char(own, '\n');
	if (is_cut && border != SIZE_MAX)
		own = bs_str_from(own, border + 1);
	bs_buf_add(out, own);
}

enum bs_status bs_source_rest(const struct bs_source_wish *wish, struct bs_marker *marker,
	struct bs_source *ret_source, struct bs_err *err)
{
	struct bs_buf url, tail;
	int http_status;
	const struct bs_caller caller = {
		.http = wish->http,
		.who = "REST API",
		.until_ms = wish->rest_until_ms,
		.cancelled = wish->cancelled,
	};
	if (!wish->job->organization)
		return bs_fail(err, BS_INPUT, "BUILDKITE_ORGANIZATION_SLUG is not set");
	bs_buf_init(&url, BS_LINE_BYTES_MAX);
	bs_buf_init(&tail, BS_LOG_TAIL_BYTES_MAX + ROOM_BYTES);
	add_url(wish, &url);
	enum bs_status status = bs_buf_status(&url, "log.url", err);
	if (status == BS_OK)
		status = bs_marker_print(marker, wish->job, wish->marker_fd, err);
	if (status == BS_OK)
		status = await_marker(
			&caller, url.ptr, wish->token, bs_str_c(marker->text), &tail, err);
	if (status == BS_OK)
		status = get_tail(&caller, url.ptr, wish->token, BS_LOG_TAIL_BYTES_MAX, &tail,
			&http_status, err);
	if (status == BS_OK && !bs_str_has(bs_buf_str(&tail), bs_str_c(marker->text)))
		status = bs_fail(err, BS_NETWORK, "REST API: the log lost its end");
	if (status == BS_OK) {
		ret_source->is_cut = tail.len >= BS_LOG_TAIL_BYTES_MAX;
		keep_own(bs_buf_str(&tail), bs_str_c(marker->text), ret_source->is_cut,
			&ret_source->tail);
		status = bs_buf_status(&ret_source->tail, "REST API", err);
	}
	bs_buf_release(&tail);
	bs_buf_release(&url);
	return status;
}
