// SPDX-License-Identifier: MIT
// What libcurl's result codes mean for an exchange, and one line about it for people.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/ext/http_own.h"

static const struct {
	int code;
	enum bs_http_verdict verdict;
} verdicts[] = {
	{CURLE_COULDNT_RESOLVE_HOST, BS_HTTP_DNS},
	{CURLE_COULDNT_RESOLVE_PROXY, BS_HTTP_PROXY},
	{CURLE_PROXY, BS_HTTP_PROXY},
	{CURLE_COULDNT_CONNECT, BS_HTTP_REFUSED},
	{CURLE_SSL_CONNECT_ERROR, BS_HTTP_TLS},
	{CURLE_PEER_FAILED_VERIFICATION, BS_HTTP_TLS},
	{CURLE_SSL_CACERT_BADFILE, BS_HTTP_TLS},
	{CURLE_SSL_CERTPROBLEM, BS_HTTP_TLS},
	{CURLE_SSL_CIPHER, BS_HTTP_TLS},
	{CURLE_SSL_ISSUER_ERROR, BS_HTTP_TLS},
	{CURLE_SSL_INVALIDCERTSTATUS, BS_HTTP_TLS},
	{CURLE_OPERATION_TIMEDOUT, BS_HTTP_TOTAL_TIMEOUT},
	{CURLE_GOT_NOTHING, BS_HTTP_RESET},
	{CURLE_SEND_ERROR, BS_HTTP_RESET},
	{CURLE_RECV_ERROR, BS_HTTP_RESET},
	{CURLE_WEIRD_SERVER_REPLY, BS_HTTP_NOT_HTTP},
	{CURLE_UNSUPPORTED_PROTOCOL, BS_HTTP_NOT_HTTP}, // HTTP/0.9: bytes without a status line
	{CURLE_PARTIAL_FILE, BS_HTTP_CUT},
	{CURLE_BAD_CONTENT_ENCODING, BS_HTTP_CUT},
	{CURLE_FILESIZE_EXCEEDED, BS_HTTP_TOO_LARGE},
	{CURLE_OUT_OF_MEMORY, BS_HTTP_NOMEM},
};

// A CONNECT that the proxy declined: libcurl reports it as a receive error.
static bool proxy_declined(const struct bs_http_exchange *exchange, long *ret_status)
{
	long status = 0;
	(void)curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	*ret_status = status;
	return status >= 300;
}

// libcurl 7.88 does not say whether a proxy was in the way: its line about a failed connection
// names the machine it tried.
static bool tried_a_proxy(const struct bs_http_exchange *exchange)
{
	static const char *const variables[] = {
		"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"};
	bool any = false;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		const char *value = getenv(variables[i]);
		any |= value && *value;
	}
	return any && !exchange->place.loopback && exchange->error[0] &&
	       !bs_str_has(bs_str_c(exchange->error), bs_str_c(exchange->place.host));
}

static enum bs_http_verdict refine(
	const struct bs_http_exchange *exchange, enum bs_http_verdict verdict)
{
	long proxy_status;
	if (exchange->reply.status == 0 && proxy_declined(exchange, &proxy_status))
		return BS_HTTP_PROXY;
	switch (verdict) {
	case BS_HTTP_OK:
		// libcurl is content with a connection that ends between two header lines.
		return exchange->reply.status ? BS_HTTP_OK : BS_HTTP_CUT;
	case BS_HTTP_REFUSED:
		return tried_a_proxy(exchange) ? BS_HTTP_PROXY : BS_HTTP_REFUSED;
	case BS_HTTP_TOTAL_TIMEOUT:
		return exchange->reply.connected ? BS_HTTP_TOTAL_TIMEOUT : BS_HTTP_CONNECT_TIMEOUT;
	case BS_HTTP_RESET:
		if (exchange->header_bytes)
			return BS_HTTP_CUT;
		return exchange->reply.reused ? BS_HTTP_STALE : BS_HTTP_RESET;
	case BS_HTTP_NOT_HTTP:
		return exchange->reply.status ? BS_HTTP_CUT : BS_HTTP_NOT_HTTP;
	case BS_HTTP_NOMEM:
		// A header line over libcurl's own ceiling is reported as lack of memory.
		return exchange->reply.connected && !exchange->reply.status ? BS_HTTP_TOO_LARGE
									    : BS_HTTP_NOMEM;
	case BS_HTTP_DNS:
	case BS_HTTP_TLS:
	case BS_HTTP_PROXY:
	case BS_HTTP_STALE:
	case BS_HTTP_CUT:
	case BS_HTTP_CONNECT_TIMEOUT:
	case BS_HTTP_HEADERS_TIMEOUT:
	case BS_HTTP_IDLE_TIMEOUT:
	case BS_HTTP_TOO_LARGE:
	case BS_HTTP_FORBIDDEN:
	case BS_HTTP_CANCELLED:
		break;
	}
	return verdict;
}

