// SPDX-License-Identifier: MIT
// The Buildkite job that the hook runs in: its environment, each variable checked where it is read.
//
// Source of the names: Buildkite's documentation of environment variables and the agent's source
// (v3, v4).
#ifndef BS_PLUGIN_JOB_H
#define BS_PLUGIN_JOB_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/ext/http.h"

#define BS_JOB_HEADERS_MAX 8          // the agent knows of one or two
#define BS_JOB_STATUS_UNKNOWN (-1000) // BUILDKITE_COMMAND_EXIT_STATUS is not set: it never ran
#define BS_JOB_STATUS_SIGNAL (-1)

struct bs_job {
	const char *id;       // BUILDKITE_JOB_ID
	const char *endpoint; // BUILDKITE_AGENT_ENDPOINT; plain http where the agent itself uses it
	const char *token;    // BUILDKITE_AGENT_ACCESS_TOKEN: secret, for the endpoint only
	const char *url;      // of the job in the build page; NULL when it cannot be told safely
	const char *build_url; // the same page without the job; NULL as well
	const char
		*context; // of our annotation: stable per step, parallel index and cell of a matrix
	const char *step; // a hash of the step: its shards and cells share it
	const char *slot; // a hash of all that tells this job from others of its build, after one
			  // of what does so without the agent's file
	bool is_slot_vague;       // that file was not there
	const char *at;           // a hash of the context
	const char *name;         // for people: its label and parallel index
	uint64_t attempt;         // BUILDKITE_RETRY_COUNT
	const char *organization; // its slug; NULL: not told, or nothing that fits into a path
	const char *log_path;     // BUILDKITE_JOB_LOG_TMPFILE; NULL: the agent does not write one
	const char *copy_path; // BUILDSUM_LOG_COPY: what the plugin's wrapper of the command kept
	int exit_status;       // of the command; BS_JOB_STATUS_SIGNAL: killed by a signal
	int hook_status;       // of a hook that failed after the command had passed; 0: none did
	bool cancelled, timed_out, retried;
	int64_t timeout_ms; // of the whole job; 0: there is none
	int64_t limit_ms;   // of plugin/run.sh, after which it ends the program; 0: not told
	int64_t grace_ms;   // what the agent leaves to the hooks of a job that it ends; 0: not told
	const char *env_file;   // written by the agent when it began the job; NULL: not told
	const char *api_socket; // of the agent's Job API on this machine; NULL: it is off
	const char *api_token;  // for that
	// BUILDKITE_REQUEST_HEADER_…: what the server wants to see again in every request
	struct bs_http_header headers[BS_JOB_HEADERS_MAX];
	size_t headers_count;
};

// BUILDSUM_LOG_COPY: where `buildsum run` keeps the command's output for the hook. What ends with a
// slash is a folder, for a file named after the job. NULL: nowhere, or memory is out.
const char *bs_job_copy_path(const char *const *environ, struct bs_arena *arena);

// BS_USAGE when this is no job: a variable without which nothing can be done is missing or
// malformed. context: the setting annotation.context, or NULL. Strings are borrowed from environ or
// live in the arena.
enum bs_status bs_job_read(const char *const *environ, const char *context, struct bs_arena *arena,
	struct bs_job *ret_job, struct bs_err *err) BS_MUST_USE;

#endif
