// SPDX-License-Identifier: MIT
// What the files of the http room share among themselves; nobody else includes it.
//
// libcurl's header stays out of it (its handles are void pointers, its codes int), so that only
// the room's .c files see libcurl.
#ifndef BS_EXT_HTTP_OWN_H
#define BS_EXT_HTTP_OWN_H

#include "core/base/buf.h"
#include "core/ext/http.h"

#define BS_CURL_ERROR_BYTES 256 // CURL_ERROR_SIZE

struct bs_http {
	void *multi;
	struct bs_http_exchange *running; // those that libcurl holds
	uint64_t arrivals;                // counts up whenever something came
};

struct bs_http_exchange {
	struct bs_http *client;
	struct bs_http_exchange *next;
	void *easy;         // NULL once done
	void *headers_sent; // struct curl_slist
	struct bs_http_request request;
	struct bs_http_place place;
	struct bs_http_reply reply;
	struct bs_buf headers; // lines of the final reply
	struct bs_buf body;
	size_t header_bytes; // of all replies, 1xx too
	bool header_flood, body_flood, out_of_memory, stopped, forbidden;
	char error[BS_CURL_ERROR_BYTES];  // libcurl's own line
	char detail[BS_CURL_ERROR_BYTES]; // what of it people are told
	char message[2 * BS_ERR_MSG_BYTES];
};

// http_setup.c: tells libcurl everything about the exchange.
enum bs_status bs_http_setup(struct bs_http_exchange *exchange, struct bs_err *err) BS_MUST_USE;
// Wipes and frees the copy of the request's headers.
void bs_http_forget_headers(struct bs_http_exchange *exchange);

// http_verdict.c: what libcurl's code means; writes the message. The easy handle is still there.
enum bs_http_verdict bs_http_judge(struct bs_http_exchange *exchange, int curl_code);
// The message of a verdict that this room came to by itself.
void bs_http_explain(struct bs_http_exchange *exchange, enum bs_http_verdict verdict);

// http_tls.c: why a certificate was not accepted; `detail` is libcurl's own line.
void bs_http_tls_reason(
	void *easy, int curl_code, const char *detail, char *text, size_t text_bytes);

#endif
