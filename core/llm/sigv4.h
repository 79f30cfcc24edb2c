// SPDX-License-Identifier: MIT
// Requests signed as AWS asks (Signature Version 4), with the path encoded once more as Bedrock
// wants it.
//
// libcurl can sign since 7.75, but until 8.14 it signs the path as it is written, which is wrong
// for every model with a colon in its name.
// Source: AWS, "Signing AWS API requests: create a signed request".
#ifndef BS_LLM_SIGV4_H
#define BS_LLM_SIGV4_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct bs_sigv4_key {
	struct bs_str id, secret, session_token; // the last one may be empty
};

struct bs_sigv4_request {
	const char *method, *url; // without a query
	struct bs_str body;
	const char *region, *service;
	int64_t wall_ms;
	bool hash_header; // x-amz-content-sha256 is sent, and signed
};

// The headers to send; with X-Amz-Security-Token when there is one.
struct bs_sigv4 {
	char date[17];      // X-Amz-Date: "20261123T080000Z"
	char body_hash[65]; // x-amz-content-sha256
	struct bs_buf authorization;
};

void bs_sigv4_release(struct bs_sigv4 *signed_request);
// BS_USAGE: the URL has no host.
enum bs_status bs_sigv4_sign(const struct bs_sigv4_key *key, const struct bs_sigv4_request *request,
	struct bs_sigv4 *ret_signed, struct bs_err *err) BS_MUST_USE;

// "PROD_ACCESS_KEY_ID" goes with PROD_SECRET_ACCESS_KEY and PROD_SESSION_TOKEN. False when the
// name is not of that kind or too long.
#define BS_SIGV4_NAME_BYTES 160
bool bs_sigv4_companion(
	const char *id_name, const char *companion, char ret_name[BS_SIGV4_NAME_BYTES]);

#endif
