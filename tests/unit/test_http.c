// SPDX-License-Identifier: MIT
// core/ext/http: verdicts, ceilings and refusals, against a server of a few lines on loopback.
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/ext/http.h"

enum after_reply {
	CLOSE,
	RESET,
	HOLD, // say no more, keep the connection until the test is over
	NEXT, // read a further request on the same connection
	KEEP, // leave this connection open and wait for another one
};

struct step {
	struct bs_str reply;
	size_t times; // the reply is written so often; 0 means once
	enum after_reply after;
};

// Serves the steps one after the other, each for one request.
struct server {
	int fd, stop[2];
	uint16_t port;
	const struct step *steps;
	size_t steps_count;
	struct bs_buf seen; // all requests
	size_t connections;
	int kept;
	pthread_t thread;
	char url[64];
};

static bool wait_for(const struct server *server, int fd)
{
	struct pollfd fds[] = {{fd, POLLIN, 0}, {server->stop[0], POLLIN, 0}};
	while (poll(fds, 2, -1) < 0)
		;
	return !fds[1].revents;
}

// Reads one request: its headers, and a body as long as they say.
static bool read_request(struct server *server, int fd)
{
	size_t from = server->seen.len, need = SIZE_MAX;
	while (server->seen.len < need) {
		char bytes[4096];
		if (!wait_for(server, fd))
			return false;
		ssize_t count = read(fd, bytes, sizeof(bytes));
		if (count <= 0)
			return false;
		bs_buf_add(&server->seen, bs_str(bytes, (size_t)count));
		struct bs_str request = bs_str_from(bs_buf_str(&server->seen), from);
		size_t end = bs_str_find(request, BS_LIT("\r\n\r\n"));
		if (end == SIZE_MAX)
			continue;
		size_t length = bs_str_ifind(request, BS_LIT("content-length: "));
		need = from + end + 4;
		if (length != SIZE_MAX)
			need += (size_t)atoi(request.ptr + length + 16);
	}
	return true;
}

