// SPDX-License-Identifier: MIT
// An attempt while it runs: the request, the bytes of the reply as they come, the limits of time.
#include "core/llm/attempt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/llm/attempt_own.h"

// Slow drip is down, too: fewer characters a second than this over so long.
#define RATE_CHARS_PER_S 8
#define RATE_WINDOW_MS 5000
// The stop reason has come: so long for the usage and the sentinel, which nobody needs.
#define FINISH_GRACE_MS 500

// --- the reply

// Notes that `bytes` of an answer are there now, and whether that is news.
static void note_progress(struct bs_attempt *attempt, uint64_t bytes)
{
	if (bytes <= attempt->progress_bytes)
		return;
	attempt->progress_bytes = bytes;
	attempt->progress_at_ms = bs_clock_ms();
	if (attempt->first_token_at_ms >= 0)
		return;
	attempt->first_token_at_ms = attempt->progress_at_ms;
	attempt->window_at_ms = attempt->progress_at_ms;
	attempt->window_bytes = bytes;
}

static enum bs_status take_event(
	void *ctx, struct bs_str event, struct bs_str data, struct bs_err *err)
{
	struct bs_attempt *attempt = ctx;
	struct bs_reply *reply = &attempt->reply;
	enum bs_status status = attempt->plan.route->wire->read_event(reply, event, data, err);
	note_progress(attempt, reply->content_bytes + reply->thinking_bytes);
	if (reply->saw_finish && attempt->finish_at_ms < 0)
		attempt->finish_at_ms = bs_clock_ms();
	return status;
}

// What a body of no known type is by its first bytes; unknown as long as they could be either.
static enum bs_body_kind looks_like(struct bs_str begin)
{
	static const char *const fields[] = {"data:", "event:", ":", "id:", "retry:"};
	begin = bs_str_trim(begin);
	if (begin.len == 0)
		return BS_BODY_UNKNOWN;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (bs_str_starts(begin, bs_str_c(fields[i])))
			return BS_BODY_STREAM;
		if (bs_str_starts(bs_str_c(fields[i]), begin))
			return BS_BODY_UNKNOWN;
	}
	return BS_BODY_WHOLE;
}

// What the host says it sends counts, not what it was asked for. Without a word from it the first
// bytes tell, which may come one by one.
static enum bs_body_kind kind_of(const struct bs_attempt *attempt, struct bs_str begin)
{
	const struct bs_http_reply *http = bs_http_reply(attempt->exchange);
	struct bs_str type = bs_http_header(attempt->exchange, "content-type");
	if (http->status < 200 || http->status > 299)
		return BS_BODY_WHOLE;
	static const char *const types[] = {[BS_FRAMING_EVENTS] = NULL,
		[BS_FRAMING_LINES] = "application/x-ndjson",
		[BS_FRAMING_FRAMES] = "application/vnd.amazon.eventstream"};
	const char *streamed = types[attempt->plan.route->wire->framing];
	if (streamed)
		return bs_str_istarts(type, bs_str_c(streamed)) ? BS_BODY_STREAM : BS_BODY_WHOLE;
	if (bs_str_istarts(type, BS_LIT("text/event-stream")))
		return BS_BODY_STREAM;
	bool silent = !type.len || bs_str_istarts(type, BS_LIT("text/plain")) ||
		      bs_str_istarts(type, BS_LIT("application/octet-stream"));
	return silent ? looks_like(begin) : BS_BODY_WHOLE;
}

static enum bs_status feed(struct bs_attempt *attempt, struct bs_str bytes)
{
	return attempt->plan.route->wire->framing == BS_FRAMING_FRAMES
		       ? bs_frames_feed(&attempt->frames, bytes, &attempt->trouble)
		       : bs_stream_feed(&attempt->stream, bytes, &attempt->trouble);
}

