// SPDX-License-Identifier: MIT
// The outgoing half of an attempt: the body of its request, its headers, its key.
#include <assert.h>

#include "core/base/clock.h"
#include "core/llm/attempt_own.h"
#include "core/llm/shrink.h"
#include "core/llm/sigv4.h"
#include "core/llm/tokens.h"

// The attempt's own limit is kept in attempt.c; libcurl's stands behind it.
#define BACKSTOP_MS 500

// --- the request

#define SHRINKS_MAX 3

// Lets go of lines until what is left fits, whatever the tokeniser. What is left may be denser than
// the whole was; a text of no more bytes than tokens always fits.
static enum bs_status fit_window(uint64_t window_tokens, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err)
{
	for (int i = 0; window_tokens > 0 && i <= SHRINKS_MAX; i++) {
		uint64_t tokens = bs_tokens_most(excerpt->text);
		if (tokens <= window_tokens)
			return BS_OK;
		uint64_t bytes = i < SHRINKS_MAX ? excerpt->text.len * window_tokens / tokens
						 : window_tokens;
		enum bs_status status = bs_shrink_excerpt(
			excerpt, (size_t)bytes, arena, excerpt, err);
		if (status != BS_OK)
			return status;
	}
	return BS_OK;
}

enum bs_status bs_attempt_build(const struct bs_attempt_plan *plan, struct bs_arena *arena,
	struct bs_buf *out, struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	const struct bs_route *route = plan->route;
	struct bs_prompt prompt;
	struct bs_excerpt excerpt = *plan->excerpt;
	enum bs_status status = fit_window(route->window_tokens, arena, &excerpt, err);
	// Of what was sent before, which the window may have cut already.
	if (status == BS_OK && plan->order.excerpt_percent < 100)
		status = bs_shrink_excerpt(&excerpt,
			excerpt.text.len / 100 * plan->order.excerpt_percent, arena, &excerpt, err);
	if (status != BS_OK)
		return status;
	struct bs_prompt_input input = {
		.excerpt = &excerpt,
		.ending = plan->ending,
		.mode = plan->order.mode,
		.family = route->family,
		.tell_shape = route->tell_shape,
		.nonce = {plan->nonce[0], plan->nonce[1]},
	};
	if (plan->order.reask) {
		input.last_answer = plan->last_answer;
		input.errors = plan->errors;
	}
	status = bs_prompt_build(plan->prompts, &input, arena, &prompt, err);
	if (status != BS_OK)
		return status;
	struct bs_request request = {
		.model = route->model,
		.prompt = &prompt,
		.mode = plan->order.mode,
		.quirks = route->quirks,
		.output_tokens = bs_try_output_tokens(&plan->order),
		.stream = bs_attempt_streams(plan),
		.dropped = plan->order.dropped,
		.own = &route->body,
	};
	status = route->wire->build(&request, out, err);
	if (status == BS_OK)
		*ret_excerpt = excerpt;
	return status;
}

// --- sending

#define HEADERS_SENT_MAX (8 + BS_HEADERS_OWN_MAX) // content type, the format's, four of a signature

struct outgoing {
	struct bs_http_header headers[HEADERS_SENT_MAX];
	size_t count;
};

// The first of a name counts.
static void add_header(struct outgoing *out, const char *name, struct bs_str value)
{
	for (size_t i = 0; i < out->count; i++)
		if (bs_str_ieq(bs_str_c(out->headers[i].name), bs_str_c(name)))
			return;
	assert(out->count < HEADERS_SENT_MAX);
	out->headers[out->count++] = (struct bs_http_header){name, value};
}

static enum bs_status add_headers(
	struct bs_attempt *attempt, struct outgoing *out, struct bs_err *err)
{
	const struct bs_route *route = attempt->plan.route;
	add_header(out, "Content-Type", BS_LIT("application/json"));
	for (size_t i = 0; i < route->headers.count; i++) {
		struct bs_str value = bs_str_c(route->headers.items[i]), name;
		(void)bs_str_split(&value, ':', &name);
		const char *copy = bs_arena_cstr(&attempt->arena, name);
		if (!copy)
			return bs_fail_nomem(err);
		add_header(out, copy, bs_str_trim(value));
	}
	for (size_t i = 0; i < sizeof(route->wire->headers) / sizeof(*route->wire->headers); i++)
		if (route->wire->headers[i].name)
			add_header(out, route->wire->headers[i].name,
				bs_str_c(route->wire->headers[i].value));
	return BS_OK;
}

// The credential: a key in its header, or a signature over the request.
struct credential {
	struct bs_buf key;
	struct bs_sigv4 signature;
};

static enum bs_status sign(const struct bs_attempt_plan *plan, struct bs_str body,
	struct bs_sigv4 *signature, struct outgoing *out, struct bs_err *err)
{
	const struct bs_sigv4_key key = {plan->key, plan->secret, plan->session_token};
	const struct bs_sigv4_request request = {
		.method = "POST",
		.url = plan->route->url,
		.body = body,
		.region = plan->route->region,
		.service = plan->route->signs_for,
		.wall_ms = bs_clock_wall_ms(),
		.hash_header = true,
	};
	enum bs_status status = bs_sigv4_sign(&key, &request, signature, err);
	if (status != BS_OK)
		return status;
	add_header(out, "Authorization", bs_buf_str(&signature->authorization));
	add_header(out, "X-Amz-Date", bs_str_c(signature->date));
	add_header(out, "X-Amz-Content-Sha256", bs_str_c(signature->body_hash));
	if (plan->session_token.len)
		add_header(out, "X-Amz-Security-Token", plan->session_token);
	return BS_OK;
}

static enum bs_status add_credential(const struct bs_attempt_plan *plan, struct bs_str body,
	struct credential *credential, struct outgoing *out, struct bs_err *err)
{
	if (!plan->key.len)
		return BS_OK;
	if (plan->secret.len)
		return sign(plan, body, &credential->signature, out, err);
	bs_buf_add_c(&credential->key, plan->route->key_prefix);
	bs_buf_add(&credential->key, plan->key);
	add_header(out, plan->route->key_header, bs_buf_str(&credential->key));
	return bs_buf_status(&credential->key, "the key", err);
}

enum bs_status bs_attempt_send(struct bs_attempt *attempt, struct bs_http *client,
	bool (*take)(void *ctx, struct bs_str bytes), struct bs_err *err)
{
	const struct bs_attempt_plan *plan = &attempt->plan;
	struct outgoing out = {0};
	struct credential credential = {0};
	bs_buf_init(&credential.key, BS_KEY_BYTES_MAX + 64);
	enum bs_status status = add_credential(
		plan, bs_buf_str(&attempt->body), &credential, &out, err);
	if (status == BS_OK)
		status = add_headers(attempt, &out, err);
	struct bs_http_request request = {
		.method = "POST",
		.url = plan->route->url,
		.headers = out.headers,
		.headers_count = out.count,
		.body = bs_buf_str(&attempt->body),
		// A project's file cannot set an address: core/config refuses it there.
		.allow_plain = true,
		.fresh_connection = plan->order.fresh_connection,
		.connect_ms = plan->order.connect_ms,
		.total_ms = plan->order.attempt_ms + BACKSTOP_MS,
		.on_body = take,
		.ctx = attempt,
	};
	if (status == BS_OK)
		status = bs_http_start(client, &request, &attempt->exchange, err);
	bs_buf_wipe(&credential.key);
	bs_sigv4_release(&credential.signature);
	return status;
}
