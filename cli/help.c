// SPDX-License-Identifier: MIT
// --help and --version, printed from the tables of commands and settings.
#include "cli/options.h"
#include "core/config/value.h"
#include "core/ext/http.h"
#include "core/ext/json.h"
#include "core/ext/regex.h"
#include "core/ext/yaml.h"

#define WIDTH 80
#define COLUMN 28 // where the sentences begin

void bs_options_wrap(struct bs_str text, size_t indent, size_t width, struct bs_buf *out)
{
	struct bs_str word;
	size_t used = indent;
	bool is_first = true;
	while (bs_str_split(&text, ' ', &word)) {
		size_t chars = bs_str_chars(word);
		if (!is_first && used + 1 + chars > width) {
			bs_buf_addf(out, "\n%*s", (int)indent, "");
			used = indent;
		} else if (!is_first) {
			bs_buf_add_char(out, ' ');
			used++;
		}
		bs_buf_add(out, word);
		used += chars;
		is_first = false;
	}
	bs_buf_add_char(out, '\n');
}

// "  -q, --quiet               Say nothing …"
static void add_entry(const char *left, struct bs_str sentence, struct bs_buf *out)
{
	size_t used = bs_str_chars(bs_str_c(left));
	bs_buf_add_c(out, left);
	if (used + 2 > COLUMN) {
		bs_buf_add_char(out, '\n');
		used = 0;
	}
	bs_buf_addf(out, "%*s", (int)(COLUMN - used), "");
	bs_options_wrap(sentence, COLUMN, WIDTH, out);
}

static void add_setting(const struct bs_setting *row, struct bs_buf *out)
{
	char flag[BS_SETTING_NAME_BYTES];
	struct bs_buf left, sentence;
	bool is_on = row->type == BS_SETTING_BOOL && strcmp(row->preset, "true") == 0;
	bool is_off = row->type == BS_SETTING_BOOL && !is_on;
	bs_buf_init(&left, 200);
	bs_buf_init(&sentence, 1000);
	(void)bs_setting_flag(row, flag);
	if (row->letter)
		bs_buf_addf(&left, "  -%c, ", row->letter);
	else
		bs_buf_add_c(&left, "      ");
	bs_buf_addf(&left, "--%s%s", is_on ? "[no-]" : "", flag + strlen("--"));
	if (row->type != BS_SETTING_BOOL && row->type != BS_SETTING_COUNT)
		bs_buf_addf(&left, " %s", row->value);
	bs_buf_add_c(&sentence, row->help);
	if (row->preset && !is_off && row->type != BS_SETTING_COUNT)
		bs_buf_addf(&sentence, " (default: %s)", row->preset);
	add_entry(bs_buf_str(&left).ptr, bs_buf_str(&sentence), out);
	bs_buf_release(&left);
	bs_buf_release(&sentence);
}

static void add_group(enum bs_setting_group group, struct bs_buf *out)
{
	bs_buf_addf(out, "\n%s:\n", bs_setting_group_title(group));
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (row->group == group)
			add_setting(row, out);
	if (group != BS_GROUP_OUTPUT)
		return;
	add_entry("  -h, --help", BS_LIT("Show this help."), out);
	add_entry(
		"      --version", BS_LIT("Show the versions of buildsum and its libraries."), out);
}

static void add_own_options(const struct bs_command *command, struct bs_buf *out)
{
	const struct bs_option *own = command->options;
	bool is_first = true;
	for (; own && own->name; own++) {
		struct bs_buf left;
		if (!own->help)
			continue;
		bs_buf_init(&left, 200);
		bs_buf_addf(&left, "      --%s%s%s", own->name, own->value ? " " : "",
			own->value ? own->value : "");
		if (is_first)
			bs_buf_addf(out, "\nOptions of `buildsum %s`:\n", command->name);
		is_first = false;
		add_entry(bs_buf_str(&left).ptr, bs_str_c(own->help), out);
		bs_buf_release(&left);
	}
}

static void add_commands(const struct bs_command *commands, struct bs_buf *out)
{
	bs_buf_add_c(out, "\nCommands (buildsum COMMAND --help says more):\n");
	for (const struct bs_command *c = commands; c->run; c++) {
		struct bs_buf left;
		if (!c->name[0])
			continue;
		bs_buf_init(&left, 200);
		bs_buf_addf(&left, "  %s", c->name);
		add_entry(bs_buf_str(&left).ptr, bs_str_c(c->help), out);
		bs_buf_release(&left);
	}
}

void bs_options_help(
	const struct bs_command *commands, const struct bs_command *command, struct bs_buf *out)
{
	bool is_main = command->name[0] == '\0';
	bs_buf_addf(
		out, "Usage: buildsum %s%s%s\n", command->name, is_main ? "" : " ", command->usage);
	bs_options_wrap(bs_str_c(command->help), 0, WIDTH, out);
	if (command->examples)
		bs_buf_addf(out, "\nExamples:\n%s", command->examples);
	if (is_main)
		add_commands(commands, out);
	add_own_options(command, out);
	for (enum bs_setting_group group = 0; group < BS_GROUP_COUNT; group++)
		if (group == BS_GROUP_OUTPUT || (command->groups & BS_GROUP_BIT(group)))
			add_group(group, out);
	bs_buf_add_c(out, "\nEvery option is also a variable (BUILDSUM_DEADLINE) and a key of the\n"
			  "configuration file; `buildsum config` lists them all.\n");
}

void bs_options_version(struct bs_buf *out)
{
	char http[64], regex[64];
	bs_buf_addf(out, "buildsum %s\n", BS_VERSION);
	bs_buf_addf(out, "libcurl %s\n", bs_http_version(http, sizeof(http)));
	bs_buf_addf(out, "PCRE2 %s\n", bs_regex_version(regex, sizeof(regex)));
	bs_buf_addf(out, "cJSON %s\n", bs_json_version());
	bs_buf_addf(out, "libyaml %s\n", bs_yaml_version());
}
