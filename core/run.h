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
	int log_fd;            // read to its end
	int64_t log_bytes_max; // 0: all of it; else the log ends there (a growing job log)
	int exit_status;       // of the failed command, -1: unknown
	int64_t started_ms, deadline_at_ms; // monotonic
	const volatile sig_atomic_t *cancelled;
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

#endif
