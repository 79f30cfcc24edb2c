// SPDX-License-Identifier: MIT
// cli/options: every form of an option, operands, commands, and what is said about mistakes.
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "cli/options.h"

#define ARGS_MAX 16

struct fixture {
	struct bs_arena arena;
	struct bs_options options;
	struct bs_err err;
};

static int nothing(struct bs_cli *cli)
{
	(void)cli;
	return 0;
}

static const struct bs_option check_options[] = {
	{.name = "live", .help = "Ask every route once."},
	{.name = "times", .value = "NUMBER", .help = "How often."},
	{.name = "secret-door"},
	{.name = NULL},
};

static const struct bs_command commands[] = {
	{.name = "",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Summarise.",
		.groups = BS_GROUPS_ALL,
		.operands_max = 1,
		.run = nothing},
	{.name = "trim",
		.usage = "[OPTIONS] [FILE|-]",
		.help = "Print the excerpt.",
		.examples = "  buildsum trim build.log\n",
		.operands_max = 1,
		.groups = BS_GROUP_BIT(BS_GROUP_EXCERPT),
		.run = nothing},
	{.name = "run",
		.usage = "[OPTIONS] -- CMD…",
		.help = "Run a command.",
		.takes_command = true,
		.run = nothing},
	{.name = "check",
		.usage = "[--live]",
		.help = "Explain.",
		.options = check_options,
		.run = nothing},
	{.run = NULL},
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

// Splits the line at spaces.
static enum bs_status parse(struct fixture *f, const char *line)
{
	char *argv[ARGS_MAX + 1] = {NULL};
	int argc = 1;
	struct bs_str rest = bs_str_c(line), part;
	argv[0] = (char *)(uintptr_t) "buildsum";
	while (line[0] && bs_str_split(&rest, ' ', &part)) {
		assert_true(argc < ARGS_MAX);
		const char *copy = bs_arena_cstr(&f->arena, part);
		argv[argc++] = (char *)(uintptr_t)copy;
	}
	f->options = (struct bs_options){0};
	f->err = (struct bs_err){0};
	return bs_options_parse(commands, argc, argv, &f->arena, &f->options, &f->err);
}

static void accept(struct fixture *f, const char *line)
{
	if (parse(f, line) != BS_OK)
		fail_msg("%s: %s", line, f->err.msg);
}

static void assert_flag(struct fixture *f, size_t index, const char *name, const char *text)
{
	assert_true(index < f->options.flags_count);
	assert_string_equal(f->options.flags[index].setting->name, name);
	assert_string_equal(f->options.flags[index].text, text);
}

static void options_take_every_form_of_a_setting(void **state)
{
	struct fixture *f = *state;
	accept(f, "--deadline 4s --annotation-context=x=y --stream --no-offline --dry-run=false "
		  "-qvv --verbose --verbose=1 -v -v");
	assert_int_equal(f->options.flags_count, 12);
	assert_flag(f, 0, "deadline", "4s");
	assert_flag(f, 1, "annotation.context", "x=y");
	assert_flag(f, 2, "stream", "true");
	assert_flag(f, 3, "offline", "false");
	assert_flag(f, 4, "dry_run", "false");
	assert_flag(f, 5, "quiet", "true");
	assert_flag(f, 6, "verbose", "1");
	assert_flag(f, 7, "verbose", "2");
	assert_flag(f, 8, "verbose", "3");
	assert_flag(f, 9, "verbose", "1");
	assert_flag(f, 11, "verbose", "3"); // never more than the setting allows
	assert_string_equal(f->options.command->name, "");
	assert_int_equal(f->options.operands_count, 0);
	assert_null(f->options.operands[0]);
}

static void options_find_command_and_operands_between_options(void **state)
{
	struct fixture *f = *state;
	accept(f, "--format json trim - --route a/b");
	assert_string_equal(f->options.command->name, "trim");
	assert_int_equal(f->options.operands_count, 1);
	assert_string_equal(f->options.operands[0], "-");
	assert_int_equal(f->options.flags_count, 2);
	accept(f, "-- trim");
	assert_string_equal(f->options.command->name, "");
	assert_string_equal(f->options.operands[0], "trim");
	accept(f, "./trim");
	assert_string_equal(f->options.command->name, "");
	accept(f, "trim -- --route");
	assert_string_equal(f->options.operands[0], "--route");
	accept(f, "trim trim");
	assert_string_equal(f->options.operands[0], "trim");
}

static void options_leave_a_command_line_of_its_own_alone(void **state)
{
	struct fixture *f = *state;
	accept(f, "run -q -- make --deadline -v");
	assert_string_equal(f->options.command->name, "run");
	assert_int_equal(f->options.operands_count, 3);
	assert_string_equal(f->options.operands[1], "--deadline");
	assert_null(f->options.operands[3]);
	assert_int_equal(f->options.flags_count, 1);
	accept(f, "run make -q -- x");
	assert_int_equal(f->options.operands_count, 4);
	assert_string_equal(f->options.operands[2], "--");
	accept(f, "run -- -q");
	assert_string_equal(f->options.operands[0], "-q");
	assert_int_equal(f->options.flags_count, 0);
}

static void options_take_a_commands_own(void **state)
{
	struct fixture *f = *state;
	accept(f, "check --live --times 3 --secret-door");
	assert_string_equal(f->options.values[0], "");
	assert_string_equal(f->options.values[1], "3");
	assert_string_equal(f->options.values[2], "");
	accept(f, "check --times=4");
	assert_null(f->options.values[0]);
	assert_string_equal(f->options.values[1], "4");
}

static void options_know_help_and_version_anywhere(void **state)
{
	struct fixture *f = *state;
	accept(f, "trim x --help");
	assert_true(f->options.help);
	assert_string_equal(f->options.command->name, "trim");
	accept(f, "-qh");
	assert_true(f->options.help);
	accept(f, "--version");
	assert_true(f->options.version);
	accept(f, "run -- x --help");
	assert_false(f->options.help);
}

static void options_say_what_is_wrong(void **state)
{
	static const struct {
		const char *line, *msg;
	} rows[] = {
		{"--deadlin 4s", "--deadlin: no such option; did you mean --deadline?"},
		{"--first_token 4s", "--first_token: no such option; did you mean --first-token?"},
		{"--xyzzy-plugh", "--xyzzy-plugh: no such option; `buildsum --help` lists them"},
		{"--no-deadline", "--no-deadline: no such option; did you mean --deadline?"},
		{"--no-stream=false", "--no-stream: no such option; did you mean --stream?"},
		{"check --liv", "--liv: no such option; did you mean --live?"},
		{"trim --live", "--live: no such option; `buildsum --help` lists them"},
		{"check --live=1", "--live: takes no value"},
		{"check --times", "--times: expected a value: --times NUMBER"},
		{"--deadline", "--deadline: expected a value: --deadline DURATION"},
		{"-x", "-x: no such option; `buildsum --help` lists them"},
		{"-q\033", "-?: no such option; `buildsum --help` lists them"},
		{"--\033[31m", "--?[31m: no such option; `buildsum --help` lists them"},
		{"a.log b.log",
			"b.log: one argument too many; expected buildsum [OPTIONS] [FILE|-]"},
		{"check x", "x: one argument too many; expected buildsum check [--live]"},
		{"trmi", "trmi: no such file or command; did you mean `buildsum trim`?"},
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(f, rows[i].line), BS_USAGE);
		assert_string_equal(f->err.msg, rows[i].msg);
	}
	accept(f, "nothing-like-a-command"); // the command says that there is no such file
}

