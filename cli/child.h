// SPDX-License-Identifier: MIT
// A command run beside us: on a pseudo-terminal when we sit on one, its bytes handed over as they
// come.
#ifndef BS_CLI_CHILD_H
#define BS_CLI_CHILD_H

#include "core/base/err.h"
#include "core/base/str.h"

struct bs_child_io {
	// Output of the command: out_fd 1 or 2 (on a pseudo-terminal always 1). False: no more of
	// it is wanted.
	bool (*output)(void *ctx, int out_fd, struct bs_str bytes);
	void *ctx;
};

// Runs argv (NULL-ended, argv[0] looked up on PATH) to its end. Output is not changed, input goes
// to it, SIGINT, SIGTERM and SIGHUP are passed on to it. *ret_status is what a shell would say: its
// exit status, 128 + the signal that killed it, 127 not found, 126 not executable. A command that
// ends while its own children still hold the output open is not waited for. BS_SYSTEM: it could not
// be started at all.
enum bs_status bs_child_run(char *const argv[], const struct bs_child_io *io, int *ret_status,
	struct bs_err *err) BS_MUST_USE;

#endif
