// SPDX-License-Identifier: MIT
// `buildsum run -- CMD…`: runs it, passes its output through, and says on standard error why it
// failed.
#include <unistd.h>

#include "cli/child.h"
#include "cli/commands.h"
#include "cli/show.h"
#include "core/ext/file.h"

struct tee {
	struct bs_reading *reading; // NULL: its output is no longer read along
	struct bs_diag *diag;
};

static bool pass_through(void *ctx, int out_fd, struct bs_str bytes)
{
	struct tee *tee = ctx;
	struct bs_err err;
	bool written = bs_file_write(out_fd, bytes, "the command's output", &err) == BS_OK;
	if (!written)
		bs_diag_warn(tee->diag, "%s; the rest of it is lost", err.msg);
	if (tee->reading && bs_reading_feed(tee->reading, bytes, &err) != BS_OK) {
		bs_diag_warn(tee->diag, "no summary: %s", err.msg);
		tee->reading = NULL;
	}
	return written;
}

static void explain(struct bs_cli *cli, struct bs_reading *reading, int exit_status)
{
	struct bs_err err;
	struct bs_report report;
	struct bs_watch watch;
	const struct bs_run run = {
		.config = &cli->config,
		.environ = cli->environ,
		.log_fd = -1,
		.exit_status = exit_status,
		.cancelled = cli->cancelled,
		.progress = bs_show_progress(cli, &watch),
		.diag = cli->diag,
	};
	enum bs_status status = bs_run_conclude(&run, reading, cli->arena, &report, &err);
	bs_show_progress_end(&watch);
	if (status == BS_OK) {
		bs_show_attempts(cli, &report);
		(void)bs_show_report(cli, &report, STDERR_FILENO);
		bs_run_tell(&run, &report);
	} else {
		(void)bs_cli_fail(&err);
	}
}

int bs_cmd_run(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_reading *reading = NULL;
	int exit_status = BS_EXIT_FAILED;
	if (cli->operands_count == 0) {
		(void)bs_fail(&err, BS_USAGE, "run: no command: buildsum run -- make test");
		return bs_cli_fail(&err);
	}
	enum bs_status status = bs_reading_new(
		&cli->config, cli->environ, cli->diag, cli->arena, &reading, &err);
	if (status != BS_OK)
		return bs_cli_fail(&err);
	struct tee tee = {reading, cli->diag};
	const struct bs_child_io io = {pass_through, &tee};
	status = bs_child_run(cli->operands, &io, &exit_status, &err);
	if (status == BS_OK && exit_status != 0 && tee.reading)
		explain(cli, reading, exit_status);
	bs_reading_free(reading);
	bs_cli_print_notes(cli);
	return status == BS_OK ? exit_status : bs_cli_fail(&err);
}
