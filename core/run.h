// SPDX-License-Identifier: MIT
// The pipeline: log bytes → text → trim → redact → model or local summary → report.
//
// Whatever a function of core/ hands you lives in the arena you handed it.
#ifndef BS_RUN_H
#define BS_RUN_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/llm/chain.h"
#include "core/report/report.h"
#include "core/rules/pack.h"
#include "core/rules/redact.h"

// Everything a run needs from outside.
struct bs_run {
	const struct bs_config *config;
	const char *const *environ;
	int log_fd; // read to its end
	uint64_t
		log_bytes_max; // 0: all of it; else the log ends there, though the file may grow on
	int exit_status;       // of the failed command, -1: unknown
	// Monotonic. 0: config's deadline, counted from the end of the log: the writer of a pipe
	// takes its time.
	int64_t deadline_at_ms;
	const volatile sig_atomic_t *cancelled; // may be NULL
	struct bs_progress progress;
	struct bs_diag *diag;
};

// Reads, trims and redacts: `buildsum trim`, and the first half of a run. *ret_redact stays needed
// for the guard; the caller frees it. BS_EMPTY: nothing to summarise. BS_INPUT: unreadable.
enum bs_status bs_run_excerpt(const struct bs_run *run, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_redact **ret_redact,
	struct bs_err *err) BS_MUST_USE;

// The whole line. A provider's trouble is never a failure: the report is then local.
enum bs_status bs_run_report(const struct bs_run *run, struct bs_arena *arena,
	struct bs_report *ret_report, struct bs_err *err) BS_MUST_USE;

// The request bodies that bs_run_report would send, for --dry-run; sends nothing.
enum bs_status bs_run_dry(const struct bs_run *run, struct bs_arena *arena, struct bs_buf *out,
	struct bs_err *err) BS_MUST_USE;

// The filter: the whole log line by line to `sink`, secrets replaced, escapes gone, all else as it
// was.
enum bs_status bs_run_redact(const struct bs_run *run, struct bs_line_sink sink,
	uint64_t *ret_redactions, struct bs_err *err) BS_MUST_USE;

#endif
