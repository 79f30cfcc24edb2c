// SPDX-License-Identifier: MIT
// The agent API: puts an annotation on the build, takes it away again.
//
// Source: buildkite/agent api/annotations.go, api/client.go, api/retryable.go (v3 and v4 alike).
#ifndef BS_PLUGIN_AGENT_H
#define BS_PLUGIN_AGENT_H

#include "core/ext/http.h"
#include "plugin/job.h"

struct bs_annotation {
	struct bs_str body;  // Markdown, at most BS_ANNOTATION_BYTES_MAX
	const char *context; // an annotation of the same context is replaced
	const char *style;   // success info warning error
	const char *scope;   // build job
	int64_t priority;    // 1..10
};

// Tries until the server took it, refused it, or the time is over. The message of a failure never
// holds the token. deadline_at_ms: monotonic.
enum bs_status bs_agent_annotate(struct bs_http *http, const struct bs_job *job,
	const struct bs_annotation *annotation, int64_t deadline_at_ms,
	struct bs_err *err) BS_MUST_USE;

// Removes the annotation of that context; one that is not there counts as removed.
enum bs_status bs_agent_remove(struct bs_http *http, const struct bs_job *job, const char *context,
	const char *scope, int64_t deadline_at_ms, struct bs_err *err) BS_MUST_USE;

#endif
