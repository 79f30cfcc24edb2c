// SPDX-License-Identifier: MIT
// HTTP exchanges on one libcurl multi handle: starting, driving, ending them.
#include "core/ext/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/ext/http_own.h"

#define CONNECTIONS_MAX 4L // kept for reuse: a run talks to a handful of hosts

static enum bs_status init_libcurl(struct bs_err *err)
{
	// Debian's libcurl writes the keys of every session to the file named there.
	(void)unsetenv("SSLKEYLOGFILE");
	struct sigaction pipe_action;
	if (sigaction(SIGPIPE, NULL, &pipe_action) == 0 && pipe_action.sa_handler == SIG_DFL)
		(void)signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return bs_fail(err, BS_SYSTEM,
			"libcurl (libcurl.so.4) cannot be loaded or initialised: is it installed?");
	return BS_OK;
}

const char *bs_http_verdict_id(enum bs_http_verdict verdict)
{
	switch (verdict) {
#define X(name, id) \
	case name:  \
		return id;
		BS_HTTP_VERDICTS(X)
#undef X
	}
	return "unknown";
}

enum bs_status bs_http_new(struct bs_http **ret_client, struct bs_err *err)
{
	enum bs_status status = init_libcurl(err);
	if (status != BS_OK)
		return status;
	struct bs_http *client = calloc(1, sizeof(*client));
	if (client)
		client->multi = curl_multi_init();
	if (!client || !client->multi) {
		free(client);
		curl_global_cleanup();
		return bs_fail_nomem(err);
	}
	(void)curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_MAX);
	*ret_client = client;
	return BS_OK;
}

void bs_http_free(struct bs_http *client)
{
	if (!client)
		return;
	assert(!client->running);
	(void)curl_multi_cleanup(client->multi);
	free(client);
	curl_global_cleanup();
}

// Takes the exchange away from libcurl; its verdict is known.
static void finish(struct bs_http_exchange *exchange, enum bs_http_verdict verdict)
{
	struct bs_http *client = exchange->client;
	assert(exchange->easy && !exchange->reply.done);
	(void)curl_multi_remove_handle(client->multi, exchange->easy);
	curl_easy_cleanup(exchange->easy);
	exchange->easy = NULL;
	bs_http_forget_headers(exchange);
	struct bs_http_exchange **link = &client->running;
	while (*link != exchange)
		link = &(*link)->next;
	*link = exchange->next;
	exchange->reply.done = true;
	exchange->reply.verdict = verdict;
	exchange->reply.message = exchange->message;
	exchange->reply.body = bs_buf_str(&exchange->body);
	exchange->reply.ended_at_ms = bs_clock_ms();
	client->arrivals++;
}

enum bs_status bs_http_start(struct bs_http *client, const struct bs_http_request *request,
	struct bs_http_exchange **ret_exchange, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	struct bs_http_exchange *exchange = calloc(1, sizeof(*exchange));
	if (!exchange)
		return bs_fail_nomem(err);
	exchange->client = client;
	exchange->request = *request;
	exchange->reply = (struct bs_http_reply){.message = "",
		.started_at_ms = bs_clock_ms(),
		.headers_at_ms = -1,
		.last_byte_at_ms = -1,
		.ended_at_ms = -1};
	if (exchange->request.reply_bytes_max == 0)
		exchange->request.reply_bytes_max = BS_REPLY_BYTES_MAX;
	bs_buf_init(&exchange->headers, BS_HEADERS_BYTES_MAX);
	bs_buf_init(&exchange->body, exchange->request.reply_bytes_max);
	status = bs_http_place(
		request->url, request->allow_plain || request->socket, &exchange->place, err);
	if (status != BS_OK)
		goto out;
	exchange->easy = curl_easy_init();
	if (!exchange->easy) {
		status = bs_fail_nomem(err);
		goto out;
	}
	status = bs_http_setup(exchange, err);
	if (status != BS_OK)
		goto out;
	CURLMcode added = curl_multi_add_handle(client->multi, exchange->easy);
	if (added != CURLM_OK) {
		status = bs_fail(err, BS_SYSTEM, "libcurl: %s", curl_multi_strerror(added));
		goto out;
	}
	exchange->next = client->running;
	client->running = exchange;
	*ret_exchange = exchange;
	return BS_OK;
out:
	if (exchange->easy)
		curl_easy_cleanup(exchange->easy);
	exchange->easy = NULL;
	exchange->reply.done = true;
	bs_http_end(exchange);
	return status;
}

// When this room itself must look at the exchange again; INT64_MAX: never.
static int64_t next_limit(const struct bs_http_exchange *exchange)
{
	const struct bs_http_request *request = &exchange->request;
	const struct bs_http_reply *reply = &exchange->reply;
	if (reply->headers_at_ms < 0)
		return request->headers_ms ? reply->started_at_ms + request->headers_ms : INT64_MAX;
	int64_t since = reply->last_byte_at_ms < 0 ? reply->headers_at_ms : reply->last_byte_at_ms;
	return request->idle_ms ? since + request->idle_ms : INT64_MAX;
}

