// SPDX-License-Identifier: MIT
// What a person sees: the report in the format asked for, and the progress of the current attempt.
#ifndef BS_CLI_SHOW_H
#define BS_CLI_SHOW_H

#include "cli/cli.h"
#include "core/run.h"

// Writes the report to out_fd by the settings format and color; the exit status.
int bs_show_report(const struct bs_cli *cli, const struct bs_report *report, int out_fd);

// How to write to that descriptor: colour by --color, NO_COLOR and TERM; its width.
struct bs_terminal bs_show_terminal(const struct bs_cli *cli, int fd);

// With --verbose: a line on standard error for each attempt at a model, with what the provider
// said.
void bs_show_attempts(const struct bs_cli *cli, const struct bs_report *report);

// One line on standard error that is overwritten, only where that is a terminal and --quiet was not
// given.
struct bs_watch {
	bool shown;
};

struct bs_progress bs_show_progress(const struct bs_cli *cli, struct bs_watch *watch);
// Takes the line away again.
void bs_show_progress_end(struct bs_watch *watch);

#endif
