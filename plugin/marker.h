// SPDX-License-Identifier: MIT
// A line of our own in the job's output: what stands before it is this job's log, complete.
//
// Copies of the log lag behind the job, by milliseconds or by seconds, and one of several jobs on
// an agent may be told another one's path.
#ifndef BS_PLUGIN_MARKER_H
#define BS_PLUGIN_MARKER_H

#include "plugin/job.h"

#define BS_MARKER_BYTES 17
#define BS_MARKER_BEFORE_BYTES 4096 // looked at before the marker

struct bs_marker {
	char text[BS_MARKER_BYTES]; // "": not printed yet
};

// Prints it, unless that was done already. BS_SYSTEM: the job's output cannot be written to.
enum bs_status bs_marker_print(
	struct bs_marker *marker, const struct bs_job *job, int fd, struct bs_err *err) BS_MUST_USE;

// How many bytes of `before`, the end of the log up to the marker, are the job's own: before the
// rest of the marker's line, our other lines, and the two lines with which the agent announces a
// hook, "~~~ Running plugin … post-command hook" and "$ …".
size_t bs_marker_cut(struct bs_str before);

#endif
