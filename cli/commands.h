// SPDX-License-Identifier: MIT
// The functions behind the command table; each stands in its cmd_*.c.
#ifndef BS_CLI_COMMANDS_H
#define BS_CLI_COMMANDS_H

#include "cli/cli.h"

int bs_cmd_summarize(struct bs_cli *cli);
int bs_cmd_trim(struct bs_cli *cli);
int bs_cmd_redact(struct bs_cli *cli);
int bs_cmd_run(struct bs_cli *cli);
int bs_cmd_buildkite(struct bs_cli *cli);
int bs_cmd_rules(struct bs_cli *cli);

#endif
