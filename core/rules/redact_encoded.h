// SPDX-License-Identifier: MIT
// Tokens and keys inside base64 and percent-encoding.
#ifndef BS_RULES_REDACT_ENCODED_H
#define BS_RULES_REDACT_ENCODED_H

#include "core/rules/redact_patterns.h"

// The encoded beginnings of all prefixes, under ids from id_base on.
enum bs_status bs_encoded_sow(const struct bs_patterns *patterns, struct bs_literals *literals,
	uint32_t id_base, struct bs_err *err) BS_MUST_USE;

// An encoded beginning stands at hit (its id without id_base): decodes what it is in, and marks the
// run when a secret is inside. *ret_key is set when the run is a private key that may go on in the
// next line.
enum bs_status bs_encoded_mark(struct bs_patterns *patterns, const struct bs_literal_hit *hit,
	struct bs_str text, struct bs_marks *marks, bool *ret_key, struct bs_err *err) BS_MUST_USE;

#endif
