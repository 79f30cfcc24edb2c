// SPDX-License-Identifier: MIT
// Reads a URL and decides whether a request may go there at all.
#include <arpa/inet.h>
#include <curl/curl.h>

#include "core/ext/http_own.h"

static bool spells_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return bs_str_ieq(bs_str_c(host), BS_LIT("localhost"));
}

// Copies one part of the URL; false when it is absent, or too long for the place.
static bool get_part(CURLU *url, CURLUPart part, char *text, size_t text_bytes)
{
	char *value = NULL;
	bool fits = false;
	if (curl_url_get(url, part, &value, CURLU_DEFAULT_PORT) == CURLUE_OK && value) {
		struct bs_str s = bs_str_c(value);
		fits = s.len < text_bytes;
		if (fits)
			memcpy(text, value, s.len + 1);
	}
	curl_free(value);
	return fits;
}

static enum bs_status read_parts(
	CURLU *url, bool allow_plain, struct bs_http_place *ret_place, struct bs_err *err)
{
	struct bs_http_place place = {0};
	char scheme[8] = "", port[8] = "";
	uint64_t port_number = 0;
	if (!get_part(url, CURLUPART_SCHEME, scheme, sizeof(scheme)) ||
		(strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		return bs_fail(err, BS_USAGE, "the URL begins neither with https:// nor http://");
	char *credential = NULL;
	bool has_user = curl_url_get(url, CURLUPART_USER, &credential, 0) == CURLUE_OK;
	curl_free(credential);
	if (has_user)
		return bs_fail(
			err, BS_USAGE, "the URL holds a user name; keys are sent in headers");
	if (!get_part(url, CURLUPART_HOST, place.host, sizeof(place.host)))
		return bs_fail(err, BS_USAGE, "the URL names no host");
	size_t len = strlen(place.host);
	if (place.host[0] == '[' && len > 2) { // an IPv6 address without its brackets
		memmove(place.host, place.host + 1, len - 2);
		place.host[len - 2] = '\0';
	}
	if (!get_part(url, CURLUPART_PORT, port, sizeof(port)) ||
		!bs_str_to_u64(bs_str_c(port), &port_number) || port_number > UINT16_MAX)
		return bs_fail(err, BS_USAGE, "the URL's port is not one");
	place.port = (uint16_t)port_number;
	place.plain = strcmp(scheme, "http") == 0;
	place.loopback = spells_loopback(place.host);
	if (place.plain && !place.loopback && !allow_plain)
		return bs_fail(err, BS_USAGE,
			"%s: not without encryption: http:// is for loopback and for addresses that "
			"the operator's configuration names",
			place.host);
	*ret_place = place;
	return BS_OK;
}

enum bs_status bs_http_place(
	const char *url, bool allow_plain, struct bs_http_place *ret_place, struct bs_err *err)
{
	CURLU *handle = curl_url();
	if (!handle)
		return bs_fail_nomem(err);
	CURLUcode code = curl_url_set(handle, CURLUPART_URL, url, 0);
	enum bs_status status = BS_OK;
	if (code == CURLUE_OUT_OF_MEMORY)
		status = bs_fail_nomem(err);
	else if (code != CURLUE_OK)
		status = bs_fail(err, BS_USAGE, "not a URL: %s", curl_url_strerror(code));
	else
		status = read_parts(handle, allow_plain, ret_place, err);
	curl_url_cleanup(handle);
	return status;
}
