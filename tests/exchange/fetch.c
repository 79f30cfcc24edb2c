// SPDX-License-Identifier: MIT
// One exchange of core/ext/http from the command line: fetch [--plain] URL prints verdict, status
// and message, each on a line.
#include <stdio.h>

#include "core/ext/http.h"

int main(int argc, char **argv)
{
	struct bs_http *client = NULL;
	struct bs_http_exchange *exchange = NULL;
	struct bs_err err = {0};
	bool plain = argc == 3 && strcmp(argv[1], "--plain") == 0;
	if (argc != 2 && !plain) {
		fputs("usage: fetch [--plain] URL\n", stderr);
		return 2;
	}
	struct bs_http_header header = {"x-api-key", BS_LIT("credential")};
	struct bs_http_request request = {
		.method = "POST",
		.url = argv[argc - 1],
		.headers = &header,
		.headers_count = 1,
		.body = BS_LIT("{}"),
		.allow_plain = plain,
		.connect_ms = 2000,
		.total_ms = 4000,
	};
	enum bs_status status = bs_http_new(&client, &err);
	if (status == BS_OK)
		status = bs_http_start(client, &request, &exchange, &err);
	while (status == BS_OK && !bs_http_reply(exchange)->done)
		status = bs_http_poll(client, 1000, &err);
	if (status == BS_OK) {
		const struct bs_http_reply *reply = bs_http_reply(exchange);
		printf("%s\n%d\n%s\n", bs_http_verdict_id(reply->verdict), reply->status,
			reply->message);
	} else {
		fprintf(stderr, "fetch: %s\n", err.msg);
	}
	bs_http_end(exchange);
	bs_http_free(client);
	return status == BS_OK ? 0 : 1;
}
