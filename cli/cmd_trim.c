// SPDX-License-Identifier: MIT
// `buildsum trim [FILE|-]`: exactly the excerpt a model would be sent, and nothing else on standard
// output; with --explain, or as JSON, why it holds what it holds.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/show.h"
#include "core/report/explain.h"

const struct bs_option bs_cmd_trim_options[] = {
	{.name = "explain",
		.help = "Print instead why each block of the excerpt was kept: which rule spoke for "
			"it, how it scored, and what found no room."},
	{.name = NULL},
};

static void render(const struct bs_cli *cli, const struct bs_excerpt *excerpt, struct bs_buf *out)
{
	if (!excerpt->explanation)
		bs_buf_add(out, excerpt->text);
	else if (cli->config.format == BS_FORMAT_JSON)
		bs_explain_json(excerpt, out);
	else
		bs_explain_terminal(excerpt, bs_show_terminal(cli, STDOUT_FILENO), out);
}

int bs_cmd_trim(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_run run;
	struct bs_excerpt excerpt;
	struct bs_buf out;
	if (bs_input_open(cli, &run, &err) != BS_OK)
		return bs_cli_fail(&err);
	run.explain = cli->config.format == BS_FORMAT_JSON || bs_cli_option(cli, "explain");
	enum bs_status status = bs_run_excerpt(&run, cli->arena, &excerpt, &err);
	bs_input_close(&run);
	bs_cli_print_notes(cli);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	bs_buf_init(&out, BS_REQUEST_BYTES_MAX);
	render(cli, &excerpt, &out);
	return bs_cli_print(&out);
}
