// SPDX-License-Identifier: MIT
// The agent API: requests of the job to its own endpoint, the only place that its token goes to.
//
// Source: buildkite/agent api/annotations.go, api/client.go, api/retryable.go (v3 and v4 alike).
#ifndef BS_PLUGIN_AGENT_H
#define BS_PLUGIN_AGENT_H

#include "plugin/call.h"
#include "plugin/job.h"

struct bs_annotation {
	struct bs_str body;  // Markdown, at most BS_ANNOTATION_BYTES_MAX
	const char *context; // an annotation of the same context is replaced
	const char *style;   // success info warning error
	const char *scope;   // build job
	int64_t priority;    // 1..10
};

// A request below …/jobs/ID; `path` begins with a slash and is escaped already. `body` empty: none
// is sent. As bs_call; no message holds the token.
enum bs_status bs_agent_call(const struct bs_caller *caller, const struct bs_job *job,
	const char *method, const char *path, struct bs_str body, struct bs_buf *ret_body,
	int *ret_status, struct bs_err *err) BS_MUST_USE;

// The same request for a caller that has something else to do while it is under way: with
// bs_http_start, which borrows from it until bs_http_end. `body` stays with the caller.
struct bs_agent_request {
	struct bs_http_request http; // times are still to be set
	struct bs_buf url, authorization;
	struct bs_http_header headers[2 + BS_JOB_HEADERS_MAX];
};

// Must not be moved afterwards; released in any case.
enum bs_status bs_agent_request_init(struct bs_agent_request *request, const struct bs_job *job,
	const char *method, const char *path, struct bs_str body, struct bs_err *err) BS_MUST_USE;
void bs_agent_request_release(struct bs_agent_request *request);

// Annotations are replaced by context, so one that was taken although its answer got lost does no
// harm. Gives up after five tries or ten seconds.
enum bs_status bs_agent_annotate(const struct bs_caller *caller, const struct bs_job *job,
	const struct bs_annotation *annotation, struct bs_err *err) BS_MUST_USE;

// Removes the annotation of that context; one that is not there counts as removed.
enum bs_status bs_agent_remove(const struct bs_caller *caller, const struct bs_job *job,
	const char *context, const char *scope, struct bs_err *err) BS_MUST_USE;

#endif