static void *serve(void *ctx)
{
	struct server *server = ctx;
	int fd = -1;
	for (size_t i = 0; i < server->steps_count; i++) {
		const struct step *step = &server->steps[i];
		if (fd < 0) {
			if (!wait_for(server, server->fd))
				break;
			fd = accept(server->fd, NULL, NULL);
			server->connections++;
		}
		if (!read_request(server, fd))
			break;
		for (size_t n = 0; n < (step->times ? step->times : 1); n++)
			if (step->reply.len &&
				send(fd, step->reply.ptr, step->reply.len, MSG_NOSIGNAL) < 0)
				break;
		if (step->after == NEXT)
			continue;
		if (step->after == KEEP) {
			server->kept = fd;
			fd = -1;
			continue;
		}
		if (step->after == HOLD)
			(void)wait_for(server, server->stop[0]);
		if (step->after == RESET)
			(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
				sizeof(struct linger));
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void start(struct server *server, const struct step *steps, size_t steps_count)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	*server = (struct server){.steps = steps, .steps_count = steps_count, .kept = -1};
	bs_buf_init(&server->seen, 1 << 20);
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(server->fd, 8), 0);
	assert_int_equal(getsockname(server->fd, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(pipe(server->stop), 0);
	server->port = ntohs(address.sin_port);
	(void)snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u/v1", server->port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void stop(struct server *server)
{
	close(server->stop[1]);
	pthread_join(server->thread, NULL);
	close(server->stop[0]);
	close(server->fd);
	if (server->kept >= 0)
		close(server->kept);
	bs_buf_release(&server->seen);
}

#define START(name, ...)                                  \
	const struct step name##_steps[] = {__VA_ARGS__}; \
	struct server name;                               \
	start(&name, name##_steps, sizeof(name##_steps) / sizeof(*name##_steps))

static struct bs_http *client_new(void)
{
	struct bs_http *client = NULL;
	assert_int_equal(bs_http_new(&client, NULL), BS_OK);
	return client;
}

static struct bs_http_exchange *begin(struct bs_http *client, const struct bs_http_request *request)
{
	struct bs_http_exchange *exchange = NULL;
	struct bs_err err = {0};
	if (bs_http_start(client, request, &exchange, &err) != BS_OK)
		fail_msg("%s", err.msg);
	return exchange;
}

static const struct bs_http_reply *finish(struct bs_http *client, struct bs_http_exchange *exchange)
{
	while (!bs_http_reply(exchange)->done)
		assert_int_equal(bs_http_poll(client, 1000, NULL), BS_OK);
	return bs_http_reply(exchange);
}

// One exchange with everything usual, ending with `verdict`; the exchange is the caller's.
static struct bs_http_exchange *ask(
	struct bs_http *client, const char *url, enum bs_http_verdict verdict)
{
	struct bs_http_exchange *exchange = begin(
		client, &(struct bs_http_request){.method = "POST",
				.url = url,
				.body = BS_LIT("{}"),
				.connect_ms = 2000,
				.total_ms = 5000});
	const struct bs_http_reply *reply = finish(client, exchange);
	if (reply->verdict != verdict)
		fail_msg("%s (%s), expected %s", bs_http_verdict_id(reply->verdict), reply->message,
			bs_http_verdict_id(verdict));
	return exchange;
}

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRetry-After:  7 \r\n\r\nok"

static void http_sends_what_it_was_given_and_nothing_more(void **state)
{
	(void)state;
	START(server, {BS_LIT(OK_REPLY), 0, CLOSE});
	struct bs_http *client = client_new();
	struct bs_http_header headers[] = {{"authorization", BS_LIT("Bearer abc")},
		{"content-type", BS_LIT("application/json")}};
	struct bs_http_exchange *exchange = begin(
		client, &(struct bs_http_request){.method = "DELETE",
				.url = server.url,
				.headers = headers,
				.headers_count = 2,
				.body = BS_LIT("{\"a\":1}")});
	const struct bs_http_reply *reply = finish(client, exchange);
	assert_int_equal(reply->verdict, BS_HTTP_OK);
	assert_int_equal(reply->status, 200);
	assert_true(reply->connected && !reply->reused);
	assert_str(reply->body, "ok");
	assert_str(bs_http_header(exchange, "retry-after"), "7");
	assert_null(bs_http_header(exchange, "retry").ptr);
	bs_http_end(exchange);
	bs_http_free(client);
	struct bs_str seen = bs_buf_str(&server.seen);
	assert_true(bs_str_starts(seen, BS_LIT("DELETE /v1 HTTP/1.1\r\n")));
	assert_true(bs_str_ends(seen, BS_LIT("\r\n\r\n{\"a\":1}")));
	assert_true(bs_str_has(seen, BS_LIT("authorization: Bearer abc\r\n")));
	assert_true(bs_str_has(seen, BS_LIT("User-Agent: buildsum/" BS_VERSION "\r\n")));
	assert_false(bs_str_has(seen, BS_LIT("Expect")));
	assert_false(bs_str_has(seen, BS_LIT("Encoding")));
	stop(&server);
}

static void http_does_not_let_session_keys_be_written(void **state)
{
	(void)state;
	(void)setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1);
	bs_http_free(client_new());
	assert_null(getenv("SSLKEYLOGFILE"));
}

static void http_pauses_when_nothing_is_under_way(void **state)
{
	(void)state;
	struct bs_http *client = client_new();
	int64_t from_ms = bs_clock_ms();
	assert_int_equal(bs_http_poll(client, 50, NULL), BS_OK);
	assert_true(bs_clock_ms() - from_ms >= 49);
	bs_http_free(client);
}

static void http_follows_no_redirect(void **state)
{
	(void)state;
	START(other, {BS_LIT(OK_REPLY), 0, CLOSE});
	char reply[256];
	(void)snprintf(reply, sizeof(reply),
		"HTTP/1.1 307 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", other.url);
	struct step step = {bs_str_c(reply), 0, CLOSE};
	struct server server;
	start(&server, &step, 1);
	struct bs_http *client = client_new();
	struct bs_http_exchange *exchange = ask(client, server.url, BS_HTTP_OK);
	assert_int_equal(bs_http_reply(exchange)->status, 307);
	bs_http_end(exchange);
	bs_http_free(client);
	stop(&server);
	stop(&other);
	assert_int_equal(other.connections, 0);
}

static void http_names_how_a_reply_failed(void **state)
{
	(void)state;
	const struct {
		struct step step;
		enum bs_http_verdict verdict;
	} cases[] = {
		{{BS_LIT(""), 0, CLOSE}, BS_HTTP_RESET},
		{{BS_LIT(""), 0, RESET}, BS_HTTP_RESET},
		{{BS_LIT("HTTP/1.1 200 OK\r\nContent-Le"), 0, CLOSE}, BS_HTTP_CUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), 0, CLOSE}, BS_HTTP_CUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), 0, RESET}, BS_HTTP_CUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab"), 0, CLOSE},
			BS_HTTP_CUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"), 0,
			 CLOSE},
			BS_HTTP_CUT},
		{{BS_LIT("<html>hello</html>\n"), 0, CLOSE}, BS_HTTP_NOT_HTTP},
		{{BS_LIT("HTTP/1.1 103 Wait\r\nLink: x\r\n\r\n"), 5000, HOLD}, BS_HTTP_TOO_LARGE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server server;
		start(&server, &cases[i].step, 1);
		struct bs_http *client = client_new();
		struct bs_http_exchange *exchange = ask(client, server.url, cases[i].verdict);
		assert_true(bs_http_reply(exchange)->message[0] != '\0');
		bs_http_end(exchange);
		bs_http_free(client);
		stop(&server);
	}
}

