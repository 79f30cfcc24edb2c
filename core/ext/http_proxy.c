// SPDX-License-Identifier: MIT
// Which proxy libcurl will take from the environment for a place: told to people, decided by
// libcurl.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/ext/http_own.h"

// libcurl's order (its manual: libcurl-env). HTTP_PROXY in capitals is never read: a web server may
// set it from a request's header.
static const char *find_variable(bool plain)
{
	static const char *const tls[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
	static const char *const open[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
	const char *const *names = plain ? open : tls;
	size_t count = plain ? sizeof(open) / sizeof(*open) : sizeof(tls) / sizeof(*tls);
	for (size_t i = 0; i < count; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return names[i];
	}
	return NULL;
}

static const char *find_exceptions(void)
{
	static const char *const names[] = {"no_proxy", "NO_PROXY"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return names[i];
	}
	return NULL;
}

static bool get(CURLU *url, CURLUPart part, unsigned flags, char *text, size_t text_bytes)
{
	char *value = NULL;
	bool good = curl_url_get(url, part, &value, flags) == CURLUE_OK && value &&
		    strlen(value) < text_bytes;
	if (good)
		(void)snprintf(text, text_bytes, "%s", value);
	curl_free(value);
	return good;
}

bool bs_http_proxy(const struct bs_http_place *place, struct bs_http_proxy *ret_proxy)
{
	struct bs_http_proxy proxy = {.exceptions = find_exceptions()};
	char scheme[16], host[256], port[8] = "1080"; // as libcurl has it
	proxy.variable = place->loopback ? NULL : find_variable(place->plain);
	if (!proxy.variable)
		return false;
	CURLU *url = curl_url();
	bool good = url && curl_url_set(url, CURLUPART_URL, getenv(proxy.variable),
				   CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
	good = good && get(url, CURLUPART_SCHEME, 0, scheme, sizeof(scheme)) &&
	       get(url, CURLUPART_HOST, 0, host, sizeof(host));
	if (good)
		(void)get(url, CURLUPART_PORT, 0, port, sizeof(port));
	if (good) // without the user's name and password
		(void)snprintf(proxy.place, sizeof(proxy.place), "%s://%s:%s", scheme, host, port);
	curl_url_cleanup(url);
	*ret_proxy = proxy;
	return true;
}
