// SPDX-License-Identifier: MIT
// The front door: makes the process safe, reads the command line, runs one row of the command
// table.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#else
#include <sys/resource.h>
#endif

#include "cli/commands.h"
#include "cli/options.h"
#include "core/base/clock.h"
#include "plugin/listed.h"

extern char **environ;

static volatile sig_atomic_t cancelled;

// The first signal asks for an orderly end, the second one ends the process.
static void on_signal(int signal_number)
{
	cancelled = signal_number;
}

static void catch_signals(void)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		(void)sigaction(caught[i], &action, NULL);
	(void)signal(SIGPIPE, SIG_IGN); // a closed pipe is a failed write, with a message
	(void)signal(SIGXFSZ, SIG_IGN); // so is a file that may not grow
}

// Keys are in this process: no core file, no other process of this user looks in. Descriptors 0 to
// 2 are open, so that no socket ever takes the place of standard output.
static void harden(void)
{
#ifdef __linux__
	(void)prctl(
		PR_SET_DUMPABLE, 0); // unlike a limit, a command under `run` does not inherit it
#else
	const struct rlimit none = {0, 0};
	(void)setrlimit(RLIMIT_CORE, &none);
#endif
	int fd;
	do // read-only: what is written to a closed standard output is an error, not lost
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

static int print_help(struct bs_cli *cli)
{
	struct bs_buf out;
	bs_buf_init(&out, BS_HELP_BYTES_MAX);
	bs_options_help(cli->commands, cli->command, &out);
	return bs_cli_print(&out);
}

static int print_version(void)
{
	struct bs_buf out;
	bs_buf_init(&out, BS_HELP_BYTES_MAX);
	bs_options_version(&out);
	return bs_cli_print(&out);
}

static int run(struct bs_cli *cli, int argc, char *argv[])
{
	struct bs_err err;
	struct bs_options options;
	if (bs_options_parse(bs_commands, argc, argv, cli->arena, &options, &err) != BS_OK)
		return bs_cli_fail(&err);
	cli->command = options.command;
	cli->operands = options.operands;
	cli->operands_count = options.operands_count;
	cli->option_values = options.values;
	if (options.help)
		return print_help(cli);
	if (options.version)
		return print_version();
	const char *properties = cli->command->is_hook
					 ? bs_listed_properties(cli->environ, cli->arena)
					 : NULL;
	if (bs_cli_load(cli, &options, properties, &err) != BS_OK)
		return bs_cli_fail(&err);
	return cli->command->run(cli);
}

int main(int argc, char *argv[])
{
	struct bs_arena arena;
	struct bs_diag diag = {0};
	struct bs_cli cli = {
		.commands = bs_commands,
		.environ = (const char *const *)environ,
		.arena = &arena,
		.diag = &diag,
		.started_ms = bs_clock_ms(),
		.cancelled = &cancelled,
	};
	harden();
	catch_signals();
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	int status = run(&cli, argc, argv);
	bool is_hook = cli.command ? cli.command->is_hook
				   : argc > 1 && bs_str_eq_c(BS_LIT("buildkite"), argv[1]);
	bs_arena_release(&arena);
	return is_hook ? BS_EXIT_OK : status;
}
