// SPDX-License-Identifier: MIT
// `buildsum [FILE|-]`: summarises a failed log; with --dry-run prints what would be sent instead.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/show.h"

static int dry_run(struct bs_cli *cli, const struct bs_run *run)
{
	struct bs_err err;
	struct bs_buf out;
	bs_buf_init(&out, BS_REQUEST_BYTES_MAX);
	enum bs_status status = bs_run_dry(run, cli->arena, &out, &err);
	bs_cli_print_notes(cli);
	if (status == BS_OK)
		return bs_cli_print(&out);
	bs_buf_release(&out);
	return bs_cli_fail(&err);
}

static int summarize(struct bs_cli *cli, struct bs_run *run)
{
	struct bs_err err;
	struct bs_report report;
	struct bs_watch watch;
	run->progress = bs_show_progress(cli, &watch);
	enum bs_status status = bs_run_report(run, cli->arena, &report, &err);
	bs_show_progress_end(&watch);
	bs_cli_print_notes(cli);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	size_t notes_count = cli->diag->notes_count;
	bs_show_attempts(cli, &report);
	int exit_status = bs_show_report(cli, &report, STDOUT_FILENO);
	bs_run_tell(run, &report);
	bs_cli_print_notes_after(cli, notes_count);
	return exit_status;
}

int bs_cmd_summarize(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_run run;
	if (bs_input_open(cli, &run, &err) != BS_OK)
		return bs_cli_fail(&err);
	int exit_status = cli->config.dry_run ? dry_run(cli, &run) : summarize(cli, &run);
	bs_input_close(&run);
	return exit_status;
}
