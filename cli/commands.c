// SPDX-License-Identifier: MIT
// The table of commands: one row is a name, its help, the settings its help shows, and the
// function.
#include "cli/commands.h"

#define MODELS BS_GROUP_BIT(BS_GROUP_MODELS)
#define LIMITS BS_GROUP_BIT(BS_GROUP_LIMITS)
#define EXCERPT BS_GROUP_BIT(BS_GROUP_EXCERPT)
#define ANNOTATION BS_GROUP_BIT(BS_GROUP_ANNOTATION)
#define OUTPUT BS_GROUP_BIT(BS_GROUP_OUTPUT)

const struct bs_command bs_commands[] = {
	{
		.name = "",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Say in a few lines why a CI job failed.",
		.examples =
			"  buildsum build.log\n"
			"  make 2>&1 | buildsum\n"
			"  buildsum --offline --format json build.log | jq .summary\n"
			"  buildsum --dry-run build.log      # what would be sent, nothing sent\n",
		.groups = BS_GROUPS_ALL,
		.operands_max = 1,
		.run = bs_cmd_summarize,
	},
	{
		.name = "trim",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Print exactly the excerpt a model would be sent, redacted.",
		.examples =
			"  buildsum trim --excerpt-bytes 8000 build.log\n"
			"  buildsum trim --explain build.log\n"
			"  buildsum trim --format json build.log | jq '.blocks[].rules[].rule'\n",
		.groups = EXCERPT | OUTPUT,
		.options = bs_cmd_trim_options,
		.operands_max = 1,
		.run = bs_cmd_trim,
	},
	{
		.name = "redact",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Print the whole log with secrets replaced and terminal escapes removed.",
		.examples = "  make 2>&1 | buildsum redact > build.log\n",
		.groups = EXCERPT | OUTPUT,
		.operands_max = 1,
		.run = bs_cmd_redact,
	},
	{
		.name = "run",
		.usage = "[OPTIONS] -- CMD…",
		.help = "Run a command, pass its output through, summarise on standard error when it fails.",
		.examples = "  buildsum run -- make test\n",
		.groups = BS_GROUPS_ALL & ~ANNOTATION,
		.operands_max = SIZE_MAX,
		.takes_command = true,
		.run = bs_cmd_run,
	},
	{
		.name = "buildkite",
		.usage = "[OPTIONS]",
		.help = "The post-command hook's body: annotate the build of a failed job; always ends with 0.",
		.examples = "  see plugin/hooks/post-command\n",
		.groups = MODELS | LIMITS | EXCERPT | ANNOTATION,
		.is_hook = true,
		.run = bs_cmd_buildkite,
	},
	{
		.name = "drill",
		.usage = "[OPTIONS] [FILE]",
		.help = "Play faults against your own route, on this machine, and print what came of it.",
		.examples =
			"  buildsum drill\n"
			"  buildsum drill --runs 20 --scenario hard-503,latency-30s --html drill.html\n"
			"  buildsum drill --scenario 'mine=* status=500 latency=2s' --format json\n",
		.groups = MODELS | LIMITS | OUTPUT,
		.options = bs_cmd_drill_options,
		.operands_max = 1,
		.run = bs_cmd_drill,
	},
	{
		.name = "check",
		.usage = "[OPTIONS]",
		.help = "Explain the effective configuration, what is remembered of the models, and what is wrong.",
		.examples = "  buildsum check\n"
			    "  buildsum check --live             # asks each route once, alone\n"
			    "  buildsum check --format json | jq '.problems[]'\n",
		.groups = BS_GROUPS_ALL,
		.options = bs_cmd_check_options,
		.run = bs_cmd_check,
	},
	{
		.name = "rules",
		.usage = "[OPTIONS] [list|test|show ID]",
		.help = "Show the rule packs; `test` runs every rule's own examples.",
		.examples = "  buildsum rules show gcc-error\n"
			    "  buildsum rules test --rules ci/rules.yml\n",
		.groups = EXCERPT,
		.operands_max = 2,
		.run = bs_cmd_rules,
	},
	{
		.name = "config",
		.usage = "[OPTIONS]",
		.help = "Show every setting: its value, where that came from, one line of help.",
		.examples = "  buildsum config\n"
			    "  buildsum config --format json | jq '.settings[] | "
			    "select(.origin != \"default\")'\n",
		.groups = BS_GROUPS_ALL,
		.options = bs_cmd_config_options,
		.run = bs_cmd_config,
	},
	{.run = NULL},
};
