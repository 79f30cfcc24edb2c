// SPDX-License-Identifier: MIT
// Where a request goes: base addresses with variables in them, paths with the model in them.
#ifndef BS_LLM_ADDRESS_H
#define BS_LLM_ADDRESS_H

#include "core/base/arena.h"

// A base URL as written, without slashes at its end.
enum bs_status bs_address_base(const char *text, struct bs_arena *arena, const char **ret_base,
	struct bs_err *err) BS_MUST_USE;

// "https://${REGION}.example/v1" with the variable's value put in; *ret_base stays as it is when
// that is not set. At the beginning of a form ("${ENDPOINT}/v1") the value is an address; after
// http:// ("http://${HOST}:11434") it is one, or a host, a port, both, with a path or without, and
// an address to listen on becomes one to call; anywhere else it may hold letters, digits and dashes
// only, for it stands in a host's name (an AWS region also decides what that ends with). BS_USAGE
// names the variable that holds something else.
enum bs_status bs_address_fill(const char *form, const char *const *environ, struct bs_arena *arena,
	const char **ret_base, struct bs_err *err) BS_MUST_USE;

// The name of the variable of a form; empty: it has none.
struct bs_str bs_address_variable(const char *form);

// Base and path; {model} in the path becomes the percent-encoded model. What the base ends in and
// the path begins with (/v1, /api) is said once, and so are two versions.
enum bs_status bs_address_join(const char *base, const char *path, const char *model,
	struct bs_arena *arena, const char **ret_url, struct bs_err *err) BS_MUST_USE;

#endif
