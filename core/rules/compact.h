// SPDX-License-Identifier: MIT
// Lets the dull middle of a full store go.
#ifndef BS_RULES_COMPACT_H
#define BS_RULES_COMPACT_H

#include "core/rules/choose.h"

// Afterwards at least a third of the store and half of the marks are free. Head and tail of the log
// and what would be chosen for a very large excerpt stay.
enum bs_status bs_compact(struct bs_store *store, struct bs_marks *marks,
	const struct bs_rules *rules, const struct bs_templates *templates, uint64_t lines_seen,
	struct bs_err *err) BS_MUST_USE;

#endif
