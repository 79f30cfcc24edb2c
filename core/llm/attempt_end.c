// SPDX-License-Identifier: MIT
// An attempt at its end: what came back, its class, its summary, and one line about it.
#include <assert.h>

#include "core/base/clock.h"
#include "core/llm/attempt_own.h"
#include "core/llm/cost.h"

#define REQUEST_ID_BYTES_MAX 128
#define HEADERS_MAX 128 // more than any provider sends; the rest is not looked at

// The headers of the reply for the classifier. Fewer when memory is short.
static size_t collect_headers(struct bs_attempt *attempt, struct bs_header **ret_headers)
{
	struct bs_header *headers = BS_NEW_ARRAY(&attempt->arena, struct bs_header, HEADERS_MAX);
	size_t cursor = 0, count = 0;
	while (headers && count < HEADERS_MAX &&
		bs_http_header_next(
			attempt->exchange, &cursor, &headers[count].name, &headers[count].value))
		count++;
	*ret_headers = headers;
	return count;
}

// Keeps `text` as the reason, without secrets. The guard knows the run's; the attempt's own key is
// looked for here too, for a provider may quote it.
static void keep_reason(struct bs_attempt *attempt, struct bs_str text)
{
	const struct bs_guard *guard = attempt->plan.guard;
	struct bs_str key = attempt->plan.key, secret = attempt->plan.secret;
	struct bs_str token = attempt->plan.session_token;
	struct bs_buf clean;
	bs_buf_init(&clean, 4 * BS_REASON_BYTES);
	text = bs_str_trim(text);
	if ((key.len && bs_str_has(text, key)) || (secret.len && bs_str_has(text, secret)) ||
		(token.len && bs_str_has(text, token)))
		text = BS_LIT("the provider repeated the key");
	if (guard->redact_text)
		guard->redact_text(guard->ctx, text, &clean);
	else
		bs_buf_add(&clean, text);
	for (size_t i = 0; i < clean.len; i++)
		if ((unsigned char)clean.ptr[i] < 0x20 || clean.ptr[i] == 0x7F)
			clean.ptr[i] = ' ';
	if (clean.failed == BS_OK && clean.len)
		attempt->reason = bs_arena_cstr(&attempt->arena,
			bs_str_clip_utf8(bs_buf_str(&clean), BS_REASON_SHOWN_BYTES));
	bs_buf_release(&clean);
}

// The stream or the body has come to a good end: is the answer one?
static void validate(struct bs_attempt *attempt)
{
	struct bs_err err = {0};
	struct bs_validated validated = {0};
	enum bs_status status = bs_validate_answer(bs_buf_str(&attempt->reply.text),
		&attempt->excerpt, &attempt->plan.ending, &attempt->arena, &validated,
		&attempt->errors, &err);
	if (status != BS_OK) { // memory, or more of an answer than we take
		attempt->result.outcome = BS_OUTCOME_INVALID_SUMMARY;
		keep_reason(attempt, bs_str_c(err.msg));
		return;
	}
	attempt->validated = validated;
	attempt->result.outcome = validated.outcome;
	if (validated.outcome == BS_OUTCOME_OK)
		return;
	struct bs_str errors = bs_buf_str(&attempt->errors);
	keep_reason(attempt, bs_str_sub(errors, 0, bs_str_find_char(errors, '\n')));
}

static void finish(struct bs_attempt *attempt)
{
	struct bs_try_result *result = &attempt->result;
	if (attempt->first_token_at_ms >= 0)
		result->first_token_ms = attempt->first_token_at_ms - attempt->started_ms;
	attempt->done = true;
}

// What a further try at the same host cannot mend.
static bool is_hopeless(const struct bs_http_reply *http)
{
	return http->done && (http->verdict == BS_HTTP_TLS || http->verdict == BS_HTTP_FORBIDDEN);
}

// A stream has been read as it came; anything else is read now, if all of it is there.
static void read_reply(struct bs_attempt *attempt, struct bs_exchange *exchange, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	if (attempt->kind != BS_BODY_STREAM && exchange->transport != BS_TRANSPORT_DONE)
		return;
	if (attempt->kind == BS_BODY_WHOLE)
		status = attempt->plan.route->wire->read(&attempt->reply, exchange->body, err);
	if (status == BS_OK) {
		exchange->reply = &attempt->reply;
	} else if (status == BS_FORMAT) {
		exchange->read_failed = true;
	} else { // memory, or more of an answer than we take
		exchange->transport = BS_TRANSPORT_TOO_LARGE;
		exchange->transport_reason = err->msg;
	}
}

