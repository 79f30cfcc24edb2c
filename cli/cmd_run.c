// SPDX-License-Identifier: MIT
// `buildsum run -- CMD…`: runs it, passes its output through, and says on standard error why it
// failed, unless the hook of a Buildkite job will: that finds the output in BUILDSUM_LOG_COPY.
#include <unistd.h>

#include "cli/child.h"
#include "cli/commands.h"
#include "cli/show.h"
#include "core/ext/file.h"
#include "plugin/job.h"

struct tee {
	struct bs_reading *reading; // NULL: its output is no longer read along
	struct bs_diag *diag;
	const char *copy_path;
	int copy_fd; // -1: no copy is kept
	uint64_t copied;
};

static void open_copy(struct tee *tee, const char *path)
{
	struct bs_err err;
	tee->copy_path = path;
	if (path && bs_file_create_own(path, &tee->copy_fd, &err) != BS_OK)
		bs_diag_warn(tee->diag, "no copy for the hook: %s", err.msg);
}

// The end of the output matters most: what grows too large is begun anew. A copy that lacks
// something is none.
static void add_to_copy(struct tee *tee, struct bs_str bytes)
{
	struct bs_err err;
	enum bs_status status = BS_OK;
	if (tee->copy_fd < 0)
		return;
	if (tee->copied + bytes.len > BS_LOG_COPY_BYTES_MAX) {
		status = bs_file_empty(tee->copy_fd, tee->copy_path, &err);
		tee->copied = 0;
	}
	if (status == BS_OK)
		status = bs_file_write(tee->copy_fd, bytes, tee->copy_path, &err);
	tee->copied += bytes.len;
	if (status == BS_OK)
		return;
	bs_diag_warn(tee->diag, "no copy for the hook: %s", err.msg);
	bs_file_close(tee->copy_fd);
	tee->copy_fd = -1;
	(void)unlink(tee->copy_path);
}

static bool pass_through(void *ctx, int out_fd, struct bs_str bytes)
{
	struct tee *tee = ctx;
	struct bs_err err;
	bool written = bs_file_write(out_fd, bytes, "the command's output", &err) == BS_OK;
	if (!written)
		bs_diag_warn(tee->diag, "%s; the rest of it is lost", err.msg);
	add_to_copy(tee, bytes);
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
		.ending = {.exit_status = exit_status},
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
	struct tee tee = {.reading = reading, .diag = cli->diag, .copy_fd = -1};
	open_copy(&tee, bs_job_copy_path(cli->environ, cli->arena));
	const struct bs_child_io io = {pass_through, &tee};
	status = bs_child_run(cli->operands, &io, &exit_status, &err);
	if (status == BS_OK && exit_status != 0 && tee.reading && tee.copy_fd < 0)
		explain(cli, reading, exit_status);
	bs_file_close(tee.copy_fd);
	bs_reading_free(reading);
	bs_cli_print_notes(cli);
	return status == BS_OK ? exit_status : bs_cli_fail(&err);
}
