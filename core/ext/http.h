// SPDX-License-Identifier: MIT
// HTTP over libcurl: several exchanges at once in one thread, each ending with one verdict.
//
// A client for requests that carry credentials. No redirect is ever followed (libcurl resends
// x-api-key and the body to another origin), https only but for loopback and for addresses the
// operator named, certificates are always verified, nothing is decompressed, and every byte that
// arrives counts against a ceiling. No message of this room holds the value of a header.
//
//     bs_http_start(client, &request, &exchange, &err);
//     while (!bs_http_reply(exchange)->done)
//             bs_http_poll(client, 50, &err);
//     … bs_http_reply(exchange)->verdict …
//     bs_http_end(exchange);
#ifndef BS_EXT_HTTP_H
#define BS_EXT_HTTP_H

#include "core/base/err.h"
#include "core/base/str.h"

// How an exchange ended. OK means that a whole reply arrived, whatever its status says.
#define BS_HTTP_VERDICTS(X)                                                                    \
	X(BS_HTTP_OK, "ok")                                                                    \
	X(BS_HTTP_DNS, "dns")           /* the name has no address */                          \
	X(BS_HTTP_REFUSED, "refused")   /* no connection could be made */                      \
	X(BS_HTTP_TLS, "tls")           /* the message says which check failed */              \
	X(BS_HTTP_PROXY, "proxy")       /* the proxy, not the host */                          \
	X(BS_HTTP_RESET, "reset")       /* closed before a byte of the reply */                \
	X(BS_HTTP_STALE, "stale")       /* the same, on a connection that was used before */   \
	X(BS_HTTP_NOT_HTTP, "not_http") /* what came is no HTTP reply */                       \
	X(BS_HTTP_CUT, "cut")           /* the reply began, and ended early or malformed */    \
	X(BS_HTTP_CONNECT_TIMEOUT, "connect_timeout")                                          \
	X(BS_HTTP_HEADERS_TIMEOUT, "headers_timeout")                                          \
	X(BS_HTTP_IDLE_TIMEOUT, "idle_timeout")                                                \
	X(BS_HTTP_TOTAL_TIMEOUT, "total_timeout")                                              \
	X(BS_HTTP_TOO_LARGE, "too_large") /* headers or body over their ceiling */             \
	X(BS_HTTP_FORBIDDEN, "forbidden") /* the name led to an address it must not lead to */ \
	X(BS_HTTP_CANCELLED, "cancelled") /* by bs_http_cancel or by on_body */                \
	X(BS_HTTP_NOMEM, "out_of_memory")

enum bs_http_verdict {
#define X(name, id) name,
	BS_HTTP_VERDICTS(X)
#undef X
};

const char *bs_http_verdict_id(enum bs_http_verdict verdict); // "connect_timeout"

struct bs_http;          // a client: connections that may be reused, exchanges under way
struct bs_http_exchange; // one request and its reply

struct bs_http_header {
	const char *name;
	struct bs_str value; // copied, and the copy wiped when the exchange ends
};

// Slices and strings stay with the caller and must live until bs_http_end. 0 and NULL: none.
struct bs_http_request {
	const char *method; // "POST"
	const char *url;
	const struct bs_http_header *headers;
	size_t headers_count;
	struct bs_str body;
	const char *socket;    // path of a Unix socket to connect to, whatever host the URL names
	bool allow_plain;      // the operator wrote this http:// address; else loopback only
	bool fresh_connection; // do not reuse one
	// A service of the host itself is meant, such as a cloud's metadata: asked without a proxy,
	// and its address may be link-local.
	bool direct;
	// connect covers name, TCP and TLS; headers counts from the start until they are complete;
	// idle counts between any two bytes of the body; total is the hard stop.
	int64_t connect_ms, headers_ms, idle_ms, total_ms;
	size_t reply_bytes_max; // of the body; 0: BS_REPLY_BYTES_MAX
	// Body bytes as they arrive, headers are complete by then; false stops the exchange. NULL:
	// the body is collected.
	bool (*on_body)(void *ctx, struct bs_str bytes);
	void *ctx;
};

struct bs_http_reply {
	bool done;
	enum bs_http_verdict verdict; // when done
	const char *message;          // one line for people unless OK; "" until then
	int status;                   // 0: no complete headers have come
	bool connected;               // a connection stood; the request may have been read
	bool reused;                  // … that had served before
	struct bs_str body;           // without on_body
	uint64_t body_bytes;
	int64_t started_at_ms, headers_at_ms, last_byte_at_ms,
		ended_at_ms; // monotonic; -1: not yet
};

// Also initialises libcurl, whose own count of that is the only global state: before any thread is
// started. Ignores SIGPIPE, unless somebody handles it (TLS libraries may raise it), and removes
// SSLKEYLOGFILE from the environment (libcurl would write the session keys there).
enum bs_status bs_http_new(struct bs_http **ret_client, struct bs_err *err) BS_MUST_USE;
// Ends what is under way; accepts NULL. Exchanges must have been ended.
void bs_http_free(struct bs_http *client);

// Begins an exchange. BS_USAGE: the URL or a header cannot be sent as it is.
enum bs_status bs_http_start(struct bs_http *client, const struct bs_http_request *request,
	struct bs_http_exchange **ret_exchange, struct bs_err *err) BS_MUST_USE;
// Moves everything on: returns when something arrived or ended, a signal came, or timeout_ms
// passed. Also a plain pause when nothing is under way.
enum bs_status bs_http_poll(
	struct bs_http *client, int64_t timeout_ms, struct bs_err *err) BS_MUST_USE;
// Stops it; it is done then. Does nothing to one that is done.
void bs_http_cancel(struct bs_http_exchange *exchange);
// Cancels and frees; accepts NULL. Not from on_body.
void bs_http_end(struct bs_http_exchange *exchange);

// What has arrived so far; valid until bs_http_end, changes with bs_http_poll.
const struct bs_http_reply *bs_http_reply(const struct bs_http_exchange *exchange);
// A header of the reply by its name in any case, trimmed; ptr NULL: not there.
struct bs_str bs_http_header(const struct bs_http_exchange *exchange, const char *name);
// All headers of the reply, one a call; *cursor begins at 0. False after the last.
bool bs_http_header_next(const struct bs_http_exchange *exchange, size_t *cursor,
	struct bs_str *ret_name, struct bs_str *ret_value);

// What a URL says, checked as bs_http_start would check it.
struct bs_http_place {
	char host[256]; // without brackets
	uint16_t port;
	bool plain;    // http
	bool loopback; // localhost, 127.0.0.0/8, ::1 by their spelling
};
enum bs_status bs_http_place(const char *url, bool allow_plain, struct bs_http_place *ret_place,
	struct bs_err *err) BS_MUST_USE;

// The proxy that the environment names for requests to that place; false: none.
struct bs_http_proxy {
	const char *variable; // that names it: "HTTPS_PROXY"
	char place[300]; // without user and password; "": what the variable holds is no address
	const char *exceptions; // variable that names hosts asked directly; NULL: none
};
bool bs_http_proxy(const struct bs_http_place *place, struct bs_http_proxy *ret_proxy);

// "7.88.1, OpenSSL 3.0.17" for --version and check.
const char *bs_http_version(char *text, size_t bytes);
// The file of trusted certificates that will be used, or NULL when none was found.
const char *bs_http_ca_file(void);
// True unless this libcurl looks names up in a blocking way, which no deadline can end.
bool bs_http_resolves_in_background(void);

#endif