static bool take_body(void *ctx, struct bs_str bytes)
{
	struct bs_attempt *attempt = ctx;
	if (attempt->kind == BS_BODY_STREAM)
		return feed(attempt, bytes) == BS_OK && !attempt->reply.error.present;
	bs_buf_add(&attempt->whole, bytes);
	if (bs_buf_status(&attempt->whole, "the reply", &attempt->trouble) != BS_OK)
		return false;
	if (attempt->kind == BS_BODY_UNKNOWN && bytes.len)
		attempt->kind = kind_of(attempt, bs_buf_str(&attempt->whole));
	if (attempt->kind == BS_BODY_STREAM) { // its beginning was gathered
		enum bs_status status = feed(attempt, bs_buf_str(&attempt->whole));
		bs_buf_clear(&attempt->whole);
		return status == BS_OK && !attempt->reply.error.present;
	}
	// White space before a body is a gateway's way to keep the line open, and the body of an
	// error is no answer.
	if (bs_http_reply(attempt->exchange)->status < 300 && attempt->kind == BS_BODY_WHOLE)
		note_progress(attempt, bs_str_trim(bs_buf_str(&attempt->whole)).len);
	return true;
}

// --- sending

static struct bs_attempt *attempt_new(const struct bs_attempt_plan *plan)
{
	struct bs_attempt *attempt = calloc(1, sizeof(*attempt));
	if (!attempt)
		return NULL;
	attempt->plan = *plan;
	attempt->started_ms = bs_clock_ms();
	attempt->first_token_at_ms = -1;
	attempt->finish_at_ms = -1;
	attempt->result = (struct bs_try_result){
		.retry_after_ms = -1, .first_token_ms = -1, .should_retry = -1};
	bs_arena_init(&attempt->arena, BS_ATTEMPT_ARENA_BYTES_MAX);
	bs_buf_init(&attempt->body, BS_REQUEST_BYTES_MAX);
	bs_buf_init(&attempt->whole, BS_REPLY_BYTES_MAX);
	bs_buf_init(&attempt->errors, BS_ANSWER_BYTES_MAX);
	bs_stream_init(&attempt->stream, (struct bs_stream_sink){take_event, attempt});
	bs_frames_init(&attempt->frames, (struct bs_stream_sink){take_event, attempt});
	attempt->stream.lines = plan->route->wire->framing == BS_FRAMING_LINES;
	bs_reply_init(&attempt->reply, &attempt->arena);
	return attempt;
}

void bs_attempt_free(struct bs_attempt *attempt)
{
	if (!attempt)
		return;
	bs_http_end(attempt->exchange);
	bs_stream_release(&attempt->stream);
	bs_frames_release(&attempt->frames);
	bs_reply_release(&attempt->reply);
	bs_buf_release(&attempt->body);
	bs_buf_release(&attempt->whole);
	bs_buf_release(&attempt->errors);
	bs_arena_release(&attempt->arena);
	free(attempt);
}

enum bs_status bs_attempt_start(struct bs_http *client, const struct bs_attempt_plan *plan,
	struct bs_attempt **ret_attempt, struct bs_err *err)
{
	struct bs_err trouble = {0};
	struct bs_attempt *attempt = attempt_new(plan);
	if (!attempt)
		return bs_fail_nomem(err);
	enum bs_outcome outcome = BS_OUTCOME_REJECTED; // of our own request, by ourselves
	enum bs_status status = bs_attempt_build(
		plan, &attempt->arena, &attempt->body, &attempt->excerpt, &trouble);
	if (status == BS_LIMIT)
		outcome = BS_OUTCOME_CONTEXT_TOO_LONG;
	if (status == BS_OK && plan->guard->check)
		status = plan->guard->check(plan->guard->ctx, bs_buf_str(&attempt->body), &trouble);
	if (status == BS_SECRET) {
		bs_attempt_free(attempt);
		return bs_fail(err, status, "%s", trouble.msg);
	}
	if (status == BS_OK)
		status = bs_attempt_send(attempt, client, take_body, &trouble);
	if (status != BS_OK)
		bs_attempt_not_sent(attempt, outcome, &trouble);
	*ret_attempt = attempt;
	return BS_OK;
}

// --- time