// What one of our own callbacks stopped, by the reason it left.
static bool stopped_by_us(
	const struct bs_http_exchange *exchange, enum bs_http_verdict *ret_verdict)
{
	if (exchange->forbidden)
		*ret_verdict = BS_HTTP_FORBIDDEN;
	else if (exchange->header_flood || exchange->body_flood)
		*ret_verdict = BS_HTTP_TOO_LARGE;
	else if (exchange->out_of_memory)
		*ret_verdict = BS_HTTP_NOMEM;
	else if (exchange->stopped)
		*ret_verdict = BS_HTTP_CANCELLED;
	else
		return false;
	return true;
}

enum bs_http_verdict bs_http_judge(struct bs_http_exchange *exchange, int curl_code)
{
	long connects = 0;
	(void)curl_easy_getinfo(exchange->easy, CURLINFO_NUM_CONNECTS, &connects);
	exchange->reply.reused = exchange->reply.connected && connects == 0;
	enum bs_http_verdict verdict = BS_HTTP_RESET; // of a code that the table does not know
	if (curl_code == CURLE_OK)
		verdict = BS_HTTP_OK;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (verdicts[i].code == curl_code)
			verdict = verdicts[i].verdict;
	if (!stopped_by_us(exchange, &verdict))
		verdict = refine(exchange, verdict);
	if (verdict == BS_HTTP_TLS)
		bs_http_tls_reason(exchange->easy, curl_code, exchange->error, exchange->detail,
			sizeof(exchange->detail));
	else if (verdict == BS_HTTP_REFUSED || verdict == BS_HTTP_PROXY)
		(void)snprintf(exchange->detail, sizeof(exchange->detail), "%s", exchange->error);
	bs_http_explain(exchange, verdict);
	return verdict;
}

static const char *words_of(enum bs_http_verdict verdict)
{
	switch (verdict) {
	case BS_HTTP_OK:
		return "";
	case BS_HTTP_DNS:
		return "the host name cannot be resolved";
	case BS_HTTP_REFUSED:
		return "no connection";
	case BS_HTTP_TLS:
		return "TLS";
	case BS_HTTP_PROXY:
		return "the proxy failed";
	case BS_HTTP_RESET:
		return "the connection was closed before a reply came";
	case BS_HTTP_STALE:
		return "a kept connection was closed before a reply came";
	case BS_HTTP_NOT_HTTP:
		return "what came is no HTTP reply";
	case BS_HTTP_CUT:
		return "the reply ended early";
	case BS_HTTP_CONNECT_TIMEOUT:
		return "no connection in time";
	case BS_HTTP_HEADERS_TIMEOUT:
		return "no reply in time";
	case BS_HTTP_IDLE_TIMEOUT:
		return "the reply fell silent";
	case BS_HTTP_TOTAL_TIMEOUT:
		return "the reply was not complete in time";
	case BS_HTTP_TOO_LARGE:
		return "the reply is too large";
	case BS_HTTP_FORBIDDEN:
		return "the host name leads to an address it must not lead to";
	case BS_HTTP_CANCELLED:
		return "stopped";
	case BS_HTTP_NOMEM:
		return "out of memory";
	}
	return "";
}

void bs_http_explain(struct bs_http_exchange *exchange, enum bs_http_verdict verdict)
{
	if (verdict == BS_HTTP_OK)
		return;
	(void)snprintf(exchange->message, sizeof(exchange->message), "%s: %s%s%s",
		exchange->place.host, words_of(verdict), exchange->detail[0] ? ": " : "",
		exchange->detail);
	for (char *c = exchange->message; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			*c = ' ';
}
