// SPDX-License-Identifier: MIT
// `buildsum redact [FILE|-]`: a filter that replaces secrets and changes nothing else but terminal
// escapes.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "core/ext/file.h"

#define FLUSH_BYTES (64 * 1024)

static enum bs_status flush(struct bs_buf *out, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(out, "redacted log", err);
	if (status == BS_OK)
		status = bs_file_write(STDOUT_FILENO, bs_buf_str(out), "standard output", err);
	bs_buf_clear(out);
	return status;
}

static enum bs_status take_line(void *ctx, const struct bs_line *line, struct bs_err *err)
{
	struct bs_buf *out = ctx;
	bs_buf_add(out, line->text);
	bs_buf_add_char(out, '\n');
	return out->len < FLUSH_BYTES ? BS_OK : flush(out, err);
}

int bs_cmd_redact(struct bs_cli *cli)
{
	struct bs_err err;
	struct bs_run run;
	struct bs_buf out;
	struct bs_reading *reading = NULL;
	if (bs_input_open(cli, &run, &err) != BS_OK)
		return bs_cli_fail(&err);
	run.deadline_at_ms = 0; // a filter is done when its input is
	bs_buf_init(&out, BS_REQUEST_BYTES_MAX);
	enum bs_status status = bs_reading_new_filter(&cli->config, cli->environ,
		(struct bs_line_sink){take_line, &out}, cli->diag, &reading, &err);
	if (status == BS_OK)
		status = bs_run_read(&run, reading, &err);
	if (status == BS_OK)
		status = bs_reading_flush(reading, &err);
	if (status == BS_OK)
		status = flush(&out, &err);
	bs_reading_free(reading);
	bs_buf_release(&out);
	bs_input_close(&run);
	bs_cli_print_notes(cli);
	return status == BS_OK ? BS_EXIT_OK : bs_cli_fail(&err);
}
