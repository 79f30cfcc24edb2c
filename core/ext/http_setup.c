// SPDX-License-Identifier: MIT
// Tells libcurl all about an exchange: what is allowed, what is sent, where the reply goes.
//
// The options and why each is set: curl's docs/libcurl/libcurl-security.md is the base list.
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "core/base/clock.h"
#include "core/ext/http_own.h"

#define USER_AGENT "buildsum/" BS_VERSION

static const struct {
	CURLoption option;
	long value;
} fixed_options[] = {
	// libcurl resends x-api-key and the body to the origin a redirect names.
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_UNRESTRICTED_AUTH, 0},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	// ~/.netrc holds credentials for other purposes.
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
	// Timeouts without SIGALRM.
	{CURLOPT_NOSIGNAL, 1},
	// Fewer ways to fail, and nothing here profits from multiplexing.
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_HTTP09_ALLOWED, 0},
	{CURLOPT_TCP_KEEPALIVE, 1},
	{CURLOPT_NOPROGRESS, 1},
	// The proxy's own headers are not the reply's.
	{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
	// A resolver thread that hangs must not hold up the end of the run.
	{CURLOPT_QUICK_EXIT, 1},
};

static size_t take_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct bs_http_exchange *exchange = ctx;
	struct bs_str line = bs_str(bytes, size * count);
	exchange->client->arrivals++;
	exchange->header_bytes += line.len;
	if (exchange->header_bytes > BS_HEADERS_BYTES_MAX) {
		exchange->header_flood = true;
		return 0;
	}
	if (exchange->reply.status) // trailers
		return line.len;
	if (bs_str_starts(line, BS_LIT("HTTP/"))) // also after a 1xx reply
		bs_buf_clear(&exchange->headers);
	bs_buf_add(&exchange->headers, bs_str_trim_end(line));
	bs_buf_add_char(&exchange->headers, '\n');
	if (exchange->headers.failed != BS_OK) {
		exchange->out_of_memory = true;
		return 0;
	}
	long status = 0;
	(void)curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	if (bs_str_trim_end(line).len == 0 && status >= 200) {
		exchange->reply.status = (int)status;
		exchange->reply.headers_at_ms = bs_clock_ms();
	}
	return line.len;
}

// The only true ceiling on a body: MAXFILESIZE does not see what a reply does not announce.
static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct bs_http_exchange *exchange = ctx;
	struct bs_str part = bs_str(bytes, size * count);
	exchange->client->arrivals++;
	exchange->reply.last_byte_at_ms = bs_clock_ms();
	if (part.len > exchange->request.reply_bytes_max - exchange->reply.body_bytes) {
		exchange->body_flood = true;
		return 0;
	}
	exchange->reply.body_bytes += part.len;
	if (exchange->request.on_body) {
		if (exchange->request.on_body(exchange->request.ctx, part))
			return part.len;
		exchange->stopped = true;
		return 0;
	}
	bs_buf_add(&exchange->body, part);
	if (exchange->body.failed != BS_OK) {
		exchange->out_of_memory = true;
		return 0;
	}
	return part.len;
}

// An IPv4 address, also in its IPv6 clothes (::ffff:1.2.3.4, RFC 4291 2.5.5.2), in host order.
static bool is_v4(const char *ip, uint32_t *ret_address)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET6, ip, &v6) == 1 && IN6_IS_ADDR_V4MAPPED(&v6))
		memcpy(&v4, &v6.s6_addr[12], sizeof(v4));
	else if (inet_pton(AF_INET, ip, &v4) != 1)
		return false;
	*ret_address = ntohl(v4.s_addr);
	return true;
}

static bool is_link_local(const char *ip)
{
	uint32_t v4;
	struct in6_addr v6;
	if (is_v4(ip, &v4))
		return v4 >> 16 == 0xA9FE; // 169.254.0.0/16, RFC 3927
	if (inet_pton(AF_INET6, ip, &v6) == 1)
		return IN6_IS_ADDR_LINKLOCAL(&v6);
	return bs_str_istarts(bs_str_c(ip), BS_LIT("fe80:")); // with a zone
}

