// SPDX-License-Identifier: MIT
// A choice → its explanation.
#ifndef BS_RULES_EXPLAIN_H
#define BS_RULES_EXPLAIN_H

#include "core/base/arena.h"
#include "core/rules/choose.h"
#include "core/text/explanation.h"

// After bs_choose. BS_NOMEM.
enum bs_status bs_explain(const struct bs_choice *choice, struct bs_arena *arena,
	const struct bs_explanation **ret_explanation, struct bs_err *err) BS_MUST_USE;

#endif
