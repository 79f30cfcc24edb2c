// SPDX-License-Identifier: MIT
// Between the sources of AWS credentials: how services are asked (aws_fetch.c), and what is good.
#ifndef BS_LLM_AWS_OWN_H
#define BS_LLM_AWS_OWN_H

#include "core/config/config.h"
#include "core/ext/http.h"
#include "core/llm/aws_credentials.h"

#define BS_AWS_TOKEN_BYTES_MAX ((size_t)32 * 1024) // of an identity; some 1,500 are usual

// The value of a variable, trimmed; empty: not set.
struct bs_str bs_aws_variable(const struct bs_aws_ask *ask, const char *name);

// The body of a 200, in the arena. ms: of this request at the most. `who` opens messages.
enum bs_status bs_aws_fetch(const struct bs_aws_ask *ask, const char *who, int64_t ms,
	struct bs_http_request request, struct bs_str *ret_body, struct bs_err *err) BS_MUST_USE;

// BS_FORMAT: not whole, or expired. `expires` may be empty.
enum bs_status bs_aws_check(const struct bs_aws_credentials *found, const char *who,
	struct bs_str expires, struct bs_err *err) BS_MUST_USE;

#endif
