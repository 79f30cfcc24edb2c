// SPDX-License-Identifier: MIT
// The log a command was given: a file, a pipe, or nothing.
#include "cli/input.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/ext/file.h"

static bool is_regular(int fd)
{
	struct stat info;
	return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

enum bs_status bs_input_open(struct bs_cli *cli, struct bs_run *ret_run, struct bs_err *err)
{
	const char *path = cli->operands_count ? cli->operands[0] : NULL;
	int fd = STDIN_FILENO;
	if (!path && isatty(STDIN_FILENO))
		return bs_fail(err, BS_USAGE,
			"no log: name a file, or pipe one in (make 2>&1 | buildsum); --help tells more");
	if (path && strcmp(path, "-") != 0) {
		enum bs_status status = bs_file_open(path, &fd, err);
		if (status != BS_OK)
			return status;
	}
	*ret_run = (struct bs_run){
		.config = &cli->config,
		.environ = cli->environ,
		.log_fd = fd,
		.ending = {.exit_status = -1},
		.started_ms = is_regular(fd) ? cli->started_ms : 0,
		.deadline_at_ms = is_regular(fd) ? cli->started_ms + cli->config.deadline_ms : 0,
		.cancelled = cli->cancelled,
		.diag = cli->diag,
	};
	return BS_OK;
}

void bs_input_close(const struct bs_run *run)
{
	if (run->log_fd > STDERR_FILENO)
		(void)close(run->log_fd);
}
