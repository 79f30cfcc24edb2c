// SPDX-License-Identifier: MIT
// From the end of a transfer to a class: first how it ended, then the status, then what was said.
#include "core/llm/classify.h"

#include <stdio.h>

#include "core/config/config.h"
#include "core/llm/classify_error.h"
#include "core/llm/output_limit.h"
#include "core/text/clean.h"

#define WAITABLE_MS (5 * 60 * 1000) // a quota that is back within minutes is a rate limit
#define BODY_SEARCHED_BYTES 4096    // of a body without an error object

// --- what kind of body it is

static bool is_html(const struct bs_exchange *x)
{
	struct bs_str type = bs_header_get(x->headers, x->headers_count, "content-type");
	struct bs_str body = bs_str_trim(bs_str_sub(x->body, 0, BODY_SEARCHED_BYTES));
	return bs_str_istarts(type, BS_LIT("text/html")) ||
	       bs_str_istarts(type, BS_LIT("application/xhtml")) ||
	       bs_str_istarts(body, BS_LIT("<!doctype")) || bs_str_istarts(body, BS_LIT("<html"));
}

// No content type at all is common among small servers; a wrong one is not.
static bool is_foreign(const struct bs_exchange *x)
{
	static const char *const known[] = {
		"json", "event-stream", "eventstream", "ndjson", "octet-stream"};
	struct bs_str type = bs_header_get(x->headers, x->headers_count, "content-type");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bs_str_ifind(type, bs_str_c(known[i])) != SIZE_MAX)
			return false;
	return type.len > 0;
}

// --- the reason, for people

// "prefix: detail", either of which may be empty; prefixes are short.
static void say(struct bs_class *c, const char *prefix, struct bs_str detail)
{
	struct bs_buf clean;
	bs_buf_init(&clean, BS_JSON_BYTES_MAX);
	bs_clean_inline(bs_str_clip_utf8(detail, BS_REASON_BYTES), &clean);
	struct bs_str text = bs_str_trim(bs_buf_str(&clean));
	size_t room = sizeof(c->reason) - strlen(prefix) - sizeof(": ");
	struct bs_str shown = bs_str_clip_utf8(text, room);
	(void)snprintf(c->reason, sizeof(c->reason), "%s%s%.*s", prefix,
		*prefix && shown.len ? ": " : "", BS_FMT(shown));
	bs_buf_release(&clean);
}

static void say_status(struct bs_class *c, int status, struct bs_str detail)
{
	char prefix[32] = "error in the answer";
	if (status)
		(void)snprintf(prefix, sizeof(prefix), "HTTP %d", status);
	say(c, prefix, detail);
}

// A gateway's own words ("Provider returned error") mostly say less than its host's.
static void say_error(
	struct bs_class *c, int status, struct bs_str detail, struct bs_str host_message)
{
	struct bs_buf both;
	bs_buf_init(&both, BS_JSON_BYTES_MAX);
	bs_buf_add(&both, bs_str_clip_utf8(detail, BS_REASON_BYTES));
	if (host_message.len && !bs_str_has(detail, host_message)) {
		bs_buf_add_c(&both, both.len ? ": " : "");
		bs_buf_add(&both, host_message);
	}
	say_status(c, status, bs_buf_str(&both));
	bs_buf_release(&both);
}

// --- errors

static bool is_of_the_user(
	const struct bs_exchange *x, const struct bs_api_error *error, struct bs_str detail)
{
	for (size_t i = 0; x->own && i < x->own->count; i++) {
		struct bs_str rest = bs_str_c(x->own->items[i]), name;
		(void)bs_str_split(&rest, ':', &name);
		if (bs_param_is_named(error->param, detail, name))
			return true;
	}
	return false;
}

// `store` is only left out where the host does not know it: one that knows it and wants another
// value would keep the request.
static unsigned named_params(const struct bs_api_error *error, struct bs_str detail)
{
	unsigned named = bs_params_named(error->param, detail);
	if (!named)
		named = bs_params_named(bs_str("", 0), error->raw);
	if (bs_str_ifind(error->code, BS_LIT("value")) != SIZE_MAX)
		named &= ~(unsigned)BS_PARAM_STORE;
	return named;
}

static struct bs_str one_line(struct bs_str body)
{
	struct bs_str line = {NULL, 0};
	body = bs_str_trim(body);
	(void)bs_str_split(&body, '\n', &line);
	return line;
}

