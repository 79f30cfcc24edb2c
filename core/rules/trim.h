// SPDX-License-Identifier: MIT
// Chooses the lines that matter: takes a log line by line, keeps within bounded memory what may
// count, and picks an excerpt under a byte budget.
#ifndef BS_RULES_TRIM_H
#define BS_RULES_TRIM_H

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/rules/baseline.h"
#include "core/rules/pack.h"
#include "core/text/excerpt.h"
#include "core/text/line.h"

struct bs_trim;

// bytes_max: budget of the excerpt's text, markers and line numbers included. rules must outlive
// the trimmer.
enum bs_status bs_trim_new(struct bs_rules *rules, size_t bytes_max, struct bs_diag *diag,
	struct bs_trim **ret_trim, struct bs_err *err) BS_MUST_USE;
void bs_trim_free(struct bs_trim *trim);
// Before the first line: let the excerpt say why it holds what it holds.
void bs_trim_explain(struct bs_trim *trim);
// Before the first line: the lines of a passing run, which lose weight. Must outlive the trimmer.
void bs_trim_compare(struct bs_trim *trim, const struct bs_baseline *baseline);

// One line (already redacted): struct bs_line_sink's shape, with the trimmer as ctx.
enum bs_status bs_trim_take(void *trim, const struct bs_line *line, struct bs_err *err) BS_MUST_USE;

// The excerpt, in the arena. BS_EMPTY when no line had anything but white space.
// input_bytes and redactions are left 0 for the caller to fill.
enum bs_status bs_trim_finish(struct bs_trim *trim, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_err *err) BS_MUST_USE;

#endif
