// SPDX-License-Identifier: MIT
// Where the job's log is: the file the agent writes beside the upload, cut where our own hook
// began.
#ifndef BS_PLUGIN_SOURCE_H
#define BS_PLUGIN_SOURCE_H

#include "plugin/job.h"

struct bs_log_source {
	int fd;         // the caller closes it
	uint64_t bytes; // the log ends there, whatever the file grows to
};

// Opens BUILDKITE_JOB_LOG_TMPFILE. The file lags behind the job by some milliseconds, and with
// several jobs on one agent the path may be another job's: a marker is printed to `marker_fd` (the
// job's own output) and waited for until marker_until_ms (monotonic). What stands before it is this
// job's log, complete. BS_INPUT, with one line on what to do, when there is no such file or the
// marker never shows up in it.
enum bs_status bs_source_open(const struct bs_job *job, int marker_fd, int64_t marker_until_ms,
	struct bs_log_source *ret_source, struct bs_err *err) BS_MUST_USE;

#endif
