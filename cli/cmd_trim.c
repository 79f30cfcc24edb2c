// SPDX-License-Identifier: MIT
// `buildsum trim [FILE|-]`: exactly the excerpt a model would be sent, and nothing else on standard
// output.
#include "cli/commands.h"
#include "cli/input.h"

int bs_cmd_trim(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_run run;
	struct bs_excerpt excerpt;
	struct bs_buf out;
	if (bs_input_open(cli, &run, &err) != BS_OK)
		return bs_cli_fail(&err);
	enum bs_status status = bs_run_excerpt(&run, cli->arena, &excerpt, &err);
	bs_input_close(&run);
	bs_cli_print_notes(cli);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	bs_buf_init(&out, BS_EXCERPT_BYTES_MAX);
	bs_buf_add(&out, excerpt.text);
	return bs_cli_print(&out);
}
