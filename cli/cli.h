// SPDX-License-Identifier: MIT
// What every command gets and what it is: the row of the command table, the run's context, exits.
//
// cli/main.c: parse (cli/options.h) → --help or --version → bs_cli_load → command->run.
#ifndef BS_CLI_CLI_H
#define BS_CLI_CLI_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/config/config.h"
#include "core/config/settings.h"

// contract: exit status
enum bs_exit {
	BS_EXIT_OK = 0,
	BS_EXIT_FAILED = 1, // no summary: unreadable log, write failed
	BS_EXIT_USAGE = 2,
	BS_EXIT_EMPTY = 3,     // the log holds nothing to summarise
	BS_EXIT_LOCAL_ONLY = 4 // --require-llm, and no model answered
};

struct bs_cli;

// An option of one command that is no setting: --live. Ends with a NULL name.
struct bs_option {
	const char *name;
	const char *value; // placeholder; NULL: it takes no value
	const char *help;  // NULL: works, but is not shown
};

#define BS_GROUP_BIT(group) (1u << (group))
#define BS_GROUPS_ALL (BS_GROUP_BIT(BS_GROUP_COUNT) - 1)

struct bs_command {
	const char *name;     // "trim"; "" for the command that stands without a name
	const char *usage;    // what follows the name: "[OPTIONS] [FILE|-]"
	const char *help;     // one sentence
	const char *examples; // whole lines; NULL: none
	unsigned groups; // settings shown by its --help, as BS_GROUP_BIT; every command takes all
	const struct bs_option *options; // its own; NULL: none
	size_t operands_max;
	bool is_hook;       // plugin properties are settings; ends with 0 whatever happens
	bool takes_command; // what follows is a command line of its own: `run -- make test`
	int (*run)(struct bs_cli *cli); // the exit status; NULL ends the table
};

struct bs_cli {
	const struct bs_command *commands; // the table
	const struct bs_command *command;
	const char *const *environ;
	char *const *operands; // NULL-ended
	size_t operands_count;
	const char *const *option_values; // by index in command->options; NULL: not given
	struct bs_config config;
	struct bs_arena *arena;
	struct bs_diag *diag;
	int64_t started_ms; // monotonic
	const volatile sig_atomic_t *cancelled;
};

struct bs_options;

// Fills cli->config. plugin_json: the plugin's properties in `buildkite`, else NULL.
enum bs_status bs_cli_load(struct bs_cli *cli, const struct bs_options *options,
	const char *plugin_json, struct bs_err *err) BS_MUST_USE;

// The value of the command's own option; "" for one without a value; NULL: it was not given.
const char *bs_cli_option(const struct bs_cli *cli, const char *name);

int bs_cli_exit_status(enum bs_status status);
// Prints "buildsum: message" to standard error; the exit status for it.
int bs_cli_fail(const struct bs_err *err);
// Prints the warnings of the run to standard error, unless --quiet.
void bs_cli_print_notes(const struct bs_cli *cli);
// The same, without the first ones, which have been printed.
void bs_cli_print_notes_after(const struct bs_cli *cli, size_t printed_count);
// Writes the buffer to standard output and releases it; the exit status.
int bs_cli_print(struct bs_buf *out);

#endif