static void options_help_shows_what_the_command_takes(void **state)
{
	(void)state;
	struct bs_buf out;
	bs_buf_init(&out, BS_HELP_BYTES_MAX);
	bs_options_help(commands, &commands[1], &out);
	struct bs_str text = bs_buf_str(&out);
	size_t examples = bs_str_find(text, BS_LIT("\nExamples:\n  buildsum trim build.log\n"));
	size_t options = bs_str_find(text, BS_LIT("--excerpt-bytes BYTES"));
	assert_true(examples < options && options != SIZE_MAX);
	assert_true(bs_str_has(text, BS_LIT("(default: 32000)")));
	assert_true(bs_str_has(text, BS_LIT("--format")));
	assert_false(bs_str_has(text, BS_LIT("--annotation-context")));
	assert_false(bs_str_has(text, BS_LIT("Commands")));
	bs_buf_clear(&out);
	bs_options_help(commands, &commands[3], &out);
	text = bs_buf_str(&out);
	assert_true(bs_str_has(text, BS_LIT("--times NUMBER")));
	assert_false(bs_str_has(text, BS_LIT("secret-door")));
	bs_buf_clear(&out);
	bs_options_help(commands, &commands[0], &out);
	text = bs_buf_str(&out);
	assert_true(bs_str_has(text, BS_LIT("\n  trim ")));
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		char flag[BS_SETTING_NAME_BYTES];
		const char *name = bs_setting_flag(row, flag) + strlen("--");
		bool of_the_hook = row->flags & BS_SETTING_OF_THE_HOOK;
		if (bs_str_has(text, bs_str_c(name)) == of_the_hook)
			fail_msg("--help and --%s", name);
	}
	struct bs_str line;
	while (bs_str_split(&text, '\n', &line))
		assert_true(bs_str_chars(line) <= 80);
	bs_buf_release(&out);
}

