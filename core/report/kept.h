// SPDX-License-Identifier: MIT
// A summary that is kept for other runs: of other jobs of a build, or of later ones on this host.
//
// What was kept may come back from anybody who can write there: it is held to the same schema and
// limits as a model's answer, and shown as escaped as one.
#ifndef BS_REPORT_KEPT_H
#define BS_REPORT_KEPT_H

#include "core/base/arena.h"
#include "core/report/report.h"

struct bs_kept {
	bool by_llm;
	const char *told;    // who answered, after what, in what time, at what cost: for the footer
	const char *context; // of the annotation it stands in; "" when that does not matter
	int64_t made_ms;     // since 1970
	struct bs_summary summary;
};

// One line of JSON without its end, at most BS_KEPT_BYTES_MAX.
void bs_kept_write(const struct bs_kept *kept, struct bs_buf *out);
// BS_FORMAT: this is no kept summary. Strings live in the arena.
enum bs_status bs_kept_read(struct bs_str text, struct bs_arena *arena, struct bs_kept *ret_kept,
	struct bs_err *err) BS_MUST_USE;

#endif