static void http_tells_a_port_without_a_server(void **state)
{
	(void)state;
	START(server, {BS_LIT(OK_REPLY), 0, CLOSE});
	char url[64];
	(void)snprintf(url, sizeof(url), "%s", server.url);
	stop(&server);
	struct bs_http *client = client_new();
	struct bs_http_exchange *exchange = ask(client, url, BS_HTTP_REFUSED);
	assert_false(bs_http_reply(exchange)->connected);
	bs_http_end(exchange);
	bs_http_free(client);
}

static void http_stops_a_body_at_its_ceiling(void **state)
{
	(void)state;
	static const char head[] = "HTTP/1.1 200 OK\r\n\r\n0123456789";
	START(server, {{head, sizeof(head) - 1}, 100, HOLD},
		{BS_LIT("HTTP/1.1 200 OK\r\n"
			"Content-Length: 1001\r\n\r\n"),
			0, HOLD});
	(void)server;
	struct bs_http *client = client_new();
	struct bs_http_exchange *exchange = begin(
		client, &(struct bs_http_request){
				.method = "GET", .url = server.url, .reply_bytes_max = 1000});
	const struct bs_http_reply *reply = finish(client, exchange);
	assert_int_equal(reply->verdict, BS_HTTP_TOO_LARGE);
	assert_true(reply->body_bytes <= 1000);
	bs_http_end(exchange);
	bs_http_free(client);
	stop(&server);
}

static void http_keeps_each_of_its_times(void **state)
{
	(void)state;
	const struct {
		struct step step;
		int64_t headers_ms, idle_ms, total_ms;
		enum bs_http_verdict verdict;
	} cases[] = {
		{{BS_LIT(""), 0, HOLD}, 60, 0, 5000, BS_HTTP_HEADERS_TIMEOUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\nA: b\r\n"), 0, HOLD}, 60, 0, 5000,
			BS_HTTP_HEADERS_TIMEOUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\n\r\nx"), 0, HOLD}, 4000, 60, 5000,
			BS_HTTP_IDLE_TIMEOUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\n\r\n"), 0, HOLD}, 4000, 60, 5000,
			BS_HTTP_IDLE_TIMEOUT},
		{{BS_LIT("HTTP/1.1 200 OK\r\n\r\nx"), 0, HOLD}, 0, 0, 60, BS_HTTP_TOTAL_TIMEOUT},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server server;
		start(&server, &cases[i].step, 1);
		struct bs_http *client = client_new();
		struct bs_http_exchange *exchange = begin(
			client, &(struct bs_http_request){.method = "GET",
					.url = server.url,
					.headers_ms = cases[i].headers_ms,
					.idle_ms = cases[i].idle_ms,
					.total_ms = cases[i].total_ms});
		const struct bs_http_reply *reply = finish(client, exchange);
		assert_int_equal(reply->verdict, cases[i].verdict);
		assert_true(reply->ended_at_ms - reply->started_at_ms >= 55);
		assert_true(reply->ended_at_ms - reply->started_at_ms < 1000);
		bs_http_end(exchange);
		bs_http_free(client);
		stop(&server);
	}
}