// What people are asked for when they complain. Anything but a plain word is no name.
static bool is_request_id(const struct bs_attempt *attempt, struct bs_str id)
{
	struct bs_buf clean;
	bool good = id.len > 0 && id.len <= REQUEST_ID_BYTES_MAX &&
		    !(attempt->plan.key.len && bs_str_has(id, attempt->plan.key));
	for (size_t i = 0; good && i < id.len; i++)
		good = bs_is_alnum(id.ptr[i]) || strchr("-_.:=/+", id.ptr[i]);
	if (!good || !attempt->plan.guard->redact_text)
		return good;
	bs_buf_init(&clean, 4 * REQUEST_ID_BYTES_MAX);
	attempt->plan.guard->redact_text(attempt->plan.guard->ctx, id, &clean);
	good = bs_str_eq(bs_buf_str(&clean), id);
	bs_buf_release(&clean);
	return good;
}

static void keep_request_id(struct bs_attempt *attempt, const struct bs_header *headers,
	size_t headers_count, struct bs_str in_error)
{
	static const char *const names[] = {"x-request-id", "request-id", "apim-request-id",
		"x-amzn-requestid", "x-litellm-call-id", "x-portkey-trace-id", "x-goog-request-id",
		"x-generation-id"}; // OpenRouter
	struct bs_str id = bs_str("", 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !id.len; i++)
		id = bs_header_get(headers, headers_count, names[i]);
	if (!id.len)
		id = in_error.len ? in_error : attempt->reply.id;
	if (is_request_id(attempt, id))
		attempt->request_id = bs_arena_cstr(&attempt->arena, id);
}

// Errors cost nothing, and neither does what never arrived; an answer costs what its usage says.
static struct bs_cost cost_of(const struct bs_attempt *attempt, const struct bs_http_reply *http,
	const struct bs_header *headers, size_t headers_count)
{
	const struct bs_route *route = attempt->plan.route;
	const struct bs_usage *usage = &attempt->reply.usage;
	struct bs_cost cost = usage->cost;
	if (!cost.known)
		bs_cost_parse_usd(
			bs_header_get(headers, headers_count, "x-litellm-response-cost"), &cost);
	if (cost.known)
		return cost;
	if (http->status >= 300 || (!http->status && !http->connected))
		return (struct bs_cost){.known = true};
	bool answered = usage->input_tokens && usage->output_tokens && attempt->reply.saw_finish;
	if (route->priced && answered)
		return bs_cost_of(&route->price, usage);
	return cost;
}

// Some hosts leave out what does not fit and answer all the same.
static void check_whole(const struct bs_attempt *attempt, struct bs_class *class)
{
	static const char words[] = "the host left out a part of the prompt";
	const struct bs_wire *wire = attempt->plan.route->wire;
	if (class->outcome != BS_OUTCOME_OK || !wire->was_cut ||
		!wire->was_cut(attempt->body.len, &attempt->reply.usage))
		return;
	class->outcome = BS_OUTCOME_CONTEXT_TOO_LONG;
	memcpy(class->reason, words, sizeof(words));
}

// What the request bounded its answer to; 0: it did not.
static unsigned output_tokens_of(const struct bs_attempt_plan *plan)
{
	return plan->order.dropped & BS_PARAM_LIMIT ? 0 : bs_try_output_tokens(&plan->order);
}

void bs_attempt_conclude(
	struct bs_attempt *attempt, enum bs_transport transport, const char *reason)
{
	assert(!attempt->done);
	const struct bs_http_reply *http = bs_http_reply(attempt->exchange);
	struct bs_header *headers;
	struct bs_err err = {0};
	struct bs_exchange exchange = {
		.transport = transport,
		.transport_reason = reason,
		.http_status = http->status,
		.body = bs_buf_str(&attempt->whole),
		.wall_ms = bs_clock_wall_ms(),
		.own = &attempt->plan.route->body,
		.output_tokens = output_tokens_of(&attempt->plan),
	};
	if (http->status >= 200 && http->status < 300)
		read_reply(attempt, &exchange, &err);
	exchange.headers_count = collect_headers(attempt, &headers);
	exchange.headers = headers;
	struct bs_class class = bs_classify(&exchange, &attempt->arena);
	check_whole(attempt, &class);
	attempt->result = (struct bs_try_result){
		.outcome = class.outcome,
		.http_status = http->status,
		.retry_after_ms = class.retry_after_ms,
		.first_token_ms = -1,
		.connected = http->connected,
		.parameter_refused = class.parameter_refused,
		.params = class.params,
		.output_tokens_max = class.output_tokens_max,
		.remaining_zero = class.remaining_zero,
		.should_retry = is_hopeless(http) ? 0 : class.should_retry,
	};
	attempt->own_refused = class.own_refused;
	if (class.outcome == BS_OUTCOME_OK)
		validate(attempt);
	else
		keep_reason(attempt, bs_str_c(class.reason));
	keep_request_id(attempt, headers, exchange.headers_count, class.request_id);
	attempt->result.cost = cost_of(attempt, http, headers, exchange.headers_count);
	bs_http_cancel(attempt->exchange);
	finish(attempt);
}

void bs_attempt_not_sent(
	struct bs_attempt *attempt, enum bs_outcome outcome, const struct bs_err *why)
{
	attempt->result.outcome = outcome;
	attempt->result.cost.known = true; // nothing
	keep_reason(attempt, bs_str_c(why->msg));
	finish(attempt);
}