// An answer that may be too long is asked for again, shorter; unless the log has to be.
static void classify_limit(const struct bs_exchange *x, const struct bs_api_error *error,
	struct bs_str detail, struct bs_class *c)
{
	bool worth_it = c->outcome == BS_OUTCOME_CONTEXT_TOO_LONG ||
			c->outcome == BS_OUTCOME_REJECTED ||
			(c->outcome == BS_OUTCOME_CAPABILITY && c->parameter_refused);
	if (!worth_it || x->output_tokens == 0)
		return;
	struct bs_output_limit limit = bs_output_limit_read(detail, x->output_tokens);
	if (!limit.about)
		limit = bs_output_limit_read(error->raw, x->output_tokens);
	if (!limit.about && bs_str_ifind(error->detail, BS_LIT("max_tokens_exceeded")) != SIZE_MAX)
		limit = bs_output_limit_read(BS_LIT("max_tokens: maximum"), x->output_tokens);
	if (!limit.about)
		return;
	c->outcome = limit.no_room ? BS_OUTCOME_CONTEXT_TOO_LONG : BS_OUTCOME_CAPABILITY;
	c->parameter_refused = !limit.no_room;
	c->params = limit.no_room ? 0 : BS_PARAM_LIMIT;
	c->output_tokens_max = limit.no_room ? 0 : limit.tokens;
}

// The transfer's, unless the body knows better: an answer that is an error, or a gateway's 500
// around what its host said of the request.
static int told_status(const struct bs_exchange *x, const struct bs_api_error *error)
{
	bool of_the_request = error->status >= 400 && error->status < 500;
	if (error->status && (x->http_status < 300 || (x->http_status == 500 && of_the_request)))
		return error->status;
	return x->http_status;
}

static void classify_error(
	const struct bs_exchange *x, const struct bs_api_error *error, struct bs_class *c)
{
	bool html = is_html(x);
	int status = told_status(x, error);
	int shown = x->http_status >= 300 ? x->http_status : status >= 300 ? status : 0;
	c->request_id = error->request_id;
	c->retry_after_ms = bs_retry_after_ms(x->headers, x->headers_count, error, x->wall_ms);
	struct bs_error_facts facts = {
		.status = status >= 300 ? status : 0,
		.error = error,
		.body = bs_str_sub(x->body, 0, BODY_SEARCHED_BYTES),
		.html = html,
		.waitable = c->retry_after_ms >= 0 && c->retry_after_ms <= WAITABLE_MS,
	};
	c->outcome = bs_classify_error(&facts, &c->parameter_refused);
	struct bs_str detail = error->present ? error->message : one_line(facts.body);
	if (c->parameter_refused && is_of_the_user(x, error, detail)) {
		c->outcome = BS_OUTCOME_REJECTED; // what was set on purpose is not left out
		c->parameter_refused = false;
		c->own_refused = true;
	}
	if (c->parameter_refused)
		c->params = named_params(error, detail);
	classify_limit(x, error, detail, c);
	if (error->present && !detail.len)
		detail = error->type.len ? error->type : error->code;
	if (html)
		say_status(c, shown, BS_LIT("a page instead of an answer"));
	else
		say_error(c, shown, detail, error->host_message);
}

static void classify_status(const struct bs_exchange *x, struct bs_arena *arena, struct bs_class *c)
{
	struct bs_api_error error = {.retry_ms = -1};
	struct bs_str body = bs_str_trim(x->body);
	// Short of memory the status decides alone.
	if (body.len > 0 && bs_api_error_read(body, arena, &error, NULL) != BS_OK)
		error = (struct bs_api_error){.retry_ms = -1};
	// AWS puts the class into a header: "ThrottlingException:http://…".
	struct bs_str type = bs_header_get(x->headers, x->headers_count, "x-amzn-errortype");
	if (type.len && !error.type.len) {
		error.type = bs_str_sub(type, 0, bs_str_find_char(type, ':'));
		error.present = true;
	}
	classify_error(x, &error, c);
}

// --- replies

struct ending {
	enum bs_outcome outcome;
	const char *words;
};

static const struct ending endings[] = {
	[BS_STOP_NONE] = {BS_OUTCOME_CUT, "the stream ended before the answer did"},
	[BS_STOP_COMPLETE] = {BS_OUTCOME_OK, ""},
	[BS_STOP_TRUNCATED] = {BS_OUTCOME_TRUNCATED, "the answer hit the limit of output tokens"},
	[BS_STOP_REFUSED] = {BS_OUTCOME_REFUSED, "the model refused"},
	[BS_STOP_FILTERED] = {BS_OUTCOME_REFUSED, "the provider's filter stopped the answer"},
	[BS_STOP_CONTEXT_EXCEEDED] = {BS_OUTCOME_CONTEXT_TOO_LONG, "the context window is full"},
	[BS_STOP_PROVIDER_ERROR] = {BS_OUTCOME_SERVER_ERROR, "the provider stopped with an error"},
	[BS_STOP_UNKNOWN] = {BS_OUTCOME_OK, ""},
};

static bool has_text(const struct bs_reply *reply)
{
	return bs_str_trim(bs_buf_str(&reply->text)).len > 0;
}