struct taken {
	struct bs_buf text;
	size_t stop_at;
};

static bool take(void *ctx, struct bs_str bytes)
{
	struct taken *taken = ctx;
	bs_buf_add(&taken->text, bytes);
	return taken->text.len < taken->stop_at;
}

static void http_hands_over_the_body_as_it_comes_and_stops_when_told(void **state)
{
	(void)state;
	START(server, {BS_LIT("HTTP/1.1 200 OK\r\n\r\nabcdef"), 0, HOLD});
	struct bs_http *client = client_new();
	struct taken taken = {.stop_at = 6};
	bs_buf_init(&taken.text, 100);
	struct bs_http_exchange *exchange = begin(client,
		&(struct bs_http_request){
			.method = "GET", .url = server.url, .on_body = take, .ctx = &taken});
	assert_int_equal(finish(client, exchange)->verdict, BS_HTTP_CANCELLED);
	assert_str(bs_buf_str(&taken.text), "abcdef");
	bs_http_end(exchange);
	bs_http_free(client);
	bs_buf_release(&taken.text);
	stop(&server);
}

static void http_drives_several_exchanges_at_once(void **state)
{
	(void)state;
	START(silent, {BS_LIT(""), 0, HOLD});
	const struct step quick_steps[] = {
		{BS_LIT(OK_REPLY), 0, NEXT}, {BS_LIT(OK_REPLY), 0, CLOSE}};
	struct server quick;
	start(&quick, quick_steps, 2);
	struct bs_http *client = client_new();
	struct bs_http_exchange *first = begin(
		client, &(struct bs_http_request){.method = "GET", .url = silent.url});
	struct bs_http_exchange *second = ask(client, quick.url, BS_HTTP_OK);
	struct bs_http_exchange *third = ask(client, quick.url, BS_HTTP_OK);
	assert_false(bs_http_reply(first)->done);
	assert_true(bs_http_reply(third)->reused);
	bs_http_cancel(first);
	assert_int_equal(bs_http_reply(first)->verdict, BS_HTTP_CANCELLED);
	bs_http_end(first);
	bs_http_end(second);
	bs_http_end(third);
	bs_http_free(client);
	stop(&quick);
	stop(&silent);
	assert_int_equal(quick.connections, 1);
}

static void http_takes_a_fresh_connection_when_told(void **state)
{
	(void)state;
	const struct step steps[] = {{BS_LIT(OK_REPLY), 0, KEEP}, {BS_LIT(OK_REPLY), 0, CLOSE}};
	struct server server;
	start(&server, steps, 2);
	struct bs_http *client = client_new();
	bs_http_end(ask(client, server.url, BS_HTTP_OK));
	struct bs_http_exchange *exchange = begin(client, &(struct bs_http_request){.method = "GET",
								  .url = server.url,
								  .total_ms = 2000,
								  .fresh_connection = true});
	assert_int_equal(finish(client, exchange)->verdict, BS_HTTP_OK);
	assert_false(bs_http_reply(exchange)->reused);
	bs_http_end(exchange);
	bs_http_free(client);
	stop(&server);
}