static void end_by_own_limits(struct bs_http *client)
{
	int64_t now_ms = bs_clock_ms();
	struct bs_http_exchange *next;
	for (struct bs_http_exchange *e = client->running; e; e = next) {
		next = e->next;
		if (next_limit(e) > now_ms)
			continue;
		enum bs_http_verdict verdict = e->reply.headers_at_ms < 0 ? BS_HTTP_HEADERS_TIMEOUT
									  : BS_HTTP_IDLE_TIMEOUT;
		bs_http_explain(e, verdict);
		finish(e, verdict);
	}
}

static enum bs_status drive(struct bs_http *client, struct bs_err *err)
{
	int running, left;
	CURLMcode code = curl_multi_perform(client->multi, &running);
	if (code == CURLM_OUT_OF_MEMORY)
		return bs_fail_nomem(err);
	if (code != CURLM_OK)
		return bs_fail(err, BS_SYSTEM, "libcurl: %s", curl_multi_strerror(code));
	CURLMsg *msg;
	while ((msg = curl_multi_info_read(client->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		char *own = NULL;
		(void)curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &own);
		struct bs_http_exchange *exchange = (struct bs_http_exchange *)(void *)own;
		assert(exchange && exchange->easy == msg->easy_handle);
		finish(exchange, bs_http_judge(exchange, (int)msg->data.result));
	}
	end_by_own_limits(client);
	return BS_OK;
}

enum bs_status bs_http_poll(struct bs_http *client, int64_t timeout_ms, struct bs_err *err)
{
	uint64_t arrivals = client->arrivals;
	enum bs_status status = drive(client, err);
	if (status != BS_OK || client->arrivals != arrivals || timeout_ms <= 0)
		return status;
	int64_t now_ms = bs_clock_ms();
	for (const struct bs_http_exchange *e = client->running; e; e = e->next) {
		int64_t limit_at_ms = next_limit(e);
		if (limit_at_ms - now_ms < timeout_ms)
			timeout_ms = limit_at_ms > now_ms ? limit_at_ms - now_ms : 0;
	}
	int wait_ms = timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms;
	CURLMcode code = curl_multi_poll(client->multi, NULL, 0, wait_ms, NULL);
	if (code == CURLM_OUT_OF_MEMORY)
		return bs_fail_nomem(err);
	if (code != CURLM_OK)
		return bs_fail(err, BS_SYSTEM, "libcurl: %s", curl_multi_strerror(code));
	return drive(client, err);
}

void bs_http_cancel(struct bs_http_exchange *exchange)
{
	if (!exchange || exchange->reply.done)
		return;
	bs_http_explain(exchange, BS_HTTP_CANCELLED);
	finish(exchange, BS_HTTP_CANCELLED);
}

void bs_http_end(struct bs_http_exchange *exchange)
{
	if (!exchange)
		return;
	bs_http_cancel(exchange);
	bs_http_forget_headers(exchange);
	bs_buf_release(&exchange->headers);
	bs_buf_release(&exchange->body);
	free(exchange);
}

const struct bs_http_reply *bs_http_reply(const struct bs_http_exchange *exchange)
{
	return &exchange->reply;
}

bool bs_http_header_next(const struct bs_http_exchange *exchange, size_t *cursor,
	struct bs_str *ret_name, struct bs_str *ret_value)
{
	struct bs_str all = bs_buf_str(&exchange->headers);
	while (*cursor < all.len) {
		struct bs_str line = bs_str_from(all, *cursor);
		line = bs_str_sub(line, 0, bs_str_find_char(line, '\n'));
		*cursor += line.len + 1;
		size_t colon = bs_str_find_char(line, ':');
		if (colon == SIZE_MAX || colon == 0 || bs_is_space(line.ptr[0]))
			continue; // the status line, or the folded rest of another header
		*ret_name = bs_str_trim_end(bs_str_sub(line, 0, colon));
		*ret_value = bs_str_trim(bs_str_from(line, colon + 1));
		return true;
	}
	return false;
}

struct bs_str bs_http_header(const struct bs_http_exchange *exchange, const char *name)
{
	struct bs_str each, value;
	size_t cursor = 0;
	while (bs_http_header_next(exchange, &cursor, &each, &value))
		if (bs_str_ieq(each, bs_str_c(name)))
			return value;
	return bs_str(NULL, 0);
}

const char *bs_http_version(char *text, size_t bytes)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	if (!info)
		return "missing";
	(void)snprintf(text, bytes, "%s, %s", info->version,
		info->ssl_version ? info->ssl_version : "without TLS");
	return text;
}

bool bs_http_resolves_in_background(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	return info && info->features & CURL_VERSION_ASYNCHDNS;
}