// True when one of the order's limits has passed; `text` says which.
static bool is_too_slow(struct bs_attempt *attempt, int64_t now_ms, char *text, size_t text_bytes)
{
	const struct bs_try *order = &attempt->plan.order;
	int64_t run_ms = now_ms - attempt->started_ms;
	const char *what = NULL;
	int64_t limit_ms = 0;
	if (run_ms >= order->attempt_ms) {
		what = "the answer was not complete after";
		limit_ms = order->attempt_ms;
	} else if (attempt->first_token_at_ms < 0) {
		// Unless it streams, a host is silent while its model writes: then only the
		// attempt's own limit says what is too slow.
		if (!bs_attempt_streams(&attempt->plan) || run_ms < order->first_token_ms)
			return false;
		what = "nothing of an answer after";
		limit_ms = order->first_token_ms;
	} else if (now_ms - attempt->progress_at_ms >= order->idle_ms) {
		what = "the answer stood still for";
		limit_ms = order->idle_ms;
	} else if (now_ms - attempt->window_at_ms >= RATE_WINDOW_MS) {
		uint64_t came = attempt->progress_bytes - attempt->window_bytes;
		if (came >= RATE_CHARS_PER_S * RATE_WINDOW_MS / 1000) {
			attempt->window_at_ms = now_ms;
			attempt->window_bytes = attempt->progress_bytes;
			return false;
		}
		what = "the answer only dripped for";
		limit_ms = RATE_WINDOW_MS;
	} else {
		return false;
	}
	(void)snprintf(text, text_bytes, "%s %lld.%lld s", what, (long long)(limit_ms / 1000),
		(long long)(limit_ms % 1000 / 100));
	return true;
}

static enum bs_transport transport_of(enum bs_http_verdict verdict)
{
	switch (verdict) {
	case BS_HTTP_OK:
		return BS_TRANSPORT_DONE;
	case BS_HTTP_DNS:
	case BS_HTTP_REFUSED:
	case BS_HTTP_TLS:
	case BS_HTTP_PROXY:
	case BS_HTTP_RESET:
	case BS_HTTP_NOT_HTTP:
	case BS_HTTP_FORBIDDEN:
		return BS_TRANSPORT_UNREACHABLE;
	case BS_HTTP_STALE:
		return BS_TRANSPORT_STALE;
	case BS_HTTP_CUT:
		return BS_TRANSPORT_CUT;
	case BS_HTTP_CONNECT_TIMEOUT:
	case BS_HTTP_HEADERS_TIMEOUT:
	case BS_HTTP_IDLE_TIMEOUT:
	case BS_HTTP_TOTAL_TIMEOUT:
		return BS_TRANSPORT_TIMEOUT;
	case BS_HTTP_TOO_LARGE:
	case BS_HTTP_NOMEM:
		return BS_TRANSPORT_TOO_LARGE;
	case BS_HTTP_CANCELLED:
		return BS_TRANSPORT_CANCELLED;
	}
	return BS_TRANSPORT_CANCELLED;
}

void bs_attempt_step(struct bs_attempt *attempt, int64_t now_ms)
{
	char reason[80];
	const struct bs_reply *reply = &attempt->reply;
	if (attempt->done)
		return;
	const struct bs_http_reply *http = bs_http_reply(attempt->exchange);
	if (attempt->trouble.status == BS_FORMAT) // of reading: bytes are lost
		bs_attempt_conclude(attempt, BS_TRANSPORT_CUT, attempt->trouble.msg);
	else if (attempt->trouble.status != BS_OK) // more than we take
		bs_attempt_conclude(attempt, BS_TRANSPORT_TOO_LARGE, attempt->trouble.msg);
	else if (reply->error.present || reply->saw_sentinel)
		bs_attempt_conclude(attempt, BS_TRANSPORT_DONE, NULL);
	else if (http->done)
		bs_attempt_conclude(attempt, transport_of(http->verdict), http->message);
	else if (attempt->finish_at_ms >= 0 && now_ms - attempt->finish_at_ms >= FINISH_GRACE_MS)
		bs_attempt_conclude(attempt, BS_TRANSPORT_DONE, NULL);
	else if (is_too_slow(attempt, now_ms, reason, sizeof(reason)))
		bs_attempt_conclude(attempt, BS_TRANSPORT_TIMEOUT, reason);
}