static bool is_loopback(const char *ip)
{
	uint32_t v4;
	struct in6_addr v6;
	if (is_v4(ip, &v4))
		return v4 >> 24 == 127;
	return inet_pton(AF_INET6, ip, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

// The connection stands and nothing has been sent: where does it lead? Names may resolve to
// anything; a cloud's metadata service is link-local, and without TLS only the address says who
// listens.
static int look_at_peer(void *ctx, char *peer_ip, char *own_ip, int peer_port, int own_port)
{
	struct bs_http_exchange *exchange = ctx;
	(void)own_ip, (void)peer_port, (void)own_port;
	if (exchange->request.socket) {
		exchange->reply.connected = true;
		return CURL_PREREQFUNC_OK;
	}
	bool plain = exchange->place.plain && !exchange->request.allow_plain;
	if ((is_link_local(peer_ip) && !exchange->request.direct) ||
		(plain && !is_loopback(peer_ip))) {
		exchange->forbidden = true;
		return CURL_PREREQFUNC_ABORT;
	}
	exchange->reply.connected = true;
	return CURL_PREREQFUNC_OK;
}

// libcurl 7.88 opens sockets that a child process would inherit.
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)ctx, (void)purpose;
	int fd = socket(address->family, address->socktype, address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

// Adds "name: value". libcurl sends what it is given: a line break would begin another header.
static enum bs_status add_header(
	struct bs_http_exchange *exchange, const struct bs_http_header *header, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	struct bs_buf line;
	bs_buf_init(&line, 128 + BS_HEADER_VALUE_BYTES_MAX);
	if (header->value.len > BS_HEADER_VALUE_BYTES_MAX) {
		status = bs_fail(err, BS_USAGE, "header %s: its value is longer than %d bytes",
			header->name, BS_HEADER_VALUE_BYTES_MAX);
		goto out;
	}
	for (size_t i = 0; i < header->value.len; i++) {
		unsigned char c = (unsigned char)header->value.ptr[i];
		if ((c >= 0x20 && c != 0x7F) || c == '\t')
			continue;
		status = bs_fail(err, BS_USAGE, "header %s: its value holds a control character",
			header->name);
		goto out;
	}
	// "name;" is how libcurl is told to send a header without a value.
	bs_buf_addf(&line, header->value.len ? "%s: " : "%s;", header->name);
	bs_buf_add(&line, header->value);
	status = bs_buf_status(&line, "header", err);
	if (status != BS_OK)
		goto out;
	struct curl_slist *grown = curl_slist_append(exchange->headers_sent, line.ptr);
	if (grown)
		exchange->headers_sent = grown;
	else
		status = bs_fail_nomem(err);
out:
	bs_buf_wipe(&line);
	return status;
}

static enum bs_status add_headers(struct bs_http_exchange *exchange, struct bs_err *err)
{
	const struct bs_http_request *request = &exchange->request;
	for (size_t i = 0; i < request->headers_count; i++) {
		enum bs_status status = add_header(exchange, &request->headers[i], err);
		if (status != BS_OK)
			return status;
	}
	// An empty Expect keeps libcurl from waiting a second for "100 Continue".
	struct curl_slist *grown = curl_slist_append(exchange->headers_sent, "Expect:");
	if (!grown)
		return bs_fail_nomem(err);
	exchange->headers_sent = grown;
	return BS_OK;
}

void bs_http_forget_headers(struct bs_http_exchange *exchange)
{
	for (struct curl_slist *line = exchange->headers_sent; line; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	curl_slist_free_all(exchange->headers_sent);
	exchange->headers_sent = NULL;
}

static long to_long(int64_t ms)
{
	return ms > INT32_MAX ? INT32_MAX : (long)ms;
}

// Sets what differs between exchanges; the first failure wins.
static CURLcode set_request(struct bs_http_exchange *exchange)
{
	const struct bs_http_request *request = &exchange->request;
	CURL *easy = exchange->easy;
	CURLcode code = CURLE_OK;
#define SET(option, value)                                            \
	do {                                                          \
		if (code == CURLE_OK)                                 \
			code = curl_easy_setopt(easy, option, value); \
	} while (0)
	SET(CURLOPT_URL, request->url);
	SET(CURLOPT_PROTOCOLS_STR, exchange->place.plain ? "http" : "https");
	SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(CURLOPT_HTTPHEADER, (struct curl_slist *)exchange->headers_sent);
	SET(CURLOPT_USERAGENT, USER_AGENT);
	if (request->body.ptr) {
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
		SET(CURLOPT_POSTFIELDS, request->body.ptr);
	}
	SET(CURLOPT_CUSTOMREQUEST, request->method);
	SET(CURLOPT_FRESH_CONNECT, request->fresh_connection ? 1L : 0L);
	// libcurl reads 0 as its own default of five minutes.
	if (request->connect_ms > 0)
		SET(CURLOPT_CONNECTTIMEOUT_MS, to_long(request->connect_ms));
	if (request->total_ms > 0)
		SET(CURLOPT_TIMEOUT_MS, to_long(request->total_ms));
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->reply_bytes_max);
	if (request->socket)
		SET(CURLOPT_UNIX_SOCKET_PATH, request->socket);
	if (exchange->place.loopback || request->socket || request->direct)
		SET(CURLOPT_NOPROXY, "*"); // http_proxy of the environment means other hosts
	if (!exchange->place.plain && bs_http_ca_file())
		SET(CURLOPT_CAINFO, bs_http_ca_file());
	SET(CURLOPT_PRIVATE, exchange);
	SET(CURLOPT_ERRORBUFFER, exchange->error);
	SET(CURLOPT_HEADERFUNCTION, take_header);
	SET(CURLOPT_HEADERDATA, exchange);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, exchange);
	SET(CURLOPT_PREREQFUNCTION, look_at_peer);
	SET(CURLOPT_PREREQDATA, exchange);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
#undef SET
	return code;
}

enum bs_status bs_http_setup(struct bs_http_exchange *exchange, struct bs_err *err)
{
	enum bs_status status = add_headers(exchange, err);
	if (status != BS_OK)
		return status;
	CURLcode code = CURLE_OK;
	for (size_t i = 0; i < sizeof(fixed_options) / sizeof(*fixed_options); i++)
		if (code == CURLE_OK)
			code = curl_easy_setopt(
				exchange->easy, fixed_options[i].option, fixed_options[i].value);
	if (code == CURLE_OK)
		code = set_request(exchange);
	if (code == CURLE_OUT_OF_MEMORY)
		return bs_fail_nomem(err);
	if (code != CURLE_OK)
		return bs_fail(err, BS_SYSTEM, "libcurl: %s", curl_easy_strerror(code));
	return BS_OK;
}
