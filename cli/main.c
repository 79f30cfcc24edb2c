// SPDX-License-Identifier: MIT
// The front door: the table of commands, and the way from argv to one of them.
#include <signal.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "core/base/clock.h"

extern char **environ;

static int print_help(struct bs_cli *cli)
{
	struct bs_buf out;
	bs_buf_init(&out, BS_HELP_BYTES_MAX);
	bs_options_help(cli->commands, cli->command, &out);
	return bs_cli_print(&out);
}

static const struct bs_command commands[] = {
	{.name = "",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Say in a few lines why a CI job failed.",
		.groups = BS_GROUPS_ALL,
		.operands_max = 1,
		.run = print_help},
	{.name = "config",
		.usage = "[OPTIONS]",
		.help = "Show every setting: its value, where that came from, one line of help.",
		.examples = "  buildsum config\n"
			    "  buildsum config --format json | jq '.settings[] | "
			    "select(.origin != \"default\")'\n",
		.groups = BS_GROUPS_ALL,
		.options = bs_cmd_config_options,
		.run = bs_cmd_config},
	{.run = NULL},
};

static int run(struct bs_cli *cli, int argc, char *argv[])
{
	struct bs_err err;
	struct bs_options options;
	if (bs_options_parse(commands, argc, argv, cli->arena, &options, &err) != BS_OK)
		return bs_cli_fail(&err);
	cli->command = options.command;
	cli->operands = options.operands;
	cli->operands_count = options.operands_count;
	cli->option_values = options.values;
	if (options.help)
		return print_help(cli);
	if (options.version) {
		struct bs_buf out;
		bs_buf_init(&out, BS_HELP_BYTES_MAX);
		bs_options_version(&out);
		return bs_cli_print(&out);
	}
	if (bs_cli_load(cli, &options, NULL, &err) != BS_OK)
		return bs_cli_fail(&err);
	return cli->command->run(cli);
}

int main(int argc, char *argv[])
{
	struct bs_arena arena;
	struct bs_diag diag = {0};
	struct bs_cli cli = {
		.commands = commands,
		.environ = (const char *const *)environ,
		.arena = &arena,
		.diag = &diag,
		.started_ms = bs_clock_ms(),
	};
	(void)signal(SIGPIPE, SIG_IGN); // a closed pipe is a failed write, with a message
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	int status = run(&cli, argc, argv);
	bs_arena_release(&arena);
	return status;
}
