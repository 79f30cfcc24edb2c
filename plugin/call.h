// SPDX-License-Identifier: MIT
// One request to somebody else's service, repeated while that may help and there is time.
#ifndef BS_PLUGIN_CALL_H
#define BS_PLUGIN_CALL_H

#include <signal.h>

#include "core/base/buf.h"
#include "core/ext/http.h"

struct bs_caller {
	struct bs_http *http;
	const char *who;         // begins messages: "agent API"
	int64_t until_ms;        // monotonic
	int64_t try_ms_max;      // of one request; 0: CALL_TRY_MS_MAX
	unsigned tries_max;      // 0: while there is time
	struct bs_buf *moved_to; // takes the address that a redirect names; nobody is sent there.
				 // NULL: it is not wanted
	const volatile sig_atomic_t *cancelled; // may be NULL
};

// Sends until there is an answer that the same request would get again. BS_OK: a 2xx status, whose
// body is added to ret_body (NULL: it is dropped). BS_NETWORK: no answer, or another status.
// *ret_status is the last HTTP status in every case, 0 when there was none. BS_TIMEOUT.
// BS_CANCELLED. total_ms of the request is set here.
enum bs_status bs_call(const struct bs_caller *caller, struct bs_http_request request,
	struct bs_buf *ret_body, int *ret_status, struct bs_err *err) BS_MUST_USE;

// Sleeps, at most until caller->until_ms. False: cancelled.
bool bs_call_pause(const struct bs_caller *caller, int64_t pause_ms) BS_MUST_USE;

// One segment of a path. The agent API takes no dots there, so the agent escapes those too.
void bs_call_segment(const char *text, struct bs_buf *out);

#endif
