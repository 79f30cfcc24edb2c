// SPDX-License-Identifier: MIT
// The log a command was given: a file, a pipe, or nothing.
#ifndef BS_CLI_INPUT_H
#define BS_CLI_INPUT_H

#include "cli/cli.h"
#include "core/run.h"

// Fills run with the log named by the first operand ("-" and none: standard input), the
// configuration and the deadline: from now for a file, from its end for a pipe, whose writer takes
// the time it takes. The caller closes run->log_fd unless it is standard input. BS_USAGE when there
// is no operand and standard input is a terminal.
enum bs_status bs_input_open(
	struct bs_cli *cli, struct bs_run *ret_run, struct bs_err *err) BS_MUST_USE;
void bs_input_close(const struct bs_run *run);

#endif
