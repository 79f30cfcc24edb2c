// SPDX-License-Identifier: MIT
// What a request costs at the least: one POST by libcurl alone, the reply thrown away.
//
//     bare_curl URL BODY-FILE       the key stands in the variable BARE_KEY
#include <stdio.h>
#include <stdlib.h>

#include <curl/curl.h>

#define BODY_BYTES_MAX (1024 * 1024)

static size_t count(char *bytes, size_t size, size_t number, void *ctx)
{
	(void)bytes;
	*(size_t *)ctx += size * number;
	return size * number;
}

static int post(CURL *curl, const char *url, const char *body, size_t len)
{
	char header[200];
	size_t got = 0;
	const char *key = getenv("BARE_KEY");
	(void)snprintf(header, sizeof(header), "Authorization: Bearer %s", key ? key : "");
	struct curl_slist *headers = curl_slist_append(NULL, header);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, count);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
	CURLcode result = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	return result == CURLE_OK && got > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
	char *body = malloc(BODY_BYTES_MAX);
	int status = 2;
	if (file && body) {
		size_t len = fread(body, 1, BODY_BYTES_MAX, file);
		curl_global_init(CURL_GLOBAL_DEFAULT);
		CURL *curl = curl_easy_init();
		if (curl)
			status = post(curl, argv[1], body, len);
		curl_easy_cleanup(curl);
		curl_global_cleanup();
	}
	if (file)
		fclose(file);
	free(body);
	return status;
}