static void http_refuses_headers_that_would_become_others(void **state)
{
	(void)state;
	const struct bs_str values[] = {
		BS_LIT("a\r\nX-Evil: 1"), BS_LIT("a\nb"), BS_LIT("a\0b"), BS_LIT("a\x7f")};
	struct bs_http *client = client_new();
	struct bs_http_exchange *exchange = NULL;
	struct bs_err err = {0};
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct bs_http_header header = {"x-api-key", values[i]};
		struct bs_http_request request = {.method = "GET",
			.url = "http://127.0.0.1:1/",
			.headers = &header,
			.headers_count = 1};
		assert_int_equal(bs_http_start(client, &request, &exchange, &err), BS_USAGE);
		assert_string_equal(
			err.msg, "header x-api-key: its value holds a control character");
	}
	assert_null(exchange);
	bs_http_free(client);
}

static void http_judges_addresses_before_it_goes_there(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool allow_plain;
		enum bs_status status;
	} cases[] = {
		{"https://api.example.com/v1", false, BS_OK},
		{"http://api.example.com/v1", false, BS_USAGE},
		{"http://api.example.com/v1", true, BS_OK},
		{"http://localhost:8080/v1", false, BS_OK},
		{"http://LOCALHOST/", false, BS_OK},
		{"http://127.0.0.1.example.com/", false, BS_USAGE},
		{"http://[::1]:8080/", false, BS_OK},
		{"http://0.0.0.0/", false, BS_USAGE},
		{"https://user@example.com/", false, BS_USAGE},
		{"file:///etc/passwd", true, BS_USAGE},
		{"gopher://127.0.0.1/", true, BS_USAGE},
		{"ftp://127.0.0.1/", true, BS_USAGE},
		{"api.example.com", false, BS_USAGE},
		{"https://", false, BS_USAGE},
		{"", false, BS_USAGE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bs_http_place place;
		if (bs_http_place(cases[i].url, cases[i].allow_plain, &place, NULL) !=
			cases[i].status)
			fail_msg("%s", cases[i].url);
	}
	struct bs_http_place place;
	assert_int_equal(bs_http_place("http://[::1]/", false, &place, NULL), BS_OK);
	assert_string_equal(place.host, "::1");
	assert_int_equal(place.port, 80);
}

static void http_leaves_no_descriptor_to_a_child(void **state)
{
	(void)state;
	START(server, {BS_LIT(OK_REPLY), 0, NEXT});
	int lowest = dup(0);
	close(lowest); // libcurl's connection will be at or above it
	struct bs_http *client = client_new();
	bs_http_end(ask(client, server.url, BS_HTTP_OK));
	size_t sockets = 0;
	for (int fd = lowest; fd < lowest + 16; fd++) {
		struct sockaddr_in peer = {0};
		socklen_t len = sizeof(peer);
		if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0 ||
			ntohs(peer.sin_port) != server.port)
			continue;
		sockets++;
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	assert_int_equal(sockets, 1);
	bs_http_free(client);
	stop(&server);
}

static int set_up(void **state)
{
	(void)state;
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1); // loopback never goes through it
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_sends_what_it_was_given_and_nothing_more),
		cmocka_unit_test(http_does_not_let_session_keys_be_written),
		cmocka_unit_test(http_pauses_when_nothing_is_under_way),
		cmocka_unit_test(http_follows_no_redirect),
		cmocka_unit_test(http_names_how_a_reply_failed),
		cmocka_unit_test(http_tells_a_port_without_a_server),
		cmocka_unit_test(http_stops_a_body_at_its_ceiling),
		cmocka_unit_test(http_keeps_each_of_its_times),
		cmocka_unit_test(http_hands_over_the_body_as_it_comes_and_stops_when_told),
		cmocka_unit_test(http_drives_several_exchanges_at_once),
		cmocka_unit_test(http_takes_a_fresh_connection_when_told),
		cmocka_unit_test(http_refuses_headers_that_would_become_others),
		cmocka_unit_test(http_judges_addresses_before_it_goes_there),
		cmocka_unit_test(http_leaves_no_descriptor_to_a_child),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
