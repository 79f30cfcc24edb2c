// SPDX-License-Identifier: MIT
// `buildsum buildkite`: the post-command hook's body; ends with 0 whatever happened.
#include "cli/commands.h"
#include "plugin/buildkite.h"

int bs_cmd_buildkite(struct bs_cli *cli)
{
	bs_buildkite_hook(&cli->config, cli->environ, cli->cancelled, cli->diag);
	return BS_EXIT_OK;
}
