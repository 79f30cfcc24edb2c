// SPDX-License-Identifier: MIT
// What the commands share: loading the configuration, failing, printing.
#include "cli/cli.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"
#include "core/config/credentials.h"
#include "core/ext/file.h"

enum bs_status bs_cli_load(struct bs_cli *cli, const struct bs_options *options,
	const char *plugin_json, struct bs_err *err)
{
	const struct bs_config_sources sources = {
		.environ = cli->environ,
		.system_path = BS_CONFIG_SYSTEM_PATH,
		.project_folder = ".",
		.plugin_json = plugin_json,
		.flags = options->flags,
		.flags_count = options->flags_count,
	};
	enum bs_status status = bs_config_load(&cli->config, &sources, cli->arena, cli->diag, err);
	if (status == BS_OK)
		status = bs_credentials_read_files(
			&cli->config, cli->environ, cli->arena, cli->diag, &cli->environ, err);
	return status;
}

const char *bs_cli_option(const struct bs_cli *cli, const char *name)
{
	const struct bs_option *options = cli->command->options;
	for (size_t i = 0; options && options[i].name; i++)
		if (strcmp(options[i].name, name) == 0)
			return cli->option_values[i];
	assert(false && "the command has no such option");
	return NULL;
}

int bs_cli_exit_status(enum bs_status status)
{
	switch (status) {
	case BS_OK:
		return BS_EXIT_OK;
	case BS_USAGE:
		return BS_EXIT_USAGE;
	case BS_EMPTY:
		return BS_EXIT_EMPTY;
	case BS_NOMEM:
	case BS_INPUT:
	case BS_LIMIT:
	case BS_FORMAT:
	case BS_SYSTEM:
	case BS_NETWORK:
	case BS_TIMEOUT:
	case BS_CANCELLED:
	case BS_SECRET:
		return BS_EXIT_FAILED;
	}
	return BS_EXIT_FAILED;
}

// One line that begins with our name, so that nothing in it opens a group in a job's log, and
// without bytes that a terminal obeys. It needs no memory: it has to tell that there is none.
static void say(const char *kind, const char *text)
{
	char line[BS_ERR_MSG_BYTES + 64];
	int n = snprintf(line, sizeof(line) - 1, "buildsum: %s%s", kind, text);
	size_t len = n < 0 ? 0 : strlen(line);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];
		if (c < 0x20 || c == 0x7F)
			line[i] = '?';
		else if (c == 0xC2 && (unsigned char)line[i + 1] < 0xA0)
			line[i] = line[i + 1] = '?'; // U+0080 to U+009F
	}
	len = bs_str_clip_utf8(bs_str(line, len), sizeof(line) - 6).len;
	line[len++] = '\n';
	enum bs_status status = bs_file_write(
		STDERR_FILENO, bs_str(line, len), "standard error", NULL);
	(void)status; // a line that cannot be written changes nothing
}

int bs_cli_fail(const struct bs_err *err)
{
	say("", err->msg);
	return bs_cli_exit_status(err->status);
}

void bs_cli_print_notes(const struct bs_cli *cli)
{
	bs_cli_print_notes_after(cli, 0);
}

void bs_cli_print_notes_after(const struct bs_cli *cli, size_t printed_count)
{
	if (cli->config.quiet)
		return;
	for (size_t i = printed_count; i < cli->diag->notes_count; i++)
		say("warning: ", cli->diag->notes[i]);
}

int bs_cli_print(struct bs_buf *out)
{
	struct bs_err err;
	enum bs_status status = bs_buf_status(out, "output", &err);
	if (status == BS_OK)
		status = bs_file_write(STDOUT_FILENO, bs_buf_str(out), "standard output", &err);
	bs_buf_release(out);
	return status == BS_OK ? BS_EXIT_OK : bs_cli_fail(&err);
}
