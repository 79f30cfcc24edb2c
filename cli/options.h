// SPDX-License-Identifier: MIT
// The command line, read by the tables of commands and settings, and the help printed from them.
//
// --name value, --name=value, --stream, --no-stream, --stream=false, -qv; `--` ends the options,
// `-` is an operand. Options may stand before and after operands. A repeated list adds, of anything
// else the last counts.
#ifndef BS_CLI_OPTIONS_H
#define BS_CLI_OPTIONS_H

#include "cli/cli.h"

#define BS_HELP_BYTES_MAX (256 * 1024)

struct bs_options {
	const struct bs_command *command;
	bool help, version;
	struct bs_config_flag *flags;
	size_t flags_count;
	const char **values; // of the command's own options
	char **operands;     // of argv, NULL-ended
	size_t operands_count;
};

// BS_USAGE: the message begins with the argument and names the nearest option or command.
enum bs_status bs_options_parse(const struct bs_command *commands, int argc, char *const argv[],
	struct bs_arena *arena, struct bs_options *ret_options, struct bs_err *err) BS_MUST_USE;

// --help of the command: usage, examples, options. For the one without a name also all commands.
void bs_options_help(
	const struct bs_command *commands, const struct bs_command *command, struct bs_buf *out);
// --version: ours and those of the libraries.
void bs_options_version(struct bs_buf *out);

// A paragraph of words, broken before `width` columns, each further line after `indent` spaces.
void bs_options_wrap(struct bs_str text, size_t indent, size_t width, struct bs_buf *out);

#endif
