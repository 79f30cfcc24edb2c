// SPDX-License-Identifier: MIT
// The pipeline: log bytes → text → redact → trim → model or local summary → report.
//
// Whatever a function of core/ hands you lives in the arena you handed it.
#ifndef BS_RUN_H
#define BS_RUN_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/llm/chain.h"
#include "core/reading.h"
#include "core/report/report.h"

// Kept back of the deadline, so that whatever the models do something is rendered and posted.
#define BS_RUN_RESERVE_MS 1500

// Everything a run needs from outside.
struct bs_run {
	const struct bs_config *config;
	const char *const *environ;
	int log_fd; // read to its end
	uint64_t
		log_bytes_max; // 0: all of it; else the log ends there, though the file may grow on
	struct bs_ending ending; // of the failed command
	// Monotonic. 0: both count from the end of the log, the deadline by the setting: who writes
	// into a pipe takes the time it takes.
	int64_t started_ms, deadline_at_ms;
	const volatile sig_atomic_t *cancelled; // may be NULL
	bool explain;                           // let bs_run_excerpt say why
	struct bs_progress progress;
	struct bs_diag *diag;
};

// Pours log_fd into the reading. A log that stops being readable half-way is used as far as it was
// read, with a warning. BS_INPUT: unreadable from the start, or no text. BS_CANCELLED.
enum bs_status bs_run_read(
	const struct bs_run *run, struct bs_reading *reading, struct bs_err *err) BS_MUST_USE;

// The second half: the excerpt of what was read, asked about, reported. A provider's trouble is
// never a failure: the report is then local. BS_EMPTY: nothing to summarise.
enum bs_status bs_run_conclude(const struct bs_run *run, struct bs_reading *reading,
	struct bs_arena *arena, struct bs_report *ret_report, struct bs_err *err) BS_MUST_USE;

// What of the second half follows the excerpt, for a caller that wants to see that first.
enum bs_status bs_run_ask(const struct bs_run *run, struct bs_reading *reading,
	const struct bs_excerpt *excerpt, struct bs_arena *arena, struct bs_report *ret_report,
	struct bs_err *err) BS_MUST_USE;

// Both halves.
enum bs_status bs_run_report(const struct bs_run *run, struct bs_arena *arena,
	struct bs_report *ret_report, struct bs_err *err) BS_MUST_USE;

// After the report has reached whoever waits for it: adds the run to the host's metrics, where a
// setting asks for them. Never fails; takes a second at the most, less when the deadline is near.
void bs_run_tell(const struct bs_run *run, const struct bs_report *report);

// The excerpt alone: `buildsum trim`.
enum bs_status bs_run_excerpt(const struct bs_run *run, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_err *err) BS_MUST_USE;

// The request bodies that bs_run_report would send, for --dry-run; sends nothing.
enum bs_status bs_run_dry(const struct bs_run *run, struct bs_arena *arena, struct bs_buf *out,
	struct bs_err *err) BS_MUST_USE;

#endif
