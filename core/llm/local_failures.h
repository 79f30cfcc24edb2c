// SPDX-License-Identifier: MIT
// From findings to failures: what several lines of a log say of one failure is put together.
#ifndef BS_LLM_LOCAL_FAILURES_H
#define BS_LLM_LOCAL_FAILURES_H

#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// The finding that tells most: of the strongest causes the one that comes first in the log, because
// the first failure causes the later ones. NULL: no rule saw a cause.
const struct bs_finding *bs_local_principal(const struct bs_excerpt *excerpt);

// Each failure once, the principal one first, at most BS_FAILURES_MAX. The slices are those of the
// findings.
size_t bs_local_failures(const struct bs_excerpt *excerpt, const struct bs_finding *principal,
	struct bs_failure *ret_failures);

#endif
