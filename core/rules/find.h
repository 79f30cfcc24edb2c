// SPDX-License-Identifier: MIT
// The best marks → findings, with what their rules captured.
#ifndef BS_RULES_FIND_H
#define BS_RULES_FIND_H

#include "core/base/arena.h"
#include "core/rules/rank.h"
#include "core/rules/store.h"

// One finding for each shape of line, at most BS_FINDINGS_MAX: causes, then summaries, each the
// most telling first, then the last wrappers, then places beside the strongest causes (role
// context).
enum bs_status bs_find(struct bs_scan *scan, const struct bs_store *store,
	const struct bs_marks *marks, const struct bs_templates *templates,
	const struct bs_ranked *ranked, size_t ranked_count, struct bs_arena *arena,
	struct bs_excerpt *excerpt, struct bs_err *err) BS_MUST_USE;

#endif