// A 2xx. Truncation is told before emptiness, and both before anybody looks at the text.
static void classify_reply(const struct bs_exchange *x, struct bs_class *c)
{
	const struct bs_reply *reply = x->reply;
	if (!x->read_failed && reply && reply->error.present) {
		classify_error(x, &reply->error, c);
		return;
	}
	bool content = reply && (has_text(reply) || reply->refusal.len > 0);
	if (!content && (is_html(x) || is_foreign(x))) {
		c->outcome = BS_OUTCOME_BAD_GATEWAY_PAGE;
		say_status(c, x->http_status, BS_LIT("a page instead of an answer"));
		return;
	}
	if (x->read_failed || !reply) {
		struct bs_str body = bs_str_trim(x->body);
		bool begun = body.len > 0 && (body.ptr[0] == '{' || body.ptr[0] == '[');
		c->outcome = begun      ? BS_OUTCOME_CUT
			     : body.len ? BS_OUTCOME_BAD_GATEWAY_PAGE
					: BS_OUTCOME_EMPTY;
		say_status(c, x->http_status,
			begun      ? BS_LIT("the body is broken JSON")
			: body.len ? BS_LIT("the body is not JSON")
				   : BS_LIT("an empty body"));
		return;
	}
	// "[DONE]", or the end of a whole body, without a stop reason: the text decides.
	enum bs_stop stop = reply->stop;
	if (stop == BS_STOP_NONE && reply->saw_sentinel)
		stop = BS_STOP_UNKNOWN;
	c->outcome = endings[stop].outcome;
	say(c, endings[stop].words, bs_buf_str(&reply->refusal));
	bool nothing = stop == BS_STOP_NONE && !reply->model.ptr && reply->skipped_events == 0 &&
		       reply->content_bytes + reply->thinking_bytes == 0;
	if ((c->outcome == BS_OUTCOME_OK && !has_text(reply)) || nothing) {
		c->outcome = BS_OUTCOME_EMPTY;
		say(c, "an answer without content", bs_str("", 0));
	}
	if (c->outcome != BS_OUTCOME_OK)
		return;
	c->remaining_zero = bs_rate_limit_used_up(x->headers, x->headers_count);
	if (c->remaining_zero) // of the bucket that is empty
		c->retry_after_ms = bs_retry_after_ms(
			x->headers, x->headers_count, NULL, x->wall_ms);
}

// --- transfers

static const struct ending transfers[] = {
	[BS_TRANSPORT_DONE] = {BS_OUTCOME_BAD_GATEWAY_PAGE, "no HTTP status"},
	[BS_TRANSPORT_STALE] = {BS_OUTCOME_STALE_CONNECTION, "a reused connection was dead"},
	[BS_TRANSPORT_UNREACHABLE] = {BS_OUTCOME_UNREACHABLE, "no connection"},
	[BS_TRANSPORT_TIMEOUT] = {BS_OUTCOME_TIMEOUT, "timed out"},
	[BS_TRANSPORT_CUT] = {BS_OUTCOME_CUT, "the connection ended early"},
	[BS_TRANSPORT_TOO_LARGE] = {BS_OUTCOME_BAD_GATEWAY_PAGE, "the reply is too large"},
	[BS_TRANSPORT_CANCELLED] = {BS_OUTCOME_CANCELLED, "cancelled"},
};

// Is what came enough to judge by, although the transfer did not end well? An error's status is;
// so is an answer whose stop reason was seen.
static bool is_enough(const struct bs_exchange *x)
{
	bool early = x->transport == BS_TRANSPORT_TIMEOUT || x->transport == BS_TRANSPORT_CUT ||
		     x->transport == BS_TRANSPORT_TOO_LARGE;
	bool told = x->http_status >= 300 || (x->reply && x->reply->saw_finish) ||
		    (x->reply && x->reply->error.present);
	return early && told && !x->read_failed;
}

static int read_should_retry(const struct bs_exchange *x)
{
	struct bs_str value = bs_header_get(x->headers, x->headers_count, "x-should-retry");
	if (bs_str_ieq(value, BS_LIT("true")))
		return 1;
	return bs_str_ieq(value, BS_LIT("false")) ? 0 : -1;
}

struct bs_class bs_classify(const struct bs_exchange *x, struct bs_arena *arena)
{
	struct bs_class c = {.retry_after_ms = -1, .should_retry = read_should_retry(x)};
	bool judged = x->http_status >= 200 && (x->transport == BS_TRANSPORT_DONE || is_enough(x));
	if (judged && x->http_status < 300) {
		classify_reply(x, &c);
	} else if (judged) {
		classify_status(x, arena, &c);
	} else {
		c.outcome = transfers[x->transport].outcome;
		const char *words = transfers[x->transport].words;
		say(&c, "", bs_str_c(x->transport_reason ? x->transport_reason : words));
	}
	return c;
}
