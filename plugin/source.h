// SPDX-License-Identifier: MIT
// Where the job's log is: each place that may have it in order, or one line on how to open one.
#ifndef BS_PLUGIN_SOURCE_H
#define BS_PLUGIN_SOURCE_H

#include <signal.h>

#include "core/base/buf.h"
#include "plugin/job.h"
#include "plugin/marker.h"

// What the sources need. Strings and slices are borrowed.
struct bs_source_wish {
	const struct bs_job *job;
	struct bs_http *http;
	const volatile sig_atomic_t *cancelled;
	int marker_fd;         // the job's own output
	int64_t file_until_ms; // monotonic: how long the agent's copy …
	int64_t rest_until_ms; // … and Buildkite's may lag behind
	const char *rest_url;  // of the REST API
	struct bs_str token;   // for it; empty: there is none. Secret
	const char *no_token;  // why there is none although one is configured; NULL
};

// The log: a file up to an offset, or the bytes of its end.
struct bs_source {
	int fd;         // -1: `tail` holds it
	uint64_t bytes; // of the file; it ends there, whatever the file grows to
	struct bs_buf tail;
	bool is_cut; // the log is longer than its tail
};

// Prints a marker and looks for it, in this order: BUILDKITE_JOB_LOG_TMPFILE, the REST API, the
// copy that the plugin's own wrapper of the command kept (which needs no marker). BS_INPUT: no
// source has it; the message tells why and what can be switched on. BS_CANCELLED. The copy is
// removed, whoever reads it.
enum bs_status bs_source_open(const struct bs_source_wish *wish, struct bs_source *ret_source,
	struct bs_err *err) BS_MUST_USE;
// The last bytes of it, in `window` or in its tail; nothing when they cannot be read.
struct bs_str bs_source_end(const struct bs_source *source, char *window, size_t bytes);
// Accepts a zeroed one.
void bs_source_close(struct bs_source *source);

// --- the single sources

// source_file.c. The file lags by milliseconds. BS_INPUT: it is not there, or not this job's.
enum bs_status bs_source_file(const struct bs_source_wish *wish, struct bs_marker *marker,
	struct bs_source *ret_source, struct bs_err *err) BS_MUST_USE;
// source_file.c. The wrapper's copy: a file of this user's.
enum bs_status bs_source_copy(const struct bs_source_wish *wish, struct bs_source *ret_source,
	struct bs_err *err) BS_MUST_USE;
// source_rest.c. The REST API lags by seconds. BS_NETWORK, BS_TIMEOUT, BS_CANCELLED.
enum bs_status bs_source_rest(const struct bs_source_wish *wish, struct bs_marker *marker,
	struct bs_source *ret_source, struct bs_err *err) BS_MUST_USE;

#endif
