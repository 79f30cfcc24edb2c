// SPDX-License-Identifier: MIT
// The shapes in which a known value turns up in a log: escaped, encoded, line by line.
#ifndef BS_RULES_REDACT_FORMS_H
#define BS_RULES_REDACT_FORMS_H

#include "core/base/buf.h"

struct bs_form_sink {
	enum bs_status (*take)(void *ctx, struct bs_str form, struct bs_err *err);
	void *ctx;
};

// Gives every form of value to the sink, the value itself first; a form may come twice. The bytes
// are wiped after the call.
enum bs_status bs_forms_each(
	struct bs_str value, struct bs_form_sink sink, struct bs_err *err) BS_MUST_USE;

// The characters that stand for `bytes` in base64 whatever surrounds them, when `before` (0..2)
// other bytes stand before them in their group of three.
void bs_forms_base64(struct bs_str bytes, size_t before, bool url, struct bs_buf *out);

#endif