// The table itself.
static void settings_have_unmistakable_names_and_sound_rows(void **state)
{
	struct fixture *f = *state;
	struct bs_config config;
	assert_int_equal(bs_config_defaults(&config, &f->arena, &f->err), BS_OK);
	for (const struct bs_setting *row = bs_settings; row->name; row++) {
		char flag[BS_SETTING_NAME_BYTES], variable[BS_SETTING_NAME_BYTES];
		(void)bs_setting_flag(row, flag);
		(void)bs_setting_variable(row, variable);
		assert_ptr_equal(bs_setting_by_name(bs_settings, bs_str_c(row->name)), row);
		assert_ptr_equal(bs_setting_by_flag(bs_str_c(flag + 2)),
			row->flags & BS_SETTING_OF_THE_HOOK ? NULL : row);
		assert_ptr_equal(bs_setting_by_variable(bs_str_c(variable)), row);
		assert_true(row->max >= row->min);
		assert_true(bs_str_ends(bs_str_c(row->help), BS_LIT(".")));
		assert_true(row->preset || row->type == BS_SETTING_STRING ||
			    row->type == BS_SETTING_STRINGS);
		assert_true(row->value || row->type == BS_SETTING_BOOL);
		assert_true(!row->accepts == !row->expected);
		for (const char *c = row->name; *c; c++)
			assert_true((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
				    *c == '_' || *c == '.');
		// a --no-x of another setting would be ambiguous
		assert_false(bs_str_starts(bs_str_c(row->name), BS_LIT("no_")));
	}
	assert_null(bs_setting_by_letter('h'));
	assert_null(bs_setting_by_letter('\0'));
	assert_null(bs_setting_by_flag(BS_LIT("help")));
	assert_null(bs_setting_by_flag(BS_LIT("version")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		ROW(options_take_every_form_of_a_setting),
		ROW(options_find_command_and_operands_between_options),
		ROW(options_leave_a_command_line_of_its_own_alone),
		ROW(options_take_a_commands_own),
		ROW(options_know_help_and_version_anywhere),
		ROW(options_say_what_is_wrong),
		ROW(options_help_shows_what_the_command_takes),
		ROW(settings_have_unmistakable_names_and_sound_rows),
#undef ROW
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
