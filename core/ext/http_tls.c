// SPDX-License-Identifier: MIT
// TLS: where the trusted certificates are, and why a server's certificate was not accepted.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/ext/http_own.h"

// What people set to be obeyed comes first, then the file that libcurl was built for, then what
// other distributions install: a slim image, or a libcurl from elsewhere, may lack the second.
static const char *const ca_variables[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE"};
static const char *const ca_files[] = {
	"/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Alpine
	"/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, Red Hat
	"/etc/ssl/ca-bundle.pem",             // SUSE
	"/etc/ssl/cert.pem",                  // macOS, BSD, Alpine
};

const char *bs_http_ca_file(void)
{
	for (size_t i = 0; i < sizeof(ca_variables) / sizeof(*ca_variables); i++) {
		const char *path = getenv(ca_variables[i]);
		if (path && access(path, R_OK) == 0)
			return path;
	}
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	const char *built_in = info ? info->cainfo : NULL;
	if (built_in && access(built_in, R_OK) == 0)
		return built_in;
	for (size_t i = 0; i < sizeof(ca_files) / sizeof(*ca_files); i++)
		if (access(ca_files[i], R_OK) == 0)
			return ca_files[i];
	return NULL;
}

// The numbers of OpenSSL's X509_V_ERR_* (its manual: X509_STORE_CTX_get_error), which libcurl
// hands on in CURLINFO_SSL_VERIFYRESULT.
static const struct {
	long number;
	const char *words;
	bool ask_clock;
} reasons[] = {
	{9, "the certificate is not valid yet", true},
	{10, "the certificate has expired", true},
	{18, "the certificate is self-signed", false},
	{19, "a self-signed certificate is in the chain, and it is not trusted here", false},
	{20, "the certificate's issuer is not trusted here", false},
	{21, "the certificate's chain is incomplete or not trusted here", false},
	{23, "the certificate has been revoked", false},
	{62, "the certificate is for another host", false},
};

static void add_clock(char *text, size_t text_bytes)
{
	time_t now = time(NULL);
	struct tm utc;
	char day[32] = "";
	if (gmtime_r(&now, &utc))
		(void)strftime(day, sizeof(day), "%Y-%m-%d %H:%M UTC", &utc);
	size_t used = strlen(text);
	(void)snprintf(text + used, text_bytes - used,
		" (is this machine's clock right? it says %s)", day);
}

void bs_http_tls_reason(
	void *easy, int curl_code, const char *detail, char *text, size_t text_bytes)
{
	if (curl_code == CURLE_SSL_CACERT_BADFILE) {
		const char *file = bs_http_ca_file();
		(void)snprintf(text, text_bytes, "the trusted certificates cannot be read: %s",
			file ? file : "no file found; name one in SSL_CERT_FILE");
		return;
	}
	long number = 0;
	(void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &number);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (reasons[i].number != number)
			continue;
		(void)snprintf(text, text_bytes, "%s", reasons[i].words);
		if (reasons[i].ask_clock)
			add_clock(text, text_bytes);
		return;
	}
	// The chain is good, the name is not: libcurl compares names itself, and says so in words
	// only.
	if (curl_code == CURLE_PEER_FAILED_VERIFICATION &&
		bs_str_has(bs_str_c(detail), BS_LIT("subject name")))
		(void)snprintf(text, text_bytes, "the certificate is for another host");
	else
		(void)snprintf(text, text_bytes, "the handshake failed: %s", detail);
}
