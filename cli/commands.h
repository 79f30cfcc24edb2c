// SPDX-License-Identifier: MIT
// The command table, and the functions behind it; each stands in its cmd_*.c.
#ifndef BS_CLI_COMMANDS_H
#define BS_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct bs_command bs_commands[];

int bs_cmd_summarize(struct bs_cli *cli);
int bs_cmd_trim(struct bs_cli *cli);
int bs_cmd_redact(struct bs_cli *cli);
int bs_cmd_run(struct bs_cli *cli);
int bs_cmd_buildkite(struct bs_cli *cli);
int bs_cmd_drill(struct bs_cli *cli);
extern const struct bs_option bs_cmd_drill_options[];
int bs_cmd_rules(struct bs_cli *cli);
extern const struct bs_option bs_cmd_check_options[];
int bs_cmd_check(struct bs_cli *cli);
int bs_cmd_config(struct bs_cli *cli);
extern const struct bs_option bs_cmd_trim_options[];
extern const struct bs_option bs_cmd_config_options[];

#endif
