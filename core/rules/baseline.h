// SPDX-License-Identifier: MIT
// The lines of a run that passed, as a set of hashes of fixed size.
#ifndef BS_RULES_BASELINE_H
#define BS_RULES_BASELINE_H

#include "core/text/line.h"

struct bs_baseline;

// NULL when memory is out.
struct bs_baseline *bs_baseline_new(void);
void bs_baseline_free(struct bs_baseline *baseline);

// struct bs_line_sink's shape, with the baseline as ctx. What no longer fits is not known later: a
// full set takes weight from fewer lines, never from more.
enum bs_status bs_baseline_take(
	void *baseline, const struct bs_line *line, struct bs_err *err) BS_MUST_USE;

// Whether a line of this kind was there: the same but for times, ids, folders, numbers. A zero is
// no other number: "0 failed" is not "3 failed". What has no letters is never known.
bool bs_baseline_knows(const struct bs_baseline *baseline, struct bs_str text);

#endif
