// SPDX-License-Identifier: MIT
// AWS credentials that stand in no variable: of a web identity, a shared file, a container, an
// instance.
//
// Asked in that order, as AWS's SDKs do ("Standardized credential providers", November 2026), once
// a run, and kept nowhere. The first source that is configured counts; the instance's role is the
// last, for only asking tells whether there is one. Not read: SSO, processes, roles of profiles.
#ifndef BS_LLM_AWS_CREDENTIALS_H
#define BS_LLM_AWS_CREDENTIALS_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/err.h"

// The key of a route that takes them, and their names in the list of variables (core/llm/keys.h):
// with it go "aws:SECRET_ACCESS_KEY" and "aws:SESSION_TOKEN".
#define BS_AWS_KEY "aws:ACCESS_KEY_ID"

struct bs_aws_ask {
	const char *const *environ;
	int64_t until_ms;                       // monotonic; each source has its own limit below it
	const volatile sig_atomic_t *cancelled; // may be NULL
	struct bs_arena *arena;
};

struct bs_aws_credentials {
	struct bs_str id, secret, token; // the token may be empty
	const char *from;                // "the instance's role build-agent"
};

// BS_EMPTY: no source is configured, and the host is no instance with a role. BS_INPUT,
// BS_NETWORK, BS_FORMAT: the one that is did not give any. BS_CANCELLED, BS_NOMEM.
enum bs_status bs_aws_find(const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found,
	struct bs_err *err) BS_MUST_USE;

// The list of variables with them in it; the values are copied into the arena.
enum bs_status bs_aws_add(const struct bs_aws_ask *ask, const struct bs_aws_credentials *found,
	const char *const **ret_environ, struct bs_err *err) BS_MUST_USE;

#define BS_AWS_MS_MAX 5000 // of a search; what is not there costs a second at the most

// --- the sources; BS_EMPTY: not configured
enum bs_status bs_aws_from_profile(const struct bs_aws_ask *ask,
	struct bs_aws_credentials *ret_found, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_aws_from_web_identity(const struct bs_aws_ask *ask,
	struct bs_aws_credentials *ret_found, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_aws_from_container(const struct bs_aws_ask *ask,
	struct bs_aws_credentials *ret_found, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_aws_from_instance(const struct bs_aws_ask *ask,
	struct bs_aws_credentials *ret_found, struct bs_err *err) BS_MUST_USE;

#endif
